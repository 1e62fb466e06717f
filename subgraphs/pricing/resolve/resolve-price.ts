import { equals, isPositive, ONE } from '../../../domain/decimal.ts';
import { currencyDigits, money, type CurrencyCode, type Money } from '../../../domain/money.ts';
import type { LayeredList, PriceLayer, PriceList } from '../../../domain/pricing.ts';
import { basePrice, inCurrency, isLower, priceOnList, taxedAs, type Amount, type Attempt, type Question } from './list-amounts.ts';
import { refuse, type Finding, type PriceFacts, type PriceRequest, type Refused, type Resolution, type UnitRounding } from './price-facts.ts';
import { finishPrice } from './rounding.ts';
import { smallestQuantity } from './rule-fit.ts';
import { unitFactor } from './units.ts';

/** The price of `quantity`, rounded once: when all rules and the lists they are based on have been applied. */
export function resolvePrice(facts: PriceFacts, request: PriceRequest): Resolution {
  const found = findPrice(facts, request);
  return found.ok ? finishPrice(found.price, request.quantity) : found;
}

/** The same, before anything is rounded: what promotions on the price of a piece start from. */
export function findPrice(facts: PriceFacts, request: PriceRequest): Finding {
  const question = askAbout(facts, request);
  if ('reason' in question) return question;
  const decision = decide(question);
  return decision.ok ? answer(question, decision) : decision;
}

/** @returns why nothing can be asked: UNKNOWN_SKU, UNKNOWN_UNIT */
export function askAbout(facts: PriceFacts, request: PriceRequest): Question | Refused {
  const { listPrice: item } = facts;
  if (item === null) return refuse('UNKNOWN_SKU');
  const factor = unitFactor(item, request.unitCode);
  return factor === null ? refuse('UNKNOWN_UNIT') : { facts, item, request, unit: { code: request.unitCode ?? item.unitCode, factor } };
}

/** Which layer's amount is the price. */
interface Decision extends Amount {
  readonly layer: PriceLayer;
  /** Its list; null: the item's own price. */
  readonly list: PriceList | null;
}

type Decided = Decision | Refused;

/** In the order of `request.lists`. A list that is asked and cannot be used is the answer: what it would have said is not known. */
function decide(question: Question): Decided {
  switch (question.facts.policy.acrossLists) {
    case 'FIRST_LIST':
      return byFirstList(question);
    case 'FIRST_WINS':
      return byFirstRule(question);
    case 'LOWEST_WINS':
      return byLowest(question);
  }
}

/** What the first list has no rule for costs the base price, in the list's currency. */
function byFirstList(question: Question): Decided {
  const [first] = question.request.lists;
  if (first === undefined) return onBase(question);
  const attempt = priceOnList(question, first.code, []);
  if (attempt !== null) return onList(question, first, attempt);
  const { currencyCode, taxIncluded } = question.facts.lists.get(first.code)!;
  const base = inCurrency(question, taxedAs(taxIncluded, basePrice(question, [])), currencyCode);
  return onList(question, first, base.ok ? { ...base, rule: null } : base);
}

function byFirstRule(question: Question): Decided {
  for (const layered of question.request.lists) {
    const attempt = priceOnList(question, layered.code, []);
    if (attempt !== null) return onList(question, layered, attempt);
  }
  return onBase(question);
}

/**
 * The lowest of what every list says, and of the base price where there is one. A list without a fitting rule says nothing. They
 * are compared in the currency asked for, else in that of the first; of equals the earlier list stands.
 */
function byLowest(question: Question): Decided {
  const offers: Decision[] = [];
  for (const decided of offersOf(question)) {
    if (!decided.ok) return decided;
    offers.push(decided);
  }
  const taxIncluded = offers.find((offer) => offer.taxIncluded !== null)?.taxIncluded ?? null;
  return offers.every((offer) => taxedAs(taxIncluded, offer).ok) ? lowestOf(question, offers) : refuse('UNUSABLE_PRICE_LIST');
}

function lowestOf(question: Question, offers: readonly Decision[]): Decided {
  let best: { readonly decision: Decision; readonly compared: Amount } | null = null;
  for (const decision of offers) {
    const compared = inCurrency(question, decision, question.request.currencyCode ?? offers[0]!.currencyCode);
    if (!compared.ok) return compared;
    if (best === null || isLower(compared, best.compared)) best = { decision, compared };
  }
  return best?.decision ?? refuse('NO_LIST_PRICE');
}

function* offersOf(question: Question): Iterable<Decided> {
  for (const layered of question.request.lists) {
    const attempt = priceOnList(question, layered.code, []);
    if (attempt !== null) yield onList(question, layered, attempt);
  }
  const base = onBase(question);
  // No base price, or one of zero, undercuts nothing.
  if (base.ok ? isPositive(base.amount) : base.reason !== 'NO_LIST_PRICE') yield base;
}

const onList = ({ facts }: Question, { layer, code }: LayeredList, attempt: Attempt): Decided =>
  attempt.ok ? { ...attempt, layer, list: facts.lists.get(code)! } : attempt;

function onBase(question: Question): Decided {
  const { policy, lists } = question.facts;
  const base = basePrice(question, []);
  return base.ok ? { ...base, layer: 'BASE', list: policy.baseListCode === null ? null : lists.get(policy.baseListCode)! } : base;
}

/** In the currency asked for, where it is sold in that; the base price beside it where a rate lets it be compared. */
function answer(question: Question, decision: Decision): Finding {
  const { policy } = question.facts;
  const { list, rule, layer } = decision;
  const currencyCode = question.request.currencyCode ?? decision.currencyCode;
  const isConverted = currencyCode !== decision.currencyCode;
  if (isConverted && !policy.convertedCurrencies.includes(currencyCode)) return refuse('NO_CURRENCY');
  const converted = inCurrency(question, decision, currencyCode);
  if (!converted.ok) return converted;
  return {
    ok: true,
    price: {
      exact: converted.amount, currencyCode, layer,
      rounding: roundingOf(decision, isConverted ? currencyCode : null),
      listPrice: compareWithBase(question, converted),
      priceListCode: list?.code ?? null, ruleReference: rule?.reference ?? null,
      breakQuantity: rule === null ? null : smallestQuantity(rule, question.unit),
      taxIncluded: list?.taxIncluded ?? false,
    },
  };
}

/** A converted price has the digits of its new currency, unless the list states how many. */
function roundingOf({ list, per }: Decision, convertedTo: CurrencyCode | null): UnitRounding {
  const { roundingMode: mode, roundingDigits, roundingPlace: place } = list ?? { roundingMode: 'HALF_UP' as const, roundingDigits: null, roundingPlace: 'UNIT' as const };
  const digits = roundingDigits ?? (convertedTo === null ? null : currencyDigits(convertedTo));
  return per === ONE ? { mode, digits, place } : { mode, digits, place, per };
}

function compareWithBase(question: Question, price: Amount): Money {
  const base = taxedAs(price.taxIncluded, basePrice(question, []));
  // Zero says that nobody has set one.
  if (!base.ok || !isPositive(base.amount)) return money(price.amount, price.currencyCode);
  const compared = inCurrency(question, base, price.currencyCode);
  return compared.ok ? money(compared.amount, compared.currencyCode) : money(base.amount, base.currencyCode);
}

export const samePrice = (a: Money, b: Money): boolean => a.currencyCode === b.currencyCode && equals(a.amount, b.amount);
