import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { CacheWrite, SharedCacheStore } from './cache-store.ts';
import { connectRedis } from './redis.ts';

export interface RedisCacheStoreOptions {
  readonly url: string;
  /** Tells deployments apart that share a Redis. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A read that takes longer is given up: the subgraph is asked instead. */
  readonly readTimeoutMs?: number;
}

/** After a silence, and after a refusal (a Redis that is full), so long nothing is tried. */
const PAUSE_MS = 500;
/** Of writes that are on their way; beyond it Redis is too slow to be of help. */
const MAX_PENDING_BYTES = 8_000_000;

/** Shared through Redis, over a connection of its own: a big answer must not hold up events or limits. */
export async function createRedisCacheStore({ url, namespace, clock, log, readTimeoutMs = 30 }: RedisCacheStoreOptions): Promise<SharedCacheStore> {
  const redis = await connectRedis({ url, log, name: 'cache' });
  const prefix = `cache:${namespace}:`;
  let readAgainAt = 0;
  let writeAgainAt = 0;
  let pendingBytes = 0;
  const isReady = (againAt: number): boolean => redis.status === 'ready' && clock.monotonic() >= againAt;
  const pauseWrites = (error: Error): void => {
    if (clock.monotonic() >= writeAgainAt) log.warn({ error: error.message }, 'Redis does not take what the cache keeps; it is kept in memory only');
    writeAgainAt = clock.monotonic() + PAUSE_MS;
  };
  return {
    readMany: async (keys) => {
      if (!isReady(readAgainAt)) return null;
      const found = await within(readTimeoutMs, redis.mget(keys.map((key) => prefix + key)));
      if (found === null) readAgainAt = clock.monotonic() + PAUSE_MS;
      return found;
    },
    write: (writes) => {
      if (!isReady(writeAgainAt) || pendingBytes > MAX_PENDING_BYTES) return;
      const bytes = writes.reduce((sum, { text }) => sum + text.length, 0);
      pendingBytes += bytes;
      void writeAll(redis, prefix, writes)
        .catch(pauseWrites)
        .finally(() => (pendingBytes -= bytes));
    },
    close: () => redis.disconnect(),
  };
}

async function writeAll(redis: Redis, prefix: string, writes: readonly CacheWrite[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { key, text, ttlMs } of writes) pipeline.set(prefix + key, text, 'PX', Math.ceil(ttlMs));
  const [refused] = ((await pipeline.exec()) ?? []).flatMap(([error]) => error ?? []);
  if (refused) throw refused;
}

/** Null: it failed, or took longer. */
async function within<Value>(timeoutMs: number, reading: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => (timer = setTimeout(done, timeoutMs, null)));
  const value = await Promise.race([reading.catch(() => null), late]);
  clearTimeout(timer);
  return value;
}
