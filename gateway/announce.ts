import type { Clock } from '../platform/clock.ts';

/** What the start says on standard output, one line a step, so that nobody waits before a silent screen. */
export interface Announcer {
  /** Runs a step and says how long it took. */
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  say(line: string): void;
}

export function createAnnouncer(clock: Clock, write: (text: string) => void): Announcer {
  return {
    say: (line) => write(`${line}\n`),
    step: async (what, work) => {
      const startedAt = clock.monotonic();
      try {
        const result = await work();
        write(`  ${what.padEnd(44)} ${((clock.monotonic() - startedAt) / 1000).toFixed(1).padStart(5)} s\n`);
        return result;
      } catch (error) {
        write(`  ${what.padEnd(44)} failed\n`);
        throw error;
      }
    },
  };
}
