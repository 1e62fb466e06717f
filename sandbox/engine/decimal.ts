import Big from 'big.js';
import { Rejection } from './part.ts';

export type { Big };

/** Half up, and enough digits that a division's tail never shows in money. */
Big.DP = 20;
Big.RM = Big.roundHalfUp;

export type DecimalText = string;

export const big = (value: DecimalText | number): Big => new Big(value);

/** Reads a decimal somebody sent; throws Rejection naming `field`. */
export function decimal(value: unknown, field: string): DecimalText {
  if (typeof value === 'number' || typeof value === 'string') {
    try {
      return text(new Big(value));
    } catch {
      // falls through to the sentence below
    }
  }
  throw new Rejection('invalid', `${field} must be a decimal number, got ${JSON.stringify(value) ?? 'nothing'}`);
}

/** Plain digits, never an exponent. */
export const text = (value: Big): DecimalText => value.toFixed();

export const add = (a: DecimalText, b: DecimalText): DecimalText => text(big(a).plus(b));
export const subtract = (a: DecimalText, b: DecimalText): DecimalText => text(big(a).minus(b));
export const times = (a: DecimalText, b: DecimalText): DecimalText => text(big(a).times(b));
export const least = (a: DecimalText, b: DecimalText): DecimalText => (big(a).lte(b) ? a : b);
export const isPositive = (a: DecimalText): boolean => big(a).gt(0);
export const isZero = (a: DecimalText): boolean => big(a).eq(0);
export const round = (a: DecimalText, digits: number): DecimalText => text(big(a).round(digits, Big.roundHalfUp));
export const sum = (values: Iterable<DecimalText>): DecimalText => {
  let total = new Big(0);
  for (const value of values) total = total.plus(value);
  return text(total);
};

/** To the nearest multiple of `step`, half away from zero; a step of 0 leaves the value. */
export const roundTo = (a: DecimalText, step: DecimalText): DecimalText =>
  isZero(step) ? a : text(big(a).div(step).round(0, Big.roundHalfUp).times(step));
