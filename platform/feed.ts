import type { Clock } from './clock.ts';
import { askSource, type FeedCall } from './feed-call.ts';
import type { Log } from './log.ts';
import type { Database, Sql } from './stores/sql.ts';

/** DDL of the checkpoint tables; part of the owning schema's first migration. */
export const feedDdl = (schema: string): string => `
  create table ${schema}.feed (
    name text primary key,
    mode text not null check (mode in ('FULL', 'DELTA')),
    cursor text,
    since timestamptz,
    pass_started_at timestamptz,
    watermark timestamptz,
    pass_rows bigint not null default 0,
    pass_total bigint,
    rows_in bigint not null default 0,
    rows_changed bigint not null default 0,
    rows_rejected bigint not null default 0,
    last_success_at timestamptz,
    last_full_at timestamptz,
    last_error text,
    last_error_at timestamptz
  );
  create table ${schema}.feed_reject (
    feed text not null, key text not null, reason text not null,
    first_seen_at timestamptz not null default clock_timestamp(), last_seen_at timestamptz not null default clock_timestamp(),
    primary key (feed, key)
  );`;

export interface FeedRejection {
  readonly key: string;
  readonly reason: string;
}

export interface FeedPage<T> {
  readonly records: readonly T[];
  readonly rejected: readonly FeedRejection[];
  readonly next: string | null;
  /** Where the next delta may start. The last page of a pass that has one decides. */
  readonly watermark: string | null;
  readonly total: number | null;
}

export type { FeedCall } from './feed-call.ts';

export interface Feed<T = unknown> {
  /** Unique within the schema. */
  readonly name: string;
  readonly list: (page: { cursor: string | null; since: string | null; limit: number }, call: FeedCall) => Promise<FeedPage<T>>;
  /**
   * Writes one page in the given transaction, together with the change events it causes (see `announce`). Must be
   * idempotent: after a crash the same page comes again. Answers how many rows really changed and which were refused.
   */
  readonly apply: (tx: Sql, records: readonly T[]) => Promise<{ readonly changed: number; readonly rejected?: readonly FeedRejection[] }>;
  /** After a full pass: removes (or retires) what the pass did not see. Answers how many. */
  readonly finishFullPass?: (tx: Sql, passStartedAt: string) => Promise<number>;
  /** After every pass, full or delta, in the transaction that closes it: what was not listed is unchanged since `passStartedAt`. */
  readonly finishPass?: (tx: Sql, passStartedAt: string) => Promise<void>;
  /**
   * Before a pass begins, not before one goes on: whether it must be a full one, for something a delta would not show. `full`: it is
   * one anyway. A source that does not answer is no reason to throw: what changed is still to be read.
   */
  readonly owesFullPass?: (runner: FeedRunner, opening: { readonly full: boolean; readonly hinted: boolean }, stopping: AbortSignal) => Promise<boolean>;
  readonly pageSize: number;
  readonly intervalMs: number;
  readonly fullEveryMs: number;
  /** False where the source has no delta: every pass is full. */
  readonly hasDelta: boolean;
}

export interface FeedRunner {
  readonly database: Database;
  readonly schema: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pageTimeoutMs: number;
  readonly onProgress?: (progress: FeedProgress) => void;
  /** Feeds, as "schema.name", that may lose most of their rows in one pass: somebody said that it is meant. */
  readonly confirmedRemovals?: ReadonlySet<string>;
  /** Whether an error of `list` says that the cursor is no good, and never will be. */
  readonly isRefusal?: (error: unknown) => boolean;
}

export interface FeedProgress {
  readonly feed: string;
  readonly mode: 'FULL' | 'DELTA';
  readonly rows: number;
  readonly total: number | null;
  readonly done: boolean;
}

interface FeedRow {
  readonly mode: 'FULL' | 'DELTA';
  readonly cursor: string | null;
  readonly since: string | null;
  readonly pass_started_at: string | null;
  readonly watermark: string | null;
  readonly pass_rows: string;
  readonly last_full_at: string | null;
}

export interface FeedPassReport {
  readonly mode: 'FULL' | 'DELTA';
  readonly resumed: boolean;
  readonly rowsIn: number;
  readonly rowsChanged: number;
  readonly rowsRejected: number;
  readonly rowsRemoved: number;
}

/** `DUE`: what is unfinished, else a delta, else whole. `HINTED`: the same, after a hint. `FULL`: whole, from the beginning; `_WITH_REMOVALS`: however much is gone. */
export type PassKind = 'DUE' | 'HINTED' | 'FULL' | 'FULL_WITH_REMOVALS';

/**
 * Runs one pass of a feed, resuming an unfinished one. Each page, its checkpoint and its events commit together, so a
 * kill -9 costs at most one page of reading. Answers null when another process is running this feed.
 */
export function runFeedPass<T>(runner: FeedRunner, feed: Feed<T>, signal: AbortSignal, kind: PassKind = 'DUE'): Promise<FeedPassReport | null> {
  return runner.database.tryWithLock(`feed ${runner.schema}.${feed.name}`, async () => {
    const pass = await openPass(runner, feed, kind, signal);
    const totals = { rowsIn: 0, rowsChanged: 0, rowsRejected: 0 };
    let cursor = pass.cursor;
    let watermark = pass.watermark;
    let rows = Number(pass.pass_rows);
    for (;;) {
      const asked = { cursor, since: pass.since, limit: feed.pageSize };
      const page = await askSource(runner, signal, (call) => feed.list(asked, call)).catch((error: unknown) => startOver(runner, feed, asked.cursor, error));
      watermark = page.watermark ?? watermark;
      rows += page.records.length + page.rejected.length;
      const result = await commitPage(runner, feed, page, { cursor: page.next, watermark, rows, passStartedAt: pass.pass_started_at! });
      totals.rowsIn += page.records.length + page.rejected.length;
      totals.rowsChanged += result.changed;
      totals.rowsRejected += result.rejected;
      runner.onProgress?.({ feed: feed.name, mode: pass.mode, rows, total: page.total, done: page.next === null });
      cursor = page.next;
      if (cursor === null) break;
      signal.throwIfAborted();
    }
    const rowsRemoved = await closePass(runner, feed, pass, { rowsListed: rows, removalsConfirmed: kind === 'FULL_WITH_REMOVALS' });
    return { mode: pass.mode, resumed: pass.cursor !== null, ...totals, rowsRemoved };
  });
}

/** A cursor the source refuses would be refused for ever: the next pass begins at the beginning. Rethrows. */
async function startOver<T>({ database, schema, isRefusal }: FeedRunner, feed: Feed<T>, cursor: string | null, error: unknown): Promise<never> {
  if (cursor !== null && isRefusal?.(error) === true) {
    // Without a watermark it is a full one: the delta that broke off has moved it already.
    await database.run(`update ${schema}.feed set cursor = null, watermark = null where name = $1`, [feed.name]);
  }
  throw error;
}

async function openPass<T>(runner: FeedRunner, feed: Feed<T>, kind: PassKind, signal: AbortSignal): Promise<FeedRow> {
  const { database, schema, clock } = runner;
  const [row] = await database.query<FeedRow>(`select * from ${schema}.feed where name = $1`, [feed.name]);
  const wantFull = kind === 'FULL' || kind === 'FULL_WITH_REMOVALS';
  // What a pass read before a full one was asked for may be of a source that is no more.
  if (row?.cursor != null && !wantFull) return row;
  const fullDue = !row?.last_full_at || clock.now() - Date.parse(row.last_full_at) >= feed.fullEveryMs;
  const full = wantFull || !feed.hasDelta || fullDue || !row?.watermark;
  const owed = (await feed.owesFullPass?.(runner, { full, hinted: kind === 'HINTED' }, signal)) ?? false;
  const mode = full || owed ? 'FULL' : 'DELTA';
  const since = mode === 'DELTA' ? row!.watermark : null;
  const [opened] = await database.query<FeedRow>(
    `insert into ${schema}.feed as f (name, mode, since, pass_started_at) values ($1, $2, $3, clock_timestamp())
     on conflict (name) do update set mode = $2, since = $3, cursor = null, pass_started_at = clock_timestamp(), pass_rows = 0, pass_total = null
     returning *`,
    [feed.name, mode, since],
  );
  return opened!;
}

async function commitPage<T>(
  { database, schema }: FeedRunner,
  feed: Feed<T>,
  page: FeedPage<T>,
  checkpoint: { cursor: string | null; watermark: string | null; rows: number; passStartedAt: string },
): Promise<{ changed: number; rejected: number }> {
  return database.transaction(async (tx) => {
    await requirePass(tx, schema, feed.name, checkpoint.passStartedAt);
    const applied = page.records.length > 0 ? await feed.apply(tx, page.records) : { changed: 0 };
    const rejected = [...page.rejected, ...(applied.rejected ?? [])];
    if (rejected.length > 0) await recordRejections(tx, schema, feed.name, rejected);
    await tx.run(
      `update ${schema}.feed set cursor = $2, watermark = $3, pass_rows = $4, pass_total = $5,
         rows_in = rows_in + $6, rows_changed = rows_changed + $7, rows_rejected = rows_rejected + $8 where name = $1`,
      [feed.name, checkpoint.cursor, checkpoint.watermark, checkpoint.rows, page.total, page.records.length + page.rejected.length, applied.changed, rejected.length],
    );
    return { changed: applied.changed, rejected: rejected.length };
  });
}

/**
 * The lock on a feed ends with its connection, and who held it may not know yet: a page that was read for a pass somebody
 * has begun anew since is older than what that pass has read. @throws Error, so that the page leaves no trace
 */
async function requirePass(tx: Sql, schema: string, feed: string, passStartedAt: string): Promise<void> {
  const [current] = await tx.query<{ started_at: string }>(`select pass_started_at as started_at from ${schema}.feed where name = $1 for no key update`, [feed]);
  if (current?.started_at !== passStartedAt) throw new Error(`another process has begun a pass of ${schema}.${feed} since`);
}

/** Keeps every refused row with its reason until a later pass accepts it or no longer sees it. */
export async function recordRejections(tx: Sql, schema: string, feed: string, rejections: readonly FeedRejection[]): Promise<void> {
  await tx.run(
    `insert into ${schema}.feed_reject (feed, key, reason)
     select $1, key, max(reason) from jsonb_to_recordset($2::jsonb) as r(key text, reason text) group by key
     on conflict (feed, key) do update set reason = excluded.reason, last_seen_at = clock_timestamp()`,
    [feed, JSON.stringify(rejections)],
  );
}

async function closePass<T>(runner: FeedRunner, feed: Feed<T>, pass: FeedRow, removal: { readonly rowsListed: number; readonly removalsConfirmed: boolean }): Promise<number> {
  const { mode } = pass;
  const { database, schema } = runner;
  const passStartedAt = pass.pass_started_at!;
  return database.transaction(async (tx) => {
    await requirePass(tx, schema, feed.name, passStartedAt);
    const removed = mode === 'FULL' && feed.finishFullPass ? await feed.finishFullPass(tx, passStartedAt) : 0;
    if (!removal.removalsConfirmed) checkRemoval(runner, feed.name, removed, removal.rowsListed);
    await feed.finishPass?.(tx, passStartedAt);
    if (mode === 'FULL') await tx.run(`delete from ${schema}.feed_reject where feed = $1 and last_seen_at < $2`, [feed.name, passStartedAt]);
    await tx.run(
      `update ${schema}.feed set cursor = null, last_success_at = clock_timestamp(), last_error = null,
         last_full_at = case when $2 = 'FULL' then clock_timestamp() else last_full_at end where name = $1`,
      [feed.name, mode],
    );
    return removed;
  });
}

/** Fewer may go without a word, however few stay. */
const FEW_ROWS = 20;

/**
 * A source that answers an empty page, or half of what it has, must not empty the shop: a pass that would remove more
 * rows than it listed, so most of them, is undone. What it listed has been applied. @throws Error with the remedy
 */
function checkRemoval({ schema, confirmedRemovals }: FeedRunner, name: string, removed: number, rowsListed: number): void {
  const feed = `${schema}.${name}`;
  if (removed <= Math.max(FEW_ROWS, rowsListed) || confirmedRemovals?.has(feed) === true) return;
  throw new Error(
    `the source listed ${rowsListed} rows and no longer lists ${removed} that we have; they are kept. If they are really gone, POST /operations/resync?removals=confirmed, or restart once with CONFIRM_REMOVALS=${feed}`,
  );
}

export async function recordFeedError({ database, schema }: FeedRunner, feed: string, message: string): Promise<void> {
  await database.run(
    `insert into ${schema}.feed (name, mode, last_error, last_error_at) values ($1, 'FULL', $2, clock_timestamp())
     on conflict (name) do update set last_error = $2, last_error_at = clock_timestamp()`,
    [feed, message],
  );
}
