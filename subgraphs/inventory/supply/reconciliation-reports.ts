import type { Instant } from '../../../domain/time.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { Difference } from './differences.ts';

/** What one full pass of one feed found. Counts are rows. */
export interface ReconciliationReport {
  readonly feed: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly compared: number;
  readonly found: number;
  readonly corrected: number;
  readonly removed: number;
  /** Null: not judged yet, or there is no delta to judge by. */
  readonly unexplained: number | null;
  readonly parked: number;
  readonly ledgerMismatches: number;
  readonly strandedOrders: number;
  readonly negativeStock: number;
  readonly examples: readonly Difference[];
}

const COUNTS = ['compared', 'found', 'corrected', 'removed', 'parked', 'ledgerMismatches', 'strandedOrders', 'negativeStock'] as const;

type ReportRow = Omit<ReconciliationReport, (typeof COUNTS)[number] | 'unexplained'> & Record<(typeof COUNTS)[number], string> & { readonly unexplained: string | null };

const REPORTS = `select feed, started_at as "startedAt", finished_at as "finishedAt", compared, found, corrected, removed, unexplained, parked,
    ledger_mismatches as "ledgerMismatches", stranded_orders as "strandedOrders", negative_stock as "negativeStock", examples
  from inventory.reconciliation`;

const reportOf = (row: ReportRow): ReconciliationReport => ({
  ...row,
  ...(Object.fromEntries(COUNTS.map((name) => [name, Number(row[name])])) as Record<(typeof COUNTS)[number], number>),
  unexplained: row.unexplained === null ? null : Number(row.unexplained),
});

/** The latest first; of one feed, or of all. */
export async function readReports(database: Database, { feed, first }: { readonly feed: string | null; readonly first: number }): Promise<readonly ReconciliationReport[]> {
  const rows = await database.query<ReportRow>(`${REPORTS} where $1::text is null or feed = $1 order by started_at desc, feed limit $2`, [feed, first]);
  return rows.map(reportOf);
}

/** Sentences on what the last finished report of each feed found that should not be. */
export async function reasonsOfReconciliation(database: Database): Promise<readonly string[]> {
  const rows = await database.query<ReportRow>(`select distinct on (feed) * from (${REPORTS} where finished_at is not null) report order by feed, "startedAt" desc`);
  return rows.map(reportOf).flatMap(({ feed, startedAt, unexplained, ledgerMismatches, strandedOrders }) => [
    ...((unexplained ?? 0) > 0 ? [`the full pass of inventory.${feed} at ${startedAt} found ${unexplained} row(s) the deltas had missed: reconciliationReports(feed: "${feed}")`] : []),
    ...(ledgerMismatches > 0 ? [`counters, ledger and open lines disagreed at ${ledgerMismatches} place(s) at ${startedAt}`] : []),
    ...(strandedOrders > 0 ? [`${strandedOrders} order(s) the ERP took more than an hour ago were still subtracted here at ${startedAt}`] : []),
  ]);
}
