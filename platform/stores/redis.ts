import { Redis } from 'ioredis';
import type { Log } from '../log.ts';

export interface RedisOptions {
  readonly url: string;
  readonly name: string;
  readonly log: Log;
}

/** A connection that reconnects by itself for ever. Commands fail fast while it is down: Redis is never the truth. */
export async function connectRedis({ url, name, log }: RedisOptions): Promise<Redis> {
  const redis = new Redis(url, {
    connectionName: name,
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  redis.on('error', (error: Error) => log.warn({ redis: name, error: error.message }, 'Redis unreachable'));
  try {
    await redis.connect();
  } catch (error) {
    // Whoever asked has been refused: nobody is left to use a connection that comes later.
    redis.disconnect();
    throw error;
  }
  return redis;
}
