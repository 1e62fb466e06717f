import { add, divide, isZero, multiply, round, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { TaxAmount } from '../../../domain/orders.ts';

/**
 * What was paid for something. `amount` is counted as the order's prices are: with the tax in it, or beside it. Null tax: the
 * buyer was told none, the ERP computes it.
 */
export interface Paid {
  readonly amount: Decimal;
  readonly tax: Decimal | null;
}

/** The same, taken apart as far as it is known. */
export interface Amounts {
  readonly net: Decimal | null;
  readonly tax: Decimal | null;
  readonly total: Decimal | null;
}

/** What the ERP gave back more than we reckoned (negative: less). Null: not known on our side. */
export interface Difference {
  readonly total: Decimal | null;
  readonly tax: Decimal | null;
}

export interface PricedOrder {
  readonly taxIncluded: boolean;
  readonly lines: readonly {
    readonly lineNumber: number; readonly quantity: Decimal; readonly lineTotal: Decimal | null; readonly discount: Decimal; readonly taxes: readonly TaxAmount[] | null;
  }[];
  readonly charges: readonly { readonly kind: string; readonly amount: Decimal; readonly taxes: readonly TaxAmount[] | null }[];
}

/** Taxes are told for all of an order or for none: where they are told, what names none has none, as discounts never do. */
function taxReader({ lines, charges }: PricedOrder): (taxes: readonly TaxAmount[] | null) => Decimal | null {
  const untold = [...lines, ...charges].some(({ taxes }) => taxes !== null) ? ZERO : null;
  return (taxes) => (taxes === null ? untold : sum(taxes.map(({ amount }) => amount)));
}

const plus = (a: Decimal | null, b: Decimal | null): Decimal | null => (a === null || b === null ? null : add(a, b));

/** `whole * part / of`, rounded once. */
export const proportion = (whole: Decimal, part: Decimal, of: Decimal, digits: number): Decimal => round(divide(multiply(whole, part), of), digits, 'HALF_UP');

/**
 * What was paid for each line, to the penny: its total less its own discount and its share, by value, of the discounts on the
 * whole order; those shares add up to exactly the discounts. Lines without a price have no entry.
 */
export function paidForLines(order: PricedOrder, digits: number): ReadonlyMap<number, Paid> {
  const { lines, charges } = order;
  const taxOf = taxReader(order);
  const priced = lines.flatMap((line) => (line.lineTotal === null ? [] : [{ ...line, value: subtract(line.lineTotal, line.discount) }]));
  const discounts = charges.filter(({ kind }) => kind === 'DISCOUNT');
  const off = { amount: sum(discounts.map(({ amount }) => amount)), tax: discounts.map(({ taxes }) => taxOf(taxes)).reduce(plus, ZERO) };
  const value = sum(priced.map((line) => line.value));
  const paid = new Map<number, Paid>();
  let before = ZERO;
  for (const line of priced.toSorted((a, b) => a.lineNumber - b.lineNumber)) {
    const after = add(before, line.value);
    const share = (whole: Decimal): Decimal => (isZero(value) ? ZERO : subtract(proportion(whole, after, value, digits), proportion(whole, before, value, digits)));
    paid.set(line.lineNumber, {
      amount: round(add(line.value, share(off.amount)), digits, 'HALF_UP'),
      tax: roundOrNull(plus(taxOf(line.taxes), off.tax === null ? null : share(off.tax)), digits),
    });
    before = after;
  }
  return paid;
}

const roundOrNull = (amount: Decimal | null, digits: number): Decimal | null => (amount === null ? null : round(amount, digits, 'HALF_UP'));

/** What was paid for delivery, discounts on it left out. */
export function paidForShipping(order: PricedOrder): Paid {
  const taxOf = taxReader(order);
  const shipping = order.charges.filter(({ kind }) => kind === 'SHIPPING');
  return { amount: sum(shipping.map(({ amount }) => amount)), tax: shipping.map(({ taxes }) => taxOf(taxes)).reduce(plus, ZERO) };
}

/**
 * What is due once `after` of `quantity` are given back, of which `earlier` was reckoned before. Each border is rounded once, so that
 * refunds in any portions, also after one was undone, add up to exactly what was paid: the last one takes the rest.
 */
export function portionOf(paid: Paid, quantity: Decimal, earlier: Paid, after: Decimal, digits: number): Paid {
  const upTo = (whole: Decimal): Decimal => proportion(whole, after, quantity, digits);
  return { amount: subtract(upTo(paid.amount), earlier.amount), tax: paid.tax === null ? null : subtract(upTo(paid.tax), earlier.tax ?? ZERO) };
}

export function amountsOf({ amount, tax }: Paid, taxIncluded: boolean): Amounts {
  if (taxIncluded) return { net: tax === null ? null : subtract(amount, tax), tax, total: amount };
  return { net: amount, tax, total: tax === null ? null : add(amount, tax) };
}

/** What of it changes hands, as far as is known: the total, or without a known tax the amount before it. */
export const payable = ({ total, net }: Amounts): Decimal => total ?? net ?? ZERO;

/** The tax in `part` of what was paid, after `before` of it was given back: portions add up to all of it. */
export function taxWithin(paid: Amounts, before: Decimal, part: Decimal, digits: number): Decimal | null {
  if (paid.tax === null) return null;
  const whole = payable(paid);
  if (isZero(whole)) return ZERO;
  return subtract(proportion(paid.tax, add(before, part), whole, digits), proportion(paid.tax, before, whole, digits));
}

/** `payable` turned back into an amount counted as the order's prices are. */
export const paidFrom = (given: Decimal, tax: Decimal | null, taxIncluded: boolean): Paid => ({ amount: taxIncluded || tax === null ? given : subtract(given, tax), tax });

export const addPaid = (a: Paid, b: Paid): Paid => ({ amount: add(a.amount, b.amount), tax: plus(a.tax, b.tax) });

/** Null: we reckoned nothing to compare with. Where the tax was not known, what comes before it is compared. */
export function differenceFrom(expected: Amounts, memo: { readonly total: Decimal; readonly tax: Decimal }): Difference | null {
  if (expected.total !== null) {
    return { total: subtract(memo.total, expected.total), tax: expected.tax === null ? null : subtract(memo.tax, expected.tax) };
  }
  return expected.net === null ? null : { total: subtract(subtract(memo.total, memo.tax), expected.net), tax: null };
}
