import { isPositive, type Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { NoPriceReason, PriceBase, PriceFormula, PriceLayer, PriceList, PriceRule } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import { describeFormula } from './formula-words.ts';
import { priceByRule, type Question } from './list-amounts.ts';
import type { CurrencyRates } from './price-facts.ts';
import { settle } from './rounding.ts';
import { misfitOf, type Misfit } from './rule-fit.ts';

export interface UsedRate {
  readonly from: CurrencyCode;
  readonly to: CurrencyCode;
  readonly rate: Decimal;
  readonly validFrom: Instant;
}

/** One rule that covers the SKU, or the item's own price, and what it comes to. */
export interface Candidate {
  readonly layer: PriceLayer;
  /** Null: the item's own price. */
  readonly priceListCode: string | null;
  /** Null: the item's own price, or a list that cannot be used. */
  readonly ruleReference: string | null;
  /** In `unitCode`; null: any. */
  readonly minQuantity: Decimal | null;
  readonly unitCode: string | null;
  readonly validFrom: Instant | null;
  readonly validUntil: Instant | null;
  readonly formula: PriceFormula['kind'] | null;
  readonly base: PriceBase['kind'] | null;
  /** For a reader: "10 % off the list price". Says a margin over cost where `isFromCost`. */
  readonly description: string;
  /** Of one of the item's own unit, unrounded, in `currencyCode`; null where it has none or does not hold. */
  readonly amount: Decimal | null;
  readonly currencyCode: CurrencyCode | null;
  /** Why there is no price of it; null where there is one, or where it does not hold. */
  readonly refusal: NoPriceReason | null;
  /** The cost can be computed from it: amount and description are for those who may see costs. */
  readonly isFromCost: boolean;
  /** Rates of exchange on the way to its amount. */
  readonly rates: readonly UsedRate[];
  /** Why it does not hold; null: it does. */
  readonly misfit: Misfit | null;
}

/** What a list has to say, in the order in which its rules are tried. A list that cannot be used is one candidate without a price. */
export function candidatesOf(question: Question, layer: PriceLayer, code: string): readonly Candidate[] {
  const list = question.facts.lists.get(code);
  if (list === undefined || !list.active) return [{ ...NOTHING, layer, priceListCode: code, refusal: 'UNUSABLE_PRICE_LIST', description: `price list ${code} is ${list === undefined ? 'unknown' : 'inactive'}` }];
  return (question.facts.rules.get(code) ?? []).map((rule) => candidateOf(question, layer, list, rule));
}

/** The item's own price. */
export function ownPrice({ item: { price } }: Question): Candidate {
  const refusal = isPositive(price.amount) ? null : 'NO_LIST_PRICE';
  return { ...NOTHING, layer: 'BASE', amount: price.amount, currencyCode: price.currencyCode, refusal, description: "the item's own price" };
}

const NOTHING: Omit<Candidate, 'layer' | 'description'> = {
  priceListCode: null, ruleReference: null, minQuantity: null, unitCode: null, validFrom: null, validUntil: null, formula: null, base: null,
  amount: null, currencyCode: null, refusal: null, isFromCost: false, rates: [], misfit: null,
};

function candidateOf(question: Question, layer: PriceLayer, list: PriceList, rule: PriceRule): Candidate {
  const { formula, reference: ruleReference, minQuantity, unitCode, validFrom, validUntil } = rule;
  const misfit = misfitOf(rule, question.request, question.unit);
  const base = formula.kind === 'FIXED' ? null : formula.base.kind;
  const told = {
    ...NOTHING, layer, priceListCode: list.code, ruleReference, minQuantity, unitCode, validFrom, validUntil, formula: formula.kind, base, misfit,
    description: describeFormula(formula, list.currencyCode, unitCode), isFromCost: base === 'COST',
  };
  if (misfit !== null) return told;
  const { rates, used } = recordRates(question.facts.rates);
  const attempt = priceByRule({ ...question, facts: { ...question.facts, rates } }, rule, list, [list.code]);
  if (!attempt.ok) return { ...told, refusal: attempt.reason, rates: used };
  return { ...told, amount: settle(attempt.amount), currencyCode: attempt.currencyCode, isFromCost: attempt.isFromCost, rates: used };
}

/** The same rates, and which of them were used; `used` fills as they are. */
function recordRates(known: CurrencyRates): { readonly rates: CurrencyRates; readonly used: readonly UsedRate[] } {
  const used: UsedRate[] = [];
  return { used, rates: { rateAt: (from, to, at) => {
    const found = known.rateAt(from, to, at);
    if (found !== null && !used.some((rate) => rate.from === from && rate.to === to)) used.push({ from, to, rate: found.rate, validFrom: found.validFrom });
    return found;
  } } };
}
