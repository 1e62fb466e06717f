import { describe, expect, it } from 'vitest';
import { money } from '../../../../domain/money.ts';
import type { PriceRule } from '../../../../domain/pricing.ts';
import { addMs } from '../../../../domain/time.ts';
import type { PriceFacts, PriceRequest } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { ask, d, factsOf, fixed, listOf, listPriceOf, NOW, percentOff, ruleOf } from './price-samples.ts';

const unit = (facts: PriceFacts, request: PriceRequest): string => {
  const resolved = resolvePrice(facts, request);
  return resolved.ok ? resolved.price.unitPrice.amount : resolved.reason;
};

const mug = listPriceOf('MUG', '12.5', { cost: money(d('4'), 'USD'), categoryCodes: ['2', '1'] });

describe('which rule', () => {
  it('is the list price without a list, and on a list without a fitting rule', () => {
    expect(unit(factsOf(mug, [], []), ask('1', null))).toBe('12.5');
    const other = ruleOf('A', fixed('1'), { target: { kind: 'SKU', sku: 'PEN' } });
    expect(resolvePrice(factsOf(mug, [listOf('A')], [other]), ask('1', 'A'))).toMatchObject({
      ok: true, price: { unitPrice: { amount: '12.5' }, priceListCode: 'A', ruleReference: null, breakQuantity: null },
    });
  });

  it('reaches SKU, group, category with ancestors, and everything', () => {
    const prices = (['SKU', 'GROUP', 'CATEGORY', 'ALL'] as const).map((kind) => {
      const target = { SKU: { kind: 'SKU', sku: 'MUG' }, GROUP: { kind: 'GROUP', groupCode: 'group-MUG' }, CATEGORY: { kind: 'CATEGORY', categoryCode: '1' }, ALL: { kind: 'ALL' } }[kind];
      return unit(factsOf(mug, [listOf('A')], [ruleOf('A', fixed('7'), { target: target as PriceRule['target'] })]), ask('1', 'A'));
    });
    expect(prices).toEqual(['7', '7', '7', '7']);
  });

  it('is the first by precedence compared as bytes, not as a language would', () => {
    const rules = [ruleOf('A', fixed('1'), { precedence: 'a' }), ruleOf('A', fixed('2'), { precedence: 'B' }), ruleOf('A', fixed('3'), { precedence: 'ä' })];
    expect(unit(factsOf(mug, [listOf('A')], rules), ask('1', 'A'))).toBe('2');
  });

  it('is the lowest where the source says so, and the answer names it', () => {
    const rules = [ruleOf('A', fixed('9')), ruleOf('A', percentOff('50'), { reference: 'half' }), ruleOf('A', fixed('8'))];
    expect(unit(factsOf(mug, [listOf('A')], rules), ask('1', 'A'))).toBe('9');
    expect(resolvePrice(factsOf(mug, [listOf('A')], rules, 'LOWEST_WINS'), ask('1', 'A'))).toMatchObject({ price: { ruleReference: 'half', unitPrice: { amount: '6.25' } } });
  });

  it('holds from the first instant of its window until before its last', () => {
    const until = addMs(NOW, 1_000);
    const facts = factsOf(mug, [listOf('A')], [ruleOf('A', fixed('1'), { validFrom: NOW, validUntil: until })]);
    const at = (ms: number): string => unit(facts, ask('1', 'A', { at: addMs(NOW, ms) }));
    expect([at(-1), at(0), at(999), at(1_000)]).toEqual(['12.5', '1', '1', '12.5']);
  });
});

describe('no price', () => {
  const usd = listOf('A');
  const reason = (facts: PriceFacts, request: PriceRequest): unknown => resolvePrice(facts, request);

  it('of an unknown SKU, even where a rule would price everything', () => {
    expect(reason(factsOf(null, [usd], [ruleOf('A', fixed('1'))]), ask('1', 'A'))).toEqual({ ok: false, reason: 'UNKNOWN_SKU' });
  });

  it('on a list that is unknown or inactive: the list price would be a guess', () => {
    expect(unit(factsOf(mug, [], []), ask('1', 'GONE'))).toBe('UNUSABLE_PRICE_LIST');
    expect(unit(factsOf(mug, [listOf('A', { active: false })], []), ask('1', 'A'))).toBe('UNUSABLE_PRICE_LIST');
  });

  it('on lists based on each other', () => {
    const rules = [ruleOf('A', percentOff('5', { kind: 'PRICE_LIST', code: 'B' })), ruleOf('B', percentOff('5', { kind: 'PRICE_LIST', code: 'A' }))];
    expect(unit(factsOf(mug, [listOf('A'), listOf('B')], rules), ask('1', 'A'))).toBe('UNUSABLE_PRICE_LIST');
  });

  it('in a currency it is not sold in, or that no rate leads to', () => {
    const euro = listOf('E', { currencyCode: 'EUR' });
    expect(unit(factsOf(mug, [], []), ask('1', null, { currencyCode: 'EUR' }))).toBe('NO_CURRENCY');
    expect(unit(factsOf(mug, [usd], [ruleOf('A', fixed('1'))]), ask('1', 'A', { currencyCode: 'EUR' }))).toBe('NO_CURRENCY');
    expect(unit(factsOf(mug, [euro], [ruleOf('E', percentOff('10'))]), ask('1', 'E'))).toBe('MISSING_RATE');
    expect(unit(factsOf(mug, [euro, usd], [ruleOf('E', percentOff('10', { kind: 'PRICE_LIST', code: 'A' }))]), ask('1', 'E'))).toBe('MISSING_RATE');
    expect(unit(factsOf(mug, [euro], [ruleOf('E', fixed('11'))]), ask('1', 'E', { currencyCode: 'EUR' }))).toBe('11');
  });

  it('where it would be zero or the cost it needs is hidden', () => {
    expect(unit(factsOf(listPriceOf('FREE', '0'), [], []), ask('1', null))).toBe('NO_LIST_PRICE');
    expect(unit(factsOf(mug, [usd], [ruleOf('A', percentOff('100'))]), ask('1', 'A'))).toBe('NO_LIST_PRICE');
    expect(unit(factsOf(listPriceOf('X', '5'), [usd], [ruleOf('A', percentOff('-20', { kind: 'COST' }))]), ask('1', 'A'))).toBe('NO_LIST_PRICE');
    expect(unit(factsOf(mug, [usd], [ruleOf('A', percentOff('-20', { kind: 'COST' }))]), ask('1', 'A'))).toBe('4.8');
  });
});

describe('rounding', () => {
  it('happens once, after all lists: intermediate prices keep their digits', () => {
    const lists = [listOf('A', { roundingDigits: 2 }), listOf('B', { roundingDigits: 0 })];
    const rules = [ruleOf('A', percentOff('10', { kind: 'PRICE_LIST', code: 'B' })), ruleOf('B', percentOff('10'))];
    const bit = listPriceOf('BIT', '33.33');
    // 33.33 * 0.9 * 0.9 = 26.9973; rounding on list B first would give 27.
    expect(unit(factsOf(bit, lists, rules), ask('1', 'A'))).toBe('27');
    expect(unit(factsOf(bit, [listOf('A', { roundingDigits: 3, roundingMode: 'DOWN' }), lists[1]!], rules), ask('1', 'A'))).toBe('26.997');
  });

  it('leaves the unit price alone where the list states none, and rounds the line to the currency', () => {
    const facts = factsOf(listPriceOf('BIT', '33.33'), [listOf('A')], [ruleOf('A', percentOff('10'))]);
    expect(resolvePrice(facts, ask('10', 'A'))).toMatchObject({ price: { unitPrice: { amount: '29.997' }, lineTotal: { amount: '299.97' } } });
    expect(resolvePrice(facts, ask('1', 'A'))).toMatchObject({ price: { lineTotal: { amount: '30' } } });
  });

  it('takes the mode of the list', () => {
    const price = (roundingMode: 'HALF_UP' | 'HALF_EVEN' | 'DOWN'): string =>
      unit(factsOf(listPriceOf('X', '10.125'), [listOf('A', { roundingDigits: 2, roundingMode })], []), ask('1', 'A'));
    expect([price('HALF_UP'), price('HALF_EVEN'), price('DOWN')]).toEqual(['10.13', '10.12', '10.12']);
  });
});
