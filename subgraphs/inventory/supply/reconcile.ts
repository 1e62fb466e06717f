import type { List } from '../../../domain/connector.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Feed, FeedRejection } from '../../../platform/feed.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { Difference } from './differences.ts';
import { beginReport, closeReading, closeReport, countPage, explain, openReport, type OpenReport } from './store-reconciliation.ts';

/*
 * A full pass compares every row of the ERP with ours. The delta after it then reads the window the last delta had left
 * open: from where the pass before the full one began. A row that differed and is in that delta has just changed: the
 * delta would have brought it. One that is not was missed by the deltas: drift nobody can explain.
 */

export interface AppliedRows {
  readonly changed: number;
  readonly rejected?: readonly FeedRejection[];
  readonly differences: readonly Difference[];
}

export interface ReconciledFeed<T> {
  readonly name: string;
  readonly list: List<T>;
  readonly keyOf: (record: T) => string;
  /** `comparing`: differences are wanted. */
  readonly apply: (tx: Sql, records: readonly T[], comparing: boolean) => Promise<AppliedRows>;
  readonly finishFullPass: (tx: Sql, passStartedAt: string) => Promise<number>;
  readonly finishPass?: (tx: Sql, passStartedAt: string) => Promise<void>;
}

type FeedPart<T> = { readonly list: List<T> } & Required<Pick<Feed<T>, 'apply' | 'finishFullPass' | 'finishPass'>>;

/** The same feed, with a report on every full pass. */
export function reconciled<T>(database: Database, log: Log, feed: ReconciledFeed<T>): FeedPart<T> {
  const { name } = feed;
  return {
    list: async (page, call) => {
      const report = page.since === null ? null : await openReport(database, name);
      const since = report?.judges === true ? earlier(report.windowSince, page.since) : page.since;
      return feed.list({ ...page, since }, call);
    },
    apply: async (tx, records) => {
      const report = await reportOfPage(tx, name);
      const { changed, rejected = [], differences } = await feed.apply(tx, records, report?.compares === true);
      if (report?.compares === true) await countPage(tx, name, { compared: records.length, differences, rejected });
      if (report?.judges === true) await explain(tx, name, records.map(feed.keyOf));
      return { changed, rejected };
    },
    finishFullPass: async (tx, passStartedAt) => {
      const removed = await feed.finishFullPass(tx, passStartedAt);
      await closeReading(tx, name, passStartedAt, removed);
      return removed;
    },
    finishPass: async (tx, passStartedAt) => {
      await feed.finishPass?.(tx, passStartedAt);
      const closed = await closeReport(tx, name, passStartedAt);
      if (closed !== null && closed.unexplained > 0) log.warn({ feed: `inventory.${name}`, ...closed }, 'a full pass found rows that the deltas had missed');
    },
  };
}

const earlier = (a: Instant | null, b: Instant | null): Instant | null => (a !== null && b !== null && a < b ? a : b);

/** The report a page belongs to; begun with the first page of a full pass. */
async function reportOfPage(tx: Sql, feed: string): Promise<OpenReport | null> {
  const report = await openReport(tx, feed);
  return report?.begins === true ? beginReport(tx, feed) : report;
}
