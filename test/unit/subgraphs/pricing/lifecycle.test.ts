import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CurrencyRate } from '../../../../domain/pricing.ts';
import { instant } from '../../../../domain/time.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, ruleOf } from './price-samples.ts';
import { dependenciesOf, portsOf, type PriceWorld } from './pricing-fixture.ts';

const RATE: CurrencyRate = { reference: 'r', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('1.1'), validFrom: instant('2026-01-01'), updatedAt: null };

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

it('runs from start to stop: reads every feed, announces, and wakes on a hint', async () => {
  const world: PriceWorld = { prices: [listPriceOf('A', '10')], lists: [listOf('L')], rules: [ruleOf('L', fixed('9'))], exchange: [RATE], taxes: [] };
  const dependencies = dependenciesOf(test.database, portsOf(world), { readCustomer: async () => null }, { PRICE_POLL_MS: '60000' });
  const subgraph = await pricingModule.create(dependencies);
  const announced: string[] = [];
  await dependencies.eventLog.subscribe('price', ({ payload }) => announced.push(JSON.stringify(payload, ['type', 'sku', 'priceListCode'])));
  await subgraph.start();
  try {
    await subgraph.ready();
    await vi.waitFor(() => expect(announced).toEqual(['{"type":"price.changed","sku":null,"priceListCode":null}']), 10_000);
    expect(await subgraph.health()).toEqual({ ok: true, reasons: [] });
    world.prices = [listPriceOf('A', '11'), listPriceOf('B', '1')];
    subgraph.wake('prices');
    await vi.waitFor(() => expect(announced).toHaveLength(3), 10_000);
    expect(new Set(announced.slice(1))).toEqual(new Set(['A', 'B'].map((sku) => `{"type":"price.changed","sku":"${sku}","priceListCode":null}`)));
    world.exchange![0] = { ...RATE, rate: d('1.2') };
    subgraph.wake('currencyRates');
    await vi.waitFor(() => expect(announced).toHaveLength(4), 10_000);
    expect(announced[3]).toBe('{"type":"price.changed","sku":null,"priceListCode":null}');
  } finally {
    await subgraph.stop();
  }
}, 60_000);

it('refuses channel price lists that say nothing, at start', async () => {
  const world: PriceWorld = { prices: [], lists: [], rules: [] };
  for (const entry of ['web', 'web=', '=A', 'a=b=c']) {
    const dependencies = dependenciesOf(test.database, portsOf(world), { readCustomer: async () => null }, { CHANNEL_PRICE_LISTS: entry });
    await expect(pricingModule.create(dependencies)).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  }
});
