import { describe, expect, it } from 'vitest';
import type { CurrencyRate } from '../../../../domain/pricing.ts';
import { addMs, type Instant } from '../../../../domain/time.ts';
import { createCurrencyRates, exchange } from '../../../../subgraphs/pricing/resolve/currency-rates.ts';
import { d, NOW } from './price-samples.ts';

const told = (baseCurrencyCode: string, currencyCode: string, rate: string, ms = 0): CurrencyRate => ({
  reference: `${baseCurrencyCode}${currencyCode}${ms}`, baseCurrencyCode, currencyCode, rate: d(rate), validFrom: addMs(NOW, ms), updatedAt: null,
});
const known = createCurrencyRates([told('EUR', 'USD', '1.2', 10), told('EUR', 'USD', '1.1'), told('EUR', 'GBP', '0.8', 5), told('CHF', 'JPY', '160'), told('NOK', 'JPY', '16')]);
const rate = (from: string, to: string, at: Instant): readonly unknown[] | null => {
  const found = known.rateAt(from, to, at);
  return found && [found.rate, found.validFrom];
};

describe('rates of exchange', () => {
  it('hold from their instant until the next', () => {
    expect([-1, 0, 9, 10, 99].map((ms) => rate('EUR', 'USD', addMs(NOW, ms)))).toEqual([null, ['1.1', NOW], ['1.1', NOW], ['1.2', addMs(NOW, 10)], ['1.2', addMs(NOW, 10)]]);
  });

  it('lead back, and over a currency both are told with, since the later of the two', () => {
    expect(rate('USD', 'EUR', addMs(NOW, 10))).toEqual(['0.83333333333333333333', addMs(NOW, 10)]);
    expect(rate('USD', 'GBP', addMs(NOW, 6))).toEqual(['0.72727272727272727273', addMs(NOW, 5)]);
    expect(rate('CHF', 'NOK', NOW)).toEqual(['10', NOW]);
    expect([rate('USD', 'GBP', NOW), rate('USD', 'JPY', NOW), rate('USD', 'XXX', NOW)]).toEqual([null, null, null]);
  });

  it('lose nothing on the way back', () => {
    const at = addMs(NOW, 10);
    expect([exchange(d('12'), known.rateAt('USD', 'EUR', at)!), exchange(d('3'), known.rateAt('USD', 'GBP', at)!), exchange(d('5'), { rate: d('1.5'), validFrom: at })]).toEqual(['10', '2', '7.5']);
    expect(known.rateAt('XXX', 'XXX', NOW)).toMatchObject({ rate: '1' });
  });
});
