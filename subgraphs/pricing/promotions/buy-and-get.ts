import { add, compare, decimal, divide, divideFinely, isPositive, least, multiply, round, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import { takeOffLine, type LineState } from './line-state.ts';

type BuyAndGet = Extract<PromotionEffect, { kind: 'BUY_X_GET_Y' }>;

/**
 * For every `buy` + `get` pieces on these lines together, `get` of them are less: the cheapest of all. Only whole pieces of a line count (of 2.5
 * metres two). A piece is worth what its line comes to by now, divided by its quantity; of equally cheap ones those of the lower SKU go first,
 * then those of the smaller line, then of the earlier.
 */
export function applyBuyAndGet(states: readonly LineState[], effect: BuyAndGet, by: Promotion): readonly LineState[] {
  let left = reducedPieces(states, effect);
  const taken = new Map<LineState, Decimal>();
  for (const state of cheapestFirst(states)) {
    const pieces = least(left, wholePieces(state));
    left = subtract(left, pieces);
    taken.set(state, pieces);
  }
  return states.map((state) => {
    const pieces = taken.get(state)!;
    const percent = multiply(multiply(state.exactNet, pieces), effect.percentOff);
    return isPositive(pieces) ? takeOffLine(state, divideFinely(percent, multiply(state.line.quantity, HUNDRED)), by) : state;
  });
}

const HUNDRED = decimal(100);

const wholePieces = ({ line }: LineState): Decimal => round(line.quantity, 0, 'DOWN');

function reducedPieces(states: readonly LineState[], { buy, get, timesAtMost }: BuyAndGet): Decimal {
  const pieces = states.reduce((total, state) => add(total, wholePieces(state)), ZERO);
  const times = round(divide(pieces, add(buy, get)), 0, 'DOWN');
  return multiply(timesAtMost === null ? times : least(times, decimal(timesAtMost)), get);
}

/** By price of a piece, compared crosswise: a quotient would be rounded. */
const cheapestFirst = (states: readonly LineState[]): readonly LineState[] =>
  [...states].sort((a, b) =>
    compare(multiply(a.exactNet, b.line.quantity), multiply(b.exactNet, a.line.quantity)) ||
    Buffer.compare(Buffer.from(a.line.sku), Buffer.from(b.line.sku)) || compare(a.line.quantity, b.line.quantity));
