import type { Instant } from '../../../domain/time.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { Difference } from './differences.ts';
import { readFindings } from './reconciliation-checks.ts';

/** How the pass under way stands to the reports of its feed. */
export interface OpenReport {
  /** A full pass without a report of its own yet. */
  readonly begins: boolean;
  /** A full pass that has something to compare with: not the first ever. */
  readonly compares: boolean;
  /** The delta that tells which differences of the last full pass it would have brought. */
  readonly judges: boolean;
  /** Where that delta must start. */
  readonly windowSince: Instant | null;
}

/** To the millisecond, as a pass is told when it began. */
const STARTED_AT = `date_trunc('milliseconds', feed.pass_started_at)`;

const OPEN = `select feed.mode = 'FULL' and report.started_at is distinct from ${STARTED_AT} as begins,
    feed.mode = 'FULL' and feed.last_full_at is not null as compares,
    feed.mode = 'DELTA' and coalesce(report.state = 'JUDGING', false) as judges, report.window_since as "windowSince"
  from inventory.feed left join lateral (
    select * from inventory.reconciliation where reconciliation.feed = feed.name order by started_at desc limit 1) report on true
  where feed.name = $1`;

/** Null before the feed's first pass. */
export const openReport = async (sql: Sql, feed: string): Promise<OpenReport | null> => (await sql.query<OpenReport>(OPEN, [feed]))[0] ?? null;

/**
 * Begins the report of the full pass under way; one that was not judged by now stays without judgement. The window starts
 * where the last pass' delta would: the first page has not moved that yet. Later nobody knows.
 */
export async function beginReport(tx: Sql, feed: string): Promise<OpenReport> {
  await tx.run('delete from inventory.difference where feed = $1', [feed]);
  await tx.run(`update inventory.reconciliation set state = 'DONE' where feed = $1 and state <> 'DONE'`, [feed]);
  await tx.run(
    `insert into inventory.reconciliation (feed, started_at, state, window_since)
     select name, ${STARTED_AT}, 'READING', case when cursor is null then watermark end from inventory.feed where name = $1`,
    [feed],
  );
  return (await openReport(tx, feed))!;
}

export interface ComparedPage {
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Rows that could not be placed: found, not corrected. */
  readonly rejected: readonly FeedRejection[];
}

export async function countPage(tx: Sql, feed: string, { compared, differences, rejected }: ComparedPage): Promise<void> {
  await tx.run(
    `update inventory.reconciliation set compared = compared + $2, found = found + $3, corrected = corrected + $4 where feed = $1 and state = 'READING'`,
    [feed, compared, differences.length + rejected.length, differences.length],
  );
  if (differences.length === 0) return;
  await tx.run(
    `insert into inventory.difference (feed, key, stored, told) select $1, key, stored, told from jsonb_to_recordset($2::jsonb) as d(key text, stored text, told text)
     on conflict (feed, key) do nothing`,
    [feed, JSON.stringify(differences)],
  );
}

/** Differences in rows a delta lists are recent changes. */
export async function explain(tx: Sql, feed: string, keys: readonly string[]): Promise<void> {
  await tx.run('delete from inventory.difference where feed = $1 and key = any($2::text[])', [feed, keys]);
}

const EXAMPLES = `(select coalesce(jsonb_agg(jsonb_build_object('key', key, 'stored', stored, 'told', told) order by key), '[]')
  from (select * from inventory.difference where feed = $1 order by key limit 20) example)`;

/** The full pass has ended: what it found, and what else is not as it should be. Reports are kept for 30 days. */
export async function closeReading(tx: Sql, feed: string, passStartedAt: string, removed: number): Promise<void> {
  const report = await openReport(tx, feed);
  if (report?.begins === true) await beginReport(tx, feed);
  const { parked, ledgerMismatches, strandedOrders, negativeStock } = await readFindings(tx, feed);
  await tx.run(
    `update inventory.reconciliation set removed = $3, parked = $4, ledger_mismatches = $5, stranded_orders = $6, negative_stock = $7,
       state = case when window_since is null then 'DONE' else 'JUDGING' end, finished_at = clock_timestamp(), examples = ${EXAMPLES}
     where feed = $1 and started_at = $2`,
    [feed, passStartedAt, removed, parked, ledgerMismatches, strandedOrders, negativeStock],
  );
  await tx.run(`delete from inventory.reconciliation where started_at < clock_timestamp() - interval '30 days'`);
}

export interface ClosedReport {
  readonly found: number;
  readonly unexplained: number;
  readonly examples: readonly Difference[];
}

/** A delta begun after the full pass has ended: what it has not listed is drift. Null: there was nothing to judge. */
export async function closeReport(tx: Sql, feed: string, passStartedAt: string): Promise<ClosedReport | null> {
  const [closed] = await tx.query<{ found: string; unexplained: string; examples: readonly Difference[] }>(
    `update inventory.reconciliation set state = 'DONE', unexplained = (select count(*) from inventory.difference where feed = $1), examples = ${EXAMPLES}
     where feed = $1 and state = 'JUDGING' and started_at < $2 returning found, unexplained, examples`,
    [feed, passStartedAt],
  );
  if (!closed) return null;
  await tx.run('delete from inventory.difference where feed = $1', [feed]);
  return { found: Number(closed.found), unexplained: Number(closed.unexplained), examples: closed.examples };
}
