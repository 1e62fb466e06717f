import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { compareCursors, type EventLog, type LoggedEvent } from './event-log.ts';
import { keyOf, RedisStreamReader, toEvent, type StreamEntry } from './redis-stream-reader.ts';
import { connectRedis } from './redis.ts';

export interface RedisEventLogOptions {
  readonly url: string;
  readonly log: Log;
  /** Events kept per topic, approximately (Redis trims whole nodes). */
  readonly capacity: number;
}

/** The event log shared by all processes, on Redis streams. A reader thread of one blocking connection per process. */
export async function createRedisEventLog({ url, log, capacity }: RedisEventLogOptions): Promise<EventLog> {
  const writer = await connectRedis({ url, log, name: 'event-log' });
  const reader = new RedisStreamReader({ url, log });
  return {
    append: async (topic, payloads) => {
      const pipeline = writer.pipeline();
      for (const payload of payloads) pipeline.xadd(keyOf(topic), 'MAXLEN', '~', capacity, '*', 'payload', JSON.stringify(payload));
      const results = (await pipeline.exec()) ?? [];
      return results.map(([error, id]) => {
        if (error) throw error;
        return id as string;
      });
    },
    readAfter: (topic, cursor, limit) => readAfter(writer, topic, cursor, limit),
    subscribe: (topic, onEvent) => reader.subscribe(topic, onEvent),
    close: async () => {
      await reader.close();
      writer.disconnect();
    },
  };
}

async function readAfter(redis: Redis, topic: string, cursor: string, limit: number): Promise<{ events: LoggedEvent[]; lagged: boolean }> {
  const [entries, info] = await Promise.all([
    redis.xrange(keyOf(topic), `(${cursor}`, '+', 'COUNT', limit),
    redis.xinfo('STREAM', keyOf(topic)).catch(() => null) as Promise<unknown[] | null>,
  ]);
  return { events: entries.flatMap((entry) => toEvent(topic, entry) ?? []), lagged: hasLagged(info, cursor) };
}

/** Redis 7 tells the highest id ever deleted; without a stream nothing is known, so a cursor into it has lagged. */
function hasLagged(info: unknown[] | null, cursor: string): boolean {
  if (!info) return true;
  const at = info.indexOf('max-deleted-entry-id');
  const deleted = at < 0 ? '0-0' : (info[at + 1] as string);
  const first = info.indexOf('first-entry');
  const oldest = first < 0 ? null : (info[first + 1] as StreamEntry | null);
  if (deleted !== '0-0') return compareCursors(cursor, deleted) < 0;
  const added = info[info.indexOf('entries-added') + 1] as number;
  const length = info[info.indexOf('length') + 1] as number;
  return added > length && oldest !== null && compareCursors(cursor, oldest[0]) < 0;
}
