import { compare, isPositive, isZero, least, multiply, add, ONE, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { BasketLine, HeldLine } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';

/* Which goods an order gives back that became smaller. Pure. */

export interface OpenLine {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly quantity: Decimal;
  readonly dueOn: CalendarDate | null;
}

/** A committed hold with what of it still counts. */
export interface ReducibleHold {
  readonly id: string;
  readonly basket: readonly HeldLine[];
  readonly lines: readonly OpenLine[];
}

export interface Recipe {
  readonly component: Sku;
  /** In one kit. */
  readonly quantity: Decimal;
}

export interface Cut {
  readonly holdId: string;
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly quantity: Decimal;
}

export interface Reduction {
  readonly cuts: readonly Cut[];
  /** What each hold touched is for from now on. */
  readonly baskets: readonly { readonly holdId: string; readonly basket: readonly HeldLine[] }[];
}

/**
 * The latest hold gives first, and of a line first what was sold without stock behind it, then what is due last: what stays is
 * what can leave soonest. A kit gives its components, as it is composed by now; a hold of which nothing is wanted any more
 * gives all it has, whatever kits were made of when it was placed.
 */
export function planReduction(latestFirst: readonly ReducibleHold[], lines: readonly BasketLine[], recipes: ReadonlyMap<Sku, readonly Recipe[]>): Reduction {
  const wanted = new Map<Sku, Decimal>();
  for (const { sku, quantity } of lines) wanted.set(sku, add(wanted.get(sku) ?? ZERO, quantity));
  const reduced = latestFirst.map((hold) => reduceHold(hold, wanted, recipes));
  return { cuts: reduced.flatMap((one) => one.cuts), baskets: reduced.flatMap((one) => one.baskets) };
}

/** Takes from `wanted` what this hold can give. */
function reduceHold(hold: ReducibleHold, wanted: Map<Sku, Decimal>, recipes: ReadonlyMap<Sku, readonly Recipe[]>): Reduction {
  const left = hold.lines.map((line) => ({ ...line }));
  let touched = false;
  const basket = basketOf(hold).map((line): HeldLine => {
    const given = least(wanted.get(line.sku) ?? ZERO, add(line.held, line.backordered));
    if (!isPositive(given)) return line;
    touched = true;
    wanted.set(line.sku, subtract(wanted.get(line.sku)!, given));
    const unbacked = least(given, line.backordered);
    const held = subtract(given, unbacked);
    for (const { component, quantity } of componentsOf(line.sku, hold, recipes)) takeLatest(left, component, multiply(held, quantity));
    return { ...line, requested: subtract(line.requested, given), held: subtract(line.held, held), backordered: subtract(line.backordered, unbacked) };
  });
  if (!touched) return { cuts: [], baskets: [] };
  const isOver = basket.every((line) => isZero(line.held));
  const cuts = hold.lines.map(({ sku, locationCode, quantity }, index) => (
    { holdId: hold.id, sku, locationCode, quantity: isOver ? quantity : subtract(quantity, left[index]!.quantity) }));
  return { cuts: cuts.filter((cut) => isPositive(cut.quantity)), baskets: [{ holdId: hold.id, basket }] };
}

/** Holds of before kits say only what they took. */
function basketOf({ basket, lines }: ReducibleHold): readonly HeldLine[] {
  if (basket.length > 0) return basket;
  return [...Map.groupBy(lines, (line) => line.sku)].map(([sku, same]): HeldLine => {
    const held = sum(same.map((line) => line.quantity));
    return { sku, requested: held, held, backordered: ZERO, promisedOn: null };
  });
}

const componentsOf = (sku: Sku, { lines }: ReducibleHold, recipes: ReadonlyMap<Sku, readonly Recipe[]>): readonly Recipe[] =>
  lines.some((line) => line.sku === sku) ? [{ component: sku, quantity: ONE }] : (recipes.get(sku) ?? []);

function takeLatest(lines: { sku: Sku; locationCode: LocationCode; quantity: Decimal; dueOn: CalendarDate | null }[], sku: Sku, quantity: Decimal): void {
  let missing = quantity;
  const latestFirst = lines.filter((line) => line.sku === sku).sort((a, b) => ((a.dueOn ?? '') === (b.dueOn ?? '') ? byCode(b.locationCode, a.locationCode) : byCode(b.dueOn ?? '', a.dueOn ?? '')));
  for (const line of latestFirst) {
    if (compare(missing, ZERO) <= 0) return;
    const taken = least(missing, line.quantity);
    line.quantity = subtract(line.quantity, taken);
    missing = subtract(missing, taken);
  }
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
