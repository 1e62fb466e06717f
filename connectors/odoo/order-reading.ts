import { mapRows } from '../../platform/mapping.ts';
import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { ErpOrder } from '../../domain/orders.ts';
import type { OdooClient } from './client.ts';
import { readCurrencies } from './currencies.ts';
import { malformed } from './failures.ts';
import { lineNumbersOf, orderLineMap, orderMap, type OrderGiven } from './order.map.ts';
import { readAll } from './paging.ts';
import { readSkus } from './skus.ts';
import type { OdooOrderLineRow, OdooOrderRow } from './wire.ts';

const MODEL = 'sale.order';

/** client_order_ref is not unique: of several the first that is not cancelled, else the first. */
export async function findOrder(client: OdooClient, reference: string, call: CallContext): Promise<ErpOrder | null> {
  const rows = await readAll<OdooOrderRow>(client, { model: MODEL, columns: orderMap.reads, domain: [['client_order_ref', '=', reference]] }, call);
  const row = rows.find(({ state }) => state !== 'cancel') ?? rows[0];
  return row === undefined ? null : mapOne(client, row, call);
}

/** @throws Failure UPSTREAM_REJECTED where Odoo has none with this id */
export async function readOrder(client: OdooClient, id: number, call: CallContext): Promise<ErpOrder> {
  const [row] = await readAll<OdooOrderRow>(client, { model: MODEL, columns: orderMap.reads, domain: [['id', '=', id]] }, call);
  if (row === undefined) throw new Failure('UPSTREAM_REJECTED', `Odoo has no sale.order ${id}`, { system: client.system, vendorCode: 'missing' });
  return mapOne(client, row, call);
}

async function mapOne(client: OdooClient, row: OdooOrderRow, call: CallContext): Promise<ErpOrder> {
  const given = await readGiven(client, [row], call);
  const { records, rejected } = mapRows(orderMap, [row], given, ({ id }) => String(id));
  if (records[0] === undefined) throw malformed(client.system, rejected[0]?.reason ?? 'unreadable order');
  return records[0];
}

/** What orders are mapped with: their lines, currencies and SKUs. */
export async function readGiven(client: OdooClient, rows: readonly OdooOrderRow[], call: CallContext): Promise<OrderGiven> {
  const lines = rows.length === 0 ? [] : await readAll<OdooOrderLineRow>(client, {
    model: 'sale.order.line', columns: ['order_id', ...orderLineMap.reads],
    domain: [['order_id', 'in', rows.map(({ id }) => id)], ['product_id', '!=', false]],
  }, call);
  const [currencies, skus] = await Promise.all([
    readCurrencies(client, rows.map((row) => row.currency_id), call),
    readSkus(client, lines.map((line) => line.product_id), call),
  ]);
  const byOrder = Map.groupBy(lines, (line) => (line.order_id === false ? 0 : line.order_id[0]));
  const ours = rows.filter(({ client_order_ref: reference }) => reference !== false);
  return { currencies, skus, lines: byOrder, lineNumbers: new Map(ours.flatMap(({ id }) => [...lineNumbersOf(byOrder.get(id) ?? [])])) };
}

/** @throws Failure INVALID_INPUT for what cannot be an id of Odoo */
export function orderIdOf(client: OdooClient, id: string): number {
  if (/^\d+$/.test(id)) return Number(id);
  throw new Failure('INVALID_INPUT', `not an Odoo order id (${JSON.stringify(id)})`, { system: client.system, field: ['id'] });
}
