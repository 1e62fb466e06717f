import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CurrencyRate, PriceRule } from '../../../../domain/pricing.ts';
import { addMs, instant } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, NOW, percentOff, ruleOf } from './price-samples.ts';
import { readPriced, readRejects } from './price-reads.ts';
import { syncPrices, type PriceWorld } from './pricing-fixture.ts';

let test: TestDatabase;
let world: PriceWorld;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  world = { prices: [listPriceOf('A', '10'), listPriceOf('B', '20')], lists: [listOf('ACME')], rules: [], exchange: [], taxes: [] };
});

const sync = () => syncPrices(test.database, world);
const rejects = () => readRejects(test.database);
const priceOf = (sku: string, at = NOW) => readPriced(test.database, { sku, quantity: '1', list: 'ACME', at });

const DAY_MS = 86_400_000;
const day = (count: number) => addMs(NOW, count * DAY_MS);
const forA = (reference: string, amount: string, from: number | null, until: number | null, more: Partial<PriceRule> = {}): PriceRule =>
  ruleOf('ACME', fixed(amount), {
    reference, precedence: 'same', target: { kind: 'SKU', sku: 'A' }, validFrom: from === null ? null : day(from), validUntil: until === null ? null : day(until), ...more,
  });
const change = (reference: string, rule: Partial<PriceRule>): void => {
  world.rules = world.rules.map((old) => (old.reference === reference ? { ...old, ...rule } : old));
};

describe('windows that overlap', () => {
  it('at first: the lowest reference stands, whichever came first', async () => {
    world.rules = [forA('r3', '7', 5, 9), forA('r2', '8', 1, 9), forA('r1', '9', -5, 2)];
    await sync();
    expect(await rejects()).toEqual({
      r2: 'holds from 2026-11-22T08:00:00.000Z until 2026-11-30T08:00:00.000Z, and so overlaps with r1, which holds from 2026-11-16T08:00:00.000Z until 2026-11-23T08:00:00.000Z for the same list, target, quantity and unit: end one before the other begins, or give them different precedence',
    });
    expect([await priceOf('A'), await priceOf('A', day(3)), await priceOf('A', day(6))]).toEqual(['9', '10', '7']);
  });

  it('do not where one begins as the other ends, nor of different quantity, unit, precedence or target', async () => {
    world.rules = [
      forA('r1', '9', null, 2), forA('r2', '8', 2, null), forA('r3', '7', null, null, { minQuantity: d('10') }), forA('r4', '6', null, null, { unitCode: 'BOX' }),
      forA('r5', '5', null, null, { precedence: 'other' }), forA('r6', '4', null, null, { target: { kind: 'SKU', sku: 'B' } }),
    ];
    await sync();
    expect(await rejects()).toEqual({});
  });

  it('later: what is served and unchanged stands, and the last good version of what was changed', async () => {
    world.rules = [forA('r1', '9', -5, 2), forA('r2', '8', 2, 9)];
    await sync();
    change('r1', { validUntil: day(4), formula: fixed('1') });
    await sync();
    expect(Object.keys(await rejects())).toEqual(['r1']);
    expect([await priceOf('A'), await priceOf('A', day(3))]).toEqual(['9', '8']);
    change('r2', { validFrom: day(4) });
    await sync();
    expect([await rejects(), await priceOf('A'), await priceOf('A', day(3)), await priceOf('A', day(5))]).toEqual([{}, '1', '1', '8']);
  });

  it('may change places in one pass', async () => {
    world.rules = [forA('r1', '9', 0, 2), forA('r2', '8', 2, 4)];
    await sync();
    change('r1', { validFrom: day(2), validUntil: day(4) });
    change('r2', { validFrom: day(0), validUntil: day(2) });
    await sync();
    expect([await rejects(), await priceOf('A'), await priceOf('A', day(3))]).toEqual([{}, '8', '9']);
  });

  it('end with what they overlapped with', async () => {
    world.rules = [forA('r1', '9', null, null)];
    await sync();
    world.rules.push(forA('r2', '8', null, null));
    await sync();
    expect([Object.keys(await rejects()), await priceOf('A')]).toEqual([['r2'], '9']);
    world.rules.shift();
    await sync();
    expect([await rejects(), await priceOf('A')]).toEqual([{}, '8']);
  });
});

describe('two base prices of one SKU', () => {
  const second = listPriceOf('A', '1', { reference: 'a-second' });

  it('at first: the lowest reference stands', async () => {
    world.prices.push(second);
    await sync();
    expect([await rejects(), await priceOf('A')]).toEqual([{ 'A of product-A': 'SKU A already has a base price, that of a-second: give one of the two another SKU, or remove it' }, '1']);
  });

  it('later: the one that is served stands for as long as it is there, however bad it has become', async () => {
    await sync();
    world.prices.unshift(second);
    await sync();
    expect([Object.keys(await rejects()), await priceOf('A')]).toEqual([['A of a-second'], '10']);
    world.prices[1] = listPriceOf('A', '0');
    await sync();
    expect([Object.keys(await rejects()), await priceOf('A')]).toEqual([['A', 'A of a-second'], '10']);
    world.prices.splice(1, 1);
    const reports = await sync();
    expect([await rejects(), await priceOf('A'), reports['prices']!.rowsRemoved]).toEqual([{}, '1', 0]);
  });
});

describe('what cannot be computed', () => {
  const euro: CurrencyRate = { reference: 'eur', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('2'), validFrom: instant('2026-01-01'), updatedAt: null };

  it('for want of a rate is told, refused, and served when a rate comes', async () => {
    world.lists = [listOf('ACME', { currencyCode: 'EUR' })];
    world.rules = [forA('r1', '9', null, null), ruleOf('ACME', percentOff('10'), { reference: 'r2', target: { kind: 'SKU', sku: 'B' } })];
    await sync();
    await sync();
    expect(await rejects()).toEqual({ r2: 'is computed in EUR from an amount in USD, and no rate between them is known: add one' });
    expect([await priceOf('A'), await priceOf('B')]).toEqual(['9', 'MISSING_RATE']);
    world.exchange!.push(euro);
    await sync();
    expect([await rejects(), await priceOf('B')]).toEqual([{}, '9']);
  });

  it('keeps its last good version', async () => {
    world.lists = [listOf('ACME', { currencyCode: 'EUR' })];
    world.rules = [ruleOf('ACME', fixed('9'), { reference: 'r1', target: { kind: 'SKU', sku: 'A' } })];
    await sync();
    change('r1', { formula: percentOff('10') });
    await sync();
    expect([Object.keys(await rejects()), await priceOf('A')]).toEqual([['r1'], '9']);
    change('r1', { priceListCode: 'NONE', formula: fixed('8') });
    await sync();
    expect([await rejects(), await priceOf('A')]).toEqual([{ r1: 'price list "NONE" is not among those of the source: add it there, or remove the rule' }, '9']);
    world.lists.push(listOf('NONE'));
    await sync();
    expect([await rejects(), await readPriced(test.database, { sku: 'A', quantity: '1', list: 'NONE', at: NOW })]).toEqual([{}, '8']);
  });
});

describe('a record that is wrong by itself', () => {
  it('is refused with the field and what is expected', async () => {
    world.prices.push(listPriceOf('ZERO', '0'), listPriceOf('UNITS', '1', { units: [{ code: 'BOX', factor: d('0') }] }));
    world.rules = [
      forA('zero', '0', null, null), forA('break', '1', null, null, { minQuantity: d('0') }), forA('empty', '1', 1, 1), forA('inverted', '1', 2, 1),
    ];
    world.exchange!.push({ reference: 'none', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('0'), validFrom: NOW, updatedAt: null });
    world.taxes!.push({ code: 'VAT', name: 'VAT', percent: d('119'), countryCode: 'DE', includedInPrice: false, active: true, updatedAt: null });
    await sync();
    expect(await rejects()).toEqual({
      ZERO: 'price is 0; it must be above zero', UNITS: "one BOX is 0 of the item's own unit; it must be above zero", zero: 'price is 0; it must be above zero',
      break: 'smallest quantity is 0; it must be above zero, or absent for any', none: 'one EUR is 0 USD; it must be above zero', VAT: 'tax is 119 %; 0 to 100 are possible',
      empty: expect.stringContaining('no instant is in that window'), inverted: expect.stringContaining('no instant is in that window'),
    });
  });

  it('but for its price of zero is an item nobody has priced: a contract may, and any record with a price claims it', async () => {
    world.prices.push(listPriceOf('FREE', '0'), listPriceOf('TAKEN', '0', { reference: 'free-one' }), listPriceOf('TAKEN', '5', { reference: 'priced-one' }));
    world.rules = [ruleOf('ACME', fixed('7'), { reference: 'own', target: { kind: 'SKU', sku: 'FREE' } })];
    await sync();
    expect(await rejects()).toEqual({ FREE: 'price is 0; it must be above zero', TAKEN: 'price is 0; it must be above zero' });
    const without = (sku: string) => readPriced(test.database, { sku, quantity: '1', list: null, at: NOW });
    expect([await priceOf('FREE'), await without('FREE'), await without('TAKEN')]).toEqual(['7', 'NO_LIST_PRICE', '5']);
    world.prices = world.prices.map((price) => (price.sku === 'FREE' ? listPriceOf('FREE', '9') : price));
    await sync();
    expect([await priceOf('FREE'), await without('FREE')]).toEqual(['7', '9']);
    world.prices = world.prices.map((price) => (price.sku === 'FREE' ? listPriceOf('FREE', '0') : price));
    await sync();
    expect([await without('FREE'), Object.keys(await rejects())]).toEqual(['9', ['FREE', 'TAKEN']]);
  });
});
