import { DelegateBackoff, handleWhen, retry as cockatielRetry } from 'cockatiel';
import { verdictOn } from './interruption.ts';
import type { CallRequest, Policy, PolicyTools } from './policy.ts';

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * Repeats reads and keyed writes after retryable failures, with full jitter, never sooner than the callee asked for
 * (`retryAfterMs`) and never when the wait would outlast the deadline: then the last failure stands.
 */
export function retry(options: RetryOptions, tools: PolicyTools): Policy {
  return async (request, next) => {
    if (!request.repeatable || options.attempts <= 1) return next(request);
    let attempt = 0;
    let delayMs = 0;
    const again = handleWhen((error) => {
      delayMs = delayBefore(attempt, error, options, tools.random);
      return verdictOn(error).retryable && fits(delayMs, request, tools);
    });
    const policy = cockatielRetry(again, { maxAttempts: options.attempts - 1, backoff: new DelegateBackoff(() => delayMs) });
    return policy.execute(() => {
      attempt += 1;
      return next(request);
    }, request.signal);
  };
}

/** Full jitter over an exponential ceiling. */
export function delayBefore(attempt: number, error: unknown, options: RetryOptions, random: () => number): number {
  const ceilingMs = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** Math.max(0, attempt - 1));
  return Math.max(Math.round(random() * ceilingMs), verdictOn(error).retryAfterMs ?? 0);
}

const fits = (delayMs: number, request: CallRequest, { clock }: PolicyTools): boolean =>
  !request.signal.aborted && clock.now() + delayMs < request.deadlineAtMs;
