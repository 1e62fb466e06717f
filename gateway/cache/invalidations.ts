import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { cursorOf, parseCursor, type EventLog, type LoggedEvent } from '../../platform/stores/event-log.ts';
import { CACHE_TOPICS, changeOf } from './change-tags.ts';
import type { Invalidations } from './facts.ts';
import { FollowedTags, type TagHistory } from './tag-history.ts';

export interface InvalidationsOptions {
  readonly eventLog: Pick<EventLog, 'subscribe' | 'position' | 'readAfter' | 'currentAt'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Entries of other processes that are older cannot be judged after a start; as long as entries are kept. */
  readonly historyMs: number;
}

export interface FollowedInvalidations extends Invalidations {
  /** Resolves when every topic is followed from where it was; never rejects. */
  readonly followed: Promise<void>;
  close(): void;
}

/** Whoever has not heard from the log for so long does not know what has changed. */
const CURRENT_MS = 1_000;
const AFTER_FAILURE_MS = 500;
const PAGE = 1_000;

type Listener = (tags: readonly string[] | 'ALL') => void;

/** Follows the change events of the log. Starts by itself and goes on for ever: while the log is away nothing is current. */
export function followInvalidations(options: InvalidationsOptions): FollowedInvalidations {
  const { eventLog, clock } = options;
  const history = new FollowedTags(CACHE_TOPICS);
  const listeners = new Set<Listener>();
  const follower = new Follower(options, history, (tags) => {
    for (const listener of listeners) listener(tags);
  });
  return {
    followed: Promise.all(CACHE_TOPICS.map((topic) => follower.follow(topic))).then(() => undefined),
    mark: () => {
      const currentAt = eventLog.currentAt();
      return currentAt !== null && clock.monotonic() - currentAt <= CURRENT_MS ? history.mark() : null;
    },
    changedSince: (tags, mark) => history.changedSince(tags, mark),
    onInvalidated: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => follower.close(),
  };
}

class Follower {
  readonly #options: InvalidationsOptions;
  readonly #history: TagHistory;
  readonly #tell: Listener;
  readonly #unsubscribes: (() => void)[] = [];
  /** Of each topic, how often it was begun: what an earlier beginning still reads is void. */
  readonly #turns = new Map<string, number>();
  #closed = false;

  constructor(options: InvalidationsOptions, history: TagHistory, tell: Listener) {
    this.#options = options;
    this.#history = history;
    this.#tell = tell;
  }

  async follow(topic: string): Promise<void> {
    const { eventLog } = this.#options;
    const unsubscribe = await this.#untilDone(topic, () => eventLog.subscribe(topic, (event) => this.#onEvent(event), () => void this.#begin(topic)));
    if (unsubscribe === null) return;
    if (this.#closed) return unsubscribe();
    this.#unsubscribes.push(unsubscribe);
    await this.#begin(topic);
  }

  close(): void {
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
  }

  #onEvent({ topic, cursor, payload }: LoggedEvent): void {
    const { tags, settleMs } = changeOf(payload);
    this.#history.record(topic, cursor, tags);
    if (tags.length === 0) return;
    this.#tell(tags);
    if (settleMs === 0) return;
    const release = this.#history.hold(tags);
    setTimeout(() => {
      release();
      this.#tell(tags);
    }, settleMs).unref();
  }

  /** Knows nothing of the topic until its end has been read; whatever was kept before is void. */
  async #begin(topic: string): Promise<void> {
    const turn = (this.#turns.get(topic) ?? 0) + 1;
    this.#turns.set(topic, turn);
    this.#history.lose(topic);
    this.#tell('ALL');
    const cursor = await this.#untilDone(topic, () => this.#options.eventLog.position(topic));
    if (cursor === null || this.#turns.get(topic) !== turn) return;
    this.#history.begin(topic, cursor);
    const knownSince = await this.#readBack(topic, cursor).catch(() => null);
    if (knownSince !== null && this.#turns.get(topic) === turn) this.#history.knownSince(topic, knownSince);
  }

  /**
   * Reads what happened lately, so that what other processes kept before this one started can be judged. Answers since when
   * all of it is known; null: nothing more than from `end` on.
   */
  async #readBack(topic: string, end: string): Promise<string | null> {
    const { eventLog, clock, historyMs } = this.#options;
    const { epoch } = parseCursor(end);
    if (epoch === null) return null;
    let cursor = cursorOf(`${Math.max(0, clock.now() - historyMs)}-0`, epoch);
    let knownSince: string | null = cursor;
    for (;;) {
      const { events, lagged } = await eventLog.readAfter(topic, cursor, PAGE);
      if (lagged) knownSince = events[0]?.cursor ?? null;
      for (const event of events) this.#onEvent(event);
      if (events.length < PAGE) return knownSince;
      cursor = events.at(-1)!.cursor;
    }
  }

  async #untilDone<Value>(topic: string, work: () => Promise<Value>): Promise<Value | null> {
    while (!this.#closed) {
      try {
        return await work();
      } catch (error) {
        this.#options.log.warn({ topic, error: (error as Error).message }, 'change events cannot be followed; nothing is answered from the cache');
        await new Promise((done) => setTimeout(done, AFTER_FAILURE_MS));
      }
    }
    return null;
  }
}
