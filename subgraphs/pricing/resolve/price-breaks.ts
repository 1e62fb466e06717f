import { compare, ONE, type Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { PriceRule } from '../../../domain/pricing.ts';
import type { PriceFacts, PriceRequest } from './price-facts.ts';
import { isValidAt, resolvePrice, samePrice } from './resolve-price.ts';

export interface Break {
  readonly minQuantity: Decimal;
  readonly unitPrice: Money;
}

/**
 * Unit prices by quantity, ascending: one entry for each quantity at which the price really changes, so neighbours
 * always differ. Computed by asking for the price at every threshold of every rule that could matter, those of base
 * lists included; what a break says is what `resolvePrice` charges. Empty when there is no price at any.
 */
export function listBreaks(facts: PriceFacts, request: Omit<PriceRequest, 'quantity'>): readonly Break[] {
  const breaks: Break[] = [];
  let previous: Money | null = null;
  for (const minQuantity of thresholdsOf(facts, request)) {
    const resolved = resolvePrice(facts, { ...request, quantity: minQuantity });
    const unitPrice = resolved.ok ? resolved.price.unitPrice : null;
    if (unitPrice !== null && (previous === null || !samePrice(unitPrice, previous))) breaks.push({ minQuantity, unitPrice });
    previous = unitPrice;
  }
  return breaks;
}

/** One piece, and every smallest quantity of a rule now valid on the list or one below it. */
function thresholdsOf(facts: PriceFacts, request: Omit<PriceRequest, 'quantity'>): readonly Decimal[] {
  const seen = new Set<string>();
  const quantities = request.lists
    .flatMap(({ code }) => reachableRules(facts, code, seen))
    .filter((rule) => isValidAt(rule, request.at))
    .flatMap((rule) => rule.minQuantity ?? []);
  return [...new Set([ONE, ...quantities])].sort(compare);
}

function reachableRules(facts: PriceFacts, code: string | null, seen: Set<string>): readonly PriceRule[] {
  if (code === null || seen.has(code)) return [];
  seen.add(code);
  const own = facts.rules.get(code) ?? [];
  return [...own, ...own.flatMap((rule) => reachableRules(facts, baseListOf(rule), seen))];
}

/** The list a rule is based on, where it is based on one. */
export const baseListOf = ({ formula }: PriceRule): string | null =>
  formula.kind !== 'FIXED' && formula.base.kind === 'PRICE_LIST' ? formula.base.code : null;
