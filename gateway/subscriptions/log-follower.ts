import type { Log } from '../../platform/log.ts';
import { compareCursors, parseCursor, type EventLog, type LoggedEvent } from '../../platform/stores/event-log.ts';

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
 * One subscriber's place in the log. Every event after it is told once and in order, however slowly they are taken: live
 * events at once while there is room. Where there is none, or events before them are missing, the log itself is the queue:
 * it is read page by page until its end, and what came live meanwhile was in those pages.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  #position: string;
  // What happened between `after` and now is in the log, if anywhere.
  #live = false;
  #stopped = false;
  #reading = false;
  /** The last that came live while pages were read. */
  #newest: string | null = null;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#position = options.after;
    this.#fallBehind();
  }

  /** Every event up to here has been told. */
  get position(): string {
    return this.#position;
  }

  /** What the log tells live. */
  onEvent(event: LoggedEvent): void {
    this.#newest = event.cursor;
    if (!this.#live || this.#stopped || !this.#isAhead(event.cursor)) return;
    if (this.#options.room() !== null) return this.#fallBehind();
    this.#options.tell(event);
    this.#position = event.cursor;
  }

  /** The log may have lost a part before it was told. */
  onLost(): void {
    // A cursor of another life of the log says nothing about where this one ends.
    this.#newest = null;
    this.#fallBehind();
  }

  stop(): void {
    this.#stopped = true;
  }

  #isAhead(cursor: string): boolean {
    return parseCursor(cursor).epoch !== parseCursor(this.#position).epoch || compareCursors(cursor, this.#position) > 0;
  }

  #fallBehind(): void {
    this.#live = false;
    void this.#readOn();
  }

  async #readOn(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const { topic, room, log } = this.#options;
    while (!this.#live && !this.#stopped) {
      await room();
      if (this.#stopped) break;
      await this.#readPage().catch(async (error: Error) => {
        log.warn({ topic, error: error.message }, 'event log unreadable; subscribers wait');
        await new Promise((done) => setTimeout(done, AFTER_FAILURE_MS));
      });
    }
    this.#reading = false;
  }

  async #readPage(): Promise<void> {
    const { eventLog, topic, tell, onGap } = this.#options;
    const { events, end, lagged } = await eventLog.readAfter(topic, this.#position, PAGE);
    if (lagged) {
      const now = await eventLog.position(topic);
      if (this.#stopped) return;
      if (onGap(this.#position, now)) {
        this.#position = now;
        return;
      }
    }
    if (this.#stopped) return;
    for (const event of events) tell(event);
    this.#position = end;
    this.#live = events.length === 0 && (this.#newest === null || !this.#isAhead(this.#newest));
  }
}
