import type { Decimal } from '../../../domain/decimal.ts';

/*
 * Decimals as whole numbers of 10^-12, the finest a Decimal can say: exact, and many times faster to add and compare than text.
 * What goes in comes out; only the arithmetic of promises works on them.
 */

const DIGITS = 12;
const SCALE = 10n ** BigInt(DIGITS);
const UNITS: readonly bigint[] = Array.from({ length: DIGITS + 1 }, (_, digits) => 10n ** BigInt(DIGITS - digits));

/** One, as a fixed-point number. */
export const FIXED_ONE = SCALE;

export function toFixedPoint(value: Decimal): bigint {
  const point = value.indexOf('.');
  if (point < 0) return BigInt(value) * SCALE;
  const fraction = BigInt(value.slice(point + 1).padEnd(DIGITS, '0'));
  const whole = BigInt(value.slice(0, point)) * SCALE;
  return value.startsWith('-') ? whole - fraction : whole + fraction;
}

export function fromFixedPoint(value: bigint): Decimal {
  if (value % SCALE === 0n) return String(value / SCALE) as Decimal;
  const size = value < 0n ? -value : value;
  const fraction = String(size % SCALE).padStart(DIGITS, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${size / SCALE}.${fraction}` as Decimal;
}

/** How often `divisor` (above zero) goes into `value` (not below zero), cut off after so many fraction digits. */
export function divideDown(value: bigint, divisor: bigint, digits: number): bigint {
  const unit = UNITS[digits]!;
  const quotient = divisor === SCALE ? value : (value * SCALE) / divisor;
  return quotient - (quotient % unit);
}

export const multiplyFixed = (a: bigint, b: bigint): bigint => (b === SCALE ? a : (a * b) / SCALE);

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
