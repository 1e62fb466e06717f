import { compare, equals, isPositive, round, ZERO, type Decimal, type RoundingMode } from '../../domain/decimal.ts';
import { extendPrice, money, type CurrencyCode, type Money } from '../../domain/money.ts';
import type { ListPrice, NoPriceReason, PriceBase, PriceList, PriceRule } from '../../domain/pricing.ts';
import type { Instant } from '../../domain/time.ts';
import { applyFormula, takePercent } from './price-formula.ts';

/** FIRST_WINS: the first fitting rule by precedence, as Odoo does; LOWEST_WINS: the fitting rule with the lowest price. */
export type RuleSelection = 'FIRST_WINS' | 'LOWEST_WINS';

/** All that decides the price of one SKU. */
export interface PriceFacts {
  /** null = unknown SKU. */
  readonly listPrice: ListPrice | null;
  /** By code: the buyer's list and those it is based on. */
  readonly lists: ReadonlyMap<string, PriceList>;
  /** By list code; every rule whose target covers the SKU, ordered by `orderRules`. */
  readonly rules: ReadonlyMap<string, readonly PriceRule[]>;
  readonly selection: RuleSelection;
}

export interface PriceRequest {
  readonly quantity: Decimal;
  /** null = the list price. */
  readonly priceListCode: string | null;
  /** null = the currency of the list. */
  readonly currencyCode: CurrencyCode | null;
  readonly at: Instant;
}

/** A price that explains itself. */
export interface ResolvedPrice {
  readonly unitPrice: Money;
  readonly listPrice: Money;
  readonly lineTotal: Money;
  readonly priceListCode: string | null;
  /** null where no rule of the list fits: the list price stands. */
  readonly ruleReference: string | null;
  /** The rule's smallest quantity; 0 = any. */
  readonly breakQuantity: Decimal;
}

export type Resolution = { readonly ok: true; readonly price: ResolvedPrice } | { readonly ok: false; readonly reason: NoPriceReason };

interface Candidate {
  readonly ok: true;
  readonly amount: Decimal;
  readonly rule: PriceRule | null;
}

type Attempt = Candidate | { readonly ok: false; readonly reason: NoPriceReason };

/** A `Decimal` carries no more fraction digits than this: where a list states no rounding, the price is cut here. */
const MOST_DIGITS = 12;

const refuse = (reason: NoPriceReason) => ({ ok: false, reason }) as const;

/**
 * The unit price of `quantity` pieces. Rounded once: when all rules and the lists they are based on have been applied,
 * to the digits and in the mode of the buyer's list; a line total is rounded once more, to the currency's digits.
 */
export function resolvePrice(facts: PriceFacts, request: PriceRequest): Resolution {
  const { listPrice } = facts;
  if (listPrice === null) return refuse('UNKNOWN_SKU');
  const list = request.priceListCode === null ? null : (facts.lists.get(request.priceListCode) ?? null);
  if (request.priceListCode !== null && list === null) return refuse('UNUSABLE_PRICE_LIST');
  const currencyCode = list?.currencyCode ?? listPrice.price.currencyCode;
  if (request.currencyCode !== null && request.currencyCode !== currencyCode) return refuse('NO_CURRENCY');
  const found = list === null ? ownPrice(listPrice.price, currencyCode) : priceOnList(facts, request, list.code, []);
  if (!found.ok) return found;
  const mode: RoundingMode = list?.roundingMode ?? 'HALF_UP';
  const unitPrice = money(round(found.amount, list?.roundingDigits ?? MOST_DIGITS, mode), currencyCode);
  if (!isPositive(unitPrice.amount)) return refuse('NO_LIST_PRICE');
  return {
    ok: true,
    price: {
      unitPrice,
      listPrice: listPrice.price,
      lineTotal: extendPrice(unitPrice, request.quantity, mode),
      priceListCode: list?.code ?? null,
      ruleReference: found.rule?.reference ?? null,
      breakQuantity: found.rule?.minQuantity ?? ZERO,
    },
  };
}

/** What one list says, unrounded; `above` are the lists whose rules led here. */
function priceOnList(facts: PriceFacts, request: PriceRequest, code: string, above: readonly string[]): Attempt {
  const list = facts.lists.get(code);
  if (list === undefined || !list.active || above.includes(code)) return refuse('UNUSABLE_PRICE_LIST');
  const fitting = (facts.rules.get(code) ?? []).filter((rule) => fits(rule, request));
  if (fitting.length === 0) return ownPrice(facts.listPrice!.price, list.currencyCode);
  const path = [...above, code];
  if (facts.selection === 'FIRST_WINS') return priceByRule(facts, request, fitting[0]!, list, path);
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
  if (base.kind === 'LIST') return ownPrice(facts.listPrice!.price, currencyCode);
  if (base.kind === 'COST') return ownPrice(facts.listPrice!.cost, currencyCode);
  const other = facts.lists.get(base.code);
  // No exchange rates: an amount of another currency cannot be a base.
  if (other !== undefined && other.currencyCode !== currencyCode) return refuse('NO_CURRENCY');
  return priceOnList(facts, request, base.code, path);
}

function ownPrice(price: Money | null, currencyCode: CurrencyCode): Attempt {
  if (price === null) return refuse('NO_LIST_PRICE');
  return price.currencyCode === currencyCode ? { ok: true, amount: price.amount, rule: null } : refuse('NO_CURRENCY');
}

/** An unusable rule among the fitting ones makes "lowest" unknowable: its refusal is the answer. Equals keep precedence. */
function lowest(attempts: readonly Attempt[]): Attempt {
  return attempts.reduce((best, next) => {
    if (!best.ok) return best;
    return !next.ok || compare(next.amount, best.amount) < 0 ? next : best;
  });
}

/** Whether quantity and instant are within the rule; both ends of its window belong to it. */
function fits(rule: PriceRule, { quantity, at }: PriceRequest): boolean {
  return compare(quantity, rule.minQuantity) >= 0 && isValidAt(rule, at);
}

export const isValidAt = (rule: PriceRule, at: Instant): boolean =>
  (rule.validFrom === null || rule.validFrom <= at) && (rule.validUntil === null || at <= rule.validUntil);

/** Precedence compares as bytes do, not as a language does; the reference makes equals a fixed order. */
export function orderRules(rules: readonly PriceRule[]): PriceRule[] {
  return [...rules].sort((a, b) => compareBytes(a.precedence, b.precedence) || compareBytes(a.reference, b.reference));
}

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Whether the rule's target covers the SKU. */
export function covers({ target }: PriceRule, listPrice: ListPrice): boolean {
  switch (target.kind) {
    case 'SKU':
      return target.sku === listPrice.sku;
    case 'GROUP':
      return target.groupCode === listPrice.groupCode;
    case 'CATEGORY':
      return listPrice.categoryCodes.includes(target.categoryCode);
    case 'ALL':
      return true;
  }
}

export const samePrice = (a: Money, b: Money): boolean => a.currencyCode === b.currencyCode && equals(a.amount, b.amount);
