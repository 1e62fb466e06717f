import type { CallContext, OrderPort } from '../../domain/connector.ts';
import { asFailure, Failure } from '../../domain/failure.ts';
import type { ErpOrder } from '../../domain/orders.ts';
import type { OdooClient } from './client.ts';
import { splitDeliveries } from './delivery-split.ts';
import { malformed } from './failures.ts';
import { amendOrder } from './order-amendment.ts';
import { hasShipped, progressOf, readDocument } from './order-document.ts';
import { encodeOrder } from './order-encoding.ts';
import { findOrder, orderIdOf, readGiven, readOrder } from './order-reading.ts';
import { orderMap } from './order.map.ts';
import { mapPage, readPage } from './paging.ts';
import type { OdooOrderRow } from './wire.ts';

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
    confirmOrder: (id, call) => confirmOrder(client, orderIdOf(client, id), call),
    cancelOrder: (id, call) => cancelOrder(client, orderIdOf(client, id), call),
    readPicking: async (id, call) => progressOf(await readDocument(client, orderIdOf(client, id), call)),
    amendOrder: (id, change, call) => amendOrder(client, orderIdOf(client, id), change, call),
    splitDeliveries: (id, order, call) => splitDeliveries(client, orderIdOf(client, id), order, call),
    listOrders: async (page, call) => {
      const found = await readPage<OdooOrderRow>(client, QUERY, page, call);
      return mapPage(found, MODEL, orderMap, await readGiven(client, found.rows, call));
    },
  };
}

/** A second action_confirm is refused (422; 14 answers true): what counts is the state read back. */
async function confirmOrder(client: OdooClient, id: number, call: CallContext): Promise<ErpOrder> {
  const refusal = await client.write<unknown>({ model: MODEL, method: 'action_confirm', ids: [id] }, call).then(() => null, asFailure);
  if (refusal !== null && refusal.code !== 'UPSTREAM_REJECTED') throw refusal;
  const order = await readOrder(client, id, call);
  if (order.state !== 'CONFIRMED') throw refusal ?? stuck(client, order, 'confirmed');
  return order;
}

/**
 * Odoo would cancel an order of which half has left, too: that is refused here. May answer a wizard instead of cancelling;
 * the context key skips it, and the state read back decides.
 */
async function cancelOrder(client: OdooClient, id: number, call: CallContext): Promise<ErpOrder> {
  const document = await readDocument(client, id, call);
  const { name, state } = document.order;
  if (state === 'cancel') return readOrder(client, id, call);
  if (hasShipped(document)) throw new Failure('UPSTREAM_REJECTED', `goods of ${name} have left: what is still there can be cancelled line by line`, { system: client.system, vendorCode: 'shipped' });
  await client.write<unknown>({ model: MODEL, method: 'action_cancel', ids: [id], context: { disable_cancel_warning: true } }, call);
  const after = await readOrder(client, id, call);
  if (after.state !== 'CANCELLED') throw stuck(client, after, 'cancelled');
  return after;
}

const stuck = (client: OdooClient, order: ErpOrder, wanted: string): Failure =>
  new Failure('UPSTREAM_REJECTED', `Odoo left ${order.number} ${order.state} instead of ${wanted}`, { system: client.system, vendorCode: order.state });
