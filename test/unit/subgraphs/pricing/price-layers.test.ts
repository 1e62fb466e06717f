import { describe, expect, it } from 'vitest';
import { money } from '../../../../domain/money.ts';
import type { ResolutionPolicy } from '../../../../domain/pricing.ts';
import type { Promotion } from '../../../../domain/promotions.ts';
import { addMs } from '../../../../domain/time.ts';
import { promoteBasket } from '../../../../subgraphs/pricing/promotions/engine.ts';
import { createCurrencyRates } from '../../../../subgraphs/pricing/resolve/currency-rates.ts';
import { listBreaks } from '../../../../subgraphs/pricing/resolve/price-breaks.ts';
import type { PriceFacts, PriceRequest } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { findPrice, resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { inOwnUnit } from '../../../../subgraphs/pricing/resolve/units.ts';
import { ask, d, factsOf, fixed, listOf, listPriceOf, NOW, percentOff, POLICY, ruleOf } from './price-samples.ts';

const answer = (facts: PriceFacts, request: PriceRequest): unknown => {
  const resolved = resolvePrice(facts, request);
  return resolved.ok ? [resolved.price.unitPrice.amount, resolved.price.layer, resolved.price.priceListCode] : resolved.reason;
};
const under = (facts: PriceFacts, policy: Partial<ResolutionPolicy>): PriceFacts => ({ ...facts, policy: { ...POLICY, ...policy } });
const all = ask('1', null, { lists: [{ layer: 'CONTRACT', code: 'CON' }, { layer: 'GROUP', code: 'GRP' }, { layer: 'CHANNEL', code: 'CHA' }] });
const mug = listPriceOf('MUG', '10');
const three = [listOf('CON'), listOf('GRP'), listOf('CHA')];

describe('across lists', () => {
  const facts = factsOf(mug, three, [ruleOf('CON', fixed('9'), { minQuantity: d(10) }), ruleOf('GRP', fixed('8')), ruleOf('CHA', fixed('7'))]);

  it('the first list decides alone, the first with a rule decides, or the lowest of all', () => {
    expect(answer(under(facts, { acrossLists: 'FIRST_LIST' }), all)).toEqual(['10', 'CONTRACT', 'CON']);
    expect(answer(under(facts, { acrossLists: 'FIRST_WINS' }), all)).toEqual(['8', 'GROUP', 'GRP']);
    expect(answer(under(facts, { acrossLists: 'LOWEST_WINS' }), all)).toEqual(['7', 'CHANNEL', 'CHA']);
  });

  it('the base price competes where the lowest wins, and is what is left where the first wins', () => {
    const dear = factsOf(mug, three, [ruleOf('CON', fixed('12'))]);
    expect(answer(under(dear, { acrossLists: 'LOWEST_WINS' }), all)).toEqual(['10', 'BASE', null]);
    expect(answer(under(dear, { acrossLists: 'FIRST_WINS' }), all)).toEqual(['12', 'CONTRACT', 'CON']);
    expect(answer(under(factsOf(mug, three, []), { acrossLists: 'FIRST_WINS' }), all)).toEqual(['10', 'BASE', null]);
    expect(answer(under(factsOf(listPriceOf('MUG', '0'), three, [ruleOf('CON', fixed('12'))]), { acrossLists: 'LOWEST_WINS' }), all)).toEqual(['12', 'CONTRACT', 'CON']);
  });

  it('a list that is asked and cannot be used is never passed over', () => {
    const broken = factsOf(mug, [listOf('CON'), listOf('GRP', { active: false }), listOf('CHA')], [ruleOf('CON', fixed('9')), ruleOf('CHA', fixed('7'))]);
    expect(answer(under(broken, { acrossLists: 'LOWEST_WINS' }), all)).toBe('UNUSABLE_PRICE_LIST');
    expect(answer(under(broken, { acrossLists: 'FIRST_WINS' }), all)).toEqual(['9', 'CONTRACT', 'CON']);
    expect(answer(under(broken, { acrossLists: 'FIRST_WINS' }), { ...all, lists: all.lists.slice(1) })).toBe('UNUSABLE_PRICE_LIST');
  });

  it('lists of several currencies are compared in one, and without a rate not at all', () => {
    const euros = factsOf(mug, [listOf('CON', { currencyCode: 'EUR' }), listOf('GRP'), listOf('CHA')], [ruleOf('CON', fixed('7')), ruleOf('GRP', fixed('7.5'))]);
    const rates = createCurrencyRates([{ reference: 'r', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('1.1'), validFrom: NOW, updatedAt: null }]);
    expect(answer(under({ ...euros, rates }, { acrossLists: 'LOWEST_WINS' }), all)).toEqual(['7.5', 'GROUP', 'GRP']);
    expect(answer(under(euros, { acrossLists: 'LOWEST_WINS' }), all)).toBe('MISSING_RATE');
  });
});

describe('equal prices', () => {
  it('are equal though one of them was divided without an end: 5 USD are 4.5454... EUR are 5 USD, and the earlier list stands', () => {
    const rates = createCurrencyRates([{ reference: 'r', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('1.1'), validFrom: NOW, updatedAt: null }]);
    const five = factsOf(listPriceOf('MUG', '5'), [listOf('CON', { currencyCode: 'EUR', roundingDigits: 2 }), listOf('GRP')], [ruleOf('CON', percentOff('0')), ruleOf('GRP', fixed('5'))]);
    const request = ask('1', null, { lists: all.lists.slice(0, 2), currencyCode: 'USD' });
    expect(answer(under({ ...five, rates }, { acrossLists: 'LOWEST_WINS', convertedCurrencies: ['USD'] }), request)).toEqual(['5', 'CONTRACT', 'CON']);
  });
});

describe('a base list', () => {
  const lists = [listOf('BASE', { roundingDigits: 2 }), listOf('CON')];
  const dated = [
    ruleOf('BASE', fixed('20'), { validUntil: NOW }), ruleOf('BASE', fixed('24'), { validFrom: NOW, validUntil: addMs(NOW, 10) }), ruleOf('CON', percentOff('40')),
  ];
  const policy = { baseListCode: 'BASE' };
  const at = (ms: number, list: string | null): unknown => answer(under(factsOf(mug, lists, dated), policy), ask('1', list, { at: addMs(NOW, ms) }));

  it('is the base price at its dates, for lists that start from it too; where it says nothing there is none', () => {
    expect([at(-1, null), at(0, null), at(10, null)]).toEqual([['20', 'BASE', 'BASE'], ['24', 'BASE', 'BASE'], 'NO_LIST_PRICE']);
    expect([at(-1, 'CON'), at(0, 'CON'), at(10, 'CON')]).toEqual([['12', 'CONTRACT', 'CON'], ['14.4', 'CONTRACT', 'CON'], 'NO_LIST_PRICE']);
  });

  it("may start from the item's own price, and never from itself", () => {
    const own = factsOf(mug, lists, [ruleOf('BASE', percentOff('-50'))]);
    expect(answer(under(own, policy), ask('1', 'CON'))).toEqual(['15', 'CONTRACT', 'CON']);
    const circular = factsOf(mug, lists, [ruleOf('BASE', percentOff('5', { kind: 'PRICE_LIST', code: 'CON' })), ruleOf('CON', percentOff('5', { kind: 'PRICE_LIST', code: 'BASE' }))]);
    expect(answer(under(circular, policy), ask('1', null))).toBe('UNUSABLE_PRICE_LIST');
    const over = factsOf(mug, lists, [ruleOf('BASE', percentOff('-50', { kind: 'PRICE_LIST', code: 'CON' })), ruleOf('CON', percentOff('10'))]);
    expect(answer(under(over, policy), ask('1', null))).toEqual(['13.5', 'BASE', 'BASE']);
  });

  it('that is unknown refuses every price that needs it', () => {
    expect(answer(under(factsOf(mug, [listOf('CON')], []), policy), ask('1', null))).toBe('UNUSABLE_PRICE_LIST');
  });
});

describe('prices with their taxes in them', () => {
  const gross = listOf('GRP', { taxIncluded: true });
  const rules = [ruleOf('CON', percentOff('10', { kind: 'PRICE_LIST', code: 'GRP' })), ruleOf('GRP', fixed('119')), ruleOf('CHA', fixed('110'))];
  const mixed = factsOf(mug, [listOf('CON'), gross, listOf('CHA')], rules);

  it('are neither the start of one without them, nor compared with it: by how much they differ no list says', () => {
    expect(answer(mixed, ask('1', 'CON'))).toBe('UNUSABLE_PRICE_LIST');
    expect(answer(under(mixed, { acrossLists: 'LOWEST_WINS' }), { ...all, lists: all.lists.slice(1) })).toBe('UNUSABLE_PRICE_LIST');
    expect(answer(under(mixed, { acrossLists: 'FIRST_WINS' }), { ...all, lists: all.lists.slice(1) })).toEqual(['119', 'GROUP', 'GRP']);
    expect(answer(under(factsOf(mug, [listOf('CON'), gross], [ruleOf('GRP', fixed('119'))]), { baseListCode: 'GRP' }), ask('1', 'CON'))).toBe('UNUSABLE_PRICE_LIST');
  });

  it("go with the item's own price, of which its tax rates say whether they are in it", () => {
    expect(answer(factsOf(mug, [gross], [ruleOf('GRP', percentOff('10'))]), ask('1', 'GRP'))).toEqual(['9', 'CONTRACT', 'GRP']);
  });
});

describe('units', () => {
  const boxed = listPriceOf('NAIL', '1', { unitCode: 'PC', units: [{ code: 'BOX', factor: d(12) }] });
  const facts = factsOf(boxed, [listOf('A', { roundingDigits: 2, roundingMode: 'DOWN' })], [
    ruleOf('A', fixed('10'), { unitCode: 'BOX', minQuantity: d(2), reference: 'boxes' }), ruleOf('A', fixed('0.95'), { unitCode: 'PC', minQuantity: d(10), reference: 'pieces' }), ruleOf('A', percentOff('1'), { reference: 'any' }),
  ]);
  const bought = (quantity: string, unitCode: string | null): unknown => {
    const resolved = resolvePrice(facts, ask(quantity, 'A', { unitCode }));
    return resolved.ok ? [resolved.price.ruleReference, resolved.price.unitPrice.amount, resolved.price.lineTotal.amount, resolved.price.breakQuantity] : resolved.reason;
  };

  it('a rule for boxes holds for boxes, counts boxes, and two boxes of 10 cost 20 though a piece has no end', () => {
    expect(bought('24', 'BOX')).toEqual(['boxes', '0.833333333333', '20', '24']);
    expect(bought('12', 'BOX')).toEqual(['any', '0.99', '11.88', null]);
    expect([bought('24', null), bought('24', 'PC')]).toEqual(Array(2).fill(['pieces', '0.95', '22.8', '10']));
    expect(bought('24', 'CRATE')).toBe('UNKNOWN_UNIT');
  });

  it('a promotion on the line takes off what the boxes come to, not what pieces without an end do', () => {
    const found = findPrice(facts, ask('24', 'A', { unitCode: 'BOX' }));
    if (!found.ok) throw new Error(found.reason);
    const half: Promotion = {
      code: 'HALF', name: 'half', effect: { kind: 'PERCENT_OFF', percent: d(50), of: 'PRICE', place: 'LINE' }, priority: 0, stacking: 'STACKS', exclusionGroup: null, targets: [], channels: [], priceListCodes: [],
      minQuantity: null, maxQuantity: null, minBasket: null, validFrom: null, validUntil: null, active: true,
    };
    const [line] = promoteBasket([{ sku: 'NAIL', groupCode: '', categoryCodes: [], quantity: d(24), found: found.price }], [half], { at: NOW, channel: null });
    expect(line).toMatchObject({ discount: '10', resolution: { price: { lineTotal: { amount: '20' } } } });
  });

  it('breaks are those of the unit it is bought in', () => {
    const breaks = (unitCode: string | null) => listBreaks(facts, ask('1', 'A', { unitCode })).map(({ minQuantity, unitPrice, below }) => [minQuantity, unitPrice.amount, below]);
    expect(breaks(null)).toEqual([['1', '0.99', '10'], ['10', '0.95', null]]);
    expect(breaks('BOX')).toEqual([['12', '0.99', '24'], ['24', '0.833333333333', null]]);
  });

  it('quantities become own units, or nothing where it is not sold so', () => {
    expect([inOwnUnit(boxed, d('1.5'), 'BOX'), inOwnUnit(boxed, d(7), 'PC'), inOwnUnit(boxed, d(7), null), inOwnUnit(boxed, d(7), 'CRATE')]).toEqual(['18', '7', '7', null]);
  });
});

describe('an answer in another currency', () => {
  const rates = createCurrencyRates([{ reference: 'r', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('1.1'), validFrom: NOW, updatedAt: null }]);
  const policy = { convertedCurrencies: ['EUR'] };
  const facts = under({ ...factsOf(listPriceOf('X', '11.111', { cost: money(d(1), 'USD') }), [listOf('A'), listOf('F', { roundingDigits: 4 })], []), rates }, policy);

  it('has the digits of its currency, unless the list states how many', () => {
    const euros = (list: string | null): unknown => answer(facts, ask('1', list, { currencyCode: 'EUR' }));
    expect([euros(null), euros('A'), euros('F')]).toEqual([['10.1', 'BASE', null], ['10.1', 'CONTRACT', 'A'], ['10.1009', 'CONTRACT', 'F']]);
  });

  it('is none before its rate, nor in a currency nothing is converted into', () => {
    expect(answer(facts, ask('1', 'A', { currencyCode: 'EUR', at: addMs(NOW, -1) }))).toBe('MISSING_RATE');
    expect(answer(facts, ask('1', 'A', { currencyCode: 'GBP' }))).toBe('NO_CURRENCY');
  });

  it('divides where the rate is told the other way round, exactly: 11 USD at 1.1 are 10 EUR, rounded down too', () => {
    const down = under({ ...factsOf(listPriceOf('X', '11'), [listOf('D', { roundingMode: 'DOWN' })], []), rates }, policy);
    expect(answer(down, ask('1', 'D', { currencyCode: 'EUR' }))).toEqual(['10', 'CONTRACT', 'D']);
  });
});
