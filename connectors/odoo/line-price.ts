import { compare, divide, equals, isZero, multiply, negate, round, subtract, ZERO, type Decimal } from '../../domain/decimal.ts';

/** To how many digits a server keeps a line's figures. */
export interface LinePrecision {
  /** Of `price_unit`; null: all that were sent, as 19 does. Before: the database's "Product Price". */
  readonly priceDigits: number | null;
  /** Of `discount`, a percentage. */
  readonly percentDigits: number;
}

/** One line's money in Odoo's columns: quantity x unitPrice x (1 - percent / 100) + rest is exactly what we ask. */
export interface LinePrice {
  readonly unitPrice: Decimal;
  readonly percent: Decimal;
  /** Not above 0: to be taken off by a line of its own, because the columns cannot say it. */
  readonly rest: Decimal;
  /** Whether the discount went into the unit price, where nobody sees it. */
  readonly folded: boolean;
}

interface PricedLine {
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly discount: Decimal;
}

const HUNDRED = '100' as Decimal;

/**
 * Odoo knows discounts as percentages of two digits: 33.33 off 69.93 is 47.66 % and a penny wrong. So: the percentage where
 * it is exact (people see "10 %"), else a unit price that has the discount in it where the server keeps all its digits,
 * else a line of its own.
 */
export function representPrice({ quantity, unitPrice, discount }: PricedLine, precision: LinePrecision, currencyDigits: number): LinePrice {
  const plain = { unitPrice, percent: ZERO, rest: ZERO, folded: false };
  if (isZero(discount) || isZero(quantity)) return plain;
  const whole = multiply(quantity, unitPrice);
  const net = subtract(round(whole, currencyDigits, 'HALF_UP'), discount);
  const percent = exactPercent(whole, net, precision.percentDigits);
  if (percent !== null) return { ...plain, percent };
  const price = exactPrice(net, quantity, precision.priceDigits);
  return price === null ? { ...plain, rest: negate(discount) } : { ...plain, unitPrice: price, folded: true };
}

/** The amounts behind Odoo's totals are not rounded line by line: nearly right is not enough. */
function exactPercent(whole: Decimal, net: Decimal, digits: number): Decimal | null {
  if (isZero(whole)) return null;
  const percent = round(divide(multiply(subtract(whole, net), HUNDRED), whole), digits, 'HALF_UP');
  return equals(multiply(whole, subtract(HUNDRED, percent)), multiply(net, HUNDRED)) ? percent : null;
}

/** A binary number's digits are enough for any amount of money; fewer than that must hit it exactly. */
function exactPrice(net: Decimal, quantity: Decimal, digits: number | null): Decimal | null {
  const price = divide(net, quantity);
  if (digits === null) return round(price, 12, 'HALF_UP');
  const kept = round(price, digits, 'HALF_UP');
  return compare(multiply(kept, quantity), net) === 0 ? kept : null;
}
