import type { Clock } from '../../../platform/clock.ts';
import { createRecentMap } from '../../../platform/recent-map.ts';
import type { BucketLimit, TokenBuckets } from '../../../platform/stores/token-bucket.ts';
import type { Caller } from '../../pipeline/caller.ts';
import type { LimitMetrics } from '../limit-metrics.ts';
import { turnAway } from '../refusal.ts';
import { addressGroupOf } from './address-group.ts';

/** Limits unusable texts by address: they are read, weighed and validated before a rate limit by cost could know what they cost. */
export interface MistakeLimit {
  /** Asked before a text that is not known here is read. @throws GraphQLError RATE_LIMITED */
  check(caller: Caller): void;
  /** A text was unusable. */
  count(caller: Caller): void;
}

export interface MistakeLimitOptions {
  readonly buckets: TokenBuckets;
  /** Unusable texts by address; null = not limited. */
  readonly limit: BucketLimit | null;
  readonly metrics: LimitMetrics;
  readonly clock: Pick<Clock, 'monotonic'>;
}

const ADDRESSES = 10_000;
const NAME = 'mistakes';

/**
 * Counted where they are made, by all processes together; an address that made too many sends texts that are known here, or waits.
 * What arrives before the last mistake is counted is read: at most one for each request that is under way.
 */
export function createMistakeLimit({ buckets, limit, metrics, clock }: MistakeLimitOptions): MistakeLimit {
  const waitsUntilMs = createRecentMap<number>(ADDRESSES);
  return {
    check: ({ address }) => {
      const waitMs = (waitsUntilMs.get(addressGroupOf(address)) ?? -Infinity) - clock.monotonic();
      if (!(waitMs > 0)) return;
      metrics.limited(NAME, NAME);
      throw turnAway({ code: 'RATE_LIMITED', message: 'Too many operations from this address could not be used: only those that are known here are read for now.', retryAfterMs: waitMs, limit: NAME });
    },
    count: ({ address }) => {
      if (!limit) return;
      const group = addressGroupOf(address);
      void Promise.resolve(buckets.take(`${NAME}:${group}`, limit, 1)).then(({ granted, waitMs }) => {
        if (!granted) waitsUntilMs.set(group, clock.monotonic() + waitMs);
      });
    },
  };
}
