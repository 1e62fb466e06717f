import { breaker } from './breaker.ts';
import { bulkhead } from './bulkhead.ts';
import type { Attempt, CallRequest, Policy, PolicyTools } from './policy.ts';
import { rateLimit } from './rate-limit.ts';
import { retry } from './retry.ts';
import { timeout } from './timeout.ts';
import { traced } from './traced.ts';

export interface CallPolicy {
  /** One attempt. */
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly maxConcurrency: number;
  readonly maxQueued: number;
  /** null = no limit of our own. */
  readonly requestsPerMinute: number | null;
  readonly breakAfter: number;
  readonly breakForMs: number;
}

export const DEFAULT_CALL_POLICY: CallPolicy = {
  timeoutMs: 10_000,
  attempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 5_000,
  maxConcurrency: 8,
  maxQueued: 1_000,
  requestsPerMinute: null,
  breakAfter: 5,
  breakForMs: 10_000,
};

/** One per target: breaker, bulkhead and bucket keep their state in it. */
export type Caller = <T>(request: CallRequest, attempt: Attempt<T>) => Promise<T>;

/** Folds policies around an attempt, the first outermost. */
export const fold = (policies: readonly Policy[]): Caller => (request, attempt) =>
  policies.reduceRight<typeof attempt>((next, policy) => (inner) => policy(inner, next), attempt)(request);

/**
 * Retry is outermost, so that a waiting call holds no slot; the timeout is innermost, so that waiting for a slot is not
 * taken for the target's silence.
 */
export function createCaller(target: string, policy: CallPolicy, tools: PolicyTools): Caller {
  return fold([
    traced(target),
    retry(policy, tools),
    bulkhead(policy),
    ...(policy.requestsPerMinute === null
      ? []
      : [rateLimit({ requestsPerMinute: policy.requestsPerMinute, burst: Math.max(1, Math.ceil(policy.requestsPerMinute / 60)) }, tools)]),
    breaker({ target, breakAfter: policy.breakAfter, breakForMs: policy.breakForMs }),
    timeout(policy.timeoutMs, tools),
  ]);
}
