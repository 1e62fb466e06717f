import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, divide, greatest, multiply, subtract } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { TaxRate } from '../../../../domain/pricing.ts';
import { taxOf, type TaxQuestion } from '../../../../subgraphs/pricing/resolve/price-tax.ts';
import { d } from './price-samples.ts';

const rateOf = (code: string, percent: string, more: Partial<TaxRate> = {}): TaxRate => ({ code, name: code, percent: d(percent), countryCode: null, includedInPrice: false, active: true, updatedAt: null, ...more });
const ask = (amount: string, rates: readonly TaxRate[], more: Partial<TaxQuestion> = {}) =>
  taxOf({ amount: money(d(amount), 'EUR'), taxIncluded: false, taxCodes: rates.map(({ code }) => code), rates, countryCode: null, ...more });
const told = (tax: ReturnType<typeof taxOf>) => tax && [tax.ratePercent, tax.net.amount, tax.tax.amount, tax.gross.amount];

describe('taxes', () => {
  it('are put on top of a price without them, and taken out of a price with them', () => {
    expect(told(ask('100', [rateOf('VAT', '19')]))).toEqual(['19', '100', '19', '119']);
    expect(told(ask('119', [rateOf('VAT', '19')], { taxIncluded: true }))).toEqual(['19', '100', '19', '119']);
    expect(told(ask('119', [rateOf('VAT', '19', { includedInPrice: true })]))).toEqual(['19', '100', '19', '119']);
  });

  it('add up, some of them within and some on top', () => {
    expect(told(ask('100', [rateOf('STATE', '6'), rateOf('CITY', '2.5')]))).toEqual(['8.5', '100', '8.5', '108.5']);
    expect(told(ask('110', [rateOf('IN', '10', { includedInPrice: true }), rateOf('ON', '5')]))).toEqual(['15', '100', '15', '115']);
  });

  it("are the country's own, else those that hold everywhere", () => {
    const rates = [rateOf('VAT', '19', { countryCode: 'DE' }), rateOf('VAT', '20', { countryCode: 'FR' }), rateOf('ECO', '1')];
    const at = (countryCode: string | null) => ask('100', rates, { countryCode })?.ratePercent;
    expect([at('DE'), at('FR'), at(null), at('IT')]).toEqual(['20', '21', '1', '1']);
  });

  it('are unknown without a code, a rate, or one for the country: zero would be a guess', () => {
    expect(ask('100', [])).toBeNull();
    expect(ask('100', [rateOf('VAT', '19')], { taxCodes: ['VAT', 'OTHER'] })).toBeNull();
    expect(ask('100', [rateOf('VAT', '19', { active: false })])).toBeNull();
    expect(ask('100', [rateOf('VAT', '19', { countryCode: 'DE' })], { countryCode: 'FR' })).toBeNull();
    expect(told(ask('100', [rateOf('FREE', '0')]))).toEqual(['0', '100', '0', '100']);
  });

  it('are rounded once, and net and tax are the gross exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 0, max: 300 }), fc.boolean(), (thousandths, tenths, taxIncluded) => {
      const [amount, percent] = [d(thousandths / 1000), d(tenths / 10)];
      const tax = ask(amount, [rateOf('VAT', percent)], { taxIncluded })!;
      expect(add(tax.net.amount, tax.tax.amount)).toBe(tax.gross.amount);
      expect(taxIncluded ? tax.gross.amount : tax.net.amount).toBe(amount);
      expect(tax.tax.amount).toMatch(/^\d+(\.\d{1,2})?$/);
      const exact = divide(multiply(amount, percent), taxIncluded ? add(d(100), percent) : d(100));
      const error = subtract(exact, tax.tax.amount);
      expect(compare(greatest(error, subtract(d(0), error)), d('0.005'))).toBeLessThanOrEqual(0);
    }));
  });
});
