import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type Decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { PriceRule } from '../../../../domain/pricing.ts';
import type { Promotion, PromotionEffect } from '../../../../domain/promotions.ts';
import { addMs } from '../../../../domain/time.ts';
import { listShownBreaks } from '../../../../subgraphs/pricing/reading/shown-breaks.ts';
import { shownPrice, type ShownBasis } from '../../../../subgraphs/pricing/reading/shown-price.ts';
import { d, factsOf, fixed, listOf, listPriceOf, NOW, percentOff, ruleOf } from './price-samples.ts';
import { amountOff, fixedPrice, percent, promotionOf } from './promotion-samples.ts';

const quantity = fc.integer({ min: 1, max: 60 }).map((units) => d(units / 2));
const bounds = fc.option(quantity, { nil: null });
const offset = fc.option(fc.integer({ min: -2, max: 2 }), { nil: null });
const instantAt = (ms: number | null) => (ms === null ? null : addMs(NOW, ms));

const rules: fc.Arbitrary<readonly PriceRule[]> = fc.array(
  fc.record({ cents: fc.integer({ min: 50, max: 3_000 }), off: fc.integer({ min: -20, max: 60 }), isFixed: fc.boolean(), minQuantity: bounds, from: offset, until: offset, unitCode: fc.constantFrom(null, null, 'BOX') }),
  { maxLength: 6 },
).map((all) => all.map(({ cents, off, isFixed, minQuantity, from, until, unitCode }, index) =>
  ruleOf('ACME', isFixed ? fixed(String(cents / 100)) : percentOff(String(off)), { reference: `r${index}`, precedence: String(index), minQuantity, unitCode, validFrom: instantAt(from), validUntil: instantAt(until) })));

const effect: fc.Arbitrary<PromotionEffect> = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((off) => percent(String(off))),
  fc.integer({ min: 1, max: 40 }).map((off) => percent(String(off), 'UNIT', 'LIST')),
  fc.integer({ min: 1, max: 300 }).map((cents) => amountOff(String(cents / 100))),
  fc.integer({ min: 100, max: 1_500 }).map((cents) => fixedPrice(String(cents / 100))),
);

/** Of those on the price of a piece; `groups`: they may compete. */
const promotionsIn = (groups: boolean): fc.Arbitrary<readonly Promotion[]> => fc.array(
  fc.record({
    effect, minQuantity: bounds, maxQuantity: bounds, priority: fc.integer({ min: 0, max: 2 }), stacking: fc.constantFrom('STACKS' as const, 'EXCLUSIVE' as const),
    minBasket: fc.option(fc.integer({ min: 500, max: 30_000 }).map((cents) => money(d(cents / 100), 'USD')), { nil: null }),
    exclusionGroup: groups ? fc.constantFrom(null, 'g') : fc.constant(null),
  }),
  { maxLength: 4 },
).map((all) => all.map(({ effect: what, ...more }, index) => promotionOf(`p${index}`, what, more)));

const basisOf = (priceRules: readonly PriceRule[], promotions: readonly Promotion[], advertising: ShownBasis['advertising'] = null): ShownBasis => ({
  sku: 'X', facts: factsOf(listPriceOf('X', '19.99', { unitCode: 'PC', units: [{ code: 'BOX', factor: d('2.5') }] }), [listOf('ACME', { roundingDigits: 2 })], priceRules),
  lists: [{ layer: 'CHANNEL', code: 'ACME' }], currencyCode: null, at: NOW, channel: 'web', promotions, advertising,
});

const unitPrice = (basis: ShownBasis, asked: Decimal, unit: string | null): Decimal | null => {
  const shown = shownPrice(basis, asked, unit);
  return shown.kind === 'SHOWN' ? shown.price.unitPrice.amount : null;
};

const unit = fc.constantFrom(null, 'BOX');
const advertised: fc.Arbitrary<ShownBasis['advertising']> = fc.constantFrom(null, { policy: 'SHOW_MAP', minimum: money(d('9.5'), 'USD') }, { policy: 'HIDE', minimum: money(d('9.5'), 'USD') });

describe('price breaks', () => {
  it('say what price says of their quantity, whatever is on offer', () => {
    fc.assert(fc.property(rules, promotionsIn(true), unit, (priceRules, promotions, asked) => {
      const basis = basisOf(priceRules, promotions);
      for (const { minQuantity, unitPrice: shown } of listShownBreaks(basis, asked)) expect(shown.amount).toBe(unitPrice(basis, minQuantity, asked));
    }));
  });

  it('hold for every whole quantity up to the next, where offers do not compete', () => {
    fc.assert(fc.property(rules, promotionsIn(false), unit, advertised, (priceRules, promotions, asked, advertising) => {
      const basis = basisOf(priceRules, promotions, advertising);
      const breaks = listShownBreaks(basis, asked);
      for (let pieces = 1; pieces <= 80; pieces += 1) {
        const inForce = breaks.find(({ minQuantity, below }) => compare(minQuantity, d(pieces)) <= 0 && (below === null || compare(d(pieces), below) < 0));
        expect([pieces, inForce?.unitPrice.amount ?? null]).toEqual([pieces, unitPrice(basis, d(pieces), asked)]);
      }
    }), { numRuns: 60 });
  });

  it('ascend, and no two neighbours are the same', () => {
    fc.assert(fc.property(rules, promotionsIn(true), unit, (priceRules, promotions, asked) => {
      const breaks = listShownBreaks(basisOf(priceRules, promotions), asked);
      breaks.slice(1).forEach((next, index) => {
        expect(compare(next.minQuantity, breaks[index]!.minQuantity)).toBe(1);
        if (breaks[index]!.below === next.minQuantity) expect(next.unitPrice.amount).not.toBe(breaks[index]!.unitPrice.amount);
      });
    }));
  });

  it('are never below what may be advertised', () => {
    const minimum = money(d('9.5'), 'USD');
    fc.assert(fc.property(rules, promotionsIn(true), (priceRules, promotions) => {
      const raised = listShownBreaks(basisOf(priceRules, promotions, { policy: 'SHOW_MAP', minimum }), null);
      const hidden = listShownBreaks(basisOf(priceRules, promotions, { policy: 'HIDE', minimum }), null);
      for (const { unitPrice: shown } of [...raised, ...hidden]) expect(compare(shown.amount, minimum.amount)).toBeGreaterThanOrEqual(0);
    }));
  });

  it('are in the unit asked for, whole ones of it, and none of a unit it is not sold in', () => {
    const basis = basisOf([ruleOf('ACME', fixed('8'), { minQuantity: d(6), precedence: '1' }), ruleOf('ACME', fixed('10'), { precedence: '2' })], []);
    expect(listShownBreaks(basis, null).map(({ minQuantity, unitPrice: { amount } }) => [minQuantity, amount])).toEqual([['1', '10'], ['6', '8']]);
    expect(listShownBreaks(basis, 'BOX').map(({ minQuantity, unitPrice: { amount } }) => [minQuantity, amount])).toEqual([['1', '10'], ['3', '8']]);
    expect(listShownBreaks(basis, 'CRATE')).toEqual([]);
  });
});
