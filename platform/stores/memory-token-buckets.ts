import type { Clock } from '../clock.ts';
import { createRecentMap } from '../recent-map.ts';
import { fullBucket, putInto, takeFrom, type Bucket, type BucketLimit, type TokenBuckets } from './token-bucket.ts';

export interface MemoryBucketsOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whoever was here longest ago is forgotten first, and begins with a full bucket again. */
  readonly capacity: number;
}

/** Buckets of a deployment that is one process. */
export function createMemoryTokenBuckets({ clock, capacity }: MemoryBucketsOptions): TokenBuckets {
  const buckets = createRecentMap<Bucket>(capacity);
  const bucketOf = (key: string, limit: BucketLimit): Bucket => {
    const known = buckets.get(key);
    if (known) return known;
    const made = fullBucket(limit, clock.monotonic());
    buckets.set(key, made);
    return made;
  };
  return {
    take: (key, limit, tokens) => takeFrom(bucketOf(key, limit), limit, tokens, clock.monotonic()),
    giveBack: (key, limit, tokens) => putInto(bucketOf(key, limit), limit, tokens, clock.monotonic()),
    isAlone: () => false,
    close: async () => undefined,
  };
}
