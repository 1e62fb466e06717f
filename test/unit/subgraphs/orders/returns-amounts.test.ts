import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, decimal, equals, sum, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import {
  addPaid, amountsOf, differenceFrom, paidForLines, payable, portionOf, taxWithin, type Paid, type PricedOrder,
} from '../../../../subgraphs/orders/returns/refund-amounts.ts';

const property = <Values extends [unknown, ...unknown[]]>(arbitraries: { [K in keyof Values]: fc.Arbitrary<Values[K]> }, name: string, check: (...values: Values) => void): void =>
  it(name, () => fc.assert(fc.property(fc.tuple(...(arbitraries as fc.Arbitrary<unknown>[])), (values) => check(...(values as Values)))));

/* The oracle counts in whole cents with BigInt and rounds halves away from zero: nothing of it is the code's. */

const cents = (value: bigint): Decimal => decimal(`${value < 0n ? '-' : ''}${(value < 0n ? -value : value) / 100n}.${String((value < 0n ? -value : value) % 100n).padStart(2, '0')}`);
const roundDiv = (a: bigint, b: bigint): bigint => {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const rounded = (2n * x + y) / (2n * y);
  return negative ? -rounded : rounded;
};

const line = fc.record({ quantity: fc.integer({ min: 1, max: 12 }), total: fc.integer({ min: 0, max: 99_999 }), off: fc.integer({ min: 0, max: 100 }), tax: fc.integer({ min: 0, max: 9_999 }) });
const basket = fc.record({ lines: fc.array(line, { minLength: 1, maxLength: 6 }), discount: fc.integer({ min: 0, max: 5_000 }), discountTax: fc.integer({ min: 0, max: 900 }), taxIncluded: fc.boolean() });

const orderOf = ({ lines, discount, discountTax, taxIncluded }: typeof basket extends fc.Arbitrary<infer T> ? T : never): PricedOrder => ({
  taxIncluded,
  lines: lines.map(({ quantity, total, off, tax }, index) => ({
    lineNumber: index + 1, quantity: decimal(quantity), lineTotal: cents(BigInt(total)), discount: cents(BigInt(Math.floor((total * off) / 100))), taxes: [{ code: 'T', ratePercent: null, amount: cents(BigInt(tax)) }],
  })),
  charges: [
    { kind: 'SHIPPING', amount: decimal('4.90'), taxes: [] },
    { kind: 'DISCOUNT', amount: cents(BigInt(-discount)), taxes: [{ code: 'T', ratePercent: null, amount: cents(BigInt(-discountTax)) }] },
  ],
});

describe('what was paid for a line', () => {
  property([basket], 'is its value and its share of the discount, by value, and all shares make the whole', (given) => {
    const paid = paidForLines(orderOf(given), 2);
    const values = given.lines.map(({ total, off }) => BigInt(total) - BigInt(Math.floor((total * off) / 100)));
    const whole = values.reduce((a, b) => a + b, 0n);
    let before = 0n;
    values.forEach((value, index) => {
      const share = (all: bigint): bigint => (whole === 0n ? 0n : roundDiv(all * (before + value), whole) - roundDiv(all * before, whole));
      const { amount, tax } = paid.get(index + 1)!;
      expect(equals(amount, cents(value + share(-BigInt(given.discount))))).toBe(true);
      expect(equals(tax!, cents(BigInt(given.lines[index]!.tax) + share(-BigInt(given.discountTax))))).toBe(true);
      before += value;
    });
    const off = whole === 0n ? 0n : BigInt(given.discount);
    expect(equals(sum([...paid.values()].map(({ amount }) => amount)), cents(whole - off))).toBe(true);
  });

  it('is unknown in its tax where none was told, and unknown where there is no price', () => {
    const base = { lineNumber: 1, quantity: decimal('2'), lineTotal: decimal('10'), discount: ZERO, taxes: null };
    const order: PricedOrder = { taxIncluded: false, charges: [], lines: [base, { ...base, lineNumber: 2, lineTotal: null }] };
    expect([...paidForLines(order, 2)]).toEqual([[1, { amount: '10', tax: null }]]);
    const discounted: PricedOrder = { ...order, charges: [{ kind: 'DISCOUNT', amount: decimal('-1'), taxes: null }], lines: [{ ...base, taxes: [] }] };
    // Taxes are told for all of an order or for none; discounts name none of their own.
    expect(paidForLines(discounted, 2).get(1)).toEqual({ amount: '9', tax: '0' });
  });
});

/** Portions of `quantity` pieces, in the sizes given. */
function refundInParts(paid: Paid, quantity: number, parts: readonly number[]): Paid[] {
  const given: Paid[] = [];
  let after = 0;
  for (const part of parts) {
    if (after + part > quantity) break;
    after += part;
    const earlier = given.reduce<Paid>(addPaid, { amount: ZERO, tax: ZERO });
    given.push(portionOf(paid, decimal(quantity), earlier, decimal(after), 2));
  }
  return given;
}

describe('refunds of a line in parts', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 30, maxLength: 30 });
  property([fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 9_999 }), parts], 'add up to exactly what was paid, each within a cent of its share, as the oracle has it', (quantity, total, tax, sizes) => {
      const paid = { amount: cents(BigInt(total)), tax: cents(BigInt(tax)) };
      // The last part takes what is left.
      let left = quantity;
      const chosen = sizes.flatMap((size) => (left <= 0 ? [] : [Math.min(size, left)].map((part) => ((left -= part), part))));
      const given = refundInParts(paid, quantity, chosen);
      let done = 0;
      given.forEach((portion, index) => {
        const upTo = (pieces: number): bigint => roundDiv(BigInt(total) * BigInt(pieces), BigInt(quantity));
        expect(equals(portion.amount, cents(upTo(done + chosen[index]!) - upTo(done)))).toBe(true);
        done += chosen[index]!;
      });
      const all = given.reduce<Paid>(addPaid, { amount: ZERO, tax: ZERO });
      expect(equals(all.amount, paid.amount) && equals(all.tax!, paid.tax)).toBe(true);
    });

  it('add up also when one of them was undone and given again', () => {
    const paid = { amount: decimal('10'), tax: decimal('1') };
    const [first, second, third] = refundInParts(paid, 3, [1, 1, 1]) as [Paid, Paid, Paid];
    const again = portionOf(paid, decimal('3'), addPaid(second, third), decimal('3'), 2);
    expect([first.amount, second.amount, third.amount, again.amount]).toEqual(['3.33', '3.34', '3.33', '3.33']);
    expect(equals(add(add(second.amount, third.amount), again.amount), paid.amount)).toBe(true);
  });

  property([fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 0, max: 5_000 }), fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 8 })], 'the tax in chosen amounts adds up to all of it', (total, tax, sizes) => {
      const paid = amountsOf({ amount: cents(BigInt(total)), tax: cents(BigInt(Math.min(tax, total))) }, true);
      let before = ZERO;
      let taxes = ZERO;
      for (const size of [...sizes, Number.MAX_SAFE_INTEGER]) {
        const left = BigInt(total) - BigInt(Math.round(Number(before) * 100));
        const part = cents(BigInt(size) < left ? BigInt(size) : left);
        taxes = add(taxes, taxWithin(paid, before, part, 2)!);
        before = add(before, part);
      }
      expect(equals(before, payable(paid)) && equals(taxes, paid.tax!)).toBe(true);
    });
});

describe('the difference from the ERP\'s credit memo', () => {
  it('is told to the penny, of what is known', () => {
    const memo = { total: decimal('11.89'), tax: decimal('1.90') };
    expect(differenceFrom({ net: decimal('9.99'), tax: decimal('1.90'), total: decimal('11.89') }, memo)).toEqual({ total: '0', tax: '0' });
    expect(differenceFrom({ net: decimal('10'), tax: decimal('1.9'), total: decimal('11.9') }, memo)).toEqual({ total: '-0.01', tax: '0' });
    expect(differenceFrom({ net: decimal('9.98'), tax: null, total: null }, memo)).toEqual({ total: '0.01', tax: null });
    expect(differenceFrom({ net: null, tax: null, total: decimal('11.90') }, memo)).toEqual({ total: '-0.01', tax: null });
    expect(differenceFrom({ net: null, tax: null, total: null }, memo)).toBeNull();
  });
});
