import { describe, expect, it } from 'vitest';
import type { PriceFormula } from '../../../../domain/pricing.ts';
import { applyFormula } from '../../../../subgraphs/pricing/resolve/price-formula.ts';
import { d } from './price-samples.ts';

type Formula = Extract<PriceFormula, { kind: 'FORMULA' }>;

const apply = (base: string, parts: Partial<Record<'percentOff' | 'surcharge' | 'roundTo' | 'minMargin' | 'maxMargin', string>>): string =>
  applyFormula(d(base), {
    kind: 'FORMULA', base: { kind: 'LIST' }, percentOff: d(parts.percentOff ?? '0'), surcharge: d(parts.surcharge ?? '0'),
    roundTo: parts.roundTo === undefined ? null : d(parts.roundTo), minMargin: parts.minMargin === undefined ? null : d(parts.minMargin),
    maxMargin: parts.maxMargin === undefined ? null : d(parts.maxMargin),
  } satisfies Formula);

describe('the formula of a price rule', () => {
  it('discounts, rounds to a multiple, adds the surcharge, in this order', () => {
    // Odoo's own example: round to 10, surcharge -0.01 gives prices that end in 9.99.
    expect(apply('87', { percentOff: '20', roundTo: '10', surcharge: '-0.01' })).toBe('69.99');
    expect(apply('87', { percentOff: '20', surcharge: '-0.01' })).toBe('69.59');
  });

  it('rounds halves away from zero, also to fractions', () => {
    expect([apply('25', { roundTo: '10' }), apply('24.99', { roundTo: '10' }), apply('0.125', { roundTo: '0.05' }), apply('1', { roundTo: '0.3' })]).toEqual(['30', '20', '0.15', '0.9']);
  });

  it('keeps the margins around the undiscounted base; the greatest wins where they contradict', () => {
    expect(apply('100', { percentOff: '50', minMargin: '-20' })).toBe('80');
    expect(apply('100', { surcharge: '50', maxMargin: '20' })).toBe('120');
    expect(apply('100', { minMargin: '30', maxMargin: '10' })).toBe('110');
  });

  it('raises by a negative discount: a mark-up on cost', () => {
    expect(apply('9.75', { percentOff: '-60' })).toBe('15.6');
  });
});
