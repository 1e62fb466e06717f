import { add, decimal, isPositive, least, subtract, sum, type DecimalText } from './decimal.ts';
import { isOpen, partyByCode, purchaseByAnyName, variantBySku, virtualLocation, warehouseByCode } from './lookups.ts';
import { Rejection } from './part.ts';
import { openPicking, refreshPicking, setMove, validatePicking } from './pickings.ts';
import type { Move, PurchaseLine, Warehouse } from './rows.ts';
import type { SeedPurchaseOrder } from './seed-types.ts';
import { dayNoon } from './seed-days.ts';
import { adjust, assignWaiting, quantAt, reserve } from './stock.ts';
import { nextNumber, type ErpTables } from './tables.ts';

/** Places a confirmed purchase; one order per receiving location, each with the transfer that will bring the goods. */
export function createPurchase(tables: ErpTables, seed: SeedPurchaseOrder): { readonly purchaseOrders: readonly string[] } {
  const codes = [...new Set(seed.lines.map((line) => line.location))];
  const at = (code: string): SeedPurchaseOrder => ({ ...seed, lines: seed.lines.filter((line) => line.location === code) });
  return { purchaseOrders: codes.map((code) => placeAt(tables, at(code), warehouseByCode(tables, code))) };
}

function placeAt(tables: ErpTables, seed: SeedPurchaseOrder, warehouse: Warehouse): string {
  const { nowMs } = tables.database;
  const vendor = partyByCode(tables, seed.vendor);
  const order = tables.purchaseOrders.insert({
    name: nextNumber(tables, 'P'), reference: seed.reference, vendorId: vendor.id, warehouseId: warehouse.id, state: 'purchase', orderedAtMs: nowMs,
  });
  const lines = seed.lines.map((line) => tables.purchaseLines.insert({
    purchaseOrderId: order.id, variantId: variantBySku(tables, line.sku).id, quantity: decimal(line.quantity, 'quantity'),
    receivedBefore: decimal(line.received ?? '0', 'received'), unitPrice: decimal(line.unitPrice ?? '0', 'unitPrice'), dueAtMs: dayNoon(line.due, nowMs),
  }));
  const open = lines.filter((line) => isPositive(subtract(line.quantity, line.receivedBefore)));
  if (open.length === 0) return order.name;
  const vendors = virtualLocation(tables, 'supplier').id;
  const picking = openPicking(tables, {
    kind: 'incoming', warehouse, partyId: vendor.id, purchaseOrderId: order.id, origin: order.name, fromLocationId: vendors,
    toLocationId: warehouse.stockLocationId, scheduledAtMs: Math.min(...open.map((line) => line.dueAtMs)),
  });
  for (const line of open) {
    reserve(tables, tables.moves.insert({
      variantId: line.variantId, pickingId: picking.id, fromLocationId: vendors, toLocationId: warehouse.stockLocationId,
      demand: subtract(line.quantity, line.receivedBefore), quantity: '0', picked: false, state: 'draft', dueAtMs: line.dueAtMs, doneAtMs: null,
      orderLineId: null, purchaseLineId: line.id, returnedMoveId: null, origin: order.name,
    }));
  }
  refreshPicking(tables, picking.id);
  return order.name;
}

/** What arrived of a line so far, returns to the vendor taken off. */
export function receivedOf(tables: ErpTables, line: PurchaseLine): DecimalText {
  const done = tables.moves.where('purchaseLineId', line.id).filter((move) => move.state === 'done');
  const moved = done.map((move) => (tables.locations.get(move.toLocationId)?.usage === 'supplier' ? subtract('0', move.quantity) : move.quantity));
  return sum([line.receivedBefore, ...moved]);
}

/**
 * Goods arrive: `{ purchaseOrder }` takes all of it in; `{ sku, quantity, location? }` fills the purchase orders due there,
 * earliest first, and books what nobody ordered as found stock.
 */
export function receiveGoods(tables: ErpTables, args: { readonly purchaseOrder?: unknown; readonly sku?: unknown; readonly quantity?: unknown; readonly location?: unknown }): unknown {
  if (args.purchaseOrder !== undefined) return receivePurchase(tables, args.purchaseOrder);
  const variant = variantBySku(tables, args.sku);
  const warehouse = warehouseByCode(tables, args.location);
  const quantity = decimal(args.quantity, 'quantity');
  if (!isPositive(quantity)) throw new Rejection('invalid', `quantity must be above 0, got ${quantity}`);
  const due = tables.moves
    .where('variantId', variant.id)
    .filter((move) => move.purchaseLineId !== null && isOpen(move.state) && move.toLocationId === warehouse.stockLocationId)
    .sort((a, b) => a.dueAtMs - b.dueAtMs || a.id - b.id);
  let left = quantity;
  const against: string[] = [];
  for (const move of due) {
    const taken = least(move.demand, left);
    if (!isPositive(taken)) break;
    receiveMove(tables, move, taken);
    against.push(move.origin ?? '');
    left = subtract(left, taken);
  }
  if (isPositive(left)) bookFound(tables, variant.id, warehouse, left);
  const onHand = quantAt(tables, variant.id, warehouse.stockLocationId)?.quantity ?? '0';
  return { sku: variant.sku, location: warehouse.code, received: quantity, purchaseOrders: against, found: left, onHand };
}

function receiveMove(tables: ErpTables, move: Move, quantity: DecimalText): void {
  setMove(tables, { moveId: move.id, quantity, picked: true });
  validatePicking(tables, { pickingId: move.pickingId!, rest: 'backorder' });
}

function bookFound(tables: ErpTables, variantId: number, warehouse: Warehouse, quantity: DecimalText): void {
  const place = warehouse.stockLocationId;
  adjust(tables, variantId, place, add(quantAt(tables, variantId, place)?.quantity ?? '0', quantity));
  for (const pickingId of assignWaiting(tables, variantId, place)) refreshPicking(tables, pickingId);
}

function receivePurchase(tables: ErpTables, name: unknown): unknown {
  const order = purchaseByAnyName(tables, name);
  const open = tables.pickings.where('purchaseOrderId', order.id).filter((picking) => picking.kind === 'incoming' && isOpen(picking.state));
  if (open.length === 0) throw new Rejection('refused', `Purchase order ${order.name} (${order.reference}) has nothing left to receive`);
  for (const picking of open) validatePicking(tables, { pickingId: picking.id, rest: 'backorder' });
  return { purchaseOrder: order.name, receipts: open.map((picking) => picking.name) };
}
