import { setTimeout as sleep } from 'node:timers/promises';
import { CallInterruption } from './interruption.ts';
import type { CallRequest, Policy, PolicyTools } from './policy.ts';

export interface RateLimitOptions {
  readonly requestsPerMinute: number;
  /** Requests that may go at once after a quiet spell. */
  readonly burst: number;
}

/**
 * Token bucket. A call takes its token when it arrives, so waiters are served in order; the bucket may go into debt,
 * and the debt is the wait. A wait beyond the deadline is refused at once instead of being sat out.
 */
export function rateLimit(options: RateLimitOptions, { clock }: Pick<PolicyTools, 'clock'>): Policy {
  const perMs = options.requestsPerMinute / 60_000;
  let tokens = options.burst;
  let countedAtMs = clock.now();
  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(options.burst, tokens + Math.max(0, now - countedAtMs) * perMs);
    countedAtMs = now;
  };
  return async (request, next) => {
    refill();
    const waitMs = tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMs);
    if (clock.now() + waitMs >= request.deadlineAtMs) throw new CallInterruption('timeout', 'the rate limit leaves no slot before the deadline');
    tokens -= 1;
    if (waitMs > 0) await waitFor(waitMs, request, () => (tokens += 1));
    return next(request);
  };
}

async function waitFor(waitMs: number, { signal }: CallRequest, giveBack: () => void): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (error) {
    giveBack();
    throw new CallInterruption('aborted', 'the caller went away', error);
  }
}
