import { compare, greatest, isPositive, multiply, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { Answer } from '../../../domain/connector.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { LayeredList } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { PriceFacts, UnitRounding } from '../resolve/price-facts.ts';
import { roundUnit } from '../resolve/rounding.ts';
import { resolvePrice } from '../resolve/resolve-price.ts';

/** A price of ours, and how the source is asked for its own. */
export interface ErpQuestion {
  readonly sku: Sku;
  /** In the item's own unit. */
  readonly quantity: Decimal;
  readonly priceListCode: string;
  readonly currencyCode: CurrencyCode;
  /** Of one, before promotions; null: there is none. */
  readonly ours: Money | null;
  /** How ours was rounded: a source that answers unrounded says the same. Null with `ours`. */
  readonly rounding: UnitRounding | null;
}

export type Judgement =
  | { readonly kind: 'CONFIRMED'; readonly question: ErpQuestion }
  /** `theirs` null: the source has no price. */
  | { readonly kind: 'DIFFERENT'; readonly question: ErpQuestion; readonly theirs: Money | null }
  | { readonly kind: 'UNANSWERED'; readonly question: ErpQuestion; readonly reason: string };

export interface AskedPrice {
  readonly facts: PriceFacts;
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Null: the item's own. */
  readonly unitCode: string | null;
  readonly lists: readonly LayeredList[];
  readonly at: Instant;
}

/**
 * In the currency of the list, whatever the buyer sees it in: so the source says it. Null where no list is behind the price; a
 * source is asked by list.
 */
export function questionOf({ facts, sku, quantity, unitCode, lists, at }: AskedPrice): ErpQuestion | null {
  const resolved = resolvePrice(facts, { quantity, unitCode, lists, currencyCode: null, at });
  const code = resolved.ok ? resolved.price.priceListCode : (lists[0]?.code ?? null);
  if (code === null) return null;
  if (resolved.ok) return { sku, quantity, priceListCode: code, currencyCode: resolved.price.currencyCode, ours: resolved.price.unitPrice, rounding: resolved.price.rounding };
  const list = facts.lists.get(code);
  return list === undefined ? null : { sku, quantity, priceListCode: code, currencyCode: list.currencyCode, ours: null, rounding: null };
}

const SIX_DIGITS = '0.000001' as Decimal;
const TWELFTH_DIGIT = '0.000000000001' as Decimal;

/** Sources compute with binary numbers: what differs behind the sixth digit, or the twelfth significant one, is the same. */
function isSame(ours: Decimal, theirs: Decimal): boolean {
  const difference = subtract(ours, theirs);
  const size = greatest(difference, subtract(theirs, ours));
  return compare(size, greatest(SIX_DIGITS, multiply(ours, TWELFTH_DIGIT))) <= 0;
}

/** A price of zero or less is none, on either side. */
export function judge(question: ErpQuestion, answer: Answer<Money | null>): Judgement {
  if (!answer.ok) return { kind: 'UNANSWERED', question, reason: answer.failure.message };
  const theirs = answer.value !== null && isPositive(answer.value.amount) ? answer.value : null;
  const { ours, rounding } = question;
  const told = theirs === null || rounding === null ? theirs : { ...theirs, amount: roundUnit(theirs.amount, rounding) };
  const agree = ours === null || told === null ? ours === told : ours.currencyCode === told.currencyCode && isSame(ours.amount, told.amount);
  return agree ? { kind: 'CONFIRMED', question } : { kind: 'DIFFERENT', question, theirs };
}
