import type { Clock } from './clock.ts';

/** Handed to what asks a source on a feed's behalf. */
export interface FeedCall {
  readonly signal: AbortSignal;
  readonly deadlineAtMs: number;
}

export interface Patience {
  readonly clock: Clock;
  readonly pageTimeoutMs: number;
}

/**
 * Listens no longer than a page may take, also to a source that ignores its signal: its feed's lock is not held for it.
 * Timer and listener go with the answer: each would keep its page in memory for as long as a page may take.
 * @throws DOMException TimeoutError, the reason of `stopping`, or whatever `ask` fails with
 */
export async function askSource<T>({ clock, pageTimeoutMs }: Patience, stopping: AbortSignal, ask: (call: FeedCall) => Promise<T>): Promise<T> {
  stopping.throwIfAborted();
  const listening = new AbortController();
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: unknown): void => {
    listening.abort(reason);
    reject(reason);
  };
  const onStop = (): void => giveUp(stopping.reason);
  const timer = setTimeout(() => giveUp(new DOMException(`no answer within ${pageTimeoutMs} ms`, 'TimeoutError')), pageTimeoutMs);
  stopping.addEventListener('abort', onStop, { once: true });
  try {
    const answer = ask({ signal: listening.signal, deadlineAtMs: clock.now() + pageTimeoutMs });
    // Who has been given up on may still fail: nobody listens by then.
    answer.catch(() => undefined);
    return await Promise.race([answer, gone]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', onStop);
  }
}
