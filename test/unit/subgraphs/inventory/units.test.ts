import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, decimal, isDecimal, multiply, scaleOf, subtract, type Decimal } from '../../../../domain/decimal.ts';
import { divideDown, FIXED_ONE, fromFixedPoint, toFixedPoint } from '../../../../subgraphs/inventory/promise/fixed-point.ts';
import type { ItemInfo } from '../../../../subgraphs/inventory/promise/position.ts';
import { toOwnUnits, wholeUnits } from '../../../../subgraphs/inventory/promise/units.ts';

const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 })).map(([value, digits]): Decimal => {
  const text = String(value < 0n ? -value : value).padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return decimal(`${value < 0n ? '-' : ''}${whole}`);
});

describe('fixed point', () => {
  it('keeps every decimal, and adds and compares as decimals do', () => {
    fc.assert(fc.property(decimals, decimals, (a, b) => {
      expect(fromFixedPoint(toFixedPoint(a))).toBe(a);
      expect(isDecimal(fromFixedPoint(toFixedPoint(a)))).toBe(true);
      expect(fromFixedPoint(toFixedPoint(a) + toFixedPoint(b))).toBe(add(a, b));
      expect(Math.sign(Number(toFixedPoint(a) - toFixedPoint(b)))).toBe(compare(a, b));
    }), { numRuns: 1_000 });
  });

  it('divides down: as many as fit, and one more of the last digit does not', () => {
    const positive = decimals.filter((value) => compare(value, decimal('0')) > 0);
    fc.assert(fc.property(positive, fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 6 }), (value, per, digits) => {
      const divisor = decimal(String(per / 1_000));
      const fits = fromFixedPoint(divideDown(toFixedPoint(value), toFixedPoint(divisor), digits));
      const step = decimal(fromFixedPoint(FIXED_ONE / 10n ** BigInt(digits)));
      expect(scaleOf(fits)).toBeLessThanOrEqual(digits);
      expect(compare(multiply(fits, divisor), value)).toBeLessThanOrEqual(0);
      expect(compare(multiply(add(fits, step), divisor), value)).toBe(1);
    }));
  });
});

describe('units', () => {
  const item = (quantityDigits: number, units: [string, string][] = [], unitCode = 'PCE'): ItemInfo =>
    ({ quantityDigits, sellable: true, active: true, unitCode, units: units.map(([code, factor]) => ({ code, factor: decimal(factor) })) });
  const convert = (info: ItemInfo | null, quantity: string, unit?: string | null): string =>
    toOwnUnits([{ sku: 'A', quantity: decimal(quantity), ...(unit === undefined ? {} : { unit }) }], new Map([['A', { item: info }]]))[0]!.quantity;

  it('converts exactly, and leaves the own unit and unknown SKUs as they are', () => {
    expect(convert(item(0, [['BOX', '12']]), '3', 'BOX')).toBe('36');
    expect(convert(item(0, [['BOX', '12']]), '0.5', 'BOX')).toBe('6');
    expect(convert(item(3, [['LB', '0.45359237']], 'KG'), '100', 'KG')).toBe('100');
    expect(convert(item(8, [['LB', '0.45359237']], 'KG'), '3', 'LB')).toBe('1.36077711');
    expect(convert(item(0), '2', null)).toBe('2');
    expect(convert(null, '2', 'BOX')).toBe('2');
  });

  it('refuses an unknown unit and what is no exact number of the own unit, naming the line and the remedy', () => {
    const refusal = (field: string, message: string) => expect.objectContaining({ code: 'INVALID_INPUT', field: ['lines', '0', field], message });
    expect(() => convert(item(0, [['BOX', '12']]), '1', 'CRATE')).toThrow(refusal('unit', '"A" is not sold by "CRATE"; it is sold by PCE, BOX'));
    expect(() => convert(item(0, [['BOX', '12']]), '0.4', 'BOX')).toThrow(refusal('quantity', 'quantity of "A" may have 0 fraction digits; 0.4 BOX are 4.8 PCE'));
    expect(() => convert(item(0), '0.5')).toThrow(refusal('quantity', 'quantity of "A" may have 0 fraction digits, not 1'));
    expect(() => convert(item(3, [['LB', '0.45359237']], 'KG'), '1', 'LB')).toThrow(refusal('quantity', 'quantity of "A" may have 3 fraction digits; 1 LB are 0.45359237 KG'));
    expect(() => convert(item(0, [['PALLET', '1000000']]), '1001', 'PALLET')).toThrow(refusal('quantity', 'quantity must not be above one billion'));
  });

  it('tells how many whole ones of another unit there are', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 144 }), (have, factor) => {
      expect(wholeUnits(decimal(have), decimal(factor))).toBe(String(Math.floor(have / factor)));
    }));
    expect(subtract(decimal('1'), wholeUnits(decimal('0.9'), decimal('0.45')))).toBe('-1');
  });
});
