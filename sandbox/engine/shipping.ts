import { big, decimal, isPositive, least, subtract, type DecimalText } from './decimal.ts';
import { isOpen, orderByAnyName, pickingsOf, variantBySku } from './lookups.ts';
import { Rejection } from './part.ts';
import { setMove, updatePicking, validatePicking } from './pickings.ts';
import type { Move, Order } from './rows.ts';
import { createReturn, openReturn, setReturnLine } from './returns.ts';
import type { ErpTables } from './tables.ts';

export interface NamedLine {
  readonly sku: string;
  readonly quantity: DecimalText | number;
}

/**
 * A person ships an order: `{ order, tracking?, lines? }`. Without lines everything reserved goes; with lines exactly
 * those, also what is not on hand. The rest becomes a backorder. `tracking`: one number or several.
 */
export function shipOrder(tables: ErpTables, args: { readonly order: unknown; readonly tracking?: string | readonly string[]; readonly lines?: readonly NamedLine[] }): unknown {
  const order = orderByAnyName(tables, args.order);
  const picking = pickingsOf(tables, order.id).find((row) => row.kind === 'outgoing' && isOpen(row.state));
  if (picking === undefined) throw new Rejection('refused', `Order ${order.name} has nothing to ship (it is ${order.state}; shipments: ${shipmentWords(tables, order)})`);
  if (args.lines !== undefined) pick(tables, picking.id, args.lines, order);
  const tracking = typeof args.tracking === 'string' ? args.tracking : args.tracking?.join(',');
  updatePicking(tables, { pickingId: picking.id, ...(tracking !== undefined && { trackingReference: tracking }) });
  const outcome = validatePicking(tables, { pickingId: picking.id, rest: 'backorder' });
  const backorder = outcome.done && outcome.backorderId !== null ? tables.pickings.get(outcome.backorderId)!.name : null;
  return { order: order.name, shipment: picking.name, tracking: tracking ?? null, backorder };
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

/** A person takes goods back: `{ order, lines? }`; without lines everything that was shipped and is not back yet. */
export function returnOrder(tables: ErpTables, args: { readonly order: unknown; readonly lines?: readonly NamedLine[] }): unknown {
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
    validatePicking(tables, { pickingId, rest: 'backorder' });
    names.push(tables.pickings.get(pickingId)!.name);
  }
  const missing = [...wanted].find(([, quantity]) => isPositive(quantity));
  if (missing !== undefined) throw new Rejection('refused', `${missing[1]} of ${tables.variants.get(missing[0])!.sku} was never shipped with order ${order.name}, or is back already`);
  if (names.length === 0) throw new Rejection('refused', `Order ${order.name} has nothing that could come back`);
  return { order: order.name, returns: names };
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
