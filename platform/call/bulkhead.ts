import { bulkhead as cockatielBulkhead, BulkheadRejectedError, TaskCancelledError } from 'cockatiel';
import { CallInterruption } from './interruption.ts';
import type { Policy } from './policy.ts';

export interface BulkheadOptions {
  readonly maxConcurrency: number;
  /** Calls that may wait for a slot; the next one is refused at once. */
  readonly maxQueued: number;
}

/** At most `maxConcurrency` calls at the target at a time; who is aborted while waiting gives its place up. */
export function bulkhead(options: BulkheadOptions): Policy {
  const gate = cockatielBulkhead(options.maxConcurrency, options.maxQueued);
  return async (request, next) => {
    try {
      return await gate.execute(() => next(request), request.signal);
    } catch (error) {
      if (error instanceof BulkheadRejectedError) throw new CallInterruption('queue-full', 'too many calls are waiting', error);
      if (error instanceof TaskCancelledError) throw new CallInterruption('aborted', 'the caller went away', error);
      throw error;
    }
  };
}
