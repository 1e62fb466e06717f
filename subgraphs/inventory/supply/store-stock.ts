import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { DatedQuantity, StockLevel } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceDifferences, figuresOf, figuresSql, readFigures, type Figure, type FigureRow } from '../changes/announcements.ts';
import { closeLines, lockFigures } from '../holds/store-ledger.ts';
import { lockSkus } from '../sku-lock.ts';
import { NORMAL_FIGURE, type Difference } from './differences.ts';
import { findProven } from './store-offsets.ts';

export interface AppliedStock {
  /** Rows whose sellable figure changed. */
  readonly changed: number;
  /** Rows the ERP told otherwise than we had them, and later; only with `listed`. */
  readonly differences: readonly Difference[];
  /** First readings of a place, older than an order that has left our ledger since: not applied. */
  readonly late: readonly { readonly sku: Sku; readonly locationCode: LocationCode }[];
}

const NOTHING: AppliedStock = { changed: 0, differences: [], late: [] };

/** Columns of a page as arrays: unnest is the cheapest way to hand PostgreSQL a thousand rows. */
function columnsOf(levels: readonly StockLevel[]): readonly unknown[][] {
  return [
    levels.map((level) => level.sku), levels.map((level) => level.locationCode), levels.map((level) => level.onHand),
    levels.map((level) => level.allocated), levels.map((level) => level.unsellable), levels.map((level) => level.quantityBasis),
    levels.map((level) => level.asOf), levels.map((level) => level.sequence ?? 0), levels.map((level) => issuesJson(level.issues ?? [])),
  ];
}

/** By day, so that the same demand is the same text. */
function issuesJson(issues: readonly DatedQuantity[]): string {
  if (issues.length === 0) return '[]';
  return JSON.stringify([...issues].sort((a, b) => (a.date < b.date ? -1 : 1)).map(({ date, quantity }) => ({ date, quantity })));
}

/** What is promised in the ERP beyond what is there for sale: negative where some is left. */
const owed = (row: string): string => `case ${row}.basis when 'ON_HAND' then ${row}.allocated else 0 end - greatest(0, ${row}.on_hand - ${row}.unsellable)`;

/**
 * What decides between two readings of one place: the later `as_of`, then the higher sequence. Two readings that claim
 * one moment and differ: the one with less to sell, and then any, but always the same one, in whatever order they come.
 */
const version = (row: string): string =>
  `row(${row}.as_of, ${row}.sequence, ${owed(row)}, ${row}.on_hand, ${row}.allocated, ${row}.unsellable, ${row}.basis, ${row}.issues)`;

const figures = (row: string): string => `(${row}.on_hand, ${row}.allocated, ${row}.unsellable, ${row}.basis, ${row}.issues)`;

const TOLD_AND_STORED = `case when stock.as_of > '-infinity' then ${NORMAL_FIGURE('stock')} end as stored, ${NORMAL_FIGURE('i')} as told
    from judged i left join inventory.stock_level stock on stock.sku = i.sku and stock.location_code = i.location_code`;

/**
 * `$10`: the rows come from a pass of the feed, which marks what it has seen. A row seen again as it was moves its time
 * alone (a HOT update); its version stands. A place that is new here is not taken at a reading older than an order the
 * ledger has let go: other places had proved that order, this one may be where the ERP allocated it. Whatever is read here,
 * the figures before too, is as it was before this statement. Planned anew for every page: a plan made while the table was
 * small reads all of it for every row. The planner is not shown how long the arrays are: for a thousand rows it would read
 * a hundred thousand rather than look each up by its key.
 */
const writing = (comparing: boolean): string => `with incoming as materialized (
    select * from unnest((select $1::text[]), (select $2::text[]), (select $3::numeric[]), (select $4::numeric[]), (select $5::numeric[]), (select $6::text[]),
      (select $7::timestamptz[]), (select $8::bigint[]), (select $9::jsonb[])) as i(sku, location_code, on_hand, allocated, unsellable, basis, as_of, sequence, issues)
  ), known as (
    select i.*, stock.sku is null or stock.as_of = '-infinity' as fresh,
      coalesce(${version('i')} > ${version('stock')}, true) as newer, stock.sku is null or ${figures('i')} is distinct from ${figures('stock')} as differs
    from incoming i left join inventory.stock_level stock using (sku, location_code)
  ), judged as materialized (
    select known.*, fresh and exists (
      select from inventory.ledger join inventory.hold on hold.id = ledger.hold_id
      where ledger.sku = known.sku and ledger.reason = 'OFFSET' and hold.accepted_at + (select inventory.clock_margin()) >= known.as_of) as late
    from known
  ), touched as (
    update inventory.stock_level stock set as_of = case when judged.newer and not late then judged.as_of else stock.as_of end,
      sequence = case when judged.newer and not late then judged.sequence else stock.sequence end,
      seen_at = case when $10 then clock_timestamp() else stock.seen_at end
    from judged where stock.sku = judged.sku and stock.location_code = judged.location_code
      and not (judged.newer and judged.differs and not late) and ($10 or judged.newer)
  ), written as (
    insert into inventory.stock_level as stock (sku, location_code, on_hand, allocated, unsellable, basis, as_of, sequence, issues, seen_at)
    select sku, location_code, on_hand, allocated, unsellable, basis, as_of, sequence, issues, case when $10 then clock_timestamp() else as_of end
    from judged where newer and differs and not late order by sku, location_code
    on conflict (sku, location_code) do update set on_hand = excluded.on_hand, allocated = excluded.allocated, unsellable = excluded.unsellable,
      basis = excluded.basis, as_of = excluded.as_of, sequence = excluded.sequence, issues = excluded.issues, version = stock.version + 1,
      seen_at = case when $10 then clock_timestamp() else stock.seen_at end
  ), risen as (
    insert into inventory.risen (sku, location_code, as_of)
    select sku, location_code, judged.as_of from judged left join inventory.stock_level stock using (sku, location_code)
    where newer and differs and not late and exists (select from inventory.receipt_pass)
      and (stock.sku is null or judged.on_hand > stock.on_hand or ${owed('judged')} < ${owed('stock')})
    order by sku, location_code
    on conflict (sku, location_code) do update set as_of = greatest(risen.as_of, excluded.as_of)
  ), changed as (
    select i.sku, i.location_code as "locationCode", late, ${comparing ? TOLD_AND_STORED : 'null as stored, null as told from judged i'}
    where newer and differs
  )
  select coalesce((select jsonb_agg(changed) from changed), '[]') as rows,
    coalesce((select jsonb_agg(figure) from (${figuresSql('(select array_agg(distinct sku) from judged where newer and differs)')}) figure), '[]') as before`;

const WRITE = writing(false);
const WRITE_COMPARING = writing(true);

interface WrittenRow {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly late: boolean;
  readonly stored: string | null;
  readonly told: string | null;
}

interface Written {
  readonly rows: readonly WrittenRow[];
  /** Of the SKUs of these rows, as they were. */
  readonly before: readonly FigureRow[];
}

/** `FEED`: a page of a pass, `COMPARED` one whose differences are wanted. `ASIDE`: a live answer or a record that was parked. */
export type ReadingPath = 'FEED' | 'COMPARED' | 'ASIDE';

/**
 * Applies absolute figures: locks, writes what is newer, lets go of orders the figures now contain, announces what
 * changed for buyers. For feeds and live answers alike; applying the same twice changes nothing.
 */
export async function applyStock(tx: Sql, levels: readonly StockLevel[], at: Instant, path: ReadingPath = 'ASIDE'): Promise<AppliedStock> {
  if (levels.length === 0) return NOTHING;
  const skus = [...new Set(levels.map((level) => level.sku))];
  await lockSkus(tx, skus);
  const rows: WrittenRow[] = [];
  const before = new Map<string, Figure>();
  for (const round of roundsOf(levels)) {
    const [written] = await tx.query<Written>(path === 'COMPARED' ? WRITE_COMPARING : WRITE, [...columnsOf(round), path !== 'ASIDE']);
    rows.push(...written!.rows);
    // What an earlier round has changed was otherwise before.
    for (const [key, figure] of figuresOf(written!.before)) if (!before.has(key)) before.set(key, figure);
  }
  const touched = new Set([...rows.map((row) => row.sku), ...(await offset(tx, skus, before))]);
  const changed = touched.size === 0 ? 0 : await announceDifferences(tx, before, [...touched], at);
  const differences = rows.filter((row) => row.stored !== row.told).map((row) => ({ key: keyOfPlace(row), stored: row.stored, told: row.told }));
  return { changed, differences, late: rows.filter((row) => row.late) };
}

/** Each place once a round: a statement sees what was before it. */
function roundsOf(levels: readonly StockLevel[]): readonly StockLevel[][] {
  const rounds: Map<string, StockLevel>[] = [];
  for (const level of levels) {
    const key = keyOfPlace(level);
    const round = rounds.find((one) => !one.has(key));
    if (round === undefined) rounds.push(new Map([[key, level]]));
    else round.set(key, level);
  }
  return rounds.map((round) => [...round.values()]);
}

/** Lets go of proven orders; adds to `before` what their SKUs were. Answers these SKUs. */
async function offset(tx: Sql, skus: readonly Sku[], before: Map<string, Figure>): Promise<readonly Sku[]> {
  const proven = await findProven(tx, skus);
  if (proven.length === 0) return [];
  const known = new Set([...before.values()].map((figure) => figure.sku));
  const settled = [...new Set(proven.map((line) => line.sku))];
  // Their rows have not been written: as they are is as they were.
  for (const [key, figure] of await readFigures(tx, settled.filter((sku) => !known.has(sku)))) before.set(key, figure);
  await closeLines(tx, proven, 'OFFSET');
  return settled;
}

/** How a stock row is named in rejections and reports. */
export const keyOfPlace = ({ sku, locationCode }: { readonly sku: Sku; readonly locationCode: LocationCode }): string => `${sku} @ ${locationCode}`;

const UNSEEN = `seen_at < $1 and as_of < $1 and (on_hand, allocated, unsellable, issues) is distinct from (0, 0, 0, '[]'::jsonb)`;

/**
 * Rows a full pass no longer listed are gone from the ERP: figures become zero as of its beginning, holds on them stay
 * accounted for. What somebody has read live since stays.
 */
export async function retireUnseenStock(tx: Sql, passStartedAt: string, at: Instant): Promise<number> {
  const unseen = await tx.query<{ sku: Sku }>(`select distinct sku from inventory.stock_level where ${UNSEEN}`, [passStartedAt]);
  if (unseen.length === 0) return 0;
  const skus = unseen.map((row) => row.sku);
  const before = await lockFigures(tx, skus);
  const retired = await tx.run(
    `update inventory.stock_level set on_hand = 0, allocated = 0, unsellable = 0, issues = '[]', as_of = $1, sequence = 0, version = version + 1
     where sku = any($2::text[]) and ${UNSEEN}`,
    [passStartedAt, skus],
  );
  await announceDifferences(tx, before, skus, at);
  return retired;
}

/** Remembers that a pass begun then has ended. */
export async function recordStockPass(tx: Sql, passStartedAt: string): Promise<void> {
  await tx.run(
    `insert into inventory.stock_pass as pass (started_at, finished_at) values ($1, clock_timestamp())
     on conflict (only_row) do update set started_at = greatest(pass.started_at, excluded.started_at), finished_at = excluded.finished_at`,
    [passStartedAt],
  );
}
