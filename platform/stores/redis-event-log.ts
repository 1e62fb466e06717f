import type { Redis } from 'ioredis';
import { systemClock, type Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { compareCursors, cursorOf, FROM_BEGINNING, parseCursor, type EventLog, type EventRange, type LoggedEvent } from './event-log.ts';
import { epochIn, keyOf, streamFacts, toEvent, type StreamEntry, type StreamFacts } from './redis-stream.ts';
import { RedisStreamReader } from './redis-stream-reader.ts';
import { connectRedis } from './redis.ts';

export interface RedisEventLogOptions {
  readonly url: string;
  readonly log: Log;
  /** Events kept per topic, approximately (Redis trims whole nodes). */
  readonly capacity: number;
  readonly clock?: Clock;
}

/** The event log shared by all processes, on Redis streams. A reader thread of one blocking connection per process. */
export async function createRedisEventLog({ url, log, capacity, clock = systemClock }: RedisEventLogOptions): Promise<EventLog> {
  const writer = await connectRedis({ url, log, name: 'event-log' });
  const reader = new RedisStreamReader({ url, log, clock });
  return {
    append: (topic, payloads) => append(writer, topic, payloads, capacity),
    readAfter: (topic, cursor, limit) => readAfter(writer, topic, cursor, limit),
    readBefore: (topic, cursor, limit) => readBefore(writer, topic, cursor, limit),
    position: (topic) => readPosition(writer, topic),
    subscribe: (topic, onEvent, onLost) => reader.subscribe(topic, onEvent, onLost),
    currentAt: () => reader.currentAt,
    close: async () => {
      await reader.close();
      writer.disconnect();
    },
  };
}

type Replies = readonly [error: Error | null, result: unknown][];

const resultOf = ([error, result]: Replies[number]): unknown => {
  if (error) throw error;
  return result;
};

/** All or none: what is tried again after a failure halfway would else be in the log twice and out of order. */
async function append(redis: Redis, topic: string, payloads: readonly unknown[], capacity: number): Promise<readonly string[]> {
  const transaction = redis.multi().info('server');
  for (const payload of payloads) transaction.xadd(keyOf(topic), 'MAXLEN', '~', capacity, '*', 'payload', JSON.stringify(payload));
  const [info, ...ids] = ((await transaction.exec()) ?? []).map(resultOf);
  const epoch = epochIn(String(info));
  return ids.map((id) => cursorOf(id as string, epoch));
}

async function readAfter(redis: Redis, topic: string, cursor: string, limit: number): Promise<EventRange> {
  const { id, epoch } = parseCursor(cursor);
  // One moment for all three: what is appended between range and facts would else be passed over.
  const transaction = redis.multi().info('server').xrange(keyOf(topic), `(${id}`, '+', 'COUNT', limit).xinfo('STREAM', keyOf(topic));
  const replies: Replies = (await transaction.exec()) ?? [];
  const current = epochIn(resultOf(replies[0]!) as string);
  const entries = resultOf(replies[1]!) as readonly StreamEntry[];
  const facts = streamFacts(replies[2]!);
  return {
    events: entries.flatMap((entry) => toEvent(topic, entry, current) ?? []),
    end: cursorOf(entries.at(-1)?.[0] ?? facts?.lastId ?? FROM_BEGINNING, current),
    lagged: (epoch !== null && epoch !== current) || hasLagged(facts, id),
  };
}

/** Ids go on from one life of the log to the next: what is left of the last one counts as well. */
async function readBefore(redis: Redis, topic: string, cursor: string, limit: number): Promise<readonly LoggedEvent[]> {
  const { id, epoch } = parseCursor(cursor);
  const entries = (await redis.xrevrange(keyOf(topic), id, '-', 'COUNT', limit)) as StreamEntry[];
  return entries.reverse().flatMap((entry) => toEvent(topic, entry, epoch ?? '') ?? []);
}

/** Also of a stream of which everything has been trimmed. */
async function readPosition(redis: Redis, topic: string): Promise<string> {
  const replies: Replies = (await redis.pipeline().info('server').xinfo('STREAM', keyOf(topic)).exec()) ?? [];
  return cursorOf(streamFacts(replies[1]!)?.lastId ?? FROM_BEGINNING, epochIn(resultOf(replies[0]!) as string));
}

function hasLagged(facts: StreamFacts | null, id: string): boolean {
  if (id === FROM_BEGINNING) return facts !== null && facts.deletedId !== FROM_BEGINNING;
  // Somebody has deleted the stream, or trimmed what came after.
  if (!facts || compareCursors(id, facts.deletedId) < 0) return true;
  // Of ids this stream never had, before its first entry or after its last, nothing is known.
  const begunLater = facts.deletedId === FROM_BEGINNING && facts.firstId !== null && compareCursors(id, facts.firstId) < 0;
  return begunLater || compareCursors(id, facts.lastId) > 0;
}
