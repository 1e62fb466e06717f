import { add, divideFinely, multiply, round, subtract, sum, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, money, type Money } from '../../../domain/money.ts';
import type { TaxRate } from '../../../domain/pricing.ts';

export interface TaxQuestion {
  readonly amount: Money;
  /** Whether the list has its taxes in its prices; where it has not, a rate may say so of itself (`TaxRate.includedInPrice`). */
  readonly taxIncluded: boolean;
  /** The item's. */
  readonly taxCodes: readonly string[];
  readonly rates: readonly TaxRate[];
  /** ISO 3166-1 alpha-2 of where it is sold to; null: unknown, then only rates that hold everywhere count. */
  readonly countryCode: string | null;
}

export interface PriceTax {
  /** 19 is nineteen percent: the sum of the rates that apply. */
  readonly ratePercent: Decimal;
  readonly net: Money;
  readonly tax: Money;
  /** Net and tax, exactly. */
  readonly gross: Money;
}

const HUNDRED = '100' as Decimal;

/**
 * What an amount is without and with its taxes. Only the taxes are rounded, each once, half up, to the currency's digits; the amount
 * given stays as it is. Null where nobody knows a rate: no code, a code no active rate has, or none for that country.
 */
export function taxOf({ amount: { amount, currencyCode }, taxIncluded, taxCodes, rates, countryCode }: TaxQuestion): PriceTax | null {
  const applying = ratesFor(taxCodes, rates, countryCode);
  if (applying === null) return null;
  const percentOf = (isIncluded: boolean): Decimal => sum(applying.filter((rate) => (taxIncluded || rate.includedInPrice) === isIncluded).map(({ percent }) => percent));
  const [included, onTop] = [percentOf(true), percentOf(false)];
  const taxAt = (percent: Decimal): Decimal =>
    round(divideFinely(multiply(amount, percent), add(HUNDRED, included)), currencyDigits(currencyCode), 'HALF_UP');
  const contained = taxAt(included);
  const [net, tax] = [subtract(amount, contained), add(contained, taxAt(onTop))];
  return { ratePercent: add(included, onTop), net: money(net, currencyCode), tax: money(tax, currencyCode), gross: money(add(net, tax), currencyCode) };
}

/** Of each code the country's own rate, else the one that holds everywhere; codes that are of other countries only do not apply. */
function ratesFor(codes: readonly string[], rates: readonly TaxRate[], countryCode: string | null): readonly TaxRate[] | null {
  const known = rates.filter((rate) => rate.active);
  const applying: TaxRate[] = [];
  for (const code of new Set(codes)) {
    const told = known.filter((rate) => rate.code === code);
    if (told.length === 0) return null;
    const general = told.filter((rate) => rate.countryCode === null);
    const own = countryCode === null ? [] : told.filter((rate) => rate.countryCode === countryCode);
    applying.push(...(own.length > 0 ? own : general));
  }
  return applying.length === 0 ? null : applying;
}
