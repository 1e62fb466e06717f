/*
 * A token bucket holds `burst` tokens and gets `ratePerSecond` back. It is kept as what was in it at a moment: that is exact for any
 * rate, where the moment at which it will be full is not.
 */

export interface BucketLimit {
  /** Tokens that come back each second, more than 0. */
  readonly ratePerSecond: number;
  /** Tokens a full bucket holds, whole and at least 1. */
  readonly burst: number;
}

export interface Bucket {
  tokens: number;
  /** When `tokens` was true, ms of a monotonic clock. */
  atMs: number;
}

/** What became of a request for tokens. */
export interface Verdict {
  readonly granted: boolean;
  /** Tokens the caller has left, rounded down, as far as is known here. */
  readonly remaining: number;
  /** When as many as were asked for will be there, ms; 0 where they were granted. */
  readonly waitMs: number;
}

/** Buckets by name, shared by all processes of a deployment where it has several. */
export interface TokenBuckets {
  /**
   * Takes all the tokens or none. Whoever asks for more than a bucket can hold is granted them from a full one.
   * At once where it can be told here, else after one question to the store; never rejects.
   */
  take(key: string, limit: BucketLimit, tokens: number): Verdict | Promise<Verdict>;
  /** Puts tokens back that were taken and bought nothing. */
  giveBack(key: string, limit: BucketLimit, tokens: number): void;
  /** True while this process counts by itself, because the store that is shared is away. */
  isAlone(): boolean;
  close(): Promise<void>;
}

/** A bucket nobody has taken from. */
export const fullBucket = ({ burst }: BucketLimit, nowMs: number): Bucket => ({ tokens: burst, atMs: nowMs });

/** Brings a bucket to now and tells what is in it. A clock that went back gives nothing. */
export function refill(bucket: Bucket, { ratePerSecond, burst }: BucketLimit, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs * ratePerSecond) / 1_000);
  bucket.atMs = nowMs;
  return bucket.tokens;
}

/** Takes all of `tokens` or none. */
export function takeFrom(bucket: Bucket, limit: BucketLimit, tokens: number, nowMs: number): Verdict {
  const there = refill(bucket, limit, nowMs);
  const asked = Math.min(tokens, limit.burst);
  if (there < asked) return refusal(there, asked, limit);
  bucket.tokens = there - asked;
  return { granted: true, remaining: Math.floor(bucket.tokens), waitMs: 0 };
}

/** The verdict on `asked` tokens where there are fewer. */
export const refusal = (there: number, asked: number, { ratePerSecond }: BucketLimit): Verdict => ({
  granted: false,
  remaining: Math.max(0, Math.floor(there)),
  waitMs: Math.max(1, Math.ceil(((asked - there) * 1_000) / ratePerSecond)),
});

/** Puts tokens in, never more than fit. */
export function putInto(bucket: Bucket, limit: BucketLimit, tokens: number, nowMs: number): void {
  bucket.tokens = Math.min(limit.burst, refill(bucket, limit, nowMs) + tokens);
}
