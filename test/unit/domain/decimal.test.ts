import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add, compare, decimal, divideFinely, equals, greatest, isDecimal, isNegative, isPositive, isZero, least, multiply, negate, round, subtract, sum, type Decimal,
} from '../../../domain/decimal.ts';

/** Around every border of the fast path: few digits, 14 to 17 of them, fractions, signs. */
const digits = (most: number): fc.Arbitrary<string> => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((list) => list.join(''));
const texts = fc.tuple(fc.boolean(), fc.oneof(digits(3), digits(8), digits(17), digits(27)), fc.option(digits(12))).map(
  ([minus, whole, fraction]) => `${minus ? '-' : ''}${whole.replace(/^0+(?=.)/, '')}${fraction === null ? '' : `.${fraction}`}`,
);
const decimals: fc.Arbitrary<Decimal> = texts.map(decimal);

describe('decimals', () => {
  it('reads text exactly and normalised', () => {
    fc.assert(fc.property(texts, (text) => {
      const value = decimal(text);
      expect(isDecimal(value)).toBe(true);
      expect(new Big(value).eq(text)).toBe(true);
      expect(value).not.toMatch(/^-0$|\..*0$|\.$/);
      expect(decimal(value)).toBe(value);
    }));
    for (const bad of ['', ' ', 'abc', '1,5', '--1', '1'.repeat(29), '0.1234567890123']) expect(() => decimal(bad)).toThrow(RangeError);
  });

  it('divides finely enough that what is multiplied back is the same to 28 digits', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 1, max: 999_999_999 }), (a, b) => {
      const back = multiply(divideFinely(decimal(a), decimal(b)), decimal(b));
      expect(round(back, 28, 'HALF_UP')).toBe(String(a));
    }));
  });

  it('adds, subtracts, multiplies, negates and compares like arbitrary precision does', () => {
    fc.assert(fc.property(decimals, decimals, (a, b) => {
      const [x, y] = [new Big(a), new Big(b)];
      expect(new Big(add(a, b)).eq(x.plus(y))).toBe(true);
      expect(new Big(subtract(a, b)).eq(x.minus(y))).toBe(true);
      expect(new Big(multiply(a, b)).eq(x.times(y))).toBe(true);
      expect(new Big(negate(a)).eq(x.times(-1))).toBe(true);
      expect(compare(a, b)).toBe(x.cmp(y));
      expect(equals(a, b)).toBe(x.eq(y));
      expect([least(a, b), greatest(a, b)].map((value) => new Big(value).toFixed())).toEqual((x.lte(y) ? [x, y] : [y, x]).map((value) => value.toFixed()));
      expect([isZero(a), isPositive(a), isNegative(a)]).toEqual([x.eq(0), x.gt(0), x.lt(0)]);
    }), { numRuns: 2_000 });
  });

  it('sums like arbitrary precision does, and results stay plain', () => {
    fc.assert(fc.property(fc.array(decimals, { maxLength: 20 }), (values) => {
      const total = sum(values);
      expect(new Big(total).eq(values.reduce((so, value) => so.plus(value), new Big(0)))).toBe(true);
      expect(total).not.toMatch(/e/);
    }));
  });
});
