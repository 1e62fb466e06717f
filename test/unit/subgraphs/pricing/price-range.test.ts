import { describe, expect, it } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { rangeOf } from '../../../../subgraphs/pricing/reading/price-range.ts';
import { d } from './price-samples.ts';

const usd = (amount: string) => money(d(amount), 'USD');

describe('a price range', () => {
  it('orders amounts as numbers', () => expect(rangeOf([usd('10'), usd('9.5'), usd('100')])).toEqual({ min: usd('9.5'), max: usd('100') }));
  it('of one price is that price', () => expect(rangeOf([usd('3')])).toEqual({ min: usd('3'), max: usd('3') }));
  it('is none of nothing, nor of two currencies', () => expect([rangeOf([]), rangeOf([usd('1'), money(d('2'), 'EUR')])]).toEqual([null, null]));
});
