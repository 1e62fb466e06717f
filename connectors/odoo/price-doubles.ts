import type { CallContext } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { textOrNull } from './convert.ts';
import { readByIds } from './paging.ts';
import { readProductsBySku } from './skus.ts';
import type { OdooPricedProductRow } from './wire.ts';

/**
 * An archived product gives way to whoever else carries its SKU. Those are listed beside it: giving way may have left one of
 * them alone with the SKU, and its own row was not written then. Active ones with one SKU stay both: who keeps prices sees
 * the contradiction.
 */
export async function settleDoubles(client: OdooClient, rows: readonly OdooPricedProductRow[], columns: readonly string[], call: CallContext): Promise<readonly OdooPricedProductRow[]> {
  const archived = rows.filter((row) => !row.active && textOrNull(row.default_code) !== null);
  const holders = await readProductsBySku(client, archived.map((row) => textOrNull(row.default_code)!), call);
  const othersOf = (row: OdooPricedProductRow) => (holders.get(textOrNull(row.default_code) ?? '') ?? []).filter(({ id }) => id !== row.id);
  const gone = new Set(archived.filter((row) => othersOf(row).length > 0));
  const listed = new Set(rows.map(({ id }) => id));
  const beside = [...gone].flatMap((row) => othersOf(row).flatMap(({ id, active }) => (active && !listed.has(id) ? [id] : [])));
  const more = await readByIds<OdooPricedProductRow>(client, 'product.product', beside, columns as (keyof OdooPricedProductRow & string)[], call);
  return [...rows.filter((row) => !gone.has(row)), ...more.values()];
}
