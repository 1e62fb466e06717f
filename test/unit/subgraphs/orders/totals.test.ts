import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { minorUnit, strangeTaxes, totalsOf, type TotalledOrder } from '../../../../subgraphs/orders/placing/totals.ts';

/* The oracle counts whole minor units with BigInt and knows nothing of Decimal. */

const DIGITS = { EUR: 2, JPY: 0, KWD: 3 } as const;
type Currency = keyof typeof DIGITS;

const decimalOf = (units: bigint, currency: Currency): Decimal => {
  const digits = DIGITS[currency];
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0');
  return decimal(`${units < 0n ? '-' : ''}${text.slice(0, text.length - digits)}.${text.slice(text.length - digits)}`.replace(/\.$/, ''));
};
const unitsOf = (amount: Decimal, currency: Currency): bigint => {
  const [whole, fraction = ''] = amount.replace('-', '').split('.');
  return BigInt(`${whole}${fraction.padEnd(DIGITS[currency], '0')}`) * (amount.startsWith('-') ? -1n : 1n);
};

const units = fc.bigInt({ min: 0n, max: 10n ** 11n });
const taxes = fc.option(fc.array(units, { maxLength: 3 }), { nil: null });
const line = fc.record({ total: units, discount: units, taxes });
const charge = fc.record({ kind: fc.constantFrom('SHIPPING' as const, 'HANDLING' as const, 'SURCHARGE' as const, 'DISCOUNT' as const), amount: units, taxes });
const order = fc.record({ lines: fc.array(line, { minLength: 1, maxLength: 30 }), charges: fc.array(charge, { maxLength: 10 }), taxIncluded: fc.boolean() });
const sumOf = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

describe('totals', () => {
  it('are what whole minor units come to', () => {
    fc.assert(fc.property(order, fc.constantFrom<Currency>('EUR', 'JPY', 'KWD'), ({ lines, charges, taxIncluded }, currency) => {
      const amount = (value: bigint): Decimal => decimalOf(value, currency);
      const taxed = (given: readonly bigint[] | null) => given && given.map((tax) => ({ code: 'VAT', ratePercent: null, amount: amount(tax) }));
      const input: TotalledOrder = {
        lines: lines.map((one) => ({ lineTotal: amount(one.total), discount: amount(one.discount), taxes: taxed(one.taxes) })),
        charges: charges.map((one) => ({ kind: one.kind, amount: amount(one.kind === 'DISCOUNT' ? -one.amount : one.amount), taxes: taxed(one.taxes) })),
        taxIncluded,
      };
      const totals = totalsOf(input);
      const kind = (wanted: string): bigint => sumOf(charges.filter((one) => one.kind === wanted).map((one) => one.amount));
      const told = [...lines, ...charges].filter((one) => one.taxes !== null);
      const tax = sumOf(told.flatMap((one) => one.taxes!));
      const discount = sumOf(lines.map((one) => one.discount)) + kind('DISCOUNT');
      const beforeTax = sumOf(lines.map((one) => one.total)) - discount + kind('SHIPPING') + kind('HANDLING') + kind('SURCHARGE');
      expect(unitsOf(totals.subtotal, currency)).toBe(sumOf(lines.map((one) => one.total)));
      expect(unitsOf(totals.discount, currency)).toBe(discount);
      expect(unitsOf(totals.shipping, currency)).toBe(kind('SHIPPING'));
      expect(unitsOf(totals.handling, currency)).toBe(kind('HANDLING'));
      expect(unitsOf(totals.surcharge, currency)).toBe(kind('SURCHARGE'));
      expect(totals.tax && unitsOf(totals.tax, currency)).toBe(told.length === 0 ? null : tax);
      expect(unitsOf(totals.total, currency)).toBe(taxIncluded ? beforeTax : beforeTax + tax);
    }));
  });

  it('a currency has its own smallest unit', () => {
    expect(['EUR', 'JPY', 'KWD'].map(minorUnit)).toEqual(['0.01', '1', '0.001']);
  });
});

describe('a tax and its rate', () => {
  const EUR = { taxIncluded: false, mayBeLess: decimal('0'), unit: decimal('0.01') };
  const vat = (amount: string, ratePercent = '19') => ({ code: 'VAT', ratePercent: decimal(ratePercent), amount: decimal(amount) });

  it('agree within the smallest unit, whichever way it was rounded', () => {
    // 19 % of 21.99 is 4.1781.
    const strange = (amount: string): number => strangeTaxes({ ...EUR, amount: decimal('21.99'), taxes: [vat(amount)] }).length;
    expect(['4.16', '4.17', '4.18', '4.19'].map(strange)).toEqual([1, 0, 0, 1]);
  });

  it('agree where the price has the tax in it', () => {
    // 119.00 has 19.00 in it; 19 % of 119.00 would be 22.61.
    const strange = (amount: string): number => strangeTaxes({ ...EUR, taxIncluded: true, amount: decimal('119'), taxes: [vat(amount)] }).length;
    expect(['19', '19.01', '18.99', '22.61', '18.98'].map(strange)).toEqual([0, 0, 0, 1, 1]);
  });

  it('may be of less by the discounts on the whole order, never of more', () => {
    const strange = (amount: string): number => strangeTaxes({ ...EUR, amount: decimal('100'), mayBeLess: decimal('30'), taxes: [vat(amount)] }).length;
    expect(['13.29', '13.30', '19', '19.02', '13.28'].map(strange)).toEqual([0, 0, 0, 1, 1]);
  });

  it('names the strange ones among several, and none without a rate', () => {
    const several = [vat('5', '5'), { code: 'ECO', ratePercent: null, amount: decimal('77') }, vat('9', '10')];
    expect(strangeTaxes({ ...EUR, amount: decimal('100'), taxes: several })).toEqual([2]);
  });

  it('is never strange when it was computed and rounded to the unit, in any currency', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 3_000 }), fc.constantFrom<Currency>('EUR', 'JPY', 'KWD'), fc.boolean(), (net, basisPoints, currency, taxIncluded) => {
      // Half up, in whole units: net * rate, the rate in hundredths of a percent.
      const tax = (net * BigInt(basisPoints) * 2n + 10_000n) / 20_000n;
      const told = { code: 'VAT', ratePercent: decimal(`${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')}`), amount: decimalOf(tax, currency) };
      const amount = decimalOf(taxIncluded ? net + tax : net, currency);
      const given = { amount, taxIncluded, mayBeLess: decimal('0'), unit: minorUnit(currency) };
      expect(strangeTaxes({ ...given, taxes: [told] })).toEqual([]);
      const wrong = { ...told, amount: decimalOf(tax + 3n, currency) };
      expect(strangeTaxes({ ...given, amount: decimalOf(taxIncluded ? net + tax + 3n : net, currency), taxes: [wrong] })).toEqual([0]);
    }));
  });
});
