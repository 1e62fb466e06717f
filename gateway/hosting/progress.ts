import type { FeedProgress } from '../../platform/feed.ts';
import type { Announcer } from '../announce.ts';

export interface Progress {
  readonly report: (progress: FeedProgress) => void;
  /** Further passes are routine and belong into the log. */
  finish(): void;
}

const EVERY_ROWS = 5_000;

/** Shows the first synchronisation: a line per finished feed, and one every few thousand rows of a long one. */
export function createProgress(announce: Announcer): Progress {
  const shown = new Map<string, number>();
  let finished = false;
  return {
    report: ({ feed, mode, rows, total, done }) => {
      if (finished || rows === 0) return;
      const last = shown.get(feed) ?? 0;
      if (!done && rows - last < EVERY_ROWS) return;
      shown.set(feed, rows);
      announce.say(`    ${feed.padEnd(14)} ${mode === 'FULL' ? 'full ' : 'delta'} ${rows}${total === null || total < rows ? '' : ` of ${total}`} rows`);
    },
    finish: () => {
      finished = true;
    },
  };
}
