import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { LeasedTokenBuckets, type Ask, type Grant, type SharedTokenBuckets } from './leased-token-buckets.ts';
import { connectRedis } from './redis.ts';
import { HEAR_OF, TAKE_TOKENS } from './redis-token-bucket-script.ts';
import type { BucketLimit, TokenBuckets } from './token-bucket.ts';

export interface RedisBucketsOptions {
  readonly url: string;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
  /** Buckets remembered in this process. */
  readonly capacity: number;
  /** Names all buckets of this kind in Redis. */
  readonly prefix?: string;
}

/** A caller waits for the answer: Redis gives it within this, or every process goes by its own part. */
const ANSWER_MS = 100;
const BEAT_MS = 1_000;
/** A process that has not been heard of for so long takes no part. */
const FORGOTTEN_MS = 10_000;

/** Buckets that all gateway processes on one Redis share. @throws Error when Redis is away at the start */
export async function createRedisTokenBuckets({ url, clock, log, capacity, prefix = 'tokens' }: RedisBucketsOptions): Promise<TokenBuckets> {
  const redis = await connectRedis({ url, log, name: 'tokens' });
  const shared = new RedisBuckets(redis, prefix, log);
  await shared.begin();
  return new LeasedTokenBuckets({ shared, clock, capacity });
}

/** What is in Redis, and whether Redis is there. */
class RedisBuckets implements SharedTokenBuckets {
  processes = 1;
  isAway = false;
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #log: Log;
  readonly #process = randomUUID();
  #beat: NodeJS.Timeout | null = null;

  constructor(redis: Redis, prefix: string, log: Log) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#log = log;
  }

  async begin(): Promise<void> {
    await this.#hear();
    this.#beat = setInterval(() => void this.#hear(), BEAT_MS).unref();
  }

  async take(key: string, { ratePerSecond, burst }: BucketLimit, { needed, wanted, returned }: Ask): Promise<Grant | null> {
    try {
      const asked = this.#eval(TAKE_TOKENS, `${this.#prefix}:${key}`, ratePerSecond, burst, needed, wanted, returned);
      const [granted, left] = (await within(ANSWER_MS, asked)) as readonly [number, string];
      return { granted, left: Number(left) };
    } catch (error) {
      this.#lose(error as Error);
      return null;
    }
  }

  async close(): Promise<void> {
    if (this.#beat) clearInterval(this.#beat);
    if (this.#redis.status === 'ready') await this.#redis.zrem(this.#processesKey, this.#process).catch(() => 0);
    this.#redis.disconnect();
  }

  get #processesKey(): string {
    return `${this.#prefix}:{processes}`;
  }

  /** Tells the others of this process and hears how many there are: also how Redis is found to be back. */
  async #hear(): Promise<void> {
    try {
      this.processes = Math.max(1, (await within(BEAT_MS / 2, this.#eval(HEAR_OF, this.#processesKey, this.#process, FORGOTTEN_MS))) as number);
      if (this.isAway) this.#log.info({ processes: this.processes }, 'Redis is back: rate limits are counted together again');
      this.isAway = false;
    } catch (error) {
      this.#lose(error as Error);
    }
  }

  #eval(script: string, key: string, ...values: readonly (string | number)[]): Promise<unknown> {
    if (this.#redis.status !== 'ready') return Promise.reject(new Error('no connection'));
    return this.#redis.eval(script, 1, key, ...values);
  }

  #lose(error: Error): void {
    if (this.isAway) return;
    this.isAway = true;
    this.#log.warn({ error: error.message, processes: this.processes }, 'rate limits cannot be counted together: this process goes by its own part');
  }
}

/** A process that was busy itself looks into its inbox once more before it says that nothing came. */
function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => setImmediate(() => reject(new Error(`no answer within ${ms} ms`)))), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
