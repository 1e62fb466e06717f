import { equals } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Money } from '../../../domain/money.ts';
import type { TaxRate } from '../../../domain/pricing.ts';
import { taxOf, type PriceTax } from '../resolve/price-tax.ts';
import type { TaxDisplay } from '../settings.ts';

/** A price of one with what decides its taxes. */
export interface TaxedPrice {
  readonly unitPrice: Money;
  /** Whether the list that decided has taxes in its prices. */
  readonly taxIncluded: boolean;
  readonly taxCodes: readonly string[];
  /** ISO 3166-1 alpha-2; null: unknown. */
  readonly taxCountry: string | null;
}

export interface ShownTax extends PriceTax {
  /** Whether `unitPrice` has all of the tax in it. */
  readonly included: boolean;
}

/** The taxes on a price of one; null where nobody knows a rate. */
export function taxOnPrice({ unitPrice, taxIncluded, taxCodes, taxCountry }: TaxedPrice, rates: readonly TaxRate[]): ShownTax | null {
  const tax = taxOf({ amount: unitPrice, taxIncluded, taxCodes, rates, countryCode: taxCountry });
  if (tax === null) return null;
  const isContained = equals(tax.gross.amount, unitPrice.amount) && !equals(tax.net.amount, unitPrice.amount);
  return { ...tax, included: taxIncluded || isContained };
}

/** As the channel shows prices; null where it says nothing of that, or no rate is known. */
export function displayPriceOf(tax: ShownTax | null, display: TaxDisplay | undefined): Money | null {
  if (tax === null || display === undefined) return null;
  return display === 'GROSS' ? tax.gross : tax.net;
}

/** @throws Failure INVALID_INPUT naming `taxCountry` */
export function checkTaxCountry(code: string | null): string | null {
  if (code === null || /^[A-Z]{2}$/.test(code)) return code;
  throw invalidInput(['taxCountry'], `${JSON.stringify(code)} is no ISO 3166-1 alpha-2 country code such as DE`);
}
