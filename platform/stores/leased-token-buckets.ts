import type { Clock } from '../clock.ts';
import { createRecentMap, type RecentMap } from '../recent-map.ts';
import { fullBucket, putInto, refill, refusal, takeFrom, type Bucket, type BucketLimit, type TokenBuckets, type Verdict } from './token-bucket.ts';

/*
 * Between a process and the buckets it shares with others. Who comes often is served from a lease: tokens taken from the
 * shared bucket beforehand. They are taken there before they are spent here, so all processes together never admit more than the
 * bucket gave; only earlier, by what is out in leases.
 */

export interface Ask {
  /** Fewer than this are of no use; 0 = only something is returned. */
  readonly needed: number;
  readonly wanted: number;
  /** Leased tokens nobody came for. */
  readonly returned: number;
}

export interface Grant {
  readonly granted: number;
  readonly left: number;
}

export interface SharedTokenBuckets {
  /** How many processes share the buckets, as last heard; at least 1. */
  readonly processes: number;
  readonly isAway: boolean;
  /** Null: it cannot be asked now. */
  take(key: string, limit: BucketLimit, ask: Ask): Promise<Grant | null>;
  close(): Promise<void>;
}

export interface LeasedOptions {
  readonly shared: SharedTokenBuckets;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly capacity: number;
}

interface Waiter {
  readonly tokens: number;
  readonly settle: (verdict: Verdict) => void;
}

interface Leased {
  readonly key: string;
  readonly limit: BucketLimit;
  /** Tokens of the shared bucket that are ours to spend. */
  held: number;
  /** What is held then goes back. */
  leaseEndsMs: number;
  /** What the shared bucket holds at most: as it was last told, and refilled since. */
  readonly shared: Bucket;
  /** Our own part, while the shared bucket cannot be asked. */
  alone: Bucket | null;
  batch: number;
  askedMs: number;
  isAsking: boolean;
  readonly waiting: Waiter[];
}

const LEASE_MS = 1_000;
/** All leases of a bucket together are no more than this part of its burst. */
const LEASED_PART = 0.1;
/** One process's lease is no more than this part. */
const LARGEST_LEASE = 0.02;

/** The most one of `processes` holds of a bucket without having spent it: what may be admitted too early. */
export const largestLease = ({ burst }: BucketLimit, processes: number): number =>
  Math.max(1, Math.floor(Math.min(burst * LARGEST_LEASE, (burst * LEASED_PART) / processes)));

/** What a process goes by while it is alone: its part of rate and burst, at least one token. */
export const partOf = ({ ratePerSecond, burst }: BucketLimit, processes: number): BucketLimit => ({ ratePerSecond: ratePerSecond / processes, burst: Math.max(1, burst / processes) });

export class LeasedTokenBuckets implements TokenBuckets {
  readonly #shared: SharedTokenBuckets;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets: RecentMap<Leased>;
  readonly #sweep: NodeJS.Timeout;

  constructor({ shared, clock, capacity }: LeasedOptions) {
    this.#shared = shared;
    this.#clock = clock;
    this.#buckets = createRecentMap(capacity);
    this.#sweep = setInterval(() => this.returnUnspent(), LEASE_MS).unref();
  }

  take(key: string, limit: BucketLimit, tokens: number): Verdict | Promise<Verdict> {
    const bucket = this.#bucketOf(key, limit);
    const asked = Math.min(Math.ceil(tokens), limit.burst);
    if (this.#shared.isAway) return this.#takeAlone(bucket, asked);
    this.#endAlone(bucket);
    if (bucket.waiting.length === 0) {
      const verdict = this.#decideHere(bucket, asked);
      if (verdict) return verdict;
    }
    return new Promise((settle) => {
      bucket.waiting.push({ tokens: asked, settle });
      this.#ask(bucket);
    });
  }

  giveBack(key: string, limit: BucketLimit, tokens: number): void {
    const bucket = this.#bucketOf(key, limit);
    const given = Math.min(tokens, limit.burst);
    if (bucket.alone) return putInto(bucket.alone, partOf(limit, this.#shared.processes), given, this.#clock.monotonic());
    bucket.held += given;
    bucket.leaseEndsMs = this.#clock.monotonic() + LEASE_MS;
  }

  isAlone(): boolean {
    return this.#shared.isAway;
  }

  /** Puts leases that nobody came for back into the shared buckets; runs by itself. */
  returnUnspent(): void {
    if (this.#shared.isAway) return;
    const now = this.#clock.monotonic();
    for (const bucket of this.#buckets.values()) {
      if (bucket.held === 0 || bucket.leaseEndsMs > now || bucket.isAsking) continue;
      const returned = bucket.held;
      bucket.held = 0;
      void this.#shared.take(bucket.key, bucket.limit, { needed: 0, wanted: 0, returned });
      putInto(bucket.shared, bucket.limit, returned, now);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.#shared.close();
  }

  #bucketOf(key: string, limit: BucketLimit): Leased {
    const known = this.#buckets.get(key);
    if (known) return known;
    const now = this.#clock.monotonic();
    const made: Leased = { key, limit, held: 0, leaseEndsMs: 0, shared: fullBucket(limit, now), alone: null, batch: 0, askedMs: -Infinity, isAsking: false, waiting: [] };
    this.#buckets.set(key, made);
    return made;
  }

  /** From the lease, or a refusal that the shared bucket would give as well; null: it must be asked. */
  #decideHere(bucket: Leased, asked: number): Verdict | null {
    const { limit } = bucket;
    const now = this.#clock.monotonic();
    const there = refill(bucket.shared, limit, now);
    if (asked <= bucket.held) {
      bucket.held -= asked;
      // A new lease is fetched before the old one is spent: nobody waits for it.
      if (bucket.held < bucket.batch / 2 && there >= 1) this.#ask(bucket);
      return { granted: true, remaining: Math.floor(bucket.held + there), waitMs: 0 };
    }
    return bucket.held + there < asked ? refusal(bucket.held + there, asked, limit) : null;
  }

  #ask(bucket: Leased): void {
    if (bucket.isAsking) return;
    bucket.isAsking = true;
    const now = this.#clock.monotonic();
    const lease = largestLease(bucket.limit, this.#shared.processes);
    const due = bucket.waiting.reduce((sum, { tokens }) => sum + tokens, 0);
    // Who comes once gets what it asks for; who comes again within the second, twice as much each time.
    bucket.batch = now - bucket.askedMs < LEASE_MS ? Math.min(lease, Math.max(1, bucket.batch * 2)) : 0;
    bucket.askedMs = now;
    const needed = Math.max(1, Math.ceil((bucket.waiting[0]?.tokens ?? 1) - bucket.held));
    const wanted = Math.max(needed, Math.ceil(due + bucket.batch - bucket.held));
    void this.#shared.take(bucket.key, bucket.limit, { needed, wanted, returned: 0 }).then((grant) => this.#receive(bucket, grant));
  }

  #receive(bucket: Leased, grant: Grant | null): void {
    bucket.isAsking = false;
    const now = this.#clock.monotonic();
    if (grant) {
      bucket.held += grant.granted;
      bucket.leaseEndsMs = now + LEASE_MS;
      Object.assign(bucket.shared, { tokens: grant.left, atMs: now });
    }
    while (bucket.waiting.length > 0) {
      const { tokens, settle } = bucket.waiting[0]!;
      const verdict = this.#shared.isAway ? this.#takeAlone(bucket, tokens) : this.#decideHere(bucket, tokens);
      if (!verdict) return this.#ask(bucket);
      bucket.waiting.shift();
      settle(verdict);
    }
  }

  #takeAlone(bucket: Leased, asked: number): Verdict {
    const now = this.#clock.monotonic();
    const { processes } = this.#shared;
    const part = partOf(bucket.limit, processes);
    if (!bucket.alone) {
      // What the caller had already spent stays spent.
      bucket.alone = { tokens: Math.min(part.burst, refill(bucket.shared, bucket.limit, now) / processes + bucket.held), atMs: now };
      bucket.held = 0;
    }
    return takeFrom(bucket.alone, part, asked, now);
  }

  /** How the shared bucket stands after Redis was away is for Redis to say. */
  #endAlone(bucket: Leased): void {
    if (!bucket.alone) return;
    bucket.alone = null;
    bucket.held = 0;
    Object.assign(bucket.shared, fullBucket(bucket.limit, this.#clock.monotonic()));
  }
}
