import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { CallInterruption, verdictOn } from './interruption.ts';
import type { Policy } from './policy.ts';

export interface BreakerOptions {
  /** What is behind the breaker: one per target, so that a dead system does not close another. */
  readonly target: string;
  /** Silences in a row that open it. */
  readonly breakAfter: number;
  /** How long it stays open before one probe goes through. */
  readonly breakForMs: number;
}

/** Opens after repeated silence. A refusal or a "slow down" is an answer: it does not count. */
export function breaker(options: BreakerOptions): Policy {
  const silent = handleWhen((error) => {
    const { retryable, retryAfterMs } = verdictOn(error);
    return retryable && retryAfterMs === undefined;
  });
  const circuit = circuitBreaker(silent, {
    halfOpenAfter: options.breakForMs,
    breaker: new ConsecutiveBreaker(options.breakAfter),
  });
  return async (request, next) => {
    try {
      return await circuit.execute(() => next(request));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new CallInterruption('circuit-open', `${options.target} has been silent; next probe within ${options.breakForMs} ms`, { cause: error });
    }
  };
}
