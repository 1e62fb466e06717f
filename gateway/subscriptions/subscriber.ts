import { GraphQLError, type ExecutionResult } from 'graphql';
import { instant } from '../../domain/time.ts';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import { followLog, type LogFollower } from './log-follower.ts';
import type { SubscriptionHubOptions } from './options.ts';
import { createSeen } from './seen.ts';
import { createWaitingEvents } from './waiting-events.ts';

/** One subscriber's stream: results in the order of the log, each executed when it is asked for. */
export interface Subscriber extends AsyncIterableIterator<ExecutionResult> {
  onEvent(event: LoggedEvent): void;
  onLost(): void;
  /** Tells of these as they are. */
  onEntered(keys: readonly string[]): void;
  /** Delivers what waits, then ends. */
  end(): void;
}

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
const done: IteratorResult<ExecutionResult> = { value: undefined, done: true };

/** Where a client that has this result resumes. */
const cursors = new WeakMap<ExecutionResult, string>();
export const cursorOfResult = (result: ExecutionResult): string | null => cursors.get(result) ?? null;

export function createSubscriber(options: SubscriberOptions): Subscriber {
  const { definition, eventLog, metrics, clock, log, matches } = options;
  const waiting = createWaitingEvents<Entry>((earlier, later) =>
    earlier.kind === 'EVENT' && later.kind === 'EVENT' ? { kind: 'EVENT', event: options.merge(earlier.event, later.event) } : later);
  const seen = createSeen();
  let wakeReader: () => void = () => undefined;
  let wakeFollower: () => void = () => undefined;
  let ended = false;

  const put = (entry: Entry, key: string | null): void => {
    if (ended) return;
    if (waiting.put(entry, key) === 'coalesced') metrics.subscriptions.dropped(definition.field);
    wakeReader();
  };
  const tell = (event: LoggedEvent): void => {
    if (matches(event.payload as never) && !seen.repeats(event.payload)) put({ kind: 'EVENT', event }, definition.coalescing?.keyOf(event.payload as never) ?? null);
  };
  const tellSnapshots = (keys: readonly string[], cursorAt: (index: number) => string): void => {
    for (const [index, key] of keys.entries()) {
      const payload = definition.coalescing!.snapshot(key, instant(clock.now()));
      put({ kind: 'EVENT', event: { cursor: cursorAt(index), topic: definition.topic, payload } }, key);
    }
  };
  const follower: LogFollower = followLog({
    eventLog, topic: definition.topic, after: options.after, log, tell,
    onGap: (position, now) => {
      const keys = definition.coalescing === null ? null : options.keys();
      if (keys === null) put({ kind: 'GAP' }, null);
      // Until the last of them is delivered a client resumes from before the gap.
      else tellSnapshots(keys, (index) => (index < keys.length - 1 ? position : now));
      return keys !== null;
    },
    room: () => (waiting.size < CAPACITY ? null : new Promise((room) => (wakeFollower = room))),
  });
  const close = (): void => {
    if (ended) return;
    ended = true;
    follower.stop();
    wakeReader();
    wakeFollower();
    options.onClosed();
  };
  const next = async (): Promise<IteratorResult<ExecutionResult>> => {
    for (;;) {
      const entry = waiting.take();
      if (waiting.size <= CAPACITY / 2) wakeFollower();
      if (entry?.kind === 'GAP') return { value: GAP, done: false };
      if (entry) {
        // What has been coalesced may be no news any more.
        if (!matches(entry.event.payload as never)) continue;
        const result = await options.execute(entry.event);
        cursors.set(result, entry.event.cursor);
        metrics.subscriptions.delivered(definition.field);
        return { value: result, done: false };
      }
      if (ended) return done;
      await new Promise<void>((wake) => (wakeReader = wake));
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    onEvent: (event) => follower.onEvent(event),
    onLost: () => follower.onLost(),
    onEntered: (keys) => tellSnapshots(keys, () => follower.position),
    end: close,
    // One after the other, also for whoever asks for several at once.
    next: () => {
      const turn = last.then(next);
      last = turn.catch(() => undefined);
      return turn;
    },
    return: async () => {
      waiting.clear();
      close();
      return done;
    },
    throw: async (error: unknown) => {
      waiting.clear();
      close();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Never silence: whoever resumes too late hears of it, then of everything from there on. */
const GAP: ExecutionResult = {
  data: null,
  errors: [new GraphQLError('Events between your cursor and now are no longer kept: read what you follow anew. What happens from here on is told.', { extensions: { code: 'LAGGED', retryable: false } })],
};
