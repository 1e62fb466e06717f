import { describe, expect, it } from 'vitest';
import { money } from '../../../../domain/money.ts';
import type { PriceLayer } from '../../../../domain/pricing.ts';
import { advertise } from '../../../../subgraphs/pricing/advertised/advertise.ts';
import { d } from './price-samples.ts';

const usd = (amount: string) => money(d(amount), 'USD');

describe('what may be advertised', () => {
  const at = (amount: string, minimum: string | null, policy: 'SHOW_MAP' | 'HIDE' = 'SHOW_MAP', layer: PriceLayer = 'CHANNEL') =>
    advertise({ unitPrice: usd(amount), layer, minimum: minimum === null ? null : usd(minimum), policy });

  it('is the price itself where it is not below the minimum, or there is none', () => {
    expect([at('10', null), at('10', '10.00'), at('10', '9.99', 'HIDE')]).toEqual(Array(3).fill({ kind: 'AS_IS' }));
  });

  it('is the minimum, or nothing, below it', () => {
    expect(at('9.999', '10')).toEqual({ kind: 'RAISED', to: usd('10') });
    expect(at('9.999', '10', 'HIDE')).toEqual({ kind: 'HIDDEN' });
    expect(at('9', '10', 'HIDE', 'BASE')).toEqual({ kind: 'HIDDEN' });
  });

  it('does not concern agreed prices: nobody else sees them', () => {
    for (const layer of ['CONTRACT', 'GROUP'] as const) expect(at('1', '10', 'HIDE', layer)).toEqual({ kind: 'AS_IS' });
  });

  it('is nothing in another currency than the minimum: nobody knows which is lower', () => {
    for (const policy of ['SHOW_MAP', 'HIDE'] as const) {
      expect(advertise({ unitPrice: usd('1000'), layer: 'BASE', minimum: money(d(1), 'EUR'), policy })).toEqual({ kind: 'HIDDEN' });
    }
    expect(advertise({ unitPrice: usd('1000'), layer: 'CONTRACT', minimum: money(d(1), 'EUR'), policy: 'HIDE' })).toEqual({ kind: 'AS_IS' });
  });
});
