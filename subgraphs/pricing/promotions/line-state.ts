import { add, compare, greatest, isPositive, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { AppliedPromotion } from '../../../domain/pricing.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { FoundPrice, Refused, ResolvedPrice } from '../resolve/price-facts.ts';
import { extendExactly, finishPrice, roundLine, roundUnit } from '../resolve/rounding.ts';
import type { PromotableLine, PromotedLine } from './promotable.ts';

/**
 * A line on its way through promotions. What each takes off is the difference of two rounded totals, so that the sum over all of
 * them is exactly what the line comes to less, and what is rounded is never rounded again.
 */
export interface LineState {
  readonly line: PromotableLine;
  readonly found: FoundPrice;
  /** The same, rounded; null: not since it was changed. */
  readonly priced: ResolvedPrice | null;
  /** What the line comes to by now, unrounded from the price of a piece as it is charged. */
  readonly exactNet: Decimal;
  /** The same, rounded as the price list says. */
  readonly net: Decimal;
  readonly applied: readonly AppliedPromotion[];
}

type Head = Pick<Promotion, 'code' | 'name'>;

/** Refused: it has no price, and no promotion gives it one. */
export function startLine(line: PromotableLine): LineState | Refused {
  const { found, quantity } = line;
  const finished = finishPrice(found, quantity);
  if (!finished.ok) return finished;
  return { line, found, priced: finished.price, exactNet: extendExactly(found.exact, quantity, found.rounding), net: finished.price.lineTotal.amount, applied: [] };
}

/** Another price of a piece. Stays as it is where that is not lower, or none: nothing is given away as a price of zero. */
export function lowerUnit(state: LineState, exact: Decimal, by: Head): LineState {
  const { line: { quantity }, found } = state;
  if (compare(exact, found.exact) >= 0 || !isPositive(roundUnit(exact, found.rounding))) return state;
  const exactNet = extendExactly(exact, quantity, found.rounding);
  const net = roundLine(exactNet, found.rounding, found.currencyCode);
  return { ...noted(state, by, net), found: { ...found, exact }, priced: null, exactNet, net };
}

/** So much, unrounded, off what the line comes to; at most all of it. It counts as taken off also where rounding leaves nothing of it. */
export function takeOffLine(state: LineState, amount: Decimal, by: Head): LineState {
  const exactNet = greatest(subtract(state.exactNet, amount), ZERO);
  if (compare(exactNet, state.exactNet) >= 0) return state;
  const net = roundLine(exactNet, state.found.rounding, state.found.currencyCode);
  return { ...noted(state, by, net), exactNet, net };
}

/** A share of what is taken off the basket, in whole pennies already. */
export function takeShare(state: LineState, share: Decimal, by: Head): LineState {
  const net = subtract(state.net, share);
  return compare(net, state.net) >= 0 ? state : { ...noted(state, by, net), exactNet: net, net };
}

const noted = (state: LineState, { code, name }: Head, net: Decimal): LineState => ({ ...state, applied: [...state.applied, { code, name, amount: subtract(state.net, net) }] });

/** The end of the way. */
export function finishLine({ line, found, priced, net, applied }: LineState): PromotedLine {
  const resolution = priced === null ? finishPrice(found, line.quantity) : { ok: true as const, price: priced };
  return { resolution, discount: resolution.ok ? subtract(resolution.price.lineTotal.amount, net) : ZERO, applied };
}

export const netTogether = (states: readonly LineState[]): Decimal => states.reduce((total, { net }) => add(total, net), ZERO);
