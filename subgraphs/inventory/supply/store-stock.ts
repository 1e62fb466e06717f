import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { StockLevel } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceDifferences } from '../announcements.ts';
import { lockFigures } from '../holds/store-ledger.ts';
import { offsetBySnapshots } from './store-offsets.ts';

export interface AppliedStock {
  /** Rows whose sellable figure changed. */
  readonly changed: number;
}

/** Columns of a page as arrays: unnest is the cheapest way to hand PostgreSQL a thousand rows. */
function columnsOf(levels: readonly StockLevel[]): readonly unknown[][] {
  return [
    levels.map((level) => level.sku), levels.map((level) => level.locationCode), levels.map((level) => level.onHand),
    levels.map((level) => level.allocated), levels.map((level) => level.unsellable), levels.map((level) => level.quantityBasis),
    levels.map((level) => level.asOf),
  ];
}

const INCOMING = `(select distinct on (sku, location_code) * from unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::text[], $7::timestamptz[])
    with ordinality as i(sku, location_code, on_hand, allocated, unsellable, basis, as_of, position)
    order by sku, location_code, as_of desc, position desc)`;

// An older snapshot never overwrites a newer one; a row seen again is marked seen, so that a full pass does not retire it.
const UPSERT = `insert into inventory.stock_level as stock (sku, location_code, on_hand, allocated, unsellable, basis, as_of)
  select sku, location_code, on_hand, allocated, unsellable, basis, as_of from ${INCOMING} incoming order by sku, location_code
  on conflict (sku, location_code) do update set seen_at = clock_timestamp(), version = stock.version + 1,
    (on_hand, allocated, unsellable, basis, as_of) = (select
      case when newer then excluded.on_hand else stock.on_hand end, case when newer then excluded.allocated else stock.allocated end,
      case when newer then excluded.unsellable else stock.unsellable end, case when newer then excluded.basis else stock.basis end,
      case when newer then excluded.as_of else stock.as_of end
      from (select excluded.as_of > stock.as_of as newer) as age)`;

/**
 * Applies absolute figures: locks, writes what is newer, lets go of orders the figures now contain, announces what
 * changed for buyers. For feeds and live answers alike; applying the same twice changes nothing.
 */
export async function applyStock(tx: Sql, levels: readonly StockLevel[], at: Instant): Promise<AppliedStock> {
  if (levels.length === 0) return { changed: 0 };
  const skus = [...new Set(levels.map((level) => level.sku))];
  const before = await lockFigures(tx, skus);
  await tx.run(UPSERT, columnsOf(levels));
  await offsetBySnapshots(tx, skus);
  return { changed: await announceDifferences(tx, before, skus, at) };
}

/** Rows a full pass no longer listed are gone from the ERP: figures become zero, holds on them stay accounted for. */
export async function retireUnseenStock(tx: Sql, passStartedAt: string, at: Instant): Promise<number> {
  const unseen = await tx.query<{ sku: Sku }>(
    `select distinct sku from inventory.stock_level where seen_at < $1 and (on_hand, allocated, unsellable) is distinct from (0, 0, 0)`,
    [passStartedAt],
  );
  if (unseen.length === 0) return 0;
  const skus = unseen.map((row) => row.sku);
  const before = await lockFigures(tx, skus);
  const retired = await tx.run(
    `update inventory.stock_level set on_hand = 0, allocated = 0, unsellable = 0, as_of = greatest(as_of, $1), version = version + 1
     where sku = any($2::text[]) and seen_at < $1 and (on_hand, allocated, unsellable) is distinct from (0, 0, 0)`,
    [passStartedAt, skus],
  );
  await announceDifferences(tx, before, skus, at);
  return retired;
}

/** Remembers that a pass begun then has ended. */
export async function recordStockPass(tx: Sql, passStartedAt: string): Promise<void> {
  await tx.run(
    `insert into inventory.stock_pass (started_at, finished_at) values ($1, clock_timestamp())
     on conflict (only_row) do update set started_at = excluded.started_at, finished_at = excluded.finished_at`,
    [passStartedAt],
  );
}

/** Which records name a SKU or location we do not know (yet), and why they cannot be placed. */
export async function findUnplaceable<T extends { readonly sku: Sku; readonly locationCode: LocationCode }>(tx: Sql, records: readonly T[]): Promise<Map<T, string>> {
  const known = await tx.query<{ kind: 'sku' | 'location'; code: string }>(
    `select 'sku' as kind, sku as code from inventory.item_info where sku = any($1::text[])
     union all select 'location', code from inventory.location where code = any($2::text[])`,
    [[...new Set(records.map((record) => record.sku))], [...new Set(records.map((record) => record.locationCode))]],
  );
  const skus = new Set(known.flatMap(({ kind, code }) => (kind === 'sku' ? code : [])));
  const locations = new Set(known.flatMap(({ kind, code }) => (kind === 'location' ? code : [])));
  const reasonOf = ({ sku, locationCode }: T): string | null => {
    if (!skus.has(sku)) return `unknown SKU ${JSON.stringify(sku)}: not in the ERP's item list`;
    return locations.has(locationCode) ? null : `unknown location ${JSON.stringify(locationCode)}: not in the ERP's location list`;
  };
  return new Map(records.flatMap((record) => {
    const reason = reasonOf(record);
    return reason === null ? [] : [[record, reason] as const];
  }));
}

