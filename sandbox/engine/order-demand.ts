import { add, big, isPositive, isZero, least, subtract, sum, type DecimalText } from './decimal.ts';
import { byId, isOpen, orderByAnyName, pickingsOf, virtualLocation } from './lookups.ts';
import { Rejection } from './part.ts';
import { openPicking, refreshPicking, setMove } from './pickings.ts';
import type { Move, Order, OrderLine, Picking } from './rows.ts';
import { dropMoveLines, reserve, unreserve } from './stock.ts';
import type { ErpTables } from './tables.ts';

/** How the transfers of a confirmed order follow what becomes of its lines. */

/** What is asked of a move. Less than is reserved gives all of it back; it is for an assignment to reserve again. */
export function setDemand(tables: ErpTables, args: { readonly moveId: number; readonly demand: DecimalText }): true {
  const move = byId(tables.moves, args.moveId, 'stock move');
  if (!isOpen(move.state)) {
    tables.moves.update(move.id, { demand: args.demand });
    return true;
  }
  const kept = big(move.quantity).gt(args.demand) ? release(tables, move) : move;
  const enough = isPositive(kept.quantity) && big(kept.quantity).gte(args.demand);
  tables.moves.update(move.id, { demand: args.demand, state: enough ? 'assigned' : isPositive(kept.quantity) ? 'partially_available' : 'confirmed' });
  if (move.pickingId !== null) refreshPicking(tables, move.pickingId);
  return true;
}

function release(tables: ErpTables, move: Move): Move {
  dropMoveLines(tables, move.id);
  return unreserve(tables, move);
}

export function cancelMove(tables: ErpTables, args: { readonly moveId: number }): true {
  const move = byId(tables.moves, args.moveId, 'stock move');
  if (move.state === 'done') throw new Rejection('refused', "You cannot cancel a stock move that has been set to 'Done'. Create a return in order to reverse the moves which took place.");
  if (isOpen(move.state)) release(tables, move);
  tables.moves.update(move.id, { state: 'cancel' });
  if (move.pickingId !== null) refreshPicking(tables, move.pickingId);
  return true;
}

/** Reserves what is free for the moves of a transfer that wait. */
export function assignPicking(tables: ErpTables, args: { readonly pickingId: number }): true {
  const picking = byId(tables.pickings, args.pickingId, 'transfer');
  const waiting = tables.moves.where('pickingId', picking.id).filter(({ state }) => state === 'confirmed' || state === 'partially_available');
  for (const move of waiting) if (isPositive(move.demand)) reserve(tables, move);
  refreshPicking(tables, picking.id);
  return true;
}

/** Moves go over to another transfer, with what is reserved for them. */
export function rehomeMoves(tables: ErpTables, args: { readonly pickingId: number; readonly moveIds: readonly number[] }): true {
  const picking = byId(tables.pickings, args.pickingId, 'transfer');
  const moves = args.moveIds.map((id) => byId(tables.moves, id, 'stock move'));
  for (const move of moves) tables.moves.update(move.id, { pickingId: picking.id });
  const orderIds = moves.flatMap(({ orderLineId }) => (orderLineId === null ? [] : [tables.orderLines.get(orderLineId)!.orderId]));
  if (picking.orderId === null && orderIds[0] !== undefined) tables.pickings.update(picking.id, { orderId: orderIds[0] });
  for (const id of new Set([picking.id, ...moves.map(({ pickingId }) => pickingId)])) if (id !== null && tables.moves.where('pickingId', id).length > 0) refreshPicking(tables, id);
  return true;
}

/** Shipped, or to be shipped, less what comes back. */
function planned(tables: ErpTables, line: OrderLine, variantId: number): DecimalText {
  const moves = tables.moves.where('orderLineId', line.id).filter((move) => move.variantId === variantId && move.state !== 'cancel');
  const amount = (move: Move): DecimalText => (move.state === 'done' ? move.quantity : move.demand);
  return sum(moves.map((move) => (tables.locations.get(move.toLocationId)?.usage === 'customer' ? amount(move) : subtract('0', amount(move)))));
}

/**
 * Brings the transfers of an order to what one line asks now: more goes to the open transfer nobody has printed, or to a
 * new one; less is taken off such a transfer, and what none has comes back as a transfer in, as Odoo does.
 */
export function followLine(tables: ErpTables, order: Order, line: OrderLine, wanted: ReadonlyMap<number, DecimalText>): void {
  for (const [variantId, quantity] of wanted) {
    const missing = subtract(quantity, planned(tables, line, variantId));
    if (isPositive(missing)) raise(tables, order, line, variantId, missing);
    else if (!isZero(missing)) lower(tables, order, line, variantId, subtract('0', missing));
  }
}

/** Odoo looks for the last one. */
const unprinted = (tables: ErpTables, order: Order): Picking | undefined =>
  pickingsOf(tables, order.id).filter((picking) => picking.kind === 'outgoing' && isOpen(picking.state) && picking.printed !== true).at(-1);

function raise(tables: ErpTables, order: Order, line: OrderLine, variantId: number, missing: DecimalText): void {
  const warehouse = tables.warehouses.get(order.warehouseId)!;
  const [fromLocationId, toLocationId, dueAtMs] = [warehouse.stockLocationId, virtualLocation(tables, 'customer').id, order.wantedAtMs ?? tables.database.nowMs];
  const picking = unprinted(tables, order) ?? openPicking(tables, {
    kind: 'outgoing', warehouse, partyId: order.deliveryPartyId, orderId: order.id, origin: order.name, fromLocationId, toLocationId, scheduledAtMs: dueAtMs, carrierId: order.carrierId ?? null,
  });
  const there = tables.moves.where('pickingId', picking.id).find((move) => move.orderLineId === line.id && move.variantId === variantId && isOpen(move.state));
  if (there === undefined) {
    reserve(tables, tables.moves.insert({
      variantId, pickingId: picking.id, fromLocationId, toLocationId, demand: missing, quantity: '0', picked: false, state: 'draft', dueAtMs, doneAtMs: null,
      orderLineId: line.id, purchaseLineId: null, returnedMoveId: null, origin: order.name,
    }));
  } else {
    setDemand(tables, { moveId: there.id, demand: add(there.demand, missing) });
    reserve(tables, tables.moves.get(there.id)!);
  }
  refreshPicking(tables, picking.id);
}

function lower(tables: ErpTables, order: Order, line: OrderLine, variantId: number, surplus: DecimalText): void {
  const picking = unprinted(tables, order);
  const move = picking === undefined ? undefined : tables.moves.where('pickingId', picking.id).find((row) => row.orderLineId === line.id && row.variantId === variantId && isOpen(row.state));
  const taken = move === undefined ? '0' : least(move.demand, surplus);
  if (move !== undefined) {
    setDemand(tables, { moveId: move.id, demand: subtract(move.demand, taken) });
    if (isZero(subtract(move.demand, taken))) cancelMove(tables, { moveId: move.id });
    else assignPicking(tables, { pickingId: picking!.id });
  }
  const rest = subtract(surplus, taken);
  if (isPositive(rest)) comeBack(tables, order, line, variantId, rest);
}

function comeBack(tables: ErpTables, order: Order, line: OrderLine, variantId: number, demand: DecimalText): void {
  const warehouse = tables.warehouses.get(order.warehouseId)!;
  const places = { fromLocationId: virtualLocation(tables, 'customer').id, toLocationId: warehouse.stockLocationId };
  const picking = openPicking(tables, { kind: 'incoming', warehouse, ...places, partyId: order.deliveryPartyId, orderId: order.id, origin: order.name, scheduledAtMs: tables.database.nowMs });
  reserve(tables, tables.moves.insert({
    variantId, pickingId: picking.id, ...places, demand, quantity: '0', picked: false, state: 'draft', dueAtMs: tables.database.nowMs, doneAtMs: null,
    orderLineId: line.id, purchaseLineId: null, returnedMoveId: null, origin: order.name,
  }));
  refreshPicking(tables, picking.id);
}

/** A person begins to pick what is reserved of an order: `{ order }`. Nothing leaves yet. */
export function pickOrder(tables: ErpTables, args: { readonly order: unknown }): unknown {
  const order = orderByAnyName(tables, args.order);
  const shipments = pickingsOf(tables, order.id).filter((row) => row.kind === 'outgoing' && isOpen(row.state));
  const moves = shipments.flatMap(({ id }) => tables.moves.where('pickingId', id).filter((move) => isOpen(move.state) && isPositive(move.quantity)));
  if (moves.length === 0) throw new Rejection('refused', `Order ${order.name} has nothing reserved that could be picked`);
  for (const { id, quantity } of moves) setMove(tables, { moveId: id, quantity, picked: true });
  return { order: order.name, shipments: shipments.map(({ name }) => name), picked: moves.map(({ variantId, quantity }) => ({ sku: tables.variants.get(variantId)!.sku, quantity })) };
}
