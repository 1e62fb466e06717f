import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { addMs } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { readFacts } from '../../../../subgraphs/pricing/book/store.ts';
import { createCurrencyRates } from '../../../../subgraphs/pricing/resolve/currency-rates.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { ask, d, fixed, listOf, listPriceOf, NOW, percentOff, ruleOf, POLICY } from './price-samples.ts';
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
  world = {
    prices: [listPriceOf('A', '10'), listPriceOf('B', '20', { cost: money(d('8'), 'USD'), categoryCodes: ['2', '1'] }), listPriceOf('C', '30'), listPriceOf('D', '40')],
    lists: [listOf('ACME', { roundingDigits: 2 }), listOf('BASE')],
    rules: [
      ruleOf('ACME', fixed('9'), { reference: 'acme-a', target: { kind: 'SKU', sku: 'A' }, minQuantity: d('5'), validFrom: NOW, validUntil: addMs(NOW, 1_000) }),
      ruleOf('ACME', percentOff('10', { kind: 'PRICE_LIST', code: 'BASE' }), { reference: 'acme-all' }),
      ruleOf('BASE', percentOff('50'), { reference: 'base-1', target: { kind: 'CATEGORY', categoryCode: '1' } }),
    ],
  };
});

async function takeEvents(): Promise<readonly unknown[]> {
  const rows = await test.database.query<{ payload: Record<string, unknown> }>('delete from pricing.outbox returning topic, payload');
  return rows.map(({ payload }) => [payload['sku'], payload['priceListCode']]);
}

const rejects = async (): Promise<Record<string, string>> => {
  const rows = await test.database.query<{ key: string; reason: string }>('select key, reason from pricing.feed_reject order by key');
  return Object.fromEntries(rows.map(({ key, reason }) => [key, reason]));
};

async function priceOf(sku: string, quantity: string, list: string | null): Promise<string> {
  const facts = await readFacts(test.database, { skus: [sku], listCodes: list === null ? [] : [list], policy: POLICY, ratesAt: async () => createCurrencyRates([]) });
  const resolved = resolvePrice(facts.get(sku)!, ask(quantity, list));
  return resolved.ok ? resolved.price.unitPrice.amount : resolved.reason;
}

describe('price feeds', () => {
  it('bring every field through the store and back', async () => {
    await syncPrices(test.database, world);
    const facts = await readFacts(test.database, { skus: ['A', 'B', 'NONE'], listCodes: ['ACME'], policy: POLICY, ratesAt: async () => createCurrencyRates([]) });
    expect(facts.get('NONE')).toMatchObject({ listPrice: null });
    expect(facts.get('B')!.listPrice).toEqual(world.prices[1]);
    expect([...facts.get('B')!.lists.values()].sort((a, b) => a.code.localeCompare(b.code))).toEqual(world.lists);
    expect(facts.get('A')!.rules.get('ACME')).toEqual([world.rules[0], world.rules[1]]);
    expect(facts.get('B')!.rules.get('BASE')).toEqual([world.rules[2]]);
    expect([await priceOf('A', '5', 'ACME'), await priceOf('A', '4', 'ACME'), await priceOf('B', '1', 'ACME')]).toEqual(['9', '9', '9']);
  });

  it('announce their first prices as one change, then what really changed, and nothing when nothing did', async () => {
    await syncPrices(test.database, world);
    expect(await takeEvents()).toEqual([[null, null]]);
    await syncPrices(test.database, { ...world, prices: world.prices.map((price) => ({ ...price, price: { ...price.price, amount: `${price.price.amount}.0` as never }, updatedAt: NOW })) });
    expect(await takeEvents()).toEqual([]);
    world.prices[2] = listPriceOf('C', '31');
    world.rules[0] = { ...world.rules[0]!, target: { kind: 'SKU', sku: 'D' } };
    world.rules.splice(2, 1);
    const reports = await syncPrices(test.database, world);
    expect(reports['priceRules']).toMatchObject({ rowsChanged: 1, rowsRemoved: 1 });
    expect(new Set((await takeEvents()).map((event) => JSON.stringify(event)))).toEqual(
      new Set([['C', null], ['D', 'ACME'], ['A', 'ACME'], [null, 'BASE']].map((event) => JSON.stringify(event))),
    );
  });

  it('park bad rows with a reason and keep serving the last good version', async () => {
    await syncPrices(test.database, world);
    world.prices[0] = listPriceOf('A', '-1');
    world.prices[3] = { ...listPriceOf('D', '4'), price: { amount: d('4'), currencyCode: 'XQX' } };
    world.rules[0] = { ...world.rules[0]!, validUntil: addMs(NOW, -1) };
    world.rules.push(ruleOf('ACME', fixed('-3'), { reference: 'negative' }), ruleOf('ACME', percentOff('101'), { reference: 'greedy' }));
    world.lists.push(listOf('ODD', { currencyCode: 'usd' }), listOf('NUL', { name: 'a\u0000b' }), listOf('HALF', { name: '\ud83d' }), listOf('FINE', { name: '\\u0000 😀' }));
    const reports = await syncPrices(test.database, world);
    expect(await rejects()).toMatchObject({
      A: 'price is -1; it must be above zero', D: 'price is in an unknown currency: "XQX"', ODD: 'unknown currency: "usd"', negative: 'price is -3; it must be above zero',
      NUL: 'holds a character that cannot be stored', HALF: 'holds a character that cannot be stored',
      greedy: 'takes 101 % off, more than there is', 'acme-a': expect.stringContaining('no instant is in that window'),
    });
    expect(reports['priceLists']).toMatchObject({ rowsRejected: 3, rowsChanged: 1 });
    expect(reports['prices']).toMatchObject({ rowsRejected: 2, rowsRemoved: 0, rowsChanged: 0 });
    expect([await priceOf('A', '1', null), await priceOf('D', '1', null), await priceOf('A', '5', 'ACME')]).toEqual(['10', '40', '9']);
  });

  it('name rules that base a list on itself, price nothing through them, and recover when one is mended', async () => {
    world.rules.push(ruleOf('BASE', percentOff('1', { kind: 'PRICE_LIST', code: 'ACME' }), { reference: 'circle' }));
    await syncPrices(test.database, world);
    expect((await rejects())['circle']).toBe('the price list is based on itself: BASE -> ACME -> BASE');
    expect([await priceOf('C', '1', 'ACME'), await priceOf('C', '1', 'BASE'), await priceOf('B', '1', 'BASE'), await priceOf('C', '1', null)])
      .toEqual(['UNUSABLE_PRICE_LIST', 'UNUSABLE_PRICE_LIST', '10', '30']);
    world.rules[1] = { ...world.rules[1]!, formula: percentOff('10') };
    await syncPrices(test.database, world);
    expect([await rejects(), await priceOf('C', '1', 'BASE')]).toEqual([{}, '26.73']);
  });

  it('remove what the source no longer has', async () => {
    await syncPrices(test.database, world);
    await takeEvents();
    world.prices.splice(3, 1);
    expect((await syncPrices(test.database, world))['prices']).toMatchObject({ rowsRemoved: 1 });
    expect([await takeEvents(), await priceOf('D', '1', null)]).toEqual([[['D', null]], 'UNKNOWN_SKU']);
  });
});
