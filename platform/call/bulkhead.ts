import { CallInterruption } from './interruption.ts';
import type { CallRequest, Policy } from './policy.ts';

export interface BulkheadOptions {
  readonly maxConcurrency: number;
  /** Calls that may wait for a slot; the next one is refused at once. */
  readonly maxQueued: number;
}

/**
 * At most `maxConcurrency` calls at the target at a time, the others in order of arrival. Who is aborted while waiting
 * leaves the queue at once (cockatiel's bulkhead keeps such a call waiting until a slot is free).
 */
export function bulkhead({ maxConcurrency, maxQueued }: BulkheadOptions): Policy {
  let running = 0;
  const waiting = new Set<() => void>();
  const release = (): void => {
    const [next] = waiting;
    if (next === undefined) running -= 1;
    else next();
  };
  const enter = async (request: CallRequest): Promise<void> => {
    if (request.signal.aborted) throw leaving(request);
    if (running < maxConcurrency) running += 1;
    else if (waiting.size < maxQueued) await waitIn(waiting, request);
    else throw new CallInterruption('queue-full', 'too many calls are waiting');
  };
  return async (request, next) => {
    await enter(request);
    try {
      return await next(request);
    } finally {
      release();
    }
  };
}

/** Resolves with the slot of the call that ends. */
function waitIn(waiting: Set<() => void>, request: CallRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.delete(proceed);
      reject(leaving(request));
    };
    const proceed = (): void => {
      waiting.delete(proceed);
      request.signal.removeEventListener('abort', leave);
      resolve();
    };
    waiting.add(proceed);
    request.signal.addEventListener('abort', leave, { once: true });
  });
}

const leaving = ({ signal }: CallRequest): CallInterruption => new CallInterruption('aborted', 'the caller went away', signal.reason);
