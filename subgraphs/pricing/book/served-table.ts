import type { Instant } from '../../../domain/time.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { mirrorRows, removeUnseenRows, type ChangedRow, type MirrorTable } from '../../frame/mirror-table.ts';
import { listChanged, ruleChanged, skuChanged, uniqueEvents, type PriceChange } from '../changes/price-events.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { CURRENCY_RATES, TAX_RATES, type CurrencyRateRow, type TaxRateRow } from './rate-tables.ts';
import { isExamined } from './book-state.ts';
import type { RowGate } from './row-gate.ts';
import { LIST_PRICES, PRICE_LISTS, PRICE_RULES, type ListPriceRow, type PriceListRow, type PriceRuleRow } from './tables.ts';

const ANY_PRICE: PriceChange = { sku: null, priceListCode: null };

/** A table prices are answered from, and whom a change of one of its rows concerns. */
export interface ServedTable<Row extends object> {
  readonly table: MirrorTable;
  readonly changesOf: (row: Row) => readonly PriceChange[];
}

export const SERVED_PRICES: ServedTable<ListPriceRow> = { table: LIST_PRICES, changesOf: (row) => [skuChanged(row)] };
export const SERVED_LISTS: ServedTable<PriceListRow> = { table: PRICE_LISTS, changesOf: (row) => [listChanged(row)] };
/** They may concern any price there is. */
export const SERVED_CURRENCY_RATES: ServedTable<CurrencyRateRow> = { table: CURRENCY_RATES, changesOf: () => [ANY_PRICE] };
export const SERVED_TAX_RATES: ServedTable<TaxRateRow> = { table: TAX_RATES, changesOf: () => [ANY_PRICE] };
export const SERVED_RULES: ServedTable<PriceRuleRow> = { table: PRICE_RULES, changesOf: (row) => [ruleChanged(row)] };

/** Writes rows nobody keeps back any more, with the events of those that differ. Answers how many did. */
export async function writeServed<Row extends object>(tx: Sql, { table, changesOf }: ServedTable<Row>, rows: readonly Row[], at: Instant): Promise<number> {
  if (rows.length === 0) return 0;
  const changed = await mirrorRows(tx, table, rows);
  if (await isExamined(tx)) await announce(tx, PRICING_SCHEMA, uniqueEvents(coarsen(beforeAndAfter(table, rows, changed).flatMap(changesOf)), at));
  return changed.length;
}

/** The same for those the gate lets through; the old rows of the others count as seen. */
export async function admitRows<Row extends object>(tx: Sql, served: ServedTable<Row>, gate: RowGate, rows: readonly Row[], at: Instant): Promise<number> {
  if (rows.length === 0) return 0;
  const admitted = await gate.admit(tx, served.table, rows);
  if (admitted.length < rows.length) {
    const passed = new Set(admitted.map((row) => keyOf(served.table, row)));
    await touchRows(tx, served.table, rows.map((row) => keyOf(served.table, row)).filter((key) => !passed.has(key)));
  }
  return writeServed(tx, served, admitted, at);
}

/** After a full pass: removes what neither it nor the gate wants to stay, with the events. Answers how many rows went, or wait to go. */
export async function removeServed<Row extends object>(tx: Sql, { table, changesOf }: ServedTable<Row>, gate: RowGate, passStartedAt: string, at: Instant): Promise<number> {
  const { keys, gone } = await gate.keep(tx, table, passStartedAt);
  await touchRows(tx, table, keys);
  const removed = await removeUnseenRows<Row>(tx, table, passStartedAt);
  await announce(tx, PRICING_SCHEMA, uniqueEvents(coarsen(removed.flatMap(changesOf)), at));
  return removed.length + gone;
}

/** So many SKUs of one list in one page are the whole list: who follows it asks once, and the outbox does not grow with a price round. */
const MANY_SKUS = 100;

function coarsen(changes: readonly PriceChange[]): readonly PriceChange[] {
  const skus = new Map<string, Set<string | null>>();
  for (const { sku, priceListCode } of changes) if (priceListCode !== null) skus.set(priceListCode, (skus.get(priceListCode) ?? new Set()).add(sku));
  return changes.map((change) => (change.priceListCode !== null && skus.get(change.priceListCode)!.size > MANY_SKUS ? { ...change, sku: null } : change));
}

/** Before the first passes have ended there is no price, and nothing that could have changed: see `announceFirstPrices`. */
export const announceFirstPrices = (tx: Sql, at: Instant): Promise<void> => announce(tx, PRICING_SCHEMA, uniqueEvents([ANY_PRICE], at));

export const keyOf = ({ key }: MirrorTable, row: object): string => (row as Record<string, string>)[key]!;

/** Says that the source still has these rows, whatever has become of what it says of them. */
export async function touchRows(tx: Sql, { schema, name, key }: MirrorTable, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await tx.run(`update ${schema}.${name} set seen_at = clock_timestamp() where ${key} = any($1)`, [keys]);
}

/** A rule that moved from one SKU to another changes the price of both. */
function beforeAndAfter<Row extends object>(table: MirrorTable, rows: readonly Row[], changed: readonly ChangedRow<Row>[]): readonly Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(table, row), row]));
  return changed.flatMap(({ key, before }) => [byKey.get(key)!, ...(before === null ? [] : [before])]);
}
