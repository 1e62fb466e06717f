import { add, compare, greatest, multiply, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, type CurrencyCode } from '../../../domain/money.ts';
import type { ChargeKind, TaxAmount } from '../../../domain/orders.ts';

const HUNDRED = '100' as Decimal;

/** Pure: what an order comes to. Every figure that goes in is rounded already, so sums are exact. */

export interface TotalledLine {
  /** Unit price times quantity, rounded, before the discount. */
  readonly lineTotal: Decimal;
  readonly discount: Decimal;
  /** Null: not told. */
  readonly taxes: readonly TaxAmount[] | null;
}

export interface TotalledCharge {
  readonly kind: ChargeKind;
  /** Negative for DISCOUNT alone. */
  readonly amount: Decimal;
  readonly taxes: readonly TaxAmount[] | null;
}

export interface TotalledOrder {
  readonly lines: readonly TotalledLine[];
  readonly charges: readonly TotalledCharge[];
  /** Whether prices, discounts and charges have their taxes in them. */
  readonly taxIncluded: boolean;
}

export interface OrderTotals {
  /** Sum of the line totals, before any discount. */
  readonly subtotal: Decimal;
  /** What is let off, on lines and on the whole; not negative. */
  readonly discount: Decimal;
  readonly shipping: Decimal;
  readonly handling: Decimal;
  readonly surcharge: Decimal;
  /** Null: nobody was told any; it comes on top, or is in the prices, by the ERP's own rules. */
  readonly tax: Decimal | null;
  /** With the tax that was told. */
  readonly total: Decimal;
}

/** subtotal - discount + charges, and + tax where the prices do not have it in them. */
export function totalsOf({ lines, charges, taxIncluded }: TotalledOrder): OrderTotals {
  const chargesOf = (kind: ChargeKind): Decimal => sum(charges.filter((charge) => charge.kind === kind).map((charge) => charge.amount));
  const subtotal = sum(lines.map((line) => line.lineTotal));
  const discount = subtract(sum(lines.map((line) => line.discount)), chargesOf('DISCOUNT'));
  const [shipping, handling, surcharge] = [chargesOf('SHIPPING'), chargesOf('HANDLING'), chargesOf('SURCHARGE')];
  const told = [...lines, ...charges].flatMap(({ taxes }) => (taxes === null ? [] : [sum(taxes.map((tax) => tax.amount))]));
  const tax = told.length === 0 ? null : sum(told);
  const beforeTax = add(subtract(subtotal, discount), sum([shipping, handling, surcharge]));
  return { subtotal, discount, shipping, handling, surcharge, tax, total: taxIncluded ? beforeTax : add(beforeTax, tax ?? ZERO) };
}

/** The smallest amount of a currency: 0.01 of EUR, 1 of JPY. */
export function minorUnit(currencyCode: CurrencyCode): Decimal {
  const digits = currencyDigits(currencyCode);
  return (digits === 0 ? '1' : `0.${'0'.repeat(digits - 1)}1`) as Decimal;
}

export interface TaxedAmount {
  readonly amount: Decimal;
  readonly taxes: readonly TaxAmount[];
  readonly taxIncluded: boolean;
  /** What may be let off this amount beside what it says itself: the discounts on the whole order. */
  readonly mayBeLess: Decimal;
  readonly unit: Decimal;
}

/**
 * Indexes of taxes further from their rate than the currency's smallest unit. Taxes of one amount do not tax each other. With
 * discounts on the whole order an amount may have been taxed as less than it is, by as much as those come to.
 */
export function strangeTaxes({ amount, taxes, taxIncluded, mayBeLess, unit }: TaxedAmount): number[] {
  const rated = sum(taxes.map((tax) => tax.ratePercent ?? ZERO));
  const unrated = sum(taxes.filter((tax) => tax.ratePercent === null).map((tax) => tax.amount));
  // 19 % on top are 19 of 100; in it they are 19 of 119.
  const whole = taxIncluded ? add(HUNDRED, rated) : HUNDRED;
  const most = greatest(ZERO, taxIncluded ? subtract(amount, unrated) : amount);
  const least = greatest(ZERO, subtract(most, mayBeLess));
  return taxes.flatMap((tax, index) => {
    if (tax.ratePercent === null) return [];
    const tooMuch = compare(multiply(subtract(tax.amount, unit), whole), multiply(most, tax.ratePercent)) > 0;
    const tooLittle = compare(multiply(add(tax.amount, unit), whole), multiply(least, tax.ratePercent)) < 0;
    return tooMuch || tooLittle ? [index] : [];
  });
}
