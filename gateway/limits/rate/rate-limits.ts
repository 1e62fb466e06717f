import type { BucketLimit } from '../../../platform/stores/token-bucket.ts';

/** Callers of one kind have one limit. `development` is everybody on the machine of an embedded gateway without credentials. */
export type RateClass = 'anonymous' | 'storefront' | 'shopper' | 'buyer' | 'marketplace' | 'checkout' | 'service' | 'finance' | 'operations' | 'admin' | 'development';

/** Beside callers, by client address: everybody behind it, credentials that were wrong, texts that were unusable. */
export type RateLimitName = RateClass | 'address' | 'login' | 'mistakes';

/** Null = not limited. */
export type RateLimits = Readonly<Record<RateLimitName, BucketLimit | null>>;

const per = (ratePerSecond: number, burst: number): BucketLimit => ({ ratePerSecond, burst });

/**
 * In units of 100 objects, see `unitsOf`: a product page is about 3, a listing of 24 with variants, prices and stock 150 at worst.
 * A person gets what a person can read. A server, and a storefront's key, which serves all its shoppers, gets about what one process can do:
 * under load lanes decide, these only keep one caller from being all of it.
 */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  anonymous: per(200, 4_000),
  storefront: per(20_000, 200_000),
  shopper: per(200, 4_000),
  buyer: per(400, 8_000),
  marketplace: per(20_000, 200_000),
  checkout: per(20_000, 200_000),
  service: per(20_000, 200_000),
  finance: per(5_000, 50_000),
  operations: per(5_000, 50_000),
  admin: per(5_000, 50_000),
  development: null,
  address: per(2_000, 20_000),
  login: per(1, 100),
  mistakes: per(10, 500),
};

const OFF: RateLimits = Object.fromEntries(Object.keys(DEFAULT_RATE_LIMITS).map((name) => [name, null])) as Record<RateLimitName, null>;

const isName = (text: string): text is RateLimitName => Object.hasOwn(DEFAULT_RATE_LIMITS, text);

/**
 * Reads RATE_LIMITS: "name=rate/burst" or "name=off" over the defaults; "off" alone limits nobody.
 * @throws Error naming the entry and its remedy
 */
export function readRateLimits(entries: readonly string[]): RateLimits {
  if (entries.length === 1 && entries[0] === 'off') return OFF;
  const limits: Record<RateLimitName, BucketLimit | null> = { ...DEFAULT_RATE_LIMITS };
  for (const entry of entries) {
    const [, name = '', value = ''] = /^([a-z]+)=(.+)$/.exec(entry) ?? [];
    if (!isName(name)) throw new Error(`RATE_LIMITS: "${entry}" is not name=rate/burst or name=off, with a name of ${Object.keys(DEFAULT_RATE_LIMITS).join(', ')}`);
    limits[name] = value === 'off' ? null : readLimit(entry, value);
  }
  return limits;
}

function readLimit(entry: string, value: string): BucketLimit {
  const [, rate, burst] = /^(\d{1,9}(?:\.\d{1,3})?)\/([1-9]\d{0,8})$/.exec(value) ?? [];
  if (!burst || Number(rate) <= 0) throw new Error(`RATE_LIMITS: "${entry}": a rate each second above 0 and a whole burst of 1 or more, as 200/4000`);
  return per(Number(rate), Number(burst));
}

const OBJECTS_A_UNIT = 100;

/** What an operation takes from a bucket: one unit for each 100 objects its answer may hold, at least one. */
export const unitsOf = (cost: number): number => Math.max(1, Math.ceil(cost / OBJECTS_A_UNIT));
