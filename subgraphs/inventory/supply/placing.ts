import { multiply, type Decimal } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Receipt, StockLevel, UnitConversion } from '../../../domain/inventory.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { park } from './parked.ts';

/** What a row of supply refers to. */
export interface Placed {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly unit?: string | null;
}

/** How a kind of row is named, and how its quantities are counted in the item's own unit. */
export interface PlacingRules<T extends Placed> {
  readonly feed: string;
  readonly keyOf: (record: T) => string;
  readonly scaled: (record: T, factor: Decimal) => T;
}

interface Known {
  readonly units: ReadonlyMap<Sku, { readonly own: string; readonly others: readonly UnitConversion[] }>;
  readonly locations: ReadonlySet<LocationCode>;
}

const KNOWN = prepared(`select sku, null as location, unit_code as own, units as others from inventory.item_info where sku = any($1::text[])
  union all select null, code, null, null from inventory.location where code = any($2::text[])`);

async function readKnown(tx: Sql, records: readonly Placed[]): Promise<Known> {
  const rows = await tx.query<{ sku: Sku | null; location: LocationCode | null; own: string | null; others: readonly UnitConversion[] | null }>(
    KNOWN,
    [[...new Set(records.map((record) => record.sku))], [...new Set(records.map((record) => record.locationCode))]],
  );
  return {
    units: new Map(rows.flatMap(({ sku, own, others }) => (sku === null ? [] : [[sku, { own: own!, others: others! }] as const]))),
    locations: new Set(rows.flatMap(({ location }) => location ?? [])),
  };
}

/** The row in the item's own unit, or why it cannot be placed (yet). */
function place<T extends Placed>(record: T, { units, locations }: Known, scaled: PlacingRules<T>['scaled']): T | string {
  const { sku, locationCode, unit } = record;
  const item = units.get(sku);
  if (item === undefined) return `unknown SKU ${JSON.stringify(sku)}: not in the ERP's item list`;
  if (!locations.has(locationCode)) return `unknown location ${JSON.stringify(locationCode)}: not in the ERP's location list`;
  if (unit == null || unit === item.own) return record;
  const factor = item.others.find(({ code }) => code === unit)?.factor;
  return factor === undefined ? `unknown unit ${JSON.stringify(unit)}: the ERP's item list knows ${[item.own, ...item.others.map(({ code }) => code)].join(', ')}` : scaled(record, factor);
}

/**
 * Splits off what cannot be placed yet and parks it; it is tried again as soon as its SKU, location and unit are known.
 * What is placed is counted in the item's own unit.
 */
export async function placeRows<T extends Placed>(tx: Sql, records: readonly T[], { feed, keyOf, scaled }: PlacingRules<T>): Promise<{ placed: readonly T[]; rejected: readonly FeedRejection[] }> {
  const known = await readKnown(tx, records);
  const placed: T[] = [];
  const parked: { key: string; reason: string; record: T }[] = [];
  for (const record of records) {
    const found = place(record, known, scaled);
    if (typeof found === 'string') parked.push({ key: keyOf(record), reason: found, record });
    else placed.push(found);
  }
  await park(tx, feed, parked);
  return { placed, rejected: parked.map(({ key, reason }) => ({ key, reason })) };
}

/** Quantities counted in a unit of `factor` of the item's own. */
export const scaledLevel = (level: StockLevel, factor: Decimal): StockLevel => ({
  ...level, unit: null, onHand: multiply(level.onHand, factor), allocated: multiply(level.allocated, factor), unsellable: multiply(level.unsellable, factor),
  issues: (level.issues ?? []).map(({ date, quantity }) => ({ date, quantity: multiply(quantity, factor) })),
});

export const scaledReceipt = (receipt: Receipt, factor: Decimal): Receipt => ({ ...receipt, unit: null, openQuantity: multiply(receipt.openQuantity, factor) });
