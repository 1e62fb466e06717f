import type { Database } from './stores/sql.ts';
import type { FeedRejection } from './feed.ts';

/** How one feed stands: what operations people look at when a figure looks wrong. */
export interface FeedStatus {
  readonly name: string;
  readonly mode: 'FULL' | 'DELTA';
  /** Rows read in the pass that is running or was last. */
  readonly passRows: number;
  /** A pass is under way, or was interrupted and will be resumed. */
  readonly unfinished: boolean;
  readonly rowsIn: number;
  readonly rowsChanged: number;
  readonly rowsRejected: number;
  readonly lastSuccessAt: string | null;
  readonly lastFullAt: string | null;
  readonly lastError: string | null;
  readonly lastErrorAt: string | null;
  /** Rows refused and not accepted since, the latest first; at most 100 of `rejectedNow`. */
  readonly rejected: readonly FeedRejection[];
  readonly rejectedNow: number;
}

interface StatusRow extends Omit<FeedStatus, 'passRows' | 'rowsIn' | 'rowsChanged' | 'rowsRejected' | 'rejectedNow'> {
  readonly passRows: string;
  readonly rowsIn: string;
  readonly rowsChanged: string;
  readonly rowsRejected: string;
  readonly rejectedNow: string;
}

/** Reads the checkpoint tables of one schema. */
export async function readFeedStatus(database: Database, schema: string): Promise<readonly FeedStatus[]> {
  const rows = await database.query<StatusRow>(`
    select name, mode, pass_rows as "passRows", cursor is not null as unfinished, rows_in as "rowsIn", rows_changed as "rowsChanged",
      rows_rejected as "rowsRejected", last_success_at as "lastSuccessAt", last_full_at as "lastFullAt", last_error as "lastError",
      last_error_at as "lastErrorAt",
      (select count(*) from ${schema}.feed_reject r where r.feed = f.name) as "rejectedNow",
      coalesce((select jsonb_agg(jsonb_build_object('key', key, 'reason', reason)) from
        (select key, reason from ${schema}.feed_reject r where r.feed = f.name order by last_seen_at desc, key limit 100) latest), '[]') as rejected
    from ${schema}.feed f order by name`);
  return rows.map((row) => ({
    ...row,
    passRows: Number(row.passRows),
    rowsIn: Number(row.rowsIn),
    rowsChanged: Number(row.rowsChanged),
    rowsRejected: Number(row.rowsRejected),
    rejectedNow: Number(row.rejectedNow),
  }));
}
