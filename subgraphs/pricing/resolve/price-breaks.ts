import { compare, ONE, type Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { PriceRule } from '../../../domain/pricing.ts';
import type { Question } from './list-amounts.ts';
import type { PriceFacts, PriceRequest } from './price-facts.ts';
import { askAbout, resolvePrice, samePrice } from './resolve-price.ts';
import { isValidAt, smallestQuantity } from './rule-fit.ts';

export interface Break {
  /** In the item's own unit. */
  readonly minQuantity: Decimal;
  readonly unitPrice: Money;
  /** Where the price ends, exclusive: the next break, or where there is no price any more. Null: it goes on. */
  readonly below: Decimal | null;
}

/**
 * Unit prices by quantity, ascending: one entry for each quantity at which the price really changes, so neighbours that touch
 * always differ. Computed by asking for the price at every threshold of every rule that could matter, those of other lists and
 * of base lists included; what a break says is what `resolvePrice` charges. Empty when there is no price at any.
 */
export function listBreaks(facts: PriceFacts, request: Omit<PriceRequest, 'quantity'>): readonly Break[] {
  const breaks: Break[] = [];
  let open: Omit<Break, 'below'> | null = null;
  for (const minQuantity of thresholdsOf(facts, request)) {
    const resolved = resolvePrice(facts, { ...request, quantity: minQuantity });
    const unitPrice: Money | null = resolved.ok ? resolved.price.unitPrice : null;
    if (open !== null && unitPrice !== null && samePrice(unitPrice, open.unitPrice)) continue;
    if (open !== null) breaks.push({ ...open, below: minQuantity });
    open = unitPrice === null ? null : { minQuantity, unitPrice };
  }
  return open === null ? breaks : [...breaks, { ...open, below: null }];
}

/** In the item's own unit: one of the unit it is bought in, and every smallest quantity of a rule now valid on a list that may be read. */
export function thresholdsOf(facts: PriceFacts, request: Omit<PriceRequest, 'quantity'>): readonly Decimal[] {
  const question = askAbout(facts, { ...request, quantity: ONE });
  if ('reason' in question) return [];
  const seen = new Set<string>();
  const quantities = [...request.lists.map(({ code }) => code), facts.policy.baseListCode]
    .flatMap((code) => reachableRules(facts, code, seen))
    .flatMap((rule) => thresholdOf(rule, question) ?? []);
  return [...new Set([question.unit.factor, ...quantities])].sort(compare);
}

function thresholdOf(rule: PriceRule, { request, unit }: Question): Decimal | null {
  const mayHold = (rule.unitCode === null || rule.unitCode === unit.code) && isValidAt(rule, request.at);
  return mayHold ? smallestQuantity(rule, unit) : null;
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
