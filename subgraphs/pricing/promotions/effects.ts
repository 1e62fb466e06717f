import { compare, decimal, isPositive, least, multiply, round, scaleOf, subtract, sum, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits } from '../../../domain/money.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import { applyBuyAndGet } from './buy-and-get.ts';
import { lowerUnit, netTogether, takeOffLine, takeShare, type LineState } from './line-state.ts';
import { shareOut } from './shares.ts';

/** Prices of pieces first, then lines, then the basket: each starts from what the one before left. */
export const STAGES = ['UNIT', 'LINE', 'BASKET'] as const;

export type Stage = (typeof STAGES)[number];

export function stageOf(effect: PromotionEffect): Stage {
  switch (effect.kind) {
    case 'FIXED_PRICE':
      return 'UNIT';
    case 'BUY_X_GET_Y':
      return 'LINE';
    default:
      return effect.place;
  }
}

/** Whether what it takes off a line depends on the other lines. */
export const isBasketWide = ({ effect }: Promotion): boolean => effect.kind === 'BUY_X_GET_Y' || stageOf(effect) === 'BASKET';

/**
 * The lines a promotion is for, after it. One it does not touch is the very same object: where the basket is too small for it,
 * all of them.
 */
export function applyPromotion(promotion: Promotion, states: readonly LineState[]): readonly LineState[] {
  const { effect, minBasket } = promotion;
  if (states.length === 0 || (minBasket !== null && compare(netTogether(states), minBasket.amount) < 0)) return states;
  if (effect.kind === 'BUY_X_GET_Y') return applyBuyAndGet(states, effect, promotion);
  switch (stageOf(effect)) {
    case 'UNIT':
      return states.map((state) => lowerUnit(state, unitAfter(effect, state), promotion));
    case 'LINE':
      return states.map((state) => takeOffLine(state, percentOf(effect, state, state.exactNet), promotion));
    case 'BASKET':
      return applyToBasket(effect, states, promotion);
  }
}

type PlainEffect = Exclude<PromotionEffect, { kind: 'BUY_X_GET_Y' }>;

const HUNDREDTH = decimal('0.01');

function unitAfter(effect: PlainEffect, { found: { exact, listPrice } }: LineState): Decimal {
  switch (effect.kind) {
    case 'FIXED_PRICE':
      return effect.amount.amount;
    case 'AMOUNT_OFF':
      return subtract(exact, effect.amount.amount);
    case 'PERCENT_OFF':
      return subtract(exact, hundredths(effect.of === 'LIST' ? listPrice.amount : exact, effect.percent));
  }
}

const hundredths = (amount: Decimal, percent: Decimal): Decimal => multiply(multiply(amount, percent), HUNDREDTH);

/** Of what the line comes to, or of what it would come to at the base price; other effects have no place here. */
function percentOf(effect: PlainEffect, { found, line }: LineState, net: Decimal): Decimal {
  if (effect.kind !== 'PERCENT_OFF') throw new RangeError(`${effect.kind} is not taken off lines`);
  return hundredths(effect.of === 'LIST' ? multiply(found.listPrice.amount, line.quantity) : net, effect.percent);
}

/** One amount, to the currency's digits (halves up), never above what the lines come to; shared in proportion to that. */
function applyToBasket(effect: PlainEffect, states: readonly LineState[], by: Promotion): readonly LineState[] {
  const digits = currencyDigits(states[0]!.found.currencyCode);
  // Percent of a base price above the price may be more than a line comes to: other lines do not pay for that.
  const wanted = effect.kind === 'AMOUNT_OFF' ? effect.amount.amount : sum(states.map((state) => least(percentOf(effect, state, state.net), state.net)));
  const amount = least(round(wanted, digits, effect.kind === 'AMOUNT_OFF' ? 'DOWN' : 'HALF_UP'), netTogether(states));
  if (!isPositive(amount)) return states;
  const claims = states.map(({ net, line }) => ({ weight: net, name: line.sku }));
  const shares = shareOut(amount, claims, Math.max(digits, ...states.map(({ net }) => scaleOf(net))));
  return states.map((state, index) => takeShare(state, shares[index]!, by));
}
