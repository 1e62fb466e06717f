import type { Log } from '../log.ts';
import type { Kv } from './kv.ts';
import { connectRedis } from './redis.ts';

/** Values shared by all processes. A Redis that is away reads as empty and swallows writes: slower, never wrong. */
export async function createRedisKv({ url, log }: { readonly url: string; readonly log: Log }): Promise<Kv> {
  const redis = await connectRedis({ url, log, name: 'kv' });
  const key = (name: string): string => `kv:${name}`;
  return {
    get: (name) => redis.get(key(name)).catch(() => null),
    set: async (name, value, ttlMs) => void (await redis.set(key(name), value, 'PX', ttlMs).catch(() => null)),
    delete: async (name) => void (await redis.del(key(name)).catch(() => 0)),
    close: async () => redis.disconnect(),
  };
}
