import type { Clock } from '../clock.ts';
import { silentLog, type Log } from '../log.ts';
import { compareCursors, cursorOf, parseCursor, type EventLog, type LoggedEvent } from './event-log.ts';

export interface MemoryEventLogOptions {
  readonly clock: Clock;
  /** Events kept per topic. */
  readonly capacity: number;
  /** Told of listeners that fail. */
  readonly log?: Log;
}

interface Topic {
  events: LoggedEvent[];
  /** Highest cursor that was trimmed away. */
  trimmedTo: string;
  /** Highest cursor there ever was. */
  last: string;
  readonly listeners: Set<(event: LoggedEvent) => void>;
}

/** The event log of one process: the embedded default. Forgets at restart, and says so (`lagged`). */
export function createMemoryEventLog({ clock, capacity, log = silentLog }: MemoryEventLogOptions): EventLog {
  const topics = new Map<string, Topic>();
  const epoch = `m${clock.now().toString(36)}`;
  const beginning = cursorOf('0-0', epoch);
  const nextCursor = createCursors(clock, epoch);

  const topicOf = (name: string): Topic => {
    let topic = topics.get(name);
    if (!topic) topics.set(name, (topic = { events: [], trimmedTo: beginning, last: beginning, listeners: new Set() }));
    return topic;
  };
  return {
    append: async (name, payloads) => {
      const topic = topicOf(name);
      const logged = payloads.map((payload) => ({ cursor: nextCursor(), topic: name, payload }));
      topic.events.push(...logged);
      topic.last = logged.at(-1)?.cursor ?? topic.last;
      if (topic.events.length > capacity * 2) {
        const dropped = topic.events.splice(0, topic.events.length - capacity);
        topic.trimmedTo = dropped.at(-1)!.cursor;
      }
      for (const event of logged) for (const listener of topic.listeners) tell(listener, event, log);
      return logged.map((event) => event.cursor);
    },
    readAfter: async (name, cursor, limit) => {
      const topic = topicOf(name);
      const given = parseCursor(cursor).epoch;
      const foreign = given !== null && given !== epoch;
      const first = foreign ? 0 : firstAfter(topic.events, cursor);
      const events = topic.events.slice(first, first + limit);
      return {
        events,
        end: events.at(-1)?.cursor ?? topic.last,
        lagged: foreign || compareCursors(cursor, topic.trimmedTo) < 0,
      };
    },
    readBefore: async (name, cursor, limit) => {
      const { events } = topicOf(name);
      const end = parseCursor(cursor).epoch === epoch ? firstAfter(events, cursor) : 0;
      return events.slice(Math.max(0, end - limit), end);
    },
    position: async (name) => topicOf(name).last,
    subscribe: async (name, onEvent) => {
      const { listeners } = topicOf(name);
      listeners.add(onEvent);
      return () => void listeners.delete(onEvent);
    },
    // Appending tells.
    currentAt: () => clock.monotonic(),
    close: async () => topics.clear(),
  };
}

/** A listener that fails must not make the sender believe that nothing was logged: it would send for ever. */
function tell(listener: (event: LoggedEvent) => void, event: LoggedEvent, log: Log): void {
  try {
    listener(event);
  } catch (error) {
    log.error({ topic: event.topic, error: (error as Error).message }, 'a listener failed at an event; the others have it');
  }
}

/** Index of the first event after the cursor: they are in order. */
function firstAfter(events: readonly LoggedEvent[], cursor: string): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareCursors(events[middle]!.cursor, cursor) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cursors that grow even when the clock stands still or goes back. */
function createCursors(clock: Clock, epoch: string): () => string {
  let lastMs = 0;
  let sequence = 0;
  return () => {
    const now = Math.max(clock.now(), lastMs);
    sequence = now === lastMs ? sequence + 1 : 1;
    lastMs = now;
    return cursorOf(`${now}-${sequence}`, epoch);
  };
}
