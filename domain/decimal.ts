import Big from 'big.js';

/**
 * Exact decimal numbers as plain strings: what a wire carries, what PostgreSQL's `numeric` returns, what JSON keeps.
 * Money amounts and quantities are `Decimal`, never `number`.
 */
export type Decimal = string & { readonly __decimal: never };

export type RoundingMode = 'HALF_UP' | 'HALF_EVEN' | 'DOWN' | 'UP';

const PATTERN = /^-?(?:0|[1-9]\d{0,27})(?:\.\d{1,12})?$/;

const BIG_ROUNDING = { DOWN: 0, HALF_UP: 1, HALF_EVEN: 2, UP: 3 } as const satisfies Record<RoundingMode, 0 | 1 | 2 | 3>;

// Division results keep this many digits; every other operation is exact.
Big.DP = 20;

const Fine = Big();
Fine.DP = 40;

export const ZERO = '0' as Decimal;
export const ONE = '1' as Decimal;

const plain = (value: Big): Decimal => value.toFixed() as Decimal;

/*
 * Most quantities are a few pieces. Whole numbers of at most 15 digits are exact as binary numbers, and so are the sum of
 * two and, below 15 digits together, their product: those never become a `Big`.
 */
const EXACT_DIGITS = 15;
const WHOLE = /^-?(?:0|[1-9]\d{0,14})$/;

const isWhole = (text: string): boolean => WHOLE.test(text);
const whole = (value: number): Decimal => String(value) as Decimal;

/** True for plain notation with at most 28 integer and 12 fraction digits: no exponent, no sign on zero's left padding. */
export function isDecimal(text: string): text is Decimal {
  return PATTERN.test(text);
}

/**
 * Reads a decimal from text or an integer-or-decimal JSON number, normalised ("1.50" -> "1.5", "-0" -> "0").
 * @throws RangeError naming the text when it is no decimal.
 */
export function decimal(value: string | number): Decimal {
  if (typeof value === 'string' && isWhole(value)) return value === '-0' ? ZERO : (value as Decimal);
  let parsed: Big;
  try {
    parsed = new Big(typeof value === 'string' ? value.trim() : value);
  } catch {
    throw new RangeError(`not a decimal: ${JSON.stringify(value)}`);
  }
  const text = plain(parsed.eq(0) ? new Big(0) : parsed);
  if (!isDecimal(text)) throw new RangeError(`decimal out of range: ${JSON.stringify(value)}`);
  return text;
}

export const add = (a: Decimal, b: Decimal): Decimal => (isWhole(a) && isWhole(b) ? whole(Number(a) + Number(b)) : plain(new Big(a).plus(b)));
export const subtract = (a: Decimal, b: Decimal): Decimal => (isWhole(a) && isWhole(b) ? whole(Number(a) - Number(b)) : plain(new Big(a).minus(b)));
export const multiply = (a: Decimal, b: Decimal): Decimal =>
  a.length + b.length <= EXACT_DIGITS && isWhole(a) && isWhole(b) ? whole(Number(a) * Number(b)) : plain(new Big(a).times(b));
/** @throws Error on division by zero. Keeps 20 fraction digits, half up. */
export const divide = (a: Decimal, b: Decimal): Decimal => plain(new Big(a).div(b));
/** As `divide`, with 40 fraction digits: for what is multiplied again before it is rounded once. */
export const divideFinely = (a: Decimal, b: Decimal): Decimal => plain(new Fine(a).div(b));
export const negate = (a: Decimal): Decimal => (isZero(a) ? ZERO : isWhole(a) ? whole(-Number(a)) : plain(new Big(a).times(-1)));
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (isWhole(a) && isWhole(b)) return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0;
  return new Big(a).cmp(b) as -1 | 0 | 1;
}
export const equals = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0;
export const isZero = (a: Decimal): boolean => (isWhole(a) ? Number(a) === 0 : new Big(a).eq(0));
export const isNegative = (a: Decimal): boolean => (isWhole(a) ? Number(a) < 0 : new Big(a).lt(0));
export const isPositive = (a: Decimal): boolean => (isWhole(a) ? Number(a) > 0 : new Big(a).gt(0));
export const least = (a: Decimal, b: Decimal): Decimal => (compare(a, b) <= 0 ? a : b);
export const greatest = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b);
export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = add(total, value);
  return total;
}

/** Rounds to `digits` fraction digits. */
export function round(value: Decimal, digits: number, mode: RoundingMode): Decimal {
  return plain(new Big(value).round(digits, BIG_ROUNDING[mode]));
}

/** How many fraction digits the normalised value has. */
export function scaleOf(value: Decimal): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}
