import { mapRows } from '../../platform/mapping.ts';
import type { CallContext, OrderPort } from '../../domain/connector.ts';
import { asFailure, Failure } from '../../domain/failure.ts';
import type { ErpOrder } from '../../domain/orders.ts';
import type { OdooClient } from './client.ts';
import { readCurrencies } from './currencies.ts';
import { malformed } from './failures.ts';
import { encodeOrder } from './order-encoding.ts';
import { orderLineMap, orderMap, type OrderGiven } from './order.map.ts';
import { mapPage, readAll, readPage } from './paging.ts';
import { readSkus } from './skus.ts';
import type { OdooOrderLineRow, OdooOrderRow } from './wire.ts';

const MODEL = 'sale.order';
const QUERY = { model: MODEL, columns: orderMap.reads, domain: [], writtenBy: ['write_date', 'order_line.write_date'] };

export function orderPort(client: OdooClient): OrderPort {
  return {
    findOrder: (reference, call) => findOrder(client, reference, call),
    createOrder: async (order, call) => {
      const values = await encodeOrder(client, order, call);
      const [id] = await client.write<number[]>({ model: MODEL, method: 'create', args: { vals_list: [values] } }, call);
      if (id === undefined) throw malformed(client.system, 'sale.order/create answered no id');
      return confirmOrder(client, id, call);
    },
    confirmOrder: (id, call) => confirmOrder(client, idNumber(client, id), call),
    cancelOrder: (id, call) => cancelOrder(client, idNumber(client, id), call),
    listOrders: async (page, call) => {
      const found = await readPage<OdooOrderRow>(client, QUERY, page, call);
      return mapPage(found, MODEL, orderMap, await readGiven(client, found.rows, call));
    },
  };
}

/** client_order_ref is not unique: of several the first that is not cancelled, else the first. */
async function findOrder(client: OdooClient, reference: string, call: CallContext): Promise<ErpOrder | null> {
  const rows = await readAll<OdooOrderRow>(client, { model: MODEL, columns: orderMap.reads, domain: [['client_order_ref', '=', reference]] }, call);
  const row = rows.find(({ state }) => state !== 'cancel') ?? rows[0];
  return row === undefined ? null : mapOne(client, row, call);
}

/** A second action_confirm is refused (422; 14 answers true): what counts is the state read back. */
async function confirmOrder(client: OdooClient, id: number, call: CallContext): Promise<ErpOrder> {
  const refusal = await client.write<unknown>({ model: MODEL, method: 'action_confirm', ids: [id] }, call).then(() => null, asFailure);
  if (refusal !== null && refusal.code !== 'UPSTREAM_REJECTED') throw refusal;
  const order = await readOrder(client, id, call);
  if (order.state !== 'CONFIRMED') throw refusal ?? stuck(client, order, 'confirmed');
  return order;
}

/** May answer a wizard instead of cancelling; the context key skips it, and the state read back decides. */
async function cancelOrder(client: OdooClient, id: number, call: CallContext): Promise<ErpOrder> {
  const before = await readOrder(client, id, call);
  if (before.state === 'CANCELLED') return before;
  await client.write<unknown>({ model: MODEL, method: 'action_cancel', ids: [id], context: { disable_cancel_warning: true } }, call);
  const after = await readOrder(client, id, call);
  if (after.state !== 'CANCELLED') throw stuck(client, after, 'cancelled');
  return after;
}

const stuck = (client: OdooClient, order: ErpOrder, wanted: string): Failure =>
  new Failure('UPSTREAM_REJECTED', `Odoo left ${order.number} ${order.state} instead of ${wanted}`, { system: client.system, vendorCode: order.state });

async function readOrder(client: OdooClient, id: number, call: CallContext): Promise<ErpOrder> {
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

async function readGiven(client: OdooClient, rows: readonly OdooOrderRow[], call: CallContext): Promise<OrderGiven> {
  const lines = rows.length === 0 ? [] : await readAll<OdooOrderLineRow>(client, {
    model: 'sale.order.line', columns: ['order_id', ...orderLineMap.reads],
    domain: [['order_id', 'in', rows.map(({ id }) => id)], ['product_id', '!=', false]],
  }, call);
  const [currencies, skus] = await Promise.all([
    readCurrencies(client, rows.map((row) => row.currency_id), call),
    readSkus(client, lines.map((line) => line.product_id), call),
  ]);
  return { currencies, skus, lines: Map.groupBy(lines, (line) => (line.order_id === false ? 0 : line.order_id[0])) };
}

function idNumber(client: OdooClient, id: string): number {
  if (/^\d+$/.test(id)) return Number(id);
  throw new Failure('INVALID_INPUT', `not an Odoo order id (${JSON.stringify(id)})`, { system: client.system, field: ['id'] });
}
