import { big, decimal, isPositive, least, subtract, type DecimalText } from './decimal.ts';
import { isOpen, orderByAnyName, pickingsOf, QUARANTINE, variantBySku, virtualLocation } from './lookups.ts';
import { Rejection } from './part.ts';
import { setMove, updatePicking, validatePicking } from './pickings.ts';
import { carrierByName, packInto, setMoveLines, type NamedLine, type NamedPackage } from './packing.ts';
import type { Move, Order, Picking } from './rows.ts';
import { createReturn, openReturn, setReturnLine } from './returns.ts';
import type { ErpTables } from './tables.ts';

export interface Shipping {
  readonly order: unknown;
  readonly tracking?: string | readonly string[];
  readonly carrier?: string;
  readonly lines?: readonly NamedLine[];
  readonly packages?: readonly NamedPackage[];
}

/**
 * A person ships an order: `{ order, tracking?, carrier?, lines? | packages? }`. Without lines everything reserved goes; with lines
 * or packages exactly those, also what is not on hand. The rest becomes a backorder. `tracking`: one number or several; a parcel named
 * like one of them has that number.
 */
export function shipOrder(tables: ErpTables, args: Shipping): unknown {
  const { order, picking } = openShipment(tables, args.order);
  if (args.lines !== undefined && args.packages !== undefined) throw new Rejection('invalid', 'Either lines or packages: what is packed is in its package');
  if (args.lines !== undefined) pick(tables, picking.id, args.lines, order);
  if (args.packages !== undefined) packInto(tables, picking.id, args.packages);
  const tracking = typeof args.tracking === 'string' ? args.tracking : args.tracking?.join(',');
  const carrierId = args.carrier === undefined ? undefined : carrierByName(tables, args.carrier).id;
  updatePicking(tables, { pickingId: picking.id, ...(tracking !== undefined && { trackingReference: tracking }), ...(carrierId !== undefined && { carrierId }) });
  const outcome = validatePicking(tables, { pickingId: picking.id, rest: 'backorder' });
  const backorder = outcome.done && outcome.backorderId !== null ? tables.pickings.get(outcome.backorderId)!.name : null;
  return { order: order.name, shipment: picking.name, carrier: args.carrier ?? null, tracking: tracking ?? null, packages: (args.packages ?? []).map(({ name }) => name), backorder };
}

function openShipment(tables: ErpTables, name: unknown): { readonly order: Order; readonly picking: Picking } {
  const order = orderByAnyName(tables, name);
  const picking = pickingsOf(tables, order.id).find((row) => row.kind === 'outgoing' && isOpen(row.state));
  if (picking === undefined) throw new Rejection('refused', `Order ${order.name} has nothing to ship (it is ${order.state}; shipments: ${shipmentWords(tables, order)})`);
  return { order, picking };
}

/** A person prints the papers of what is to be picked: `{ order }`. */
export function printOrder(tables: ErpTables, args: { readonly order: unknown }): unknown {
  const { order, picking } = openShipment(tables, args.order);
  updatePicking(tables, { pickingId: picking.id, printed: true });
  return { order: order.name, shipment: picking.name, printed: true };
}

const shipmentWords = (tables: ErpTables, order: Order): string => pickingsOf(tables, order.id).map((row) => `${row.name} ${row.state}`).join(', ') || 'none';

function pick(tables: ErpTables, pickingId: number, lines: readonly NamedLine[], order: Order): void {
  const open = tables.moves.where('pickingId', pickingId).filter((move) => isOpen(move.state));
  for (const line of lines) {
    const variant = variantBySku(tables, line.sku);
    let left = decimal(line.quantity, 'quantity');
    if (!isPositive(left)) throw new Rejection('invalid', `quantity of ${line.sku} must be above 0, got ${left}`);
    for (const move of open.filter((row) => row.variantId === variant.id)) {
      const taken = least(move.demand, left);
      if (isPositive(taken)) setMove(tables, { moveId: move.id, quantity: taken, picked: true });
      left = subtract(left, taken);
    }
    if (isPositive(left)) throw new Rejection('refused', `Order ${order.name} has ${left} less of ${line.sku} open than was asked to ship`);
  }
}

export interface TakingBack {
  readonly order: unknown;
  readonly lines?: readonly NamedLine[];
  /** restock unless told. */
  readonly disposition?: string;
  /** The goods are on their way only. */
  readonly expected?: boolean;
}

/** A person takes goods back: `{ order, lines?, disposition?, expected? }`; without lines everything that was shipped and is not back yet. */
export function returnOrder(tables: ErpTables, args: TakingBack): unknown {
  const order = orderByAnyName(tables, args.order);
  const wanted = new Map((args.lines ?? []).map((line) => [variantBySku(tables, line.sku).id, decimal(line.quantity, 'quantity')]));
  const names: string[] = [];
  for (const picking of pickingsOf(tables, order.id).filter((row) => row.kind === 'outgoing' && row.state === 'done')) {
    const { formId } = openReturn(tables, { pickingId: picking.id });
    for (const line of tables.returnFormLines.where('formId', formId)) {
      const move = tables.moves.get(line.moveId)!;
      const quantity = takeBack(tables, move, args.lines === undefined ? null : wanted);
      setReturnLine(tables, { lineId: line.id, quantity });
    }
    if (!tables.returnFormLines.where('formId', formId).some((line) => isPositive(line.quantity))) continue;
    const { pickingId } = createReturn(tables, { formId });
    if (args.expected !== true) takeIn(tables, pickingId, args.disposition ?? 'restock');
    names.push(tables.pickings.get(pickingId)!.name);
  }
  const missing = [...wanted].find(([, quantity]) => isPositive(quantity));
  if (missing !== undefined) throw new Rejection('refused', `${missing[1]} of ${tables.variants.get(missing[0])!.sku} was never shipped with order ${order.name}, or is back already`);
  if (names.length === 0) throw new Rejection('refused', `Order ${order.name} has nothing that could come back`);
  return { order: order.name, returns: names };
}

function takeIn(tables: ErpTables, pickingId: number, disposition: string): void {
  const toLocationId = placeFor(tables, tables.pickings.get(pickingId)!, disposition);
  for (const move of tables.moves.where('pickingId', pickingId)) setMoveLines(tables, { moveId: move.id, parts: [{ quantity: move.demand, toLocationId }], picked: true });
  validatePicking(tables, { pickingId, rest: 'backorder' });
}

function placeFor(tables: ErpTables, picking: Picking, disposition: string): number {
  if (disposition === 'restock') return picking.toLocationId;
  if (disposition === 'scrap') return virtualLocation(tables, 'inventory').id;
  const place = disposition === 'quarantine' ? tables.locations.where('warehouseId', picking.warehouseId).find(({ name }) => name === QUARANTINE) : undefined;
  if (place === undefined) throw new Rejection('invalid', `Goods are restocked, scrapped or put into quarantine where the location has one; not ${JSON.stringify(disposition)}`);
  return place.id;
}

/** How much of a shipped move comes back now; counts down what is still wanted. */
function takeBack(tables: ErpTables, move: Move, wanted: Map<number, DecimalText> | null): DecimalText {
  const returnable = returnableOf(tables, move);
  if (wanted === null) return returnable;
  const left = wanted.get(move.variantId) ?? '0';
  const taken = least(returnable, left);
  wanted.set(move.variantId, subtract(left, taken));
  return taken;
}

/** Shipped with this move and not on its way back yet; never below 0. */
export function returnableOf(tables: ErpTables, move: Move): DecimalText {
  const back = tables.moves.where('returnedMoveId', move.id).filter((row) => row.state !== 'cancel');
  const left = back.reduce((rest, row) => rest.minus(row.demand), big(move.quantity));
  return left.lt(0) ? '0' : left.toFixed();
}
