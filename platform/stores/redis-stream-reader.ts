import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { LoggedEvent } from './event-log.ts';
import { connectRedis } from './redis.ts';

export type StreamEntry = [id: string, fields: string[]];

const PREFIX = 'events:';

export const keyOf = (topic: string): string => `${PREFIX}${topic}`;

/** Null for an entry that is none of ours: it must not stop those behind it. */
export function toEvent(topic: string, [cursor, fields]: StreamEntry): LoggedEvent | null {
  try {
    return { cursor, topic, payload: JSON.parse(fields[1]!) };
  } catch {
    return null;
  }
}

type Listener = (event: LoggedEvent) => void;

const AFTER_FAILURE_MS = 500;

/** One XREAD loop for all topics; remembers its positions, so a reconnect loses nothing that Redis still holds. */
export class RedisStreamReader {
  readonly #options: { readonly url: string; readonly log: Log };
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #positions = new Map<string, string>();
  #connecting: Promise<Redis> | null = null;
  #reading = false;
  #closed = false;

  constructor(options: { readonly url: string; readonly log: Log }) {
    this.#options = options;
  }

  async subscribe(topic: string, listener: Listener): Promise<() => void> {
    const redis = await this.#connect();
    if (!this.#positions.has(topic)) {
      const [last] = await redis.xrevrange(keyOf(topic), '+', '-', 'COUNT', 1);
      // Another subscriber may have been quicker, and the loop further on by now.
      if (!this.#positions.has(topic)) this.#positions.set(topic, last?.[0] ?? '0-0');
    }
    this.#listeners.set(topic, (this.#listeners.get(topic) ?? new Set()).add(listener));
    void this.#readOn(redis);
    return () => void this.#listeners.get(topic)?.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    (await this.#connecting?.catch(() => null))?.disconnect();
  }

  /** Whoever comes while the first is still connecting waits with it: two loops would tell events twice. */
  #connect(): Promise<Redis> {
    this.#connecting ??= connectRedis({ ...this.#options, name: 'event-log-reader' }).catch((error: unknown) => {
      this.#connecting = null;
      throw error;
    });
    return this.#connecting;
  }

  async #readOn(redis: Redis): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#closed) await this.#read(redis);
  }

  async #read(redis: Redis): Promise<void> {
    const topics = [...this.#positions.keys()];
    const ids = topics.map((topic) => this.#positions.get(topic)!);
    const answer = await redis.xread('COUNT', 500, 'BLOCK', 200, 'STREAMS', ...topics.map(keyOf), ...ids).catch(async (error: Error) => {
      if (!this.#closed) this.#options.log.warn({ error: error.message }, 'event log unreadable; will go on from the last position');
      await new Promise((done) => setTimeout(done, AFTER_FAILURE_MS));
      return null;
    });
    for (const [key, entries] of answer ?? []) for (const entry of entries) this.#deliver(key.slice(PREFIX.length), entry);
  }

  #deliver(topic: string, entry: StreamEntry): void {
    this.#positions.set(topic, entry[0]);
    const event = toEvent(topic, entry);
    if (!event) return this.#options.log.warn({ topic, entry: entry[0] }, 'an entry of the event log is unreadable and passed over');
    for (const listener of this.#listeners.get(topic) ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.#options.log.error({ topic, error: (error as Error).message }, 'a listener failed at an event; the others have it');
      }
    }
  }
}
