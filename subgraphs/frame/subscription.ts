import type { CatalogClient, PricingClient } from '../../domain/clients.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Instant } from '../../domain/time.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { RequestScope } from './module.ts';

/**
 * How a subscription root field is fed. The gateway reads the topic from the event log, asks `matches` for every
 * subscriber, and executes the subscriber's own selection with the event as root value. Every field may have an argument
 * `after`, a cursor: the gateway resumes from it.
 */
export interface SubscriptionDefinition<Event = never, Arguments = never> {
  readonly field: string;
  /** Topic of the event log (see domain/events.ts). */
  readonly topic: string;
  /** @throws Failure INVALID_INPUT, FORBIDDEN before anything is subscribed. */
  readonly check: (args: Arguments, principal: Principal) => void;
  /**
   * Whether this subscriber gets this event; also the place where ownership is checked. Pure. Asked of every event, and
   * again of what several have been coalesced to.
   */
  readonly matches: (event: Event, args: Arguments, principal: Principal) => boolean;
  /** What must be found out elsewhere to know what a subscriber follows; null = `matches` knows all. */
  readonly follow: ((args: Arguments, tools: FollowTools) => Promise<Followed<Event>>) | null;
  /** How events that wait become one; null = every event is delivered. */
  readonly coalescing: Coalescing<Event> | null;
  /**
   * How what is followed is now, told where events are missing and nothing is coalesced; empty where it is not bounded. What
   * the log still holds is told after it.
   */
  readonly restate?: (args: Arguments, at: Instant, ask: AskGraph) => Promise<readonly Event[]>;
  /** The sales channel the subscriber asks about, where an argument names one: the selection is executed as on that channel. */
  readonly channelOf: ((args: Arguments) => string | null) | null;
}

/** Asks the graph as the subscriber; answers the data. @throws Error where there are errors */
export type AskGraph = (source: string, variables: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;

export interface Coalescing<Event = never> {
  /** Events of one key tell of one thing. */
  readonly keyOf: (event: Event) => string;
  /** The later one, knowing from where the earlier one started. */
  readonly merge: (earlier: Event, later: Event) => Event;
  /** Tells of one thing as it is, where it is not known what has happened to it. */
  readonly snapshot: (key: string, at: Instant) => Event;
}

export interface FollowTools {
  readonly catalog: CatalogClient;
  readonly pricing: PricingClient;
  /** Who subscribes, and where they shop. */
  readonly scope: Pick<RequestScope, 'principal' | 'shopping'>;
  readonly eventLog: EventLog;
  readonly log: Log;
  /** These are followed from now on: the subscriber is told how they are. */
  readonly onEntered: (keys: readonly string[]) => void;
}

/** What a subscriber follows, kept up to date until it is closed. */
export interface Followed<Event = never> {
  includes(event: Event): boolean;
  /** Every key that is followed; null = too many to be told one by one. */
  keys(): readonly string[] | null;
  close(): void;
}
