import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import { marginOf, type MarginFacts } from '../../../../subgraphs/orders/finance/margin.ts';

const cents = (amount: bigint): Decimal => decimal(`${amount < 0n ? '-' : ''}${(amount < 0n ? -amount : amount) / 100n}.${String((amount < 0n ? -amount : amount) % 100n).padStart(2, '0')}`);
const eur = (amount: bigint) => ({ amount: cents(amount), currencyCode: 'EUR' });
const tax = (amount: bigint) => [{ code: 'VAT', ratePercent: null, amount: cents(amount) }];

const line = fc.record({ quantity: fc.bigInt(1n, 50n), price: fc.bigInt(1n, 90_000n), off: fc.bigInt(0n, 100n), tax: fc.bigInt(0n, 400n), cost: fc.bigInt(0n, 90_000n) });
const charge = fc.record({ kind: fc.constantFrom('SHIPPING' as const, 'HANDLING' as const, 'DISCOUNT' as const), amount: fc.bigInt(0n, 900n), tax: fc.bigInt(0n, 90n) });

const factsOf = (lines: readonly Generated<typeof line>[], charges: readonly Generated<typeof charge>[], taxIncluded: boolean): MarginFacts => ({
  currencyCode: 'EUR', taxIncluded, exchangeRate: null,
  lines: lines.map((given, index) => ({
    sku: `S${index}`, quantity: decimal(String(given.quantity)), lineTotal: cents(given.price * given.quantity), discount: cents(given.off), taxes: tax(given.tax), unitCost: eur(given.cost),
  })),
  charges: charges.map(({ kind, amount, tax: charged }) => ({ kind, amount: cents(kind === 'DISCOUNT' ? -amount : amount), taxes: kind === 'DISCOUNT' ? [] : tax(charged) })),
});

type Generated<A> = A extends fc.Arbitrary<infer T> ? T : never;

const total = <T>(rows: readonly T[], of: (row: T) => bigint): bigint => rows.reduce((whole, row) => whole + of(row), 0n);

describe('the margin of an order', () => {
  it('is what an account kept in whole cents says', () => {
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.array(charge, { maxLength: 4 }), fc.boolean(), (lines, charges, included) => {
      const told = marginOf(factsOf(lines, charges, included));
      const taxes = included ? total(lines, (row) => row.tax) : 0n;
      const discounts = total(lines, (row) => row.off) + total(charges, (row) => (row.kind === 'DISCOUNT' ? row.amount : 0n));
      const shipping = total(charges, (row) => (row.kind === 'DISCOUNT' ? 0n : row.amount - (included ? row.tax : 0n)));
      const revenue = total(lines, (row) => row.price * row.quantity) - taxes;
      const cost = total(lines, (row) => row.cost * row.quantity);
      expect([told.revenue, told.discounts, told.shipping, told.costOfGoods, told.margin].map(Number)).toEqual(
        [revenue, discounts, shipping, cost, revenue - discounts - cost].map((amount) => Number(cents(amount))));
      expect(told.unknown).toEqual([]);
    }));
  });

  const one = { sku: 'A', quantity: decimal('3'), lineTotal: decimal('30'), discount: ZERO, taxes: null, unitCost: { amount: decimal('2.005'), currencyCode: 'USD' } };
  const facts: MarginFacts = { currencyCode: 'EUR', taxIncluded: false, exchangeRate: null, lines: [one], charges: [] };

  it('is not guessed where a cost is in another currency; the order\'s own rate serves', () => {
    expect(marginOf(facts)).toMatchObject({ revenue: '30', costOfGoods: null, margin: null, unknown: ['what A cost is not known in EUR'] });
    const rate = { baseCurrencyCode: 'USD', rate: decimal('0.9'), asOf: instant('2026-01-01') };
    expect(marginOf({ ...facts, exchangeRate: rate })).toMatchObject({ costOfGoods: '5.41', margin: '24.59', unknown: [] });
  });

  it('is not guessed where prices include a tax nobody told, or there is no price', () => {
    expect(marginOf({ ...facts, taxIncluded: true }).unknown).toContain('prices include tax, and how much is not known of every line and charge');
    expect(marginOf({ ...facts, lines: [{ ...one, lineTotal: null }] })).toMatchObject({ revenue: null, discounts: null, margin: null });
  });
});
