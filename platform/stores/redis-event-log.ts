import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { compareCursors, type EventLog, type LoggedEvent } from './event-log.ts';
import { connectRedis } from './redis.ts';

export interface RedisEventLogOptions {
  readonly url: string;
  readonly log: Log;
  /** Events kept per topic, approximately (Redis trims whole nodes). */
  readonly capacity: number;
}

type StreamEntry = [id: string, fields: string[]];

const keyOf = (topic: string): string => `events:${topic}`;

/** The event log shared by all processes, on Redis streams. A reader thread of one blocking connection per process. */
export async function createRedisEventLog({ url, log, capacity }: RedisEventLogOptions): Promise<EventLog> {
  const writer = await connectRedis({ url, log, name: 'event-log' });
  const reader = createStreamReader({ url, log });
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

/** Null for an entry that is none of ours: it must not stop those behind it. */
function toEvent(topic: string, [cursor, fields]: StreamEntry): LoggedEvent | null {
  try {
    return { cursor, topic, payload: JSON.parse(fields[1]!) };
  } catch {
    return null;
  }
}

interface StreamReader {
  subscribe(topic: string, onEvent: (event: LoggedEvent) => void): Promise<() => void>;
  close(): Promise<void>;
}

/** One XREAD loop for all topics; remembers its positions, so a reconnect loses nothing that Redis still holds. */
function createStreamReader({ url, log }: { readonly url: string; readonly log: Log }): StreamReader {
  const listeners = new Map<string, Set<(event: LoggedEvent) => void>>();
  const positions = new Map<string, string>();
  let connecting: Promise<Redis> | null = null;
  let reading = false;
  let closed = false;

  const deliver = (topic: string, entry: StreamEntry): void => {
    positions.set(topic, entry[0]);
    const event = toEvent(topic, entry);
    if (!event) return log.warn({ topic, entry: entry[0] }, 'an entry of the event log is unreadable and passed over');
    for (const listener of listeners.get(topic) ?? []) {
      try {
        listener(event);
      } catch (error) {
        log.error({ topic, error: (error as Error).message }, 'a listener failed at an event; the others have it');
      }
    }
  };
  const read = async (redis: Redis): Promise<void> => {
    const topics = [...positions.keys()];
    const ids = topics.map((topic) => positions.get(topic)!);
    const answer = await redis.xread('COUNT', 500, 'BLOCK', 200, 'STREAMS', ...topics.map(keyOf), ...ids).catch(async (error: Error) => {
      if (!closed) log.warn({ error: error.message }, 'event log unreadable; will go on from the last position');
      await new Promise((done) => setTimeout(done, 500));
      return null;
    });
    for (const [key, entries] of answer ?? []) for (const entry of entries) deliver(key.slice('events:'.length), entry);
  };
  const startReading = async (redis: Redis): Promise<void> => {
    if (reading) return;
    reading = true;
    while (!closed) await read(redis);
  };
  /** Whoever comes while the first is still connecting waits with it: two loops would tell events twice. */
  const connect = (): Promise<Redis> => {
    connecting ??= connectRedis({ url, log, name: 'event-log-reader' }).catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };
  return {
    subscribe: async (topic, onEvent) => {
      const redis = await connect();
      if (!positions.has(topic)) {
        const [last] = await redis.xrevrange(keyOf(topic), '+', '-', 'COUNT', 1);
        // Another subscriber may have been quicker, and the loop further on by now.
        if (!positions.has(topic)) positions.set(topic, last?.[0] ?? '0-0');
      }
      listeners.set(topic, (listeners.get(topic) ?? new Set()).add(onEvent));
      void startReading(redis);
      return () => void listeners.get(topic)?.delete(onEvent);
    },
    close: async () => {
      closed = true;
      (await connecting?.catch(() => null))?.disconnect();
    },
  };
}
