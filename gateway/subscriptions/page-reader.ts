import type { Clock } from '../../platform/clock.ts';
import type { EventLog, EventRange } from '../../platform/stores/event-log.ts';

/** Reads pages of the log, one after another. */
export interface PageReader {
  /** Events strictly after the cursor. The same for all who ask within a moment, down to the objects: their executions are shared as well. */
  readAfter(topic: string, cursor: string): Promise<EventRange>;
}

const PAGE = 500;
/** Short: who reads a page that has grown since reads on from its end. */
const SHARED_FOR_MS = 500;
const MAX_PAGES = 64;

/** When a node dies its subscribers come back to the others all at once, most of them from the same place. */
export function createPageReader(eventLog: Pick<EventLog, 'readAfter'>, clock: Clock): PageReader {
  const pages = new Map<string, { readonly page: Promise<EventRange>; readonly readAt: number }>();
  return {
    readAfter: (topic, cursor) => {
      const key = `${topic} ${cursor}`;
      const now = clock.monotonic();
      const known = pages.get(key);
      if (known && now - known.readAt < SHARED_FOR_MS) return known.page;
      const page = eventLog.readAfter(topic, cursor, PAGE);
      // An end that was just reached is asked for again and again: only what holds events is worth keeping, and no failure is.
      void page.then(({ events }) => events.length > 0, () => false).then((keeps) => keeps || (pages.get(key)?.page === page && pages.delete(key)));
      pages.delete(key);
      pages.set(key, { page, readAt: now });
      for (const [oldest] of pages) {
        if (pages.size <= MAX_PAGES) break;
        pages.delete(oldest);
      }
      return page;
    },
  };
}
