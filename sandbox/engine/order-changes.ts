import { decimal, type DecimalText } from './decimal.ts';
import { byId } from './lookups.ts';
import { Rejection } from './part.ts';
import type { Order } from './rows.ts';
import { addLine, type NewOrderLine } from './sales.ts';
import type { NewRow } from './table.ts';
import type { ErpTables } from './tables.ts';

type OrderPatch = Partial<Pick<NewRow<Order>, 'reference' | 'origin' | 'invoicePartyId' | 'deliveryPartyId' | 'wantedAtMs' | 'note' | 'warehouseId' | 'priceListId' | 'paymentTermId'>>;

/** Where, for whom and under which reference: `{ orderId, ... }`. A cancelled order keeps its reference changeable, as in Odoo. */
export function updateOrder(tables: ErpTables, args: OrderPatch & { readonly orderId: number }): true {
  const { orderId, ...patch } = args;
  const order = byId(tables.orders, orderId, 'sales order');
  for (const partyId of [patch.invoicePartyId, patch.deliveryPartyId]) if (partyId !== undefined) byId(tables.parties, partyId, 'partner');
  tables.orders.update(order.id, patch);
  return true;
}

export function addOrderLine(tables: ErpTables, args: NewOrderLine & { readonly orderId: number }): { readonly lineId: number } {
  const { orderId, ...line } = args;
  const order = draftOrder(tables, orderId);
  const { id } = addLine(tables, order, line);
  tables.orders.update(order.id, {});
  return { lineId: id };
}

/** Changes a line of a quotation: `{ lineId, quantity?, unitPrice?, discountPercent? }`. */
export function updateOrderLine(tables: ErpTables, args: { readonly lineId: number; readonly quantity?: DecimalText; readonly unitPrice?: DecimalText; readonly discountPercent?: DecimalText }): true {
  const { lineId, ...patch } = args;
  const line = byId(tables.orderLines, lineId, 'sales order line');
  const order = draftOrder(tables, line.orderId);
  for (const [field, value] of Object.entries(patch)) decimal(value, field);
  tables.orderLines.update(line.id, patch);
  tables.orders.update(order.id, {});
  return true;
}

function draftOrder(tables: ErpTables, orderId: number): Order {
  const order = byId(tables.orders, orderId, 'sales order');
  if (order.state !== 'draft') throw new Rejection('refused', `The sandbox changes lines of quotations only; ${order.name} is ${order.state}`);
  return order;
}
