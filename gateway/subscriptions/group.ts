import { instant } from '../../domain/time.ts';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';
import type { Followed } from '../../subgraphs/frame/subscription.ts';
import { askGraph } from './ask-graph.ts';
import { createEventExecution, type EventExecutionOptions } from './event-execution.ts';
import { isAheadOf, LogFollower } from './log-follower.ts';
import type { Lagged, News } from './news.ts';
import type { SubscriptionHubOptions } from './options.ts';
import type { PageReader } from './page-reader.ts';
import { createSeen, LOOKS_BACK, type Seen } from './seen.ts';
import { Subscriber, type SubscriberOptions } from './subscriber.ts';

export interface SubscriberGroupOptions extends SubscriptionHubOptions, EventExecutionOptions {
  readonly pages: PageReader;
}

/** Where one is that reads the log for itself: it has resumed, or not kept up. */
interface Behind {
  readonly position: string;
  stop?(): void;
}

/** How long half a queue may take. A client of eight events a second keeps up with that. */
export const SLOW_AFTER_MS = 30_000;

/**
 * Subscribers with the same operation, variables and audience. The group has one place in the log; whoever is there with it
 * is told what it is told, and those who take an event at the same time share its execution. Whoever resumes from an
 * earlier place, or does not keep up, reads the log from its own place until it has caught up with the group.
 */
export class SubscriberGroup {
  readonly #options: SubscriberGroupOptions;
  readonly #live = new Set<Subscriber>();
  readonly #behind = new Map<Subscriber, Behind>();
  readonly #subscriberOptions: Omit<SubscriberOptions, 'onClosed'>;
  #followed: Followed | null = null;
  #feed: LogFollower | null = null;
  #stopListening: () => void = () => undefined;

  private constructor(options: SubscriberGroupOptions) {
    const { metrics, definition } = options;
    this.#options = options;
    this.#subscriberOptions = {
      isNews: (news) => news.lagged !== undefined || this.#matches(news),
      merge: createMerger(options),
      execute: createEventExecution(options),
      onCoalesced: () => metrics.subscriptions.dropped(definition.field),
      onDelivered: () => metrics.subscriptions.delivered(definition.field),
    };
  }

  /** @throws Failure for what cannot be followed; whatever the event log throws when it is away */
  static async open(options: SubscriberGroupOptions): Promise<SubscriberGroup> {
    const group = new SubscriberGroup(options);
    try {
      await group.#listen();
    } catch (error) {
      group.close();
      throw error;
    }
    return group;
  }

  /** @param after where to resume from; null = from now on */
  join(after: string | null, onClosed: () => void): Subscriber {
    const subscriber = new Subscriber({
      ...this.#subscriberOptions,
      onClosed: (left) => {
        this.#behind.get(left)?.stop?.();
        this.#behind.delete(left);
        this.#live.delete(left);
        onClosed();
      },
    }, after ?? this.#position);
    if (after === null) this.#live.add(subscriber);
    else void this.#readFrom(subscriber, after);
    return subscriber;
  }

  /** Ends every subscriber's stream after what waits for it. */
  endAll(): void {
    for (const subscriber of [...this.#live, ...this.#behind.keys()]) subscriber.end();
  }

  endSlow(): void {
    const { clock, slowAfterMs = SLOW_AFTER_MS } = this.#options;
    for (const subscriber of this.#behind.keys()) subscriber.endIfSlow(clock.monotonic(), slowAfterMs);
  }

  /** Listens no longer. */
  close(): void {
    this.#stopListening();
    this.#feed?.stop();
    this.#followed?.close();
  }

  get #position(): string {
    return this.#feed!.position;
  }

  async #listen(): Promise<void> {
    const { definition, args, operation, eventLog } = this.#options;
    if (definition.follow !== null) {
      this.#followed = await definition.follow(args as never, { ...this.#options, scope: operation.scope, onEntered: (keys) => this.#tellEntered(keys) });
    }
    // Listens first: what happens before the place is known is read from there.
    this.#stopListening = await eventLog.subscribe(definition.topic, (event) => this.#feed?.onEvent(event), () => this.#feed?.onLost());
    const after = await eventLog.position(definition.topic);
    this.#feed = this.#follow(after, await this.#seenBefore(after), {
      tell: (event) => this.#tellLive(event),
      onGap: (lagged) => this.#makeUpFor(lagged, () => [...this.#live]),
    });
  }

  /** Which events may be repeated after this place. Where changes are coalesced a repeated one tells how things are, once more. */
  async #seenBefore(place: string): Promise<Seen> {
    const { definition, eventLog } = this.#options;
    const seen = createSeen();
    if (definition.coalescing === null) for (const { payload } of await eventLog.readBefore(definition.topic, place, LOOKS_BACK)) seen.repeats(payload);
    return seen;
  }

  #follow(after: string, seen: Seen, { tell, onGap, ...more }: {
    readonly tell: (event: LoggedEvent) => void;
    readonly onGap: (lagged: Lagged) => Promise<boolean>;
    readonly arrived?: (position: string) => boolean;
    readonly room?: () => Promise<void> | null;
  }): LogFollower {
    const { definition, eventLog, pages, log } = this.#options;
    return new LogFollower({
      eventLog, pages, log, topic: definition.topic, after, ...more,
      tell: (event) => {
        if (this.#matches(event) && !seen.repeats(event.payload)) tell(event);
      },
      onGap: (from, to) => onGap({ from, to }),
    });
  }

  #matches({ payload }: LoggedEvent): boolean {
    const { definition, args, operation } = this.#options;
    return definition.matches(payload as never, args as never, operation.scope.principal) && (this.#followed?.includes(payload as never) ?? true);
  }

  #tellLive(event: LoggedEvent): void {
    const key = this.#keyOf(event);
    for (const subscriber of this.#live) {
      if (subscriber.has !== null && !isAheadOf(event.cursor, subscriber.has)) continue;
      if (subscriber.isFull) void this.#readFrom(subscriber, subscriber.has ?? this.#position);
      else {
        subscriber.has = null;
        subscriber.put(event, key);
      }
    }
  }

  #keyOf({ payload }: LoggedEvent): string | null {
    return this.#options.definition.coalescing?.keyOf(payload as never) ?? null;
  }

  /** From here on it is told by the log, until it is where the group is. */
  async #readFrom(subscriber: Subscriber, place: string): Promise<void> {
    const { clock } = this.#options;
    this.#live.delete(subscriber);
    this.#behind.set(subscriber, { position: place });
    let seen: Seen | null = null;
    while (seen === null && this.#behind.has(subscriber)) seen = await this.#seenBefore(place).catch(() => pauseAfterFailure());
    if (seen === null) return;
    this.#behind.set(subscriber, this.#follow(place, seen, {
      tell: (event) => subscriber.put(event, this.#keyOf(event)),
      onGap: (lagged) => this.#makeUpFor(lagged, () => [subscriber]),
      room: () => subscriber.room(clock.monotonic()),
      arrived: (position) => this.#hasCaughtUp(subscriber, position),
    }));
  }

  #hasCaughtUp(subscriber: Subscriber, position: string): boolean {
    // In another life of the log than the group is: it has yet to hear of that, and everybody in it.
    const isThere = !isAheadOf(this.#position, position);
    if (!isThere || !this.#behind.delete(subscriber)) return false;
    subscriber.has = position;
    this.#live.add(subscriber);
    return true;
  }

  /** These are followed from now on: subscribers are told how they are. */
  #tellEntered(keys: readonly string[]): void {
    if (this.#feed) this.#tell(this.#snapshots(keys, () => this.#position), [...this.#live]);
    for (const [subscriber, { position }] of this.#behind) this.#tell(this.#snapshots(keys, () => position), [subscriber]);
  }

  #tell(news: readonly News[], subscribers: readonly Subscriber[]): void {
    for (const one of news) for (const subscriber of subscribers) subscriber.put(one, one.isGap ? null : this.#keyOf(one));
  }

  #snapshots(keys: readonly string[], cursorAt: (index: number) => string, lagged?: Lagged): News[] {
    const { definition, clock } = this.#options;
    const { topic, coalescing } = definition;
    return keys.map((key, index) => ({ cursor: cursorAt(index), topic, lagged, payload: coalescing!.snapshot(key, instant(clock.now())) }));
  }

  /** Tells everything as it is, where that can be told; answers whether nothing in the log need be told beside it. */
  async #makeUpFor(lagged: Lagged, subscribers: () => readonly Subscriber[]): Promise<boolean> {
    const { from, to } = lagged;
    const { topic, coalescing } = this.#options.definition;
    const keys = coalescing === null ? null : (this.#followed?.keys() ?? null);
    if (keys !== null) {
      // Until the last of them is delivered a client resumes from before the gap.
      this.#tell(this.#snapshots(keys, (index) => (index < keys.length - 1 ? from : to), lagged), subscribers());
      return true;
    }
    const restated = (await this.#restate()).map((payload) => ({ cursor: from, topic, lagged, payload }));
    this.#tell(restated.length > 0 ? restated : [{ cursor: to, topic, payload: null, isGap: true, lagged }], subscribers());
    return false;
  }

  /** Empty: what is followed is not bounded, or cannot be told now. */
  async #restate(): Promise<readonly unknown[]> {
    const { definition, args, operation, graphs, clock, deadlineMs, log } = this.#options;
    if (!definition.restate) return [];
    try {
      return await definition.restate(args as never, instant(clock.now()), (source, variables) => askGraph(graphs.current, operation.scope, { source, variables, deadlineMs }));
    } catch (error) {
      log.warn({ field: definition.field, error: (error as Error).message }, 'what is followed could not be told anew; subscribers hear of the gap');
      return [];
    }
  }
}

const pauseAfterFailure = (): Promise<null> => new Promise((done) => setTimeout(() => done(null), 500));

/** Two events merge to one and the same object for everybody, so that its execution is shared as well. */
function createMerger({ definition: { coalescing } }: SubscriberGroupOptions): (earlier: News, later: News) => News {
  const merged = new WeakMap<News, WeakMap<News, News>>();
  return (earlier, later) => {
    const byLater = merged.get(earlier) ?? new WeakMap<News, News>();
    merged.set(earlier, byLater);
    const news: News = byLater.get(later) ?? { ...later, lagged: earlier.lagged ?? later.lagged, payload: coalescing!.merge(earlier.payload as never, later.payload as never) };
    byLater.set(later, news);
    return news;
  };
}
