import { compare, isNegative, isPositive, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { isCurrencyCode, type Money } from '../../../domain/money.ts';
import type { ListPrice, PriceList, PriceRule } from '../../../domain/pricing.ts';

/** What is wrong with a record, in words for the person who mends it upstream; null when it may be sold by. */
export type Complaint = string | null;

const MAX_SKU_LENGTH = 64;
const MAX_DIGITS = 12;

export function complainAboutListPrice({ sku, price, cost }: ListPrice): Complaint {
  if (sku === '' || sku.length > MAX_SKU_LENGTH) return `SKU must have 1 to ${MAX_SKU_LENGTH} characters`;
  return complainAboutMoney('price', price) ?? (cost === null ? null : complainAboutMoney('cost', cost));
}

function complainAboutMoney(what: string, { amount, currencyCode }: Money): Complaint {
  if (isNegative(amount)) return `${what} is negative: ${amount}`;
  return isCurrencyCode(currencyCode) ? null : `${what} is in an unknown currency: ${JSON.stringify(currencyCode)}`;
}

export function complainAboutPriceList({ currencyCode, roundingDigits }: PriceList): Complaint {
  if (!isCurrencyCode(currencyCode)) return `unknown currency: ${JSON.stringify(currencyCode)}`;
  const known = roundingDigits === null || (Number.isInteger(roundingDigits) && roundingDigits >= 0 && roundingDigits <= MAX_DIGITS);
  return known ? null : `rounding to ${roundingDigits} digits; 0 to ${MAX_DIGITS} are possible`;
}

export function complainAboutRule({ minQuantity, validFrom, validUntil, formula }: PriceRule): Complaint {
  if (minQuantity !== null && !isPositive(minQuantity)) return `smallest quantity is ${minQuantity}; it must be above zero, or absent for any`;
  if (validFrom !== null && validUntil !== null && validFrom >= validUntil) return `valid from ${validFrom} until ${validUntil}: no instant is in that window`;
  if (formula.kind === 'FIXED') return isNegative(formula.amount) ? `price is negative: ${formula.amount}` : null;
  if (formula.kind === 'PERCENT_OFF') return overHundred(formula.percent);
  if (formula.roundTo !== null && compare(formula.roundTo, ZERO) <= 0) return `rounds to a multiple of ${formula.roundTo}`;
  return overHundred(formula.percentOff);
}

const overHundred = (percent: Decimal): Complaint => (compare(percent, '100' as Decimal) > 0 ? `takes ${percent} % off, more than there is` : null);
