import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import { addMs } from '../../../../domain/time.ts';
import { createCurrencyRates } from '../../../../subgraphs/pricing/resolve/currency-rates.ts';
import { explainPrice, type PriceExplanation } from '../../../../subgraphs/pricing/resolve/explain-price.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { factsOfWorld, priceRequests, priceWorlds } from '../../../support/price-worlds.ts';
import { ask, d, factsOf, fixed, listOf, listPriceOf, NOW, percentOff, POLICY, ruleOf } from './price-samples.ts';

const outcomes = ({ candidates }: PriceExplanation): Record<string, string> => Object.fromEntries(candidates.map((one) => [one.ruleReference ?? one.layer, one.outcome]));

describe('the explanation of a price', () => {
  it('has the winner `resolvePrice` answers with, one at most, and an outcome for every rule that covers the SKU', () => {
    const wins = new Map<string, number>();
    fc.assert(fc.property(priceWorlds, priceRequests, (world, request) => {
      const facts = factsOfWorld(world);
      const explained = explainPrice(facts, request);
      const resolved = resolvePrice(facts, request);
      expect(explained.resolution).toEqual(resolved);
      const won = explained.candidates.filter(({ outcome }) => outcome === 'WON');
      expect(won).toHaveLength(resolved.ok ? 1 : 0);
      if (!resolved.ok) return;
      const [winner] = won;
      expect(explained.winner).toBe(winner);
      const { layer, priceListCode, ruleReference } = resolved.price;
      wins.set(winner!.layer, (wins.get(winner!.layer) ?? 0) + 1);
      if (ruleReference === null) expect(winner!.layer).toBe('BASE');
      else expect([winner!.layer, winner!.priceListCode, winner!.ruleReference]).toEqual([layer, priceListCode, ruleReference]);
      expect(winner!.amount).not.toBeNull();
      expect(winner!.refusal).toBeNull();
    }), { numRuns: 3_000 });
    for (const layer of ['CONTRACT', 'GROUP', 'CHANNEL', 'BASE']) expect(wins.get(layer) ?? 0).toBeGreaterThan(2);
  });

  it('says of each that did not win why', () => {
    const rules = [
      ruleOf('A', fixed('9'), { reference: 'later', validFrom: addMs(NOW, 1) }), ruleOf('A', fixed('8'), { reference: 'many', minQuantity: d(10) }),
      ruleOf('A', fixed('90'), { reference: 'boxes', unitCode: 'BOX' }), ruleOf('A', percentOff('10'), { reference: 'first' }), ruleOf('A', fixed('7'), { reference: 'second' }),
      ruleOf('B', fixed('1'), { reference: 'other list' }),
    ];
    const facts = factsOf(listPriceOf('X', '10', { units: [{ code: 'BOX', factor: d(12) }] }), [listOf('A'), listOf('B')], rules);
    const request = ask('1', null, { lists: [{ layer: 'CONTRACT', code: 'A' }, { layer: 'CHANNEL', code: 'B' }] });
    expect(outcomes(explainPrice(facts, request))).toEqual({
      later: 'WINDOW', many: 'QUANTITY', boxes: 'UNIT', first: 'WON', second: 'LOST_TO_PRECEDENCE', 'other list': 'LIST_NOT_ASKED', BASE: 'LIST_NOT_ASKED',
    });
    const lowest = { ...facts, policy: { ...POLICY, acrossLists: 'LOWEST_WINS', withinList: 'LOWEST_WINS' } as const };
    expect(outcomes(explainPrice(lowest, request))).toMatchObject({ first: 'LOST_TO_LOWER', second: 'LOST_TO_LOWER', 'other list': 'WON', BASE: 'LOST_TO_LOWER' });
  });

  it('names the list that cannot be used, and the rule that has no price', () => {
    const facts = factsOf(listPriceOf('X', '10'), [listOf('A')], [ruleOf('A', percentOff('-20', { kind: 'COST' }), { reference: 'on cost' })]);
    expect(explainPrice(facts, ask('1', 'GONE'))).toMatchObject({ winner: null, candidates: [{ priceListCode: 'GONE', outcome: 'NO_PRICE', refusal: 'UNUSABLE_PRICE_LIST', description: 'price list GONE is unknown' }, { layer: 'BASE', outcome: 'LIST_NOT_ASKED' }] });
    expect(explainPrice(facts, ask('1', 'A'))).toMatchObject({ winner: null, candidates: [{ ruleReference: 'on cost', amount: null, outcome: 'NO_PRICE', refusal: 'NO_LIST_PRICE' }, { layer: 'BASE' }] });
  });

  it('marks every amount the cost can be computed from, over other lists too', () => {
    const rules = [ruleOf('A', percentOff('5', { kind: 'PRICE_LIST', code: 'B' }), { reference: 'over B' }), ruleOf('B', percentOff('-60', { kind: 'COST' }), { reference: 'margin' })];
    const facts = factsOf(listPriceOf('X', '10', { cost: money(d('4'), 'USD') }), [listOf('A'), listOf('B')], rules);
    const explained = explainPrice(facts, ask('1', null, { lists: [{ layer: 'CONTRACT', code: 'A' }, { layer: 'GROUP', code: 'B' }] }));
    expect(explained.candidates.map(({ isFromCost, amount, description }) => [isFromCost, amount, description])).toEqual([
      [true, '6.08', '5 % off price list B'], [true, '6.4', '60 % above the cost'], [false, '10', "the item's own price"],
    ]);
  });

  it('tells a formula in the order in which it is worked out, the rates used with their dates, and the rounding', () => {
    const validFrom = addMs(NOW, -5_000);
    const rates = createCurrencyRates([{ reference: 'r', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('1.25'), validFrom, updatedAt: null }]);
    const formula = { kind: 'FORMULA', base: { kind: 'LIST' }, percentOff: d(20), surcharge: d('-0.01'), roundTo: d(10), minMargin: d(-90), maxMargin: null } as const;
    const facts = factsOf(listPriceOf('X', '100'), [listOf('E', { currencyCode: 'EUR', roundingDigits: 2 })], [ruleOf('E', formula)], 'FIRST_WINS', { rates, policy: { ...POLICY, convertedCurrencies: ['USD'] } });
    const { winner, ...explained } = explainPrice(facts, ask('1', 'E', { currencyCode: 'USD' }));
    // 100 USD are 80 EUR; 64, to the nearest 10: 60; 59.99 EUR are 74.9875 USD.
    expect(winner).toMatchObject({ amount: '59.99', currencyCode: 'EUR', description: '20 % off the list price, to the nearest 10, less 0.01, at least 90 below the list price' });
    expect(explained).toMatchObject({
      exact: multiply(d('59.99'), d('1.25')), rounding: { mode: 'HALF_UP', digits: 2, place: 'UNIT' }, resolution: { price: { unitPrice: { amount: '74.99', currencyCode: 'USD' } } },
      rates: [{ from: 'USD', to: 'EUR', rate: '0.8', validFrom }, { from: 'EUR', to: 'USD', rate: '1.25', validFrom }],
    });
  });
});
