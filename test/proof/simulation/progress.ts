import { isExact } from '../world/world.ts';
import type { SeedReport } from './seed.ts';

/** Says now and then how far it is. */
export function tellProgress(seeds: number, say: (line: string) => void): (report: SeedReport) => void {
  const every = Math.max(1, Math.round(seeds / 20));
  let done = 0;
  let steps = 0;
  return (report) => {
    done += 1;
    steps += report.steps;
    if (done % every === 0) say(`${done} of ${seeds} seeds, ${steps} steps, no violation`);
  };
}

/** A violation as a person needs it: the rule, the seed, how to see it again, the end of the trace. */
export function tellViolation({ seed, violation, trace }: SeedReport, lines = 60, command = 'npm run proof:oversell'): string {
  return [...trace.slice(-lines), '', `seed ${seed} (${tellExact(seed)}): ${violation!.message}`, `replay: ${command} -- simulation --seed ${seed}`].join('\n');
}

/** What a replay of the seed is worth. */
export const tellExact = (seed: number): string =>
  isExact(seed) ? 'two transactions at a time: replays exactly' : 'any number of transactions at a time: PostgreSQL decides who is woken first, may not replay';
