import { asFailure } from '../../../domain/failure.ts';
import { ConnectionLost } from './gated-database.ts';
import type { Network } from './network.ts';

/** Whether it is unknown what became of the call, so that the caller asks again with the same key. */
export const isUnknown = (error: unknown): boolean => error instanceof ConnectionLost || asFailure(error).retryable;

/** Repeats a call whose outcome is unknown, as a client with an idempotency key does. @throws what is certain, and after eight times */
export async function untilKnown<T>(network: Network, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isUnknown(error) || attempt === 8) throw error;
      await network.pause(5 * attempt);
    }
  }
}
