import type { Log } from '../../platform/log.ts';
import { compareCursors, parseCursor, type EventLog, type LoggedEvent } from '../../platform/stores/event-log.ts';

/** One subscriber's place in the log. Tells every event after it once and in order, however slowly they are taken. */
export interface LogFollower {
  /** What the log tells live. */
  onEvent(event: LoggedEvent): void;
  /** The log may have lost a part before it was told. */
  onLost(): void;
  /** Every event up to here has been told. */
  readonly position: string;
  stop(): void;
}

export interface LogFollowerOptions {
  readonly eventLog: Pick<EventLog, 'readAfter' | 'position'>;
  readonly topic: string;
  readonly after: string;
  readonly tell: (event: LoggedEvent) => void;
  /**
   * Events after the position are gone. True: the teller makes up for everything up to `now`. Otherwise what the log
   * still holds is told.
   */
  readonly onGap: (position: string, now: string) => boolean;
  /** Null: there is room. Otherwise resolves when there is. */
  readonly room: () => Promise<void> | null;
  readonly log: Log;
}

const PAGE = 500;
const AFTER_FAILURE_MS = 500;

/**
 * Live events are told at once while there is room. Where there is none, or events before them are missing, the log itself
 * is the queue: it is read page by page until its end, and what came live meanwhile was in those pages.
 */
export function followLog({ eventLog, topic, after, tell, onGap, room, log }: LogFollowerOptions): LogFollower {
  let position = after;
  // What happened between `after` and now is in the log, if anywhere.
  let live = false;
  let stopped = false;
  let reading = false;
  /** The last that came live while we read pages. */
  let newest: string | null = null;

  const isAhead = (cursor: string): boolean => parseCursor(cursor).epoch !== parseCursor(position).epoch || compareCursors(cursor, position) > 0;

  const readPage = async (): Promise<void> => {
    const { events, end, lagged } = await eventLog.readAfter(topic, position, PAGE);
    if (stopped) return;
    if (lagged) {
      const now = await eventLog.position(topic);
      if (stopped) return;
      if (onGap(position, now)) {
        position = now;
        return;
      }
    }
    for (const event of events) tell(event);
    position = end;
    if (events.length === 0 && !(newest !== null && isAhead(newest))) live = true;
  };
  const readOn = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    while (!live && !stopped) {
      await room();
      if (stopped) break;
      await readPage().catch(async (error: Error) => {
        log.warn({ topic, error: error.message }, 'event log unreadable; subscribers wait');
        await new Promise((done) => setTimeout(done, AFTER_FAILURE_MS));
      });
    }
    reading = false;
  };
  const fallBehind = (): void => {
    live = false;
    void readOn();
  };
  const onLost = (): void => {
    // A cursor of another life of the log says nothing about where this one ends.
    newest = null;
    fallBehind();
  };
  fallBehind();
  return {
    get position() {
      return position;
    },
    onEvent: (event) => {
      newest = event.cursor;
      if (!live || stopped || !isAhead(event.cursor)) return;
      if (room() !== null) return fallBehind();
      tell(event);
      position = event.cursor;
    },
    onLost,
    stop: () => {
      stopped = true;
    },
  };
}
