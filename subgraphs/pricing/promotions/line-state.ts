import { add, compare, greatest, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { AppliedPromotion } from '../../../domain/pricing.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { FoundPrice, Refused, ResolvedPrice } from '../resolve/price-facts.ts';
import { extendExactly, finishPrice, roundLine } from '../resolve/rounding.ts';
import type { PromotableLine, PromotedLine } from './promotable.ts';

/**
 * A line on its way through promotions. What each takes off is the difference of two rounded totals, so that the sum over all of
 * them is exactly what the line comes to less, and what is rounded is never rounded again.
 */
export interface LineState {
  readonly line: PromotableLine;
  readonly found: FoundPrice;
  /** What the line comes to by now, unrounded from the price of a piece as it is charged. */
  readonly exactNet: Decimal;
  /** The same, rounded as the price list says. */
  readonly net: Decimal;
  readonly applied: readonly AppliedPromotion[];
}

type Head = Pick<Promotion, 'code' | 'name'>;

/** Refused: it has no price, and no promotion gives it one. */
export function startLine(line: PromotableLine): LineState | Refused {
  const finished = finishPrice(line.found, line.quantity);
  return finished.ok ? { line, found: line.found, ...netOf(finished.price, line.quantity), applied: [] } : finished;
}

const netOf = ({ exact, rounding, lineTotal }: ResolvedPrice, quantity: Decimal): Pick<LineState, 'exactNet' | 'net'> => ({ exactNet: extendExactly(exact, quantity, rounding), net: lineTotal.amount });

/** Another price of a piece. Stays as it is where that is not lower, or none: nothing is given away as a price of zero. */
export function lowerUnit(state: LineState, exact: Decimal, by: Head): LineState {
  const { line: { quantity }, found } = state;
  if (compare(exact, found.exact) >= 0) return state;
  const finished = finishPrice({ ...found, exact }, quantity);
  if (!finished.ok) return state;
  return { ...noted(state, by, finished.price.lineTotal.amount), found: { ...found, exact }, ...netOf(finished.price, quantity) };
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
export function finishLine({ line, found, net, applied }: LineState): PromotedLine {
  const resolution = finishPrice(found, line.quantity);
  return { resolution, discount: resolution.ok ? subtract(resolution.price.lineTotal.amount, net) : ZERO, applied };
}

export const netTogether = (states: readonly LineState[]): Decimal => states.reduce((total, { net }) => add(total, net), ZERO);
