import { compare, isNegative, isPositive, isZero, ONE, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { isCurrencyCode, type Money } from '../../../domain/money.ts';
import type { CurrencyRate, ListPrice, PriceList, PriceRule, TaxRate } from '../../../domain/pricing.ts';

/** What is wrong with a record by itself, in words for the person who mends it upstream; null when it may be sold by. */
export type Complaint = string | null;

const MAX_SKU_LENGTH = 64;
const MAX_DIGITS = 12;
/** Two such records could not be told from each other. */
const NO_REFERENCE = 'has no reference: the key the source knows it by is expected';
const HUNDRED = '100' as Decimal;

export function complainAboutListPrice({ sku, reference, price, cost, units }: ListPrice): Complaint {
  if (reference === '') return NO_REFERENCE;
  if (sku === '' || sku.length > MAX_SKU_LENGTH) return `SKU must have 1 to ${MAX_SKU_LENGTH} characters`;
  if (!isPositive(price.amount)) return `price is ${price.amount}; it must be above zero`;
  return complainAboutCurrency('price', price) ?? complainAboutCost(cost) ?? complainAboutUnits(units);
}

/** Whether all that is wrong with a record is that nobody has set its price. */
export const isOnlyUnpriced = (record: ListPrice): boolean =>
  isZero(record.price.amount) && complainAboutListPrice({ ...record, price: { ...record.price, amount: ONE } }) === null;

/** What costs nothing may be: a sample, a gift. */
function complainAboutCost(cost: Money | null): Complaint {
  if (cost === null) return null;
  return isNegative(cost.amount) ? `cost is negative: ${cost.amount}` : complainAboutCurrency('cost', cost);
}

const complainAboutCurrency = (what: string, { currencyCode }: Money): Complaint =>
  isCurrencyCode(currencyCode) ? null : `${what} is in an unknown currency: ${JSON.stringify(currencyCode)}`;

function complainAboutUnits(units: ListPrice['units']): Complaint {
  const odd = units.find(({ factor }) => !isPositive(factor));
  return odd === undefined ? null : `one ${odd.code} is ${odd.factor} of the item's own unit; it must be above zero`;
}

export function complainAboutPriceList({ currencyCode, roundingDigits }: PriceList): Complaint {
  if (!isCurrencyCode(currencyCode)) return `unknown currency: ${JSON.stringify(currencyCode)}`;
  const known = roundingDigits === null || (Number.isInteger(roundingDigits) && roundingDigits >= 0 && roundingDigits <= MAX_DIGITS);
  return known ? null : `rounding to ${roundingDigits} digits; 0 to ${MAX_DIGITS} are possible`;
}

export function complainAboutRule({ reference, minQuantity, validFrom, validUntil, formula }: PriceRule): Complaint {
  if (reference === '') return NO_REFERENCE;
  if (minQuantity !== null && !isPositive(minQuantity)) return `smallest quantity is ${minQuantity}; it must be above zero, or absent for any`;
  if (validFrom !== null && validUntil !== null && validFrom >= validUntil) return `valid from ${validFrom} until ${validUntil}: no instant is in that window`;
  if (formula.kind === 'FIXED') return isPositive(formula.amount) ? null : `price is ${formula.amount}; it must be above zero`;
  if (formula.kind === 'PERCENT_OFF') return overHundred(formula.percent);
  if (formula.roundTo !== null && compare(formula.roundTo, ZERO) <= 0) return `rounds to a multiple of ${formula.roundTo}`;
  return overHundred(formula.percentOff);
}

const overHundred = (percent: Decimal): Complaint => (compare(percent, HUNDRED) > 0 ? `takes ${percent} % off, more than there is` : null);

export function complainAboutCurrencyRate({ baseCurrencyCode, currencyCode, rate }: CurrencyRate): Complaint {
  const unknown = [baseCurrencyCode, currencyCode].find((code) => !isCurrencyCode(code));
  if (unknown !== undefined) return `unknown currency: ${JSON.stringify(unknown)}`;
  if (!isPositive(rate)) return `one ${baseCurrencyCode} is ${rate} ${currencyCode}; it must be above zero`;
  return baseCurrencyCode === currencyCode && compare(rate, '1' as Decimal) !== 0 ? `one ${baseCurrencyCode} is ${rate} of itself` : null;
}

const COUNTRY = /^[A-Z]{2}$/;

export function complainAboutTaxRate({ percent, countryCode }: TaxRate): Complaint {
  if (isNegative(percent) || compare(percent, HUNDRED) > 0) return `tax is ${percent} %; 0 to 100 are possible`;
  return countryCode === null || COUNTRY.test(countryCode) ? null : `unknown country: ${JSON.stringify(countryCode)}; two capital letters are expected`;
}
