import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CurrencyRate } from '../../../../domain/pricing.ts';
import { addMs, instant } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createGuardedShop, type GuardedShop, type GuardedShopOptions } from './guard-fixture.ts';
import { d, fixed, listOf, listPriceOf, percentOff, POLICY, ruleOf } from './price-samples.ts';
import { testClock, type PriceWorld } from './pricing-fixture.ts';

let test: TestDatabase;
let world: PriceWorld;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  world = { prices: skus(60).map((sku) => listPriceOf(sku, '100')), lists: [listOf('RETAIL'), listOf('OTHER')], rules: [] };
});

const skus = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `S${String(index).padStart(3, '0')}`);
const reprice = (from: number, to: number, amount: string): void => {
  world.prices = world.prices.map((price, index) => (index >= from && index < to ? listPriceOf(price.sku, amount) : price));
};

async function open(options: GuardedShopOptions = {}): Promise<GuardedShop> {
  const shop = createGuardedShop(test.database, world, options);
  await shop.sync();
  await shop.takeEvents();
  return shop;
}

const pricesOf = async (): Promise<readonly string[]> => [...new Set((await test.database.query<{ amount: string }>('select amount from pricing.list_price')).map(({ amount }) => amount))];

describe('too many prices at once', () => {
  it('are parked together, over all pages of a pass, and approved together', async () => {
    const shop = await open();
    reprice(0, 51, '101');
    await shop.sync();
    const parked = await shop.parked();
    expect([parked.length, new Set(parked.map(({ batchId }) => batchId)).size, new Set(parked.map(({ reason }) => reason))]).toEqual([51, 1, new Set(['BLAST_RADIUS'])]);
    expect([await pricesOf(), await shop.takeEvents()]).toEqual([['100'], []]);
    await shop.sync();
    expect((await shop.parked()).every(({ seenCount }) => seenCount === 2)).toBe(true);
    const { changes } = await shop.decide({ decision: 'APPROVED', of: { batchId: parked[0]!.batchId } });
    expect([changes.length, [...(await pricesOf())].sort(), (await shop.takeEvents()).length]).toEqual([51, ['100', '101'], 51]);
    await shop.sync();
    expect(await shop.parked()).toEqual([]);
  });

  it('may be as many as the setting says, and no more within the window', async () => {
    const shop = await open();
    reprice(0, 30, '101');
    await shop.sync();
    reprice(0, 30, '102');
    reprice(30, 50, '101');
    await shop.sync();
    expect([await shop.parked(), [...(await pricesOf())].sort()]).toEqual([[], ['100', '101', '102']]);
    reprice(50, 51, '101');
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ key: 'S050', reason: 'BLAST_RADIUS', largestPercent: '1' }]);
  });

  it('count together no longer than the window', async () => {
    const shop = await open({ env: { PRICE_GUARD_WINDOW_MS: '1' } });
    for (const [from, to] of [[0, 30], [30, 60]] as const) {
      reprice(from, to, '101');
      await shop.sync();
    }
    expect([await shop.parked(), await pricesOf()]).toEqual([[], ['101']]);
  });

  it('may be a share of the catalogue', async () => {
    world.prices = skus(120).map((sku) => listPriceOf(sku, '100'));
    const shop = await open({ env: { PRICE_GUARD_MAX_SKUS: '50%' } });
    reprice(0, 60, '101');
    await shop.sync();
    expect(await shop.parked()).toEqual([]);
    reprice(60, 61, '101');
    await shop.sync();
    expect(await shop.parked()).toHaveLength(1);
  });

  it('are what a rule for everything touches, however little it takes off; other lists go on', async () => {
    const shop = await open();
    world.rules.push(ruleOf('RETAIL', percentOff('1'), { reference: 'all' }), ruleOf('OTHER', fixed('99'), { reference: 'one', target: { kind: 'SKU', sku: 'S000' } }));
    await shop.sync();
    const parked = [...(await shop.parked())].sort((a, b) => a.key.localeCompare(b.key));
    expect(parked).toMatchObject([{ key: 'all', reason: 'BLAST_RADIUS', skuCount: 60, largestPercent: '1' }, { key: 'one', reason: 'BLAST_RADIUS', skuCount: 1 }]);
    await shop.decide({ decision: 'REJECTED', of: { id: parked[1]!.id } });
    world.rules[1] = { ...world.rules[1]!, formula: fixed('98') };
    await shop.sync();
    expect([await shop.priceOf('S000', 'OTHER'), await shop.priceOf('S000', 'RETAIL')]).toEqual(['98', '100']);
  });

  it('are those of a list that is switched off, or gone', async () => {
    const shop = await open();
    world.lists[0] = listOf('RETAIL', { active: false });
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ recordKind: 'price_list', key: 'RETAIL', reason: 'BLAST_RADIUS', skuCount: 60 }]);
    world.lists.shift();
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ key: 'RETAIL', after: null, largestPercent: null }]);
    expect(await shop.priceOf('S000', 'RETAIL')).toBe('100');
  });

  it('do not count where a list is only renamed', async () => {
    const shop = await open();
    world.lists[0] = listOf('RETAIL', { name: 'Retail prices' });
    await shop.sync();
    expect([await shop.parked(), await test.database.query("select name from pricing.price_list where code = 'RETAIL'")]).toEqual([[], [{ name: 'Retail prices' }]]);
  });
});

describe('rates of exchange', () => {
  const rate = (value: string): CurrencyRate => ({ reference: 'USD-EUR', baseCurrencyCode: 'USD', currencyCode: 'EUR', rate: d(value), validFrom: instant('2026-01-01T00:00:00Z'), updatedAt: null });

  it('move every converted price every day, and are held against the threshold only', async () => {
    world.exchange = [rate('0.9')];
    const shop = await open({ policy: { ...POLICY, convertedCurrencies: ['EUR'] } });
    world.exchange[0] = rate('0.91');
    await shop.sync();
    expect([await shop.parked(), await test.database.query('select rate from pricing.currency_rate')]).toEqual([[], [{ rate: '0.91' }]]);
    world.exchange[0] = rate('0.091');
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ recordKind: 'currency_rate', reason: 'THRESHOLD', largestPercent: '90', direction: 'DOWN' }]);
    expect(await test.database.query('select rate from pricing.currency_rate')).toEqual([{ rate: '0.91' }]);
  });

  it('are judged at their instant', async () => {
    world.exchange = [rate('0.9')];
    const shop = await open({ policy: { ...POLICY, convertedCurrencies: ['EUR'] } });
    world.exchange.push({ ...rate('9'), reference: 'USD-EUR-next', validFrom: addMs(instant(testClock.now()), 86_400_000) });
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ key: 'USD-EUR-next', direction: 'UP', largestPercent: '900' }]);
  });
});

describe('thresholds', () => {
  it('are particular to a list, a group and a direction', async () => {
    world.lists.push(listOf('GOLD'), listOf('FREE'));
    world.rules.push(...['RETAIL', 'OTHER', 'GOLD', 'FREE'].map((list) => ruleOf(list, fixed('100'), { reference: list, target: { kind: 'SKU', sku: 'S000' } })));
    const shop = await open({ env: { PRICE_GUARD: 'default=50,erp=15,erp:OTHER=30/10,erp:gold=5,erp:FREE=off' } });
    const move = async (amount: string): Promise<readonly string[]> => {
      world.rules = world.rules.map((rule) => ({ ...rule, formula: fixed(amount) }));
      await shop.sync();
      const parked = (await shop.parked()).map(({ key }) => key).sort();
      world.rules = world.rules.map((rule) => ({ ...rule, formula: fixed('100') }));
      await shop.sync();
      return parked;
    };
    expect([await move('116'), await move('115')]).toEqual([['GOLD', 'RETAIL'], ['GOLD']]);
    expect([await move('89'), await move('84'), await move('104')]).toEqual([['GOLD', 'OTHER'], ['GOLD', 'OTHER', 'RETAIL'], []]);
  });
});
