import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine, type Engine } from '../../../sandbox/engine/engine.ts';
import { priceOf } from '../../../sandbox/engine/prices.ts';
import { smallCompany, startedAtMs } from './small-company.ts';

const DAY_MS = 86_400_000;
let engine: Engine;
beforeEach(() => {
  engine = createEngine({ clock: manualClock(startedAtMs), dataDir: null });
  engine.reset({ erp: smallCompany });
});

const price = (list: string, sku: string, quantity = '1', atMs = startedAtMs): string => {
  const { tables } = engine.erp;
  return priceOf(tables, { variant: tables.variants.first('sku', sku)!, priceList: tables.priceLists.first('code', list)!, quantity, atMs }).price;
};

describe('rates of exchange', () => {
  it('hold from their day on until the next; before the first that one, as in Odoo', () => {
    const { tables } = engine.erp;
    const [ownRule] = tables.priceRules.where('priceListId', tables.priceLists.first('code', 'EURO')!.id);
    engine.execute('remove-price-rules', { rules: [ownRule!.id] });
    const inEuros = (atMs: number): string => price('EURO', 'SETUP', '1', atMs);
    expect(engine.execute('set-rate', { currency: 'EUR', rate: '0.8' })).toEqual({ currency: 'EUR', rate: '0.8' });
    engine.execute('set-rate', { currency: 'EUR', rate: '0.9', on: '2026-03-15' });
    engine.execute('set-rate', { currency: 'EUR', rate: '1', on: '2026-03-15' });
    expect([startedAtMs - DAY_MS, startedAtMs, Date.parse('2026-03-14T23:59:59Z'), Date.parse('2026-03-15T00:00:00Z'), 0].map(inEuros)).toEqual(['47.5', '76', '76', '95', '47.5']);
  });
  it('are refused below zero, for unknown currencies and for no day', () => {
    for (const [args, words] of [[{ currency: 'EUR', rate: '0' }, 'strictly positive'], [{ currency: 'XXX', rate: '1' }, 'no currency XXX'], [{ currency: 'EUR', rate: '1', on: 'soon' }, 'Not a day']] as const) {
      expect(() => engine.execute('set-rate', args)).toThrow(words);
    }
  });
});

describe('a discount on everything', () => {
  it('takes ninety percent off whatever has no rule of its own, and can be taken back', () => {
    expect([price('TRADE', 'MUG'), price('TRADE', 'SETUP')]).toEqual(['12.5', '95']);
    const { percent, rules } = engine.execute('discount-everything', {}) as { percent: string; rules: readonly number[] };
    expect([percent, rules.length, price('TRADE', 'MUG'), price('TRADE', 'MUG', '24'), price('OVER', 'SETUP')]).toEqual(['90', 4, '1.25', '9.99', '9.5']);
    expect(engine.execute('remove-price-rules', { rules })).toEqual({ removed: 4 });
    expect([price('TRADE', 'MUG'), price('TRADE', 'SETUP')]).toEqual(['12.5', '95']);
  });
  it('may be of one list and another percentage, not of a list nobody knows', () => {
    engine.execute('discount-everything', { percent: '50', priceLists: ['TRADE'] });
    expect([price('TRADE', 'SETUP'), price('OVER', 'SETUP')]).toEqual(['47.5', '48.5']);
    expect(() => engine.execute('discount-everything', { priceLists: ['NONE'] })).toThrow('There is no price list NONE');
    expect(() => engine.execute('discount-everything', { percent: '101' })).toThrow('must not be above 100');
  });
});

describe('rules of categories', () => {
  it('rank by depth, not by when the category was made', () => {
    const { tables } = engine.erp;
    const { categoryId: above } = engine.execute('erp/create-category', { name: 'Above' }) as { categoryId: number };
    const goods = tables.categories.first('name', 'Goods')!.id;
    engine.execute('erp/update-category', { categoryId: goods, parentId: above });
    engine.execute('add-price-rule', { priceList: 'OVER', rule: { appliesTo: { category: 'Above' }, price: { kind: 'fixed', amount: '1' } } });
    engine.execute('add-price-rule', { priceList: 'OVER', rule: { appliesTo: { category: 'Goods' }, price: { kind: 'fixed', amount: '2' } } });
    expect(price('OVER', 'MUG')).toBe('2');
    expect(() => engine.execute('erp/update-category', { categoryId: above, parentId: goods })).toThrow('recursive');
  });
});

describe('groups of customers', () => {
  it('are made as they are named', () => {
    engine.execute('tag-customer', { customer: 'C-1', tags: ['Gold', 'North'] });
    expect(engine.erp.tables.parties.first('code', 'C-1')!.tagIds).toEqual([1, 2]);
    engine.execute('erp/remove-tag', { tagId: 1 });
    expect(engine.erp.tables.parties.first('code', 'C-1')!.tagIds).toEqual([2]);
    expect(() => engine.execute('tag-customer', { customer: 'C-1', tags: 'Gold' })).toThrow('list of names');
  });
});
