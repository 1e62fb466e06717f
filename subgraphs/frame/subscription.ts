import type { Principal } from '../../domain/principal.ts';

/**
 * How a subscription root field is fed. The gateway reads the topic from the event log, asks `matches` for every
 * subscriber, and executes the subscriber's own selection with the event as root value. Pure: no I/O.
 */
export interface SubscriptionDefinition<Event = never, Arguments = never> {
  readonly field: string;
  /** Topic of the event log (see domain/events.ts). */
  readonly topic: string;
  /** Whether this subscriber gets this event; also the place where ownership is checked. */
  readonly matches: (event: Event, args: Arguments, principal: Principal) => boolean;
  /** Events with the same key may be coalesced to the latest; null = every event is delivered. */
  readonly coalesceKey: ((event: Event) => string) | null;
  /** @throws Failure INVALID_INPUT, FORBIDDEN before anything is subscribed. */
  readonly check: (args: Arguments, principal: Principal) => void;
}
