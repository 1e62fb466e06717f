import type { Log } from '../../platform/log.ts';
import { compareCursors, parseCursor, type EventLog, type LoggedEvent } from '../../platform/stores/event-log.ts';
import type { PageReader } from './page-reader.ts';

export interface LogFollowerOptions {
  readonly pages: PageReader;
  readonly eventLog: Pick<EventLog, 'position'>;
  readonly topic: string;
  readonly after: string;
  readonly tell: (event: LoggedEvent) => void;
  /**
   * Events after the position are gone. True: the teller makes up for everything up to `now`. Otherwise what the log
   * still holds is told.
   */
  readonly onGap: (position: string, now: string) => Promise<boolean>;
  readonly log: Log;
  /** Asked at the end of each page: true when whoever is told gets what follows elsewhere, and this is over. */
  readonly arrived?: (position: string) => boolean;
  /** Null: there is room. Otherwise resolves when there is. */
  readonly room?: () => Promise<void> | null;
}

const AFTER_FAILURE_MS = 500;
/** Between two looks at an end where others have not arrived yet. */
const AT_THE_END_MS = 50;

/** The later of two places in one life of the log; of two lives nothing is known, and the place counts as ahead. */
export const isAheadOf = (cursor: string, position: string): boolean =>
  parseCursor(cursor).epoch !== parseCursor(position).epoch || compareCursors(cursor, position) > 0;

/**
 * A place in the log. Every event after it is told once and in order: live events at once, and where some before them are
 * missing the log itself is the queue: it is read page by page until its end, and what came live meanwhile was in those pages.
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
  #losses = 0;

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
    if (!this.#live || this.#stopped || !isAheadOf(event.cursor, this.#position)) return;
    this.#tell(event);
  }

  /** The log may have lost a part before it was told. */
  onLost(): void {
    // A cursor of another life of the log says nothing about where this one ends.
    this.#newest = null;
    this.#losses += 1;
    this.#fallBehind();
  }

  stop(): void {
    this.#stopped = true;
  }

  #tell(event: LoggedEvent): void {
    this.#options.tell(event);
    this.#position = event.cursor;
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
      await room?.();
      if (this.#stopped) break;
      await this.#readPage().catch(async (error: Error) => {
        log.warn({ topic, error: error.message }, 'event log unreadable; subscribers wait');
        await pause(AFTER_FAILURE_MS);
      });
    }
    this.#reading = false;
  }

  async #readPage(): Promise<void> {
    const { pages, topic, arrived } = this.#options;
    const losses = this.#losses;
    const { events, end, lagged } = await pages.readAfter(topic, this.#position);
    if (this.#stopped || (lagged && (await this.#bridgeGap())) || this.#stopped) return;
    for (const event of events) this.#tell(event);
    this.#position = end;
    if (arrived) {
      if (arrived(end)) this.#stopped = true;
      else if (events.length === 0) await pause(AT_THE_END_MS);
    } else {
      const isEnd = events.length === 0 && (this.#newest === null || !isAheadOf(this.#newest, end));
      // An end of a log that has lost something since is none.
      this.#live = isEnd && losses === this.#losses;
    }
  }

  /** Answers whether everything up to now has been made up for. */
  async #bridgeGap(): Promise<boolean> {
    const now = await this.#options.eventLog.position(this.#options.topic);
    if (this.#stopped || !(await this.#options.onGap(this.#position, now))) return false;
    this.#position = now;
    return true;
  }
}

const pause = (forMs: number): Promise<void> => new Promise((done) => setTimeout(done, forMs));
