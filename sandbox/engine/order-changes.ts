import { big, decimal, type DecimalText } from './decimal.ts';
import { byId } from './lookups.ts';
import { followLine, setDemand } from './order-demand.ts';
import { Rejection } from './part.ts';
import { updatePicking } from './pickings.ts';
import type { Order } from './rows.ts';
import { addLine, deliveredOf, isGoods, movedFor, type NewOrderLine } from './sales.ts';
import type { NewRow } from './table.ts';
import type { ErpTables } from './tables.ts';

type OrderPatch = Partial<Pick<NewRow<Order>, 'reference' | 'origin' | 'invoicePartyId' | 'deliveryPartyId' | 'wantedAtMs' | 'note' | 'warehouseId' | 'priceListId' | 'paymentTermId' | 'paymentReference' | 'carrierId'>>;

interface LinePatch {
  readonly lineId: number;
  readonly quantity?: DecimalText;
  readonly unitPrice?: DecimalText;
  readonly discountPercent?: DecimalText;
  /** What is asked of its moves from now on; where the line's quantity is not met by them, they follow it. */
  readonly moves?: readonly { readonly moveId: number; readonly demand: DecimalText }[];
}

interface OrderChange extends OrderPatch {
  readonly orderId: number;
  readonly lines?: readonly LinePatch[];
  readonly added?: readonly NewOrderLine[];
  readonly pickings?: readonly Parameters<typeof updatePicking>[1][];
}

/**
 * Where, for whom, under which reference, and what: `{ orderId, lines?, added?, pickings?, ... }`, all of it or nothing. A
 * cancelled order keeps its reference changeable, as in Odoo.
 */
export function updateOrder(tables: ErpTables, args: OrderChange): true {
  const { orderId, lines = [], added = [], pickings = [], ...patch } = args;
  const order = byId(tables.orders, orderId, 'sales order');
  for (const partyId of [patch.invoicePartyId, patch.deliveryPartyId]) if (partyId !== undefined) byId(tables.parties, partyId, 'partner');
  for (const picking of pickings) updatePicking(tables, picking);
  tables.orders.update(order.id, patch);
  for (const line of lines) updateOrderLine(tables, line);
  for (const line of added) addOrderLine(tables, { orderId, ...line });
  return true;
}

export function addOrderLine(tables: ErpTables, args: NewOrderLine & { readonly orderId: number }): { readonly lineId: number } {
  const { orderId, ...line } = args;
  const order = byId(tables.orders, orderId, 'sales order');
  if (order.state !== 'draft') throw new Rejection('refused', `The sandbox adds lines to quotations only; ${order.name} is ${order.state}`);
  const { id } = addLine(tables, order, line);
  tables.orders.update(order.id, {});
  return { lineId: id };
}

const SHIPPED = 'The ordered quantity of a sale order line cannot be decreased below the amount already delivered. Instead, create a return in your inventory.';

/** Changes a line of a quotation, or of an order and with it what the warehouse is to do: `{ lineId, quantity?, unitPrice?, discountPercent?, moves? }`. */
export function updateOrderLine(tables: ErpTables, args: LinePatch): true {
  const { lineId, moves = [], ...patch } = args;
  const line = byId(tables.orderLines, lineId, 'sales order line');
  const order = tables.orders.get(line.orderId)!;
  if (order.state === 'cancel') throw new Rejection('refused', `The sandbox changes no lines of cancelled orders; ${order.name} is one`);
  for (const [field, value] of Object.entries(patch)) decimal(value, field);
  const isDelivered = order.state === 'sale' && patch.quantity !== undefined && line.variantId !== null && isGoods(tables, line.variantId);
  if (isDelivered && big(patch.quantity!).lt(deliveredOf(tables, line))) throw new Rejection('refused', SHIPPED);
  const changed = tables.orderLines.update(line.id, patch);
  tables.orders.update(order.id, {});
  for (const move of moves) setDemand(tables, { moveId: move.moveId, demand: decimal(move.demand, 'product_uom_qty') });
  if (isDelivered) followLine(tables, tables.orders.get(order.id)!, changed, movedFor(tables, changed));
  return true;
}
