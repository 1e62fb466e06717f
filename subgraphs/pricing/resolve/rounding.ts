import { divideFinely, isPositive, multiply, round, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, money, type CurrencyCode } from '../../../domain/money.ts';
import { refuse, type FoundPrice, type Resolution, type UnitRounding } from './price-facts.ts';

/** A `Decimal` carries no more fraction digits than this: where a list states no rounding, the price is cut here. */
const MOST_DIGITS = 12;

/**
 * A quotient without end is cut after 40 digits; what it is then multiplied to may miss the amount it stands for by less than this
 * many digits show. A third of 10, three times, is 10: rounded DOWN it must not become 9.99.
 */
const SETTLED_DIGITS = 28;

/** The amount a cut quotient stands for. */
export const settle = (value: Decimal): Decimal => (value.length > SETTLED_DIGITS ? round(value, SETTLED_DIGITS, 'HALF_UP') : value);

/** The price of one as it is shown. At LINE it keeps all its digits: only what the line comes to is rounded. */
export function roundUnit(exact: Decimal, rounding: UnitRounding): Decimal {
  const { mode, per } = rounding;
  if (rounding.place === 'LINE') return round(settle(exact), MOST_DIGITS, mode);
  return per === undefined ? roundPack(exact, rounding) : round(divideFinely(roundPack(exact, rounding), per), MOST_DIGITS, 'HALF_UP');
}

/** The price of what is priced as one. */
const roundPack = (exact: Decimal, { mode, digits, per }: UnitRounding): Decimal =>
  round(settle(per === undefined ? exact : multiply(exact, per)), digits ?? MOST_DIGITS, mode);

/** What so many, in the item's own unit, come to before a line is rounded: at UNIT from the rounded price of one. */
export function extendExactly(exact: Decimal, quantity: Decimal, rounding: UnitRounding): Decimal {
  if (rounding.place === 'LINE') return multiply(exact, quantity);
  const pack = multiply(roundPack(exact, rounding), quantity);
  return rounding.per === undefined ? pack : divideFinely(pack, rounding.per);
}

/** What a line comes to, rounded: at LINE as the list states, at UNIT to the currency's digits. */
export const roundLine = (total: Decimal, { mode, digits, place }: UnitRounding, currencyCode: CurrencyCode): Decimal =>
  round(settle(total), place === 'LINE' ? (digits ?? currencyDigits(currencyCode)) : currencyDigits(currencyCode), mode);

/** Rounds once, at the place the list states. A price of zero or less is none. */
export function finishPrice(found: FoundPrice, quantity: Decimal): Resolution {
  const { exact, currencyCode, rounding, listPrice } = found;
  const unitPrice = money(roundUnit(exact, rounding), currencyCode);
  if (!isPositive(unitPrice.amount)) return refuse('NO_LIST_PRICE');
  const lineTotal = roundLine(extendExactly(exact, quantity, rounding), rounding, currencyCode);
  return {
    ok: true,
    price: { ...found, unitPrice, listPrice: money(round(settle(listPrice.amount), MOST_DIGITS, 'HALF_UP'), listPrice.currencyCode), lineTotal: money(lineTotal, currencyCode) },
  };
}
