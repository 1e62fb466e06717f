import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { compareCursors, FROM_BEGINNING, type LoggedEvent } from './event-log.ts';
import { epochIn, keyOf, streamFacts, toEvent, topicOfKey, type StreamEntry } from './redis-stream.ts';
import { connectRedis } from './redis.ts';

interface Listener {
  readonly onEvent: (event: LoggedEvent) => void;
  readonly onLost: () => void;
}

const AFTER_FAILURE_MS = 500;
const PAGE = 500;
/** Written each turn: a Redis that is full still answers readers, while events wait outside. Gone soon after the last reader. */
const WRITABLE = { key: 'events-writable', ttlMs: 10_000 };

export interface RedisStreamReaderOptions {
  readonly url: string;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * One XREAD loop for all topics; remembers its positions, so a reconnect loses nothing that Redis still holds. What Redis
 * may have lost (it restarted) or trimmed before it was read is told as lost.
 */
export class RedisStreamReader {
  readonly #options: RedisStreamReaderOptions;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #positions = new Map<string, string>();
  #connecting: Promise<Redis> | null = null;
  /** Null while it is not known whom we are connected to. */
  #epoch: string | null = null;
  #lastEpoch: string | null = null;
  #reading = false;
  #closed = false;
  #currentAt: number | null = null;

  constructor(options: RedisStreamReaderOptions) {
    this.#options = options;
  }

  async subscribe(topic: string, onEvent: Listener['onEvent'], onLost: Listener['onLost'] = () => undefined): Promise<() => void> {
    const redis = await this.#connect();
    if (!this.#positions.has(topic)) {
      const end = await readEnd(redis, topic);
      // Another subscriber may have been quicker, and the loop further on by now.
      if (!this.#positions.has(topic)) this.#positions.set(topic, end);
    }
    const listener: Listener = { onEvent, onLost };
    this.#listeners.set(topic, (this.#listeners.get(topic) ?? new Set()).add(listener));
    void this.#readOn(redis);
    return () => void this.#listeners.get(topic)?.delete(listener);
  }

  /** When the last turn began that left nothing untold: see EventLog. */
  get currentAt(): number | null {
    return this.#currentAt;
  }

  async close(): Promise<void> {
    this.#closed = true;
    (await this.#connecting?.catch(() => null))?.disconnect();
  }

  /** Whoever comes while the first is still connecting waits with it: two loops would tell events twice. */
  #connect(): Promise<Redis> {
    this.#connecting ??= connectRedis({ ...this.#options, name: 'event-log-reader' }).then(
      (redis) => redis.on('close', () => (this.#epoch = null)),
      (error: unknown) => {
        this.#connecting = null;
        throw error;
      },
    );
    return this.#connecting;
  }

  async #readOn(redis: Redis): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#closed) {
      await this.#read(redis).catch(async (error: Error) => {
        if (!this.#closed) this.#options.log.warn({ error: error.message }, 'event log unreadable; will go on from the last position');
        await new Promise((done) => setTimeout(done, AFTER_FAILURE_MS));
      });
    }
  }

  async #read(redis: Redis): Promise<void> {
    const epoch = (this.#epoch ??= await this.#meet(redis));
    const topics = [...this.#positions.keys()];
    const ids = topics.map((topic) => this.#positions.get(topic)!);
    const askedAt = this.#options.clock.monotonic();
    const writable = redis.set(WRITABLE.key, '', 'PX', WRITABLE.ttlMs).then(() => true, () => false);
    const answer = (await redis.xread('COUNT', PAGE, 'BLOCK', 200, 'STREAMS', ...topics.map(keyOf), ...ids)) ?? [];
    // Reconnected meanwhile: whose answer this is will be known on the next turn, and it is asked for again.
    if (this.#epoch !== epoch) return;
    for (const [key, entries] of answer) {
      const topic = topicOfKey(key);
      if (entries.length >= PAGE && (await this.#hasLagged(redis, topic))) this.#tellLost(topic, 'it was trimmed before it was read');
      for (const entry of entries) this.#deliver(topic, entry, epoch);
    }
    if (answer.every(([, entries]) => entries.length < PAGE) && (await writable)) this.#currentAt = askedAt;
  }

  /** Finds out whom we are connected to. What another life of the log begins with is new, also with lower ids. */
  async #meet(redis: Redis): Promise<string> {
    const epoch = epochIn(await redis.info('server'));
    const last = this.#lastEpoch;
    if (last !== null && last !== epoch) {
      for (const [topic, position] of this.#positions) {
        const end = await readEnd(redis, topic);
        if (compareCursors(end, position) < 0) this.#positions.set(topic, end);
      }
      for (const topic of this.#positions.keys()) this.#tellLost(topic, 'Redis has restarted');
    }
    this.#lastEpoch = epoch;
    return epoch;
  }

  async #hasLagged(redis: Redis, topic: string): Promise<boolean> {
    const facts = streamFacts([null, await redis.xinfo('STREAM', keyOf(topic))]);
    return facts !== null && compareCursors(this.#positions.get(topic)!, facts.deletedId) < 0;
  }

  #tellLost(topic: string, reason: string): void {
    this.#options.log.warn({ topic, reason }, 'a part of the event log is lost; subscribers are told');
    for (const { onLost } of this.#listeners.get(topic) ?? []) this.#tell(topic, onLost);
  }

  #deliver(topic: string, entry: StreamEntry, epoch: string): void {
    this.#positions.set(topic, entry[0]);
    const event = toEvent(topic, entry, epoch);
    if (!event) return this.#options.log.warn({ topic, entry: entry[0] }, 'an entry of the event log is unreadable and passed over');
    for (const { onEvent } of this.#listeners.get(topic) ?? []) this.#tell(topic, () => onEvent(event));
  }

  #tell(topic: string, listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#options.log.error({ topic, error: (error as Error).message }, 'a listener failed at an event; the others have it');
    }
  }
}

async function readEnd(redis: Redis, topic: string): Promise<string> {
  const [reply] = (await redis.pipeline().xinfo('STREAM', keyOf(topic)).exec()) ?? [];
  return streamFacts(reply!)?.lastId ?? FROM_BEGINNING;
}
