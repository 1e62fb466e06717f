import type { BucketLimit, Verdict } from '../../../platform/stores/token-bucket.ts';

/** One bucket an operation was charged to, and what it said. */
export interface Charged {
  readonly name: string;
  readonly limit: BucketLimit;
  readonly verdict: Verdict;
}

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers (08 and later) has them: q = burst, w = seconds in which an
 * empty bucket fills up, r = what is left, t = seconds until it is full again, or until a refused operation fits.
 */
export function rateHeaders(charged: readonly Charged[]): Record<string, string> {
  let [policy, state] = ['', ''];
  for (const each of charged) {
    policy += (policy && ', ') + policyOf(each);
    state += (state && ', ') + stateOf(each);
  }
  return { 'ratelimit-policy': policy, ratelimit: state };
}

const policies = new WeakMap<BucketLimit, string>();

function policyOf({ name, limit }: Charged): string {
  const known = policies.get(limit);
  if (known !== undefined) return known;
  const policy = `"${name}";q=${limit.burst};w=${Math.max(1, Math.round(limit.burst / limit.ratePerSecond))}`;
  policies.set(limit, policy);
  return policy;
}

function stateOf({ name, limit: { burst, ratePerSecond }, verdict: { granted, remaining, waitMs } }: Charged): string {
  const seconds = granted ? (burst - remaining) / ratePerSecond : waitMs / 1_000;
  // Of what a refused operation could not have, nothing is left for it.
  return `"${name}";r=${granted ? Math.max(0, remaining) : 0};t=${Math.ceil(seconds)}`;
}
