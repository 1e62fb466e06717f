import type { CallContext } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { textOrNull } from './convert.ts';
import { readByIds } from './paging.ts';
import { readProductsBySku } from './skus.ts';
import type { OdooPricedProductRow, OdooPriceRuleRow, OdooText } from './wire.ts';

/**
 * An archived product gives way to whoever else carries its SKU. Those are listed beside it: giving way may have left one of
 * them alone with the SKU, and its own row was not written then. Active ones with one SKU stay both: who keeps prices sees
 * the contradiction.
 */
export async function settleDoubles(client: OdooClient, rows: readonly OdooPricedProductRow[], columns: readonly string[], call: CallContext): Promise<readonly OdooPricedProductRow[]> {
  const othersOf = await readOthers(client, rows, call);
  const gone = new Set(rows.filter((row) => othersOf(row).length > 0));
  const listed = new Set(rows.map(({ id }) => id));
  const beside = [...gone].flatMap((row) => othersOf(row).flatMap(({ id, active }) => (active && !listed.has(id) ? [id] : [])));
  const more = await readByIds<OdooPricedProductRow>(client, 'product.product', beside, columns as (keyof OdooPricedProductRow & string)[], call);
  return [...rows.filter((row) => !gone.has(row)), ...more.values()];
}

interface CarrierRow {
  readonly id: number;
  readonly default_code: OdooText;
  readonly active: boolean;
}

/** Of archived products only: who else carries their SKU. */
async function readOthers(client: OdooClient, rows: readonly CarrierRow[], call: CallContext): Promise<(row: CarrierRow) => readonly CarrierRow[]> {
  const archived = new Map(rows.flatMap((row) => (row.active ? [] : [[row.id, textOrNull(row.default_code)] as const])));
  const holders = await readProductsBySku(client, [...archived.values()].filter((sku) => sku !== null), call);
  return ({ id }) => (holders.get(archived.get(id) ?? '') ?? []).filter((other) => other.id !== id);
}

/** Rules for products whose SKU belongs to somebody else are for nobody: by SKU they would be for the other. */
export async function withoutGhosts(
  client: OdooClient, rules: readonly OdooPriceRuleRow[], call: CallContext,
): Promise<{ readonly rows: readonly OdooPriceRuleRow[]; readonly skus: ReadonlyMap<number, OdooText> }> {
  const products = await readByIds<CarrierRow>(client, 'product.product', rules.flatMap(({ product_id: product }) => (product === false ? [] : [product[0]])), ['default_code', 'active'], call);
  const othersOf = await readOthers(client, [...products.values()], call);
  const isGhost = ({ product_id: product }: OdooPriceRuleRow): boolean => {
    const row = product === false ? undefined : products.get(product[0]);
    return row !== undefined && othersOf(row).length > 0;
  };
  return { rows: rules.filter((rule) => !isGhost(rule)), skus: new Map([...products].map(([id, row]) => [id, row.default_code])) };
}
