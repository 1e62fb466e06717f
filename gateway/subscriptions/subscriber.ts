import { GraphQLError, type ExecutionResult } from 'graphql';
import { instant } from '../../domain/time.ts';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import { LogFollower } from './log-follower.ts';
import type { SubscriptionHubOptions } from './options.ts';
import { createSeen } from './seen.ts';
import { createWaitingEvents, type WaitingEvents } from './waiting-events.ts';

export interface SubscriberOptions extends Pick<SubscriptionHubOptions, 'eventLog' | 'metrics' | 'clock' | 'log'> {
  readonly definition: SubscriptionDefinition;
  readonly after: string;
  readonly matches: (payload: never) => boolean;
  readonly merge: (earlier: LoggedEvent, later: LoggedEvent) => LoggedEvent;
  /** Keys to be told of one by one where events are missing; null = too many, or not known. */
  readonly keys: () => readonly string[] | null;
  readonly execute: (event: LoggedEvent) => Promise<ExecutionResult>;
  readonly onClosed: () => void;
}

type Entry = { readonly kind: 'EVENT'; readonly event: LoggedEvent } | { readonly kind: 'GAP' };

const CAPACITY = 256;
const DONE: IteratorResult<ExecutionResult> = { value: undefined, done: true };

/** Where a client that has this result resumes. */
const cursors = new WeakMap<ExecutionResult, string>();
export const cursorOfResult = (result: ExecutionResult): string | null => cursors.get(result) ?? null;

/** One subscriber's stream: results in the order of the log, each executed when it is asked for. */
export class Subscriber implements AsyncIterableIterator<ExecutionResult> {
  readonly #options: SubscriberOptions;
  readonly #waiting: WaitingEvents<Entry>;
  readonly #seen = createSeen();
  readonly #follower: LogFollower;
  #wakeReader: () => void = () => undefined;
  #wakeFollower: () => void = () => undefined;
  #ended = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#waiting = createWaitingEvents<Entry>((earlier, later) =>
      earlier.kind === 'EVENT' && later.kind === 'EVENT' ? { kind: 'EVENT', event: options.merge(earlier.event, later.event) } : later);
    this.#follower = new LogFollower({
      eventLog: options.eventLog, topic: options.definition.topic, after: options.after, log: options.log,
      tell: (event) => this.#tell(event),
      onGap: (position, now) => this.#makeUpFor(position, now),
      room: () => (this.#waiting.size < CAPACITY ? null : new Promise((room) => (this.#wakeFollower = room))),
    });
  }

  onEvent(event: LoggedEvent): void {
    this.#follower.onEvent(event);
  }

  onLost(): void {
    this.#follower.onLost();
  }

  /** Tells of these as they are. */
  onEntered(keys: readonly string[]): void {
    this.#tellSnapshots(keys, () => this.#follower.position);
  }

  /** Delivers what waits, then ends. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#follower.stop();
    this.#wakeReader();
    this.#wakeFollower();
    this.#options.onClosed();
  }

  /** One after the other, also for whoever asks for several at once. */
  next(): Promise<IteratorResult<ExecutionResult>> {
    const turn = this.#last.then(() => this.#next());
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#waiting.clear();
    this.end();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<ExecutionResult>> {
    const { matches, execute, metrics, definition } = this.#options;
    for (;;) {
      const entry = this.#waiting.take();
      if (this.#waiting.size <= CAPACITY / 2) this.#wakeFollower();
      if (entry?.kind === 'GAP') return { value: GAP, done: false };
      // What has been coalesced may be no news any more.
      if (entry && !matches(entry.event.payload as never)) continue;
      if (entry) {
        const result = await execute(entry.event);
        cursors.set(result, entry.event.cursor);
        metrics.subscriptions.delivered(definition.field);
        return { value: result, done: false };
      }
      if (this.#ended) return DONE;
      await new Promise<void>((wake) => (this.#wakeReader = wake));
    }
  }

  #put(entry: Entry, key: string | null): void {
    if (this.#ended) return;
    const { metrics, definition } = this.#options;
    if (this.#waiting.put(entry, key) === 'coalesced') metrics.subscriptions.dropped(definition.field);
    this.#wakeReader();
  }

  #tell(event: LoggedEvent): void {
    const { matches, definition } = this.#options;
    const payload = event.payload as never;
    if (matches(payload) && !this.#seen.repeats(payload)) this.#put({ kind: 'EVENT', event }, definition.coalescing?.keyOf(payload) ?? null);
  }

  #tellSnapshots(keys: readonly string[], cursorAt: (index: number) => string): void {
    const { definition, clock } = this.#options;
    for (const [index, key] of keys.entries()) {
      const payload = definition.coalescing!.snapshot(key, instant(clock.now()));
      this.#put({ kind: 'EVENT', event: { cursor: cursorAt(index), topic: definition.topic, payload } }, key);
    }
  }

  /** Tells everything as it is, where that can be told; answers whether it does. */
  #makeUpFor(position: string, now: string): boolean {
    const keys = this.#options.definition.coalescing === null ? null : this.#options.keys();
    if (keys === null) this.#put({ kind: 'GAP' }, null);
    // Until the last of them is delivered a client resumes from before the gap.
    else this.#tellSnapshots(keys, (index) => (index < keys.length - 1 ? position : now));
    return keys !== null;
  }
}

/** Never silence: whoever resumes too late hears of it, then of everything from there on. */
const GAP: ExecutionResult = {
  data: null,
  errors: [new GraphQLError('Events between your cursor and now are no longer kept: read what you follow anew. What happens from here on is told.', { extensions: { code: 'LAGGED', retryable: false } })],
};
