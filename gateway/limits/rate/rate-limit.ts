import { createHash } from 'node:crypto';
import type { BucketLimit, TokenBuckets, Verdict } from '../../../platform/stores/token-bucket.ts';
import type { Caller } from '../../pipeline/caller.ts';
import type { Checkpoint, Pass } from '../../pipeline/checkpoint.ts';
import type { LimitMetrics } from '../limit-metrics.ts';
import { turnAway } from '../refusal.ts';
import { addressGroupOf } from './address-group.ts';
import { isFromAnywhere, rateClassOf } from './rate-class.ts';
import { rateHeaders, type Charged } from './rate-headers.ts';
import { unitsOf, type RateClass, type RateLimitName, type RateLimits } from './rate-limits.ts';

export interface RateLimitOptions {
  readonly buckets: TokenBuckets;
  readonly limits: RateLimits;
  readonly metrics: LimitMetrics;
}

interface Charge {
  readonly name: RateLimitName;
  readonly key: string;
  readonly limit: BucketLimit;
}

const FREE: Pass = {};
const LONGEST_KEY = 128;

/**
 * Charges every operation, by its estimated cost, to the bucket of its caller and, for callers from anywhere, to that of
 * their address. Whoever has not enough is told RATE_LIMITED, 429, with when to come again. A subscription is charged when it opens.
 */
export function createRateLimit(options: RateLimitOptions): Checkpoint {
  const { buckets, limits } = options;
  return ({ caller, cost }) => {
    const rateClass = rateClassOf(caller.identity);
    const charges = chargesOf(limits, rateClass, caller);
    if (charges.length === 0) return FREE;
    const units = unitsOf(cost);
    const verdicts: (Verdict | Promise<Verdict>)[] = [];
    let isPending = false;
    for (const { key, limit } of charges) {
      const verdict = buckets.take(key, limit, units);
      isPending ||= verdict instanceof Promise;
      verdicts.push(verdict);
    }
    // At once where all of it is known in this process: nobody waits for a promise.
    if (!isPending) return decide(options, { rateClass, charges, units }, verdicts as Verdict[]);
    return Promise.all(verdicts).then((given) => decide(options, { rateClass, charges, units }, given));
  };
}

interface Asked {
  readonly rateClass: RateClass;
  readonly charges: readonly Charge[];
  readonly units: number;
}

/** @throws GraphQLError RATE_LIMITED */
function decide({ buckets, metrics }: RateLimitOptions, { rateClass, charges, units }: Asked, verdicts: readonly Verdict[]): Pass {
  metrics.countsAlone(buckets.isAlone());
  const charged = charges.map((charge, index) => ({ ...charge, verdict: verdicts[index]! }));
  const [refused] = charged.filter(({ verdict }) => !verdict.granted).sort((a, b) => b.verdict.waitMs - a.verdict.waitMs);
  if (!refused) {
    metrics.admitted(rateClass);
    return { headers: rateHeaders(charged) };
  }
  // What one bucket gave bought nothing where the other refused.
  for (const { key, limit, verdict } of charged) if (verdict.granted) buckets.giveBack(key, limit, units);
  metrics.limited(rateClass, refused.name);
  throw rateLimited(refused, charged, units);
}

function chargesOf(limits: RateLimits, rateClass: RateClass, { identity, address }: Caller): Charge[] {
  const charges: Charge[] = [];
  const group = addressGroupOf(address);
  const [own, shared] = [limits[rateClass], limits.address];
  // Everybody without credentials has the same name: they are told apart by where they come from.
  if (own) charges.push({ name: rateClass, key: `${rateClass}:${rateClass === 'anonymous' ? group : nameOf(identity.principal.subject)}`, limit: own });
  if (shared && isFromAnywhere(rateClass)) charges.push({ name: 'address', key: `address:${group}`, limit: shared });
  return charges;
}

const nameOf = (subject: string): string => (subject.length <= LONGEST_KEY ? subject : createHash('sha256').update(subject).digest('base64url'));

function rateLimited({ name, limit, verdict: { waitMs } }: Charged, charged: readonly Charged[], units: number) {
  const whose = name === 'address' ? 'Callers from this address' : name === 'anonymous' ? 'Callers without credentials' : 'This caller';
  const message = `${whose} may use ${limit.ratePerSecond} units a second, ${limit.burst} at once; this operation needs ${Math.min(units, limit.burst)} (one for each 100 objects it may return). Ask for smaller pages, or again after the time said.`;
  return turnAway({ code: 'RATE_LIMITED', message, retryAfterMs: waitMs, limit: name, headers: rateHeaders(charged) });
}
