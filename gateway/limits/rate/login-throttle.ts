import { createHash } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import { createRecentMap } from '../../../platform/recent-map.ts';
import type { BucketLimit, TokenBuckets } from '../../../platform/stores/token-bucket.ts';
import type { Credentials, Door } from '../../identity/door.ts';
import type { LimitMetrics } from '../limit-metrics.ts';
import { addressGroupOf } from './address-group.ts';

export interface LoginThrottleOptions {
  readonly door: Door;
  readonly buckets: TokenBuckets;
  /** Wrong credentials by address; null = not limited. */
  readonly limit: BucketLimit | null;
  readonly metrics: LimitMetrics;
}

const KNOWN_CREDENTIALS = 10_000;
const NAME = 'login';

/**
 * Limits wrong credentials by address. Each that was not seen here before costs a token before any work is done for it, and
 * gets it back when it is right: as many are tried at a time as may be wrong, however many come together. Credentials that
 * opened the door before are no guess: nobody is locked out by a neighbour who tries keys. The door throws Failure RATE_LIMITED beside what it throws.
 */
export function createLoginThrottle({ door, buckets, limit, metrics }: LoginThrottleOptions): Door {
  if (!limit) return door;
  const known = createRecentMap<true>(KNOWN_CREDENTIALS);
  const refuse = (waitMs: number): never => {
    metrics.limited(NAME, NAME);
    throw new Failure('RATE_LIMITED', 'too many wrong credentials came from this address', { retryAfterMs: waitMs });
  };
  return async (credentials) => {
    if (!credentials.authorization && !credentials.apiKey) return door(credentials);
    const digest = digestOf(credentials);
    if (known.get(digest) === true) {
      return door(credentials).catch((error: unknown) => {
        // Expired or revoked: from now on a guess like any other.
        if (isWrong(error)) known.delete(digest);
        throw error;
      });
    }
    const key = `${NAME}:${addressGroupOf(credentials.address ?? '')}`;
    const { granted, waitMs } = await buckets.take(key, limit, 1);
    if (!granted) refuse(waitMs);
    try {
      const identity = await door(credentials);
      known.set(digest, true);
      buckets.giveBack(key, limit, 1);
      return identity;
    } catch (error) {
      // Who cannot be verified now did nothing wrong.
      if (!isWrong(error)) buckets.giveBack(key, limit, 1);
      throw error;
    }
  };
}

const isWrong = (error: unknown): boolean => error instanceof Failure && error.code === 'UNAUTHENTICATED';

/** Not the credentials themselves: those are kept nowhere. */
const digestOf = ({ authorization = '', apiKey = '' }: Credentials): string => createHash('sha256').update(`${authorization}\n${apiKey}`).digest('base64url');
