import { isPositive, multiply, round, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, extendPrice, money, type Money } from '../../../domain/money.ts';
import type { Rounding } from '../../../domain/pricing.ts';
import { refuse, type FoundPrice, type Resolution } from './price-facts.ts';

/** A `Decimal` carries no more fraction digits than this: where a list states no rounding, the price is cut here. */
const MOST_DIGITS = 12;

/** The price of one as it is shown. At LINE it keeps all its digits: only what the line comes to is rounded. */
export const roundUnit = (exact: Decimal, { mode, digits, place }: Rounding): Decimal => round(exact, place === 'UNIT' ? (digits ?? MOST_DIGITS) : MOST_DIGITS, mode);

/** What so many come to: from the rounded price of one, or rounded only here. */
export function totalOf(exact: Decimal, quantity: Decimal, rounding: Rounding, currencyCode: string): Money {
  if (rounding.place === 'UNIT') return extendPrice(money(roundUnit(exact, rounding), currencyCode), quantity, rounding.mode);
  return money(round(multiply(exact, quantity), rounding.digits ?? currencyDigits(currencyCode), rounding.mode), currencyCode);
}

/** Rounds once, at the place the list states. A price of zero or less is none. */
export function finishPrice(found: FoundPrice, quantity: Decimal): Resolution {
  const { exact, currencyCode, rounding } = found;
  const unitPrice = money(roundUnit(exact, rounding), currencyCode);
  if (!isPositive(unitPrice.amount)) return refuse('NO_LIST_PRICE');
  return { ok: true, price: { ...found, unitPrice, lineTotal: totalOf(exact, quantity, rounding, currencyCode) } };
}
