import { compare, equals, multiply, type Decimal, type RoundingMode } from '../../../domain/decimal.ts';
import { money, type CurrencyCode, type Money } from '../../../domain/money.ts';
import type { LayeredList, ListPrice, PriceBase, PriceList, PriceRule, Rounding } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import { applyFormula, takePercent } from './price-formula.ts';
import { refuse, type Finding, type PriceFacts, type PriceRequest, type Refused, type Resolution } from './price-facts.ts';
import { finishPrice } from './rounding.ts';

/** An amount somewhere on its way: of one of the item's own unit, unrounded. */
interface Candidate {
  readonly ok: true;
  readonly amount: Decimal;
  readonly rule: PriceRule | null;
}

type Attempt = Candidate | Refused;

const UNROUNDED: Rounding = { mode: 'HALF_UP', digits: null, place: 'UNIT' };

/** The price of `quantity`, rounded once: when all rules and the lists they are based on have been applied. */
export function resolvePrice(facts: PriceFacts, request: PriceRequest): Resolution {
  const found = findPrice(facts, request);
  return found.ok ? finishPrice(found.price, request.quantity) : found;
}

/** The same, before anything is rounded: what promotions on the price of a piece start from. */
export function findPrice(facts: PriceFacts, request: PriceRequest): Finding {
  if (facts.listPrice === null) return refuse('UNKNOWN_SKU');
  const deciding = request.lists[0] ?? null;
  return deciding === null ? findBase(facts, request) : findOnList(facts, request, deciding);
}

function findBase(facts: PriceFacts, request: PriceRequest): Finding {
  const base = basePrice(facts, request);
  if (!base.ok) return base;
  const list = facts.policy.baseListCode === null ? null : (facts.lists.get(facts.policy.baseListCode) ?? null);
  return inCurrency(facts, request, { ...base, layer: 'BASE', list, listPrice: base });
}

function findOnList(facts: PriceFacts, request: PriceRequest, { layer, code }: LayeredList): Finding {
  const list = facts.lists.get(code);
  if (list === undefined) return refuse('UNUSABLE_PRICE_LIST');
  const found = priceOnList(facts, request, list.code, []);
  if (!found.ok) return found;
  const base = basePrice(facts, request);
  return inCurrency(facts, request, { ...found, currencyCode: list.currencyCode, layer, list, listPrice: base.ok ? base : null });
}

interface Priced extends Candidate {
  readonly currencyCode: CurrencyCode;
}

interface OnList extends Priced {
  readonly layer: LayeredList['layer'] | 'BASE';
  readonly list: PriceList | null;
  readonly listPrice: Priced | null;
}

/** In the currency asked for, where it is sold in that; the base price beside it where a rate lets it be compared. */
function inCurrency({ rates, policy }: PriceFacts, request: PriceRequest, found: OnList): Finding {
  const { list, rule, layer } = found;
  const currencyCode = request.currencyCode ?? found.currencyCode;
  if (currencyCode !== found.currencyCode && !policy.convertedCurrencies.includes(currencyCode)) return refuse('NO_CURRENCY');
  const amountIn = (amount: Decimal, from: CurrencyCode): Decimal | null => {
    const rate = from === currencyCode ? null : rates.rateAt(from, currencyCode, request.at);
    return from === currencyCode ? amount : rate === null ? null : multiply(amount, rate.rate);
  };
  const exact = amountIn(found.amount, found.currencyCode);
  if (exact === null) return refuse('MISSING_RATE');
  const own: Money = found.listPrice === null ? money(exact, currencyCode) : money(found.listPrice.amount, found.listPrice.currencyCode);
  const compared = amountIn(own.amount, own.currencyCode);
  return {
    ok: true,
    price: {
      exact, currencyCode, layer,
      rounding: list === null ? UNROUNDED : roundingOf(list),
      listPrice: compared === null ? own : money(compared, currencyCode),
      priceListCode: list?.code ?? null, ruleReference: rule?.reference ?? null, breakQuantity: rule?.minQuantity ?? null,
      taxIncluded: list?.taxIncluded ?? false,
    },
  };
}

const roundingOf = ({ roundingMode, roundingDigits, roundingPlace }: PriceList): Rounding => ({ mode: roundingMode as RoundingMode, digits: roundingDigits, place: roundingPlace });

/** What everybody pays: the base list where there is one, else the item's own price. */
function basePrice(facts: PriceFacts, request: PriceRequest): Priced | Refused {
  const { listPrice, lists, policy } = facts;
  if (policy.baseListCode === null) return { ok: true, amount: listPrice!.price.amount, currencyCode: listPrice!.price.currencyCode, rule: null };
  const list = lists.get(policy.baseListCode);
  if (list === undefined || !list.active) return refuse('UNUSABLE_PRICE_LIST');
  const fitting = (facts.rules.get(list.code) ?? []).filter((rule) => fits(rule, request));
  const [rule] = fitting;
  if (rule === undefined || rule.formula.kind !== 'FIXED') return refuse('NO_LIST_PRICE');
  return { ok: true, amount: rule.formula.amount, currencyCode: list.currencyCode, rule };
}

/** What one list says, unrounded and in its currency; `above` are the lists whose rules led here. */
function priceOnList(facts: PriceFacts, request: PriceRequest, code: string, above: readonly string[]): Attempt {
  const list = facts.lists.get(code);
  if (list === undefined || !list.active || above.includes(code)) return refuse('UNUSABLE_PRICE_LIST');
  const fitting = (facts.rules.get(code) ?? []).filter((rule) => fits(rule, request));
  if (fitting.length === 0) return convert(facts, request, basePrice(facts, request), list.currencyCode);
  const path = [...above, code];
  if (facts.policy.withinList === 'FIRST_WINS') return priceByRule(facts, request, fitting[0]!, list, path);
  return lowest(fitting.map((rule) => priceByRule(facts, request, rule, list, path)));
}

function priceByRule(facts: PriceFacts, request: PriceRequest, rule: PriceRule, list: PriceList, path: readonly string[]): Attempt {
  const { formula } = rule;
  if (formula.kind === 'FIXED') return { ok: true, amount: formula.amount, rule };
  const base = readBase(facts, request, formula.base, list.currencyCode, path);
  if (!base.ok) return base;
  const amount = formula.kind === 'PERCENT_OFF' ? takePercent(base.amount, formula.percent) : applyFormula(base.amount, formula);
  return { ok: true, amount, rule };
}

function readBase(facts: PriceFacts, request: PriceRequest, base: PriceBase, currencyCode: CurrencyCode, path: readonly string[]): Attempt {
  if (base.kind === 'LIST') return convert(facts, request, basePrice(facts, request), currencyCode);
  if (base.kind === 'COST') return convert(facts, request, costOf(facts.listPrice!), currencyCode);
  const found = priceOnList(facts, request, base.code, path);
  return convert(facts, request, found.ok ? { ...found, currencyCode: facts.lists.get(base.code)!.currencyCode } : found, currencyCode);
}

const costOf = ({ cost }: ListPrice): Priced | Refused =>
  cost === null ? refuse('NO_LIST_PRICE') : { ok: true, amount: cost.amount, currencyCode: cost.currencyCode, rule: null };

function convert({ rates }: PriceFacts, { at }: PriceRequest, price: Priced | Refused, currencyCode: CurrencyCode): Attempt {
  if (!price.ok || price.currencyCode === currencyCode) return price;
  const found = rates.rateAt(price.currencyCode, currencyCode, at);
  return found === null ? refuse('MISSING_RATE') : { ok: true, amount: multiply(price.amount, found.rate), rule: price.rule };
}

/** An unusable rule among the fitting ones makes "lowest" unknowable: its refusal is the answer. Equals keep precedence. */
function lowest(attempts: readonly Attempt[]): Attempt {
  return attempts.reduce((best, next) => {
    if (!best.ok) return best;
    return !next.ok || compare(next.amount, best.amount) < 0 ? next : best;
  });
}

/** Whether quantity and instant are within the rule. */
function fits(rule: PriceRule, { quantity, at }: PriceRequest): boolean {
  return (rule.minQuantity === null || compare(quantity, rule.minQuantity) >= 0) && isValidAt(rule, at);
}

/** From the first instant of the window on, and no longer at its last: where one ends the next begins. */
export const isValidAt = (window: { readonly validFrom: Instant | null; readonly validUntil: Instant | null }, at: Instant): boolean =>
  (window.validFrom === null || window.validFrom <= at) && (window.validUntil === null || at < window.validUntil);

/** Whether a rule's target includes the SKU. */
export function covers({ target }: Pick<PriceRule, 'target'>, { sku, groupCode, categoryCodes }: Pick<ListPrice, 'sku' | 'groupCode' | 'categoryCodes'>): boolean {
  switch (target.kind) {
    case 'SKU':
      return target.sku === sku;
    case 'GROUP':
      return target.groupCode === groupCode;
    case 'CATEGORY':
      return categoryCodes.includes(target.categoryCode);
    case 'ALL':
      return true;
  }
}

/** Precedence compares as bytes do, not as a language does; the reference makes equals a fixed order. */
export const orderRules = (rules: readonly PriceRule[]): readonly PriceRule[] =>
  [...rules].sort((a, b) => compareBytes(a.precedence, b.precedence) || compareBytes(a.reference, b.reference));

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const samePrice = (a: Money, b: Money): boolean => a.currencyCode === b.currencyCode && equals(a.amount, b.amount);
