import 'reflect-metadata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import type { Placement } from '../../../../subgraphs/orders/placing/placement.ts';
import type { Refusal } from '../../../../subgraphs/orders/placing/refusal.ts';
import { settleTotals } from '../../../../subgraphs/orders/placing/step-totals.ts';

/* Orders that agree by construction, in whole cents counted with BigInt; then one figure is a cent off. */

const amount = (cents: bigint): Decimal => decimal(`${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents).padStart(3, '0').replace(/(\d\d)$/, '.$1')}`);
const sumOf = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
/** Half up. */
const taxOf = (net: bigint, percent: bigint): bigint => (net * percent * 2n + 100n) / 200n;

interface Case {
  /** `promoted`: what of the discount promotions of ours take; the storefront lets off the rest. */
  readonly lines: readonly { net: bigint; discount: bigint; promoted: bigint }[];
  readonly shipping: bigint;
  readonly discount: bigint;
  readonly percent: bigint;
  readonly payments: number;
  readonly onAccount: boolean;
  readonly taxIncluded: boolean;
}

const cents = fc.bigInt({ min: 100n, max: 10n ** 9n });
const orders: fc.Arbitrary<Case> = fc.record({
  lines: fc.array(fc.tuple(cents, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })).map(([net, off, ours]) => {
    const discount = (net * BigInt(off)) / 200n;
    return { net, discount, promoted: (discount * BigInt(ours)) / 100n };
  }), { minLength: 1, maxLength: 20 }),
  shipping: cents, discount: fc.bigInt({ min: 0n, max: 50n }), percent: fc.bigInt({ min: 0n, max: 30n }), payments: fc.integer({ min: 1, max: 4 }), onAccount: fc.boolean(), taxIncluded: fc.boolean(),
});

/** What the oracle says, and the request that says the same. */
function build({ lines, shipping, discount, percent, payments, onAccount, taxIncluded }: Case) {
  const tax = (net: bigint): bigint => taxOf(net, percent);
  const gross = (net: bigint): bigint => (taxIncluded ? net + tax(net) : net);
  const taxes = (net: bigint) => [{ code: 'VAT', ratePercent: decimal(String(percent)), amount: amount(tax(net)) }];
  const priced = lines.map((line) => gross(line.net - line.discount) + line.discount);
  const sums = {
    subtotal: sumOf(priced), discount: sumOf(lines.map((line) => line.discount)) + discount, shipping: gross(shipping),
    tax: sumOf([...lines.map((line) => tax(line.net - line.discount)), tax(shipping)]),
  };
  const total = sums.subtotal - sums.discount + sums.shipping + (taxIncluded ? 0n : sums.tax);
  const part = total / BigInt(payments);
  const paid = Array.from({ length: payments }, (_, index) => (index === payments - 1 ? total - part * BigInt(payments - 1) : part));
  const placement: Placement = {
    idempotencyKey: 'k', externalOrderId: null, channel: null, currencyCode: 'EUR', customerNumber: 'C1', contact: null, shipTo: null, requestedOn: null, note: null, holdId: null, paymentReference: null,
    lines: lines.map((line, index) => ({ sku: `S${index}`, quantity: decimal('1'), expectedUnitPrice: null, discount: amount(line.discount - line.promoted), taxes: taxes(line.net - line.discount) })),
    charges: [
      { kind: 'SHIPPING', code: 'std', description: null, amount: amount(gross(shipping)), taxes: taxes(shipping) },
      { kind: 'DISCOUNT', code: 'off', description: null, amount: amount(-discount), taxes: null },
    ],
    payments: paid.map((one, index) => {
      const isRest = onAccount && index === payments - 1;
      return { methodCode: 'm', kind: isRest ? 'ON_ACCOUNT' as const : 'CAPTURED' as const, amount: isRest ? null : amount(one), reference: null };
    }),
    ...(taxIncluded && { taxIncluded }),
    expectedTotals: { subtotal: amount(sums.subtotal), discount: amount(sums.discount), shipping: amount(sums.shipping), tax: amount(sums.tax), total: amount(total) },
  };
  const money = (value: bigint) => ({ amount: amount(value), currencyCode: 'EUR' });
  const basket = { currencyCode: 'EUR', lines: priced.map((value, index) => ({
    sku: `S${index}`, quantity: decimal('1'), unitPrice: money(value), listPrice: money(value), lineTotal: money(value), discount: amount(lines[index]!.promoted), promotions: [], layer: 'BASE' as const, priceListCode: null, ruleReference: null, breakQuantity: decimal('1'), asOf: instant(0),
  })) };
  return { placement, basket, told: { ...sums, total }, paid };
}

function faults(placement: Placement, basket: ReturnType<typeof build>['basket']): string[] {
  try {
    settleTotals(placement, basket);
    return [];
  } catch (error) {
    return (error as Refusal).userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);
  }
}

describe('an order that agrees', () => {
  it('is settled: its total, and every payment with its amount', () => {
    fc.assert(fc.property(orders, (given) => {
      const { placement, basket, told, paid } = build(given);
      const settled = settleTotals(placement, basket);
      expect(settled.totals.total).toBe(amount(told.total));
      expect(settled.payments.map((payment) => payment.amount)).toEqual(paid.map(amount));
      expect(settled.charges.every((charge) => charge.taxes !== null)).toBe(true);
    }));
  });

  it('is refused by name when one figure the buyer was told is a cent off', () => {
    fc.assert(fc.property(orders, fc.constantFrom('subtotal' as const, 'discount' as const, 'shipping' as const, 'tax' as const, 'total' as const), (given, name) => {
      const { placement, basket, told } = build(given);
      expect(faults({ ...placement, expectedTotals: { ...placement.expectedTotals, [name]: amount(told[name] + 1n) } }, basket)).toEqual([`TOTALS_MISMATCH expectedTotals.${name}`]);
    }));
  });

  it('is refused when the payments are a cent off, and when a price is', () => {
    fc.assert(fc.property(orders.filter((given) => !given.onAccount), (given) => {
      const { placement, basket, paid } = build(given);
      const [first, ...rest] = placement.payments!;
      expect(faults({ ...placement, payments: [{ ...first!, amount: amount(paid[0]! + 1n) }, ...rest] }, basket)).toEqual(['TOTALS_MISMATCH payments']);
      const dearer = basket.lines.map((line, index) => (index === 0 ? { ...line, lineTotal: { ...line.lineTotal, amount: decimal(`1${line.lineTotal.amount}`) } } : line));
      expect(faults(placement, { ...basket, lines: dearer })).toContain('TOTALS_MISMATCH payments');
    }));
  });
});
