import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, decimal, divide, isNegative, isZero, multiply, round, subtract, sum, ZERO, type Decimal, type RoundingMode } from '../../../../domain/decimal.ts';
import { changeAmounts, type LineAmounts, type OrderAmounts } from '../../../../subgraphs/orders/changes/amounts.ts';

/* An order as a storefront tells it: totals are made of lines, charges and taxes, every part rounded by itself. */

const cents = (value: number, digits = 2): Decimal => divide(decimal(value), decimal(10 ** digits));
const percentOf = (amount: Decimal, percent: number): Decimal => round(divide(multiply(amount, decimal(percent)), decimal(100)), 2, 'HALF_UP');
const net = (line: LineAmounts): Decimal => subtract(line.lineTotal!, line.discount);
const taxes = (order: Pick<OrderAmounts, 'lines' | 'charges'>): Decimal =>
  sum([...order.lines, ...order.charges].flatMap((part) => (part.taxes ?? []).map((tax) => tax.amount)));
const composed = (order: Pick<OrderAmounts, 'lines' | 'charges'>, taxIncluded: boolean): Decimal =>
  sum([...order.lines.map(net), ...order.charges.map((charge) => charge.amount), taxIncluded ? ZERO : taxes(order)]);

const lineOf = (mode: RoundingMode) => fc.record({
  unit: fc.integer({ min: 0, max: 999_999 }), unitDigits: fc.integer({ min: 0, max: 4 }), quantity: fc.integer({ min: 1, max: 99 }),
  off: fc.integer({ min: 0, max: 100 }), rate: fc.constantFrom(0, 7, 19), second: fc.boolean(),
}).map(({ unit, unitDigits, quantity, off, rate, second }): Omit<LineAmounts, 'lineNumber'> => {
  const unitPrice = cents(unit, unitDigits);
  const lineTotal = round(multiply(unitPrice, decimal(quantity)), 2, mode);
  const discount = percentOf(lineTotal, off);
  const tax = { code: 'VAT', ratePercent: decimal(rate), amount: percentOf(subtract(lineTotal, discount), rate) };
  return { quantity: decimal(quantity), unitPrice, lineTotal, discount, taxes: second ? [tax, { ...tax, code: 'CITY' }] : [tax] };
});

const orders = fc.constantFrom<RoundingMode>('HALF_UP', 'HALF_EVEN', 'DOWN').chain((mode) => fc.record({
  lines: fc.array(lineOf(mode), { minLength: 1, maxLength: 5 }), taxIncluded: fc.boolean(), shipping: fc.integer({ min: 0, max: 2_000 }), off: fc.integer({ min: 0, max: 50 }),
})).map(({ lines: bare, taxIncluded, shipping, off }): OrderAmounts => {
  const lines = bare.map((line, index) => ({ ...line, lineNumber: index + 1 }));
  const goods = sum(lines.map(net));
  const charges: OrderAmounts['charges'] = [
    { kind: 'SHIPPING', code: 'STD', description: null, amount: cents(shipping), taxes: [{ code: 'VAT', ratePercent: decimal(19), amount: percentOf(cents(shipping), 19) }] },
    { kind: 'DISCOUNT', code: 'TEN', description: null, amount: decimal(subtract(ZERO, percentOf(goods, off))), taxes: null },
  ];
  return { currencyCode: 'EUR', taxIncluded, lines, charges, tax: taxes({ lines, charges }), total: composed({ lines, charges }, taxIncluded) };
});

/** What share of each line stays, in hundredths. */
const shares = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 });
const keep = (order: OrderAmounts, kept: readonly number[]): Map<number, Decimal> =>
  new Map(order.lines.map((line, index) => [line.lineNumber, decimal(Math.floor((Number(line.quantity) * kept[index]!) / 100))]));

describe('an order of which some is cancelled', () => {
  it('costs what is left of it: kept and cancelled are what there was, and the parts make up the total', () => {
    fc.assert(fc.property(orders, shares, (order, kept) => {
      const after = changeAmounts(order, keep(order, kept));
      expect(add(order.total!, after.difference!)).toBe(after.total);
      if (after.lines.every((line) => isZero(line.quantity))) return;
      expect(after.total).toBe(composed(after, order.taxIncluded));
      expect(after.tax).toBe(taxes(after));
      expect(after.charges.find((charge) => charge.kind === 'SHIPPING')).toEqual(order.charges[0]);
    }), { numRuns: 2_000 });
  });

  it('costs no line more than before, and none less than nothing', () => {
    fc.assert(fc.property(orders, shares, (order, kept) => {
      const after = changeAmounts(order, keep(order, kept));
      for (const [index, line] of after.lines.entries()) {
        const before = order.lines[index]!;
        for (const [now, then] of [[line.lineTotal!, before.lineTotal!], [line.discount, before.discount], [net(line), net(before)], ...line.taxes!.map((tax, one) => [tax.amount, before.taxes![one]!.amount] as const)] as const) {
          expect(isNegative(now)).toBe(false);
          // Both totals were rounded: the discount may keep the penny the line lost.
          expect(compare(subtract(now, then), cents(1))).toBeLessThanOrEqual(0);
        }
      }
    }), { numRuns: 2_000 });
  });

  it('costs nothing when nothing is left, in one go or in many', () => {
    fc.assert(fc.property(orders, shares, shares, (order, first, second) => {
      const nothing = new Map(order.lines.map((line) => [line.lineNumber, ZERO]));
      const atOnce = changeAmounts(order, nothing);
      expect([atOnce.total, atOnce.tax, atOnce.charges, atOnce.difference]).toEqual(['0', '0', [], decimal(subtract(ZERO, order.total!))]);
      const once = { ...order, ...changeAmounts(order, keep(order, first)) };
      const twice = { ...order, ...changeAmounts(once, keep(once, second)) };
      expect(changeAmounts(twice, nothing)).toMatchObject({ total: '0', tax: '0', charges: [] });
      for (const line of changeAmounts(twice, nothing).lines) expect(isZero(net(line))).toBe(true);
    }), { numRuns: 1_000 });
  });

  it('changes nothing where nothing is changed', () => {
    fc.assert(fc.property(orders, (order) => {
      const { lines, total, tax, charges, difference } = changeAmounts(order, new Map());
      expect({ lines, total, tax, charges, difference }).toEqual({ lines: order.lines, total: order.total, tax: order.tax, charges: order.charges, difference: '0' });
    }));
  });
});

describe('the rule of rounding', () => {
  const order = (unitPrice: string, quantity: string, lineTotal: string, more: Partial<OrderAmounts> = {}): OrderAmounts => ({
    currencyCode: 'EUR', taxIncluded: false, tax: null, charges: [], total: lineTotal as Decimal,
    lines: [{ lineNumber: 1, quantity: quantity as Decimal, unitPrice: unitPrice as Decimal, lineTotal: lineTotal as Decimal, discount: ZERO, taxes: null }], ...more,
  });
  it.each([
    ['half up', '10.995', '3', '32.99', '1', '11'], ['down', '10.999', '2', '21.99', '1', '10.99'],
    ['half even', '0.125', '1', '0.12', '3', '0.38'], ['by unit', '10.994', '3', '32.97', '2', '21.98'], ['nobody\'s', '10', '3', '25', '1', '8.33'],
  ])('is the one the order shows: %s', (_name, unitPrice, quantity, lineTotal, kept, expected) => {
    expect(changeAmounts(order(unitPrice, quantity, lineTotal), new Map([[1, kept as Decimal]])).lines[0]!.lineTotal).toBe(expected);
  });
  it('knows currencies without pennies, and orders without prices', () => {
    expect(changeAmounts(order('10.5', '3', '32', { currencyCode: 'JPY' }), new Map([[1, '1' as Decimal]])).total).toBe('11');
    const unpriced = { ...order('1', '3', '3'), total: null, lines: [{ lineNumber: 1, quantity: '3' as Decimal, unitPrice: null, lineTotal: null, discount: ZERO, taxes: null }] };
    expect(changeAmounts(unpriced, new Map([[1, '1' as Decimal]]))).toMatchObject({ total: null, difference: null, lines: [{ quantity: '1', lineTotal: null }] });
  });
  it('grows taxes with a line, but not its discount', () => {
    const grown = changeAmounts({ ...order('10', '2', '20', { tax: '3.42' as Decimal, total: '21.42' as Decimal }), lines: [{ lineNumber: 1, quantity: '2' as Decimal, unitPrice: '10' as Decimal, lineTotal: '20' as Decimal, discount: '2' as Decimal, taxes: [{ code: 'VAT', ratePercent: '19' as Decimal, amount: '3.42' as Decimal }] }] }, new Map([[1, '3' as Decimal]]));
    expect(grown).toMatchObject({ total: '33.32', tax: '5.32', difference: '11.9', lines: [{ lineTotal: '30', discount: '2', taxes: [{ amount: '5.32' }] }] });
  });
});
