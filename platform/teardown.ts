import type { Log } from './log.ts';

/** What was started, to be stopped in reverse, each with a fault of its own. */
export interface Teardown {
  add(what: string, stop: () => Promise<void> | void): void;
  run(): Promise<void>;
}

export function createTeardown(log: Log): Teardown {
  const steps: { readonly what: string; readonly stop: () => Promise<void> | void }[] = [];
  return {
    add: (what, stop) => void steps.push({ what, stop }),
    run: async () => {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step.stop();
        } catch (error) {
          log.error({ what: step.what, error: (error as Error).message }, 'could not be stopped cleanly');
        }
      }
    },
  };
}

/** Calls `stop` once on SIGINT or SIGTERM; a second signal ends the process at once. */
export function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const receive = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    void stop().then(() => process.exit(0));
  };
  process.on('SIGINT', receive);
  process.on('SIGTERM', receive);
}
