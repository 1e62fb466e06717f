import { add, big, decimal, isPositive, least, subtract, sum, type DecimalText } from './decimal.ts';
import { isOpen, variantBySku, virtualLocation, warehouseByCode } from './lookups.ts';
import type { Move, Quant } from './rows.ts';
import type { ErpTables } from './tables.ts';

export function quantAt(tables: ErpTables, variantId: number, locationId: number): Quant | undefined {
  return tables.quants.where('variantId', variantId).find((quant) => quant.locationId === locationId);
}

/** Changes what lies and what is reserved at a place; double entry keeps the virtual locations as counterweight. */
function changeQuant(tables: ErpTables, variantId: number, locationId: number, by: { readonly quantity?: DecimalText; readonly reserved?: DecimalText }): void {
  const quant = quantAt(tables, variantId, locationId) ?? tables.quants.insert({ variantId, locationId, quantity: '0', reserved: '0' });
  tables.quants.update(quant.id, {
    quantity: add(quant.quantity, by.quantity ?? '0'),
    reserved: add(quant.reserved, by.reserved ?? '0'),
  });
}

const isInside = (tables: ErpTables, locationId: number): boolean => tables.locations.get(locationId)?.usage === 'internal';

/** On hand minus reserved at one place; negative when parallel confirmations reserved the same goods twice. */
export function freeAt(tables: ErpTables, variantId: number, locationId: number): DecimalText {
  const quant = quantAt(tables, variantId, locationId);
  return quant === undefined ? '0' : subtract(quant.quantity, quant.reserved);
}

/** Reserves for an open move as much as is free (or as the caller believed to be free when it began). Returns the move. */
export function reserve(tables: ErpTables, move: Move, believedFree?: DecimalText): Move {
  const missing = subtract(move.demand, move.quantity);
  const comesFromOutside = !isInside(tables, move.fromLocationId);
  const free = comesFromOutside ? missing : believedFree ?? freeAt(tables, move.variantId, move.fromLocationId);
  const taken = isPositive(free) ? least(missing, free) : '0';
  if (!isPositive(taken)) return move.state === 'draft' ? tables.moves.update(move.id, { state: 'confirmed' }) : move;
  if (!comesFromOutside) changeQuant(tables, move.variantId, move.fromLocationId, { reserved: taken });
  const quantity = add(move.quantity, taken);
  return tables.moves.update(move.id, { quantity, state: big(quantity).gte(move.demand) ? 'assigned' : 'partially_available' });
}

/** Gives back what an open move had reserved. */
export function unreserve(tables: ErpTables, move: Move): Move {
  if (isInside(tables, move.fromLocationId) && !big(move.quantity).eq(0)) {
    changeQuant(tables, move.variantId, move.fromLocationId, { reserved: text0(move.quantity) });
  }
  dropMoveLines(tables, move.id);
  return tables.moves.update(move.id, { quantity: '0', state: 'confirmed' });
}

const text0 = (value: DecimalText): DecimalText => subtract('0', value);

/** Says how much will really move: the reservation follows, also beyond what is free (the ERP lets a picker do that). */
export function setMoved(tables: ErpTables, move: Move, quantity: DecimalText, picked: boolean): Move {
  const change = subtract(quantity, move.quantity);
  if (isInside(tables, move.fromLocationId)) changeQuant(tables, move.variantId, move.fromLocationId, { reserved: change });
  const state = big(quantity).gte(move.demand) ? 'assigned' : isPositive(quantity) ? 'partially_available' : 'confirmed';
  return tables.moves.update(move.id, { quantity, picked, state });
}

/** The move goes as one again. */
export function dropMoveLines(tables: ErpTables, moveId: number): void {
  for (const { id } of tables.moveLines.where('moveId', moveId)) tables.moveLines.remove(id);
}

/** Moves the goods: reservation ends, stock leaves one place and lies at the other, or at the others. */
export function finish(tables: ErpTables, move: Move): Move {
  const { variantId, quantity } = move;
  const reserved = isInside(tables, move.fromLocationId) ? text0(quantity) : '0';
  changeQuant(tables, variantId, move.fromLocationId, { quantity: text0(quantity), reserved });
  const parts = tables.moveLines.where('moveId', move.id);
  for (const part of parts.length === 0 ? [move] : parts) changeQuant(tables, variantId, part.toLocationId, { quantity: part.quantity });
  return tables.moves.update(move.id, { state: 'done', demand: quantity, picked: true, doneAtMs: tables.database.nowMs });
}

/** New goods at a place go to the waiting moves, oldest first, as Odoo assigns on arrival. Returns the pickings touched. */
export function assignWaiting(tables: ErpTables, variantId: number, locationId: number): number[] {
  const waiting = tables.moves
    .where('variantId', variantId)
    .filter((move) => move.fromLocationId === locationId && (move.state === 'confirmed' || move.state === 'partially_available') && !move.picked);
  const touched: number[] = [];
  for (const move of waiting) {
    if (!isPositive(freeAt(tables, variantId, locationId))) break;
    if (reserve(tables, move) !== move && move.pickingId !== null) touched.push(move.pickingId);
  }
  return touched;
}

/** Books a count: what lies at the location becomes `counted`, the difference goes to the adjustment location. */
export function adjust(tables: ErpTables, variantId: number, locationId: number, counted: DecimalText): void {
  const difference = subtract(counted, quantAt(tables, variantId, locationId)?.quantity ?? '0');
  if (big(difference).eq(0)) return;
  const adjustment = virtualLocation(tables, 'inventory').id;
  const [from, to] = isPositive(difference) ? [adjustment, locationId] : [locationId, adjustment];
  const quantity = big(difference).abs().toFixed();
  const { nowMs } = tables.database;
  tables.moves.insert({
    variantId, pickingId: null, fromLocationId: from, toLocationId: to, demand: quantity, quantity, picked: true, state: 'done', dueAtMs: nowMs,
    doneAtMs: nowMs, orderLineId: null, purchaseLineId: null, returnedMoveId: null, origin: 'Product Quantity Updated',
  });
  changeQuant(tables, variantId, from, { quantity: text0(quantity) });
  changeQuant(tables, variantId, to, { quantity });
}

/** Sets what physically lies at a location: `{ sku, location?, quantity }`. */
export function setStock(tables: ErpTables, args: { readonly sku?: unknown; readonly location?: unknown; readonly quantity?: unknown }): { readonly sku: string; readonly location: string; readonly onHand: DecimalText; readonly touched: readonly number[] } {
  const variant = variantBySku(tables, args.sku);
  const warehouse = warehouseByCode(tables, args.location);
  const onHand = decimal(args.quantity, 'quantity');
  adjust(tables, variant.id, warehouse.stockLocationId, onHand);
  const touched = assignWaiting(tables, variant.id, warehouse.stockLocationId);
  return { sku: variant.sku, location: warehouse.code, onHand, touched };
}

export interface StockFigures {
  readonly onHand: DecimalText;
  readonly free: DecimalText;
  readonly incoming: DecimalText;
  readonly outgoing: DecimalText;
  readonly forecast: DecimalText;
}

/**
 * The ERP's figures for one variant over some stock locations. `untilMs` bounds the moves counted, as Odoo's `to_date`:
 * no look-ahead; a moment in the past takes later movements out again.
 */
export function figuresOf(tables: ErpTables, variantId: number, locations: ReadonlySet<number>, untilMs: number | null, nowMs: number): StockFigures {
  const quants = tables.quants.where('variantId', variantId).filter((quant) => locations.has(quant.locationId));
  const moves = tables.moves.where('variantId', variantId);
  const arrives = (move: Move): boolean => locations.has(move.toLocationId) && !locations.has(move.fromLocationId);
  const leaves = (move: Move): boolean => locations.has(move.fromLocationId) && !locations.has(move.toLocationId);
  const open = moves.filter((move) => isOpen(move.state) && (untilMs === null || move.dueAtMs <= untilMs));
  const later = untilMs === null || untilMs >= nowMs ? [] : moves.filter((move) => move.state === 'done' && (move.doneAtMs ?? 0) > untilMs);
  const total = (rows: readonly Move[], wanted: (move: Move) => boolean): DecimalText => sum(rows.filter(wanted).map((move) => move.demand));
  const onHand = add(sum(quants.map((quant) => quant.quantity)), subtract(total(later, leaves), total(later, arrives)));
  const [incoming, outgoing] = [total(open, arrives), total(open, leaves)];
  const free = subtract(onHand, sum(quants.map((quant) => quant.reserved)));
  return { onHand, free, incoming, outgoing, forecast: subtract(add(onHand, incoming), outgoing) };
}
