import { compare, divideFinely, multiply, ONE, type Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { ListPrice, PriceBase, PriceList, PriceRule } from '../../../domain/pricing.ts';
import { exchange } from './currency-rates.ts';
import { applyFormula, takePercent } from './price-formula.ts';
import { refuse, type PriceFacts, type PriceRequest, type Refused } from './price-facts.ts';
import { settle } from './rounding.ts';
import { misfitOf, type BoughtUnit } from './rule-fit.ts';

/** One SKU, one request, with what both say taken apart. */
export interface Question {
  readonly facts: PriceFacts;
  readonly item: ListPrice;
  readonly request: PriceRequest;
  readonly unit: BoughtUnit;
}

/** An amount somewhere on its way: of one of the item's own unit, unrounded. */
export interface Amount {
  readonly ok: true;
  readonly amount: Decimal;
  readonly currencyCode: CurrencyCode;
  /** The rule it is by; null: the item's own price or cost. */
  readonly rule: PriceRule | null;
  /** Priced as one, in the item's own unit; see `UnitRounding`. */
  readonly per: Decimal;
  /** Whether its taxes are in it; null: as the item's own price, which its tax rates say. */
  readonly taxIncluded: boolean | null;
  /** Whether the cost can be computed from it. */
  readonly isFromCost: boolean;
}

export type Attempt = Amount | Refused;

/**
 * What everybody pays: the base list where the source has one, else the item's own price. While the base list itself is read
 * (`above`), the item's own price is what its rules start from.
 */
export function basePrice(question: Question, above: readonly string[]): Attempt {
  const code = question.facts.policy.baseListCode;
  if (code === null || above.includes(code)) return amountOf(question.item.price, false);
  return priceOnList(question, code, above) ?? refuse('NO_LIST_PRICE');
}

/** What one list says, in its currency; null: it has no rule that fits. `above` are the lists whose rules led here. */
export function priceOnList(question: Question, code: string, above: readonly string[]): Attempt | null {
  const { facts, request, unit } = question;
  const list = facts.lists.get(code);
  if (list === undefined || !list.active || above.includes(code)) return refuse('UNUSABLE_PRICE_LIST');
  const path = [...above, code];
  let best: Amount | null = null;
  for (const rule of facts.rules.get(code) ?? []) {
    if (misfitOf(rule, request, unit) !== null) continue;
    const attempt = priceByRule(question, rule, list, path);
    // A rule that has no price among those that fit makes "lowest" unknowable: its refusal is the answer. Equals keep precedence.
    if (!attempt.ok || facts.policy.withinList === 'FIRST_WINS') return attempt;
    if (best === null || isLower(attempt, best)) best = attempt;
  }
  return best;
}

/** Of two amounts in one currency. */
export const isLower = (a: Amount, b: Amount): boolean => compare(settle(a.amount), settle(b.amount)) < 0;

/** What a rule that fits says, in the currency of its list; `path` ends with that list. */
export function priceByRule(question: Question, rule: PriceRule, { currencyCode, taxIncluded }: PriceList, path: readonly string[]): Attempt {
  const { formula } = rule;
  const per = rule.unitCode === null ? ONE : question.unit.factor;
  const answer = (amount: Decimal, isFromCost: boolean): Amount =>
    ({ ok: true, amount: per === ONE ? amount : divideFinely(amount, per), currencyCode, rule, per, taxIncluded, isFromCost });
  if (formula.kind === 'FIXED') return answer(formula.amount, false);
  const base = inCurrency(question, taxedAs(taxIncluded, readBase(question, formula.base, path)), currencyCode);
  if (!base.ok) return base;
  // The rule speaks of one of its unit: so must what it starts from.
  const start = per === ONE ? base.amount : multiply(base.amount, per);
  return answer(formula.kind === 'PERCENT_OFF' ? takePercent(start, formula.percent) : applyFormula(start, formula), base.isFromCost);
}

function readBase(question: Question, base: PriceBase, path: readonly string[]): Attempt {
  if (base.kind === 'LIST') return basePrice(question, path);
  if (base.kind === 'COST') return question.item.cost === null ? refuse('NO_LIST_PRICE') : amountOf(question.item.cost, true);
  return priceOnList(question, base.code, path) ?? basePrice(question, path);
}

/** A price with its taxes is no start for one without them, nor to be compared with it: by how much they differ the lists do not say. */
export const taxedAs = (taxIncluded: boolean | null, attempt: Attempt): Attempt =>
  !attempt.ok || taxIncluded === null || attempt.taxIncluded === null || attempt.taxIncluded === taxIncluded ? attempt : refuse('UNUSABLE_PRICE_LIST');

/** At the rate of the instant asked for. */
export function inCurrency({ facts, request }: Question, attempt: Attempt, currencyCode: CurrencyCode): Attempt {
  if (!attempt.ok || attempt.currencyCode === currencyCode) return attempt;
  const rate = facts.rates.rateAt(attempt.currencyCode, currencyCode, request.at);
  return rate === null ? refuse('MISSING_RATE') : { ...attempt, amount: exchange(attempt.amount, rate), currencyCode };
}

const amountOf = ({ amount, currencyCode }: Money, isFromCost: boolean): Amount => ({ ok: true, amount, currencyCode, rule: null, per: ONE, taxIncluded: null, isFromCost });
