import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CurrencyRate, TaxRate } from '../../../../domain/pricing.ts';
import { instant } from '../../../../domain/time.ts';
import { readConfig } from '../../../../platform/config.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { createPriceBook, type PriceBook } from '../../../../subgraphs/pricing/book/price-book.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { readSettings } from '../../../../subgraphs/pricing/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, NOW, ruleOf } from './price-samples.ts';
import { syncPrices, testClock, type PriceWorld } from './pricing-fixture.ts';

const RATE: CurrencyRate = { reference: 'usd', baseCurrencyCode: 'EUR', currencyCode: 'USD', rate: d('1.5'), validFrom: instant('2026-01-01'), updatedAt: null };
const TAX: TaxRate = { code: 'VAT', name: 'VAT 19', percent: d('19'), countryCode: 'DE', includedInPrice: false, active: true, updatedAt: null };
const FEEDS = ['prices', 'priceLists', 'currencyRates', 'taxRates', 'priceRules'];

let test: TestDatabase;
let world: PriceWorld;
let book: PriceBook;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  world = { prices: [listPriceOf('A', '10')], lists: [listOf('L')], rules: [], exchange: [RATE], taxes: [TAX] };
  book = createPriceBook({ database: test.database, clock: testClock, settings: readSettings(readConfig({ SANDBOX: 'off' }), 'erp'), source: 'erp', feeds: FEEDS });
});

const rateNow = async (): Promise<string | undefined> => (await book.readFacts(['A'], [])).get('A')!.rates.rateAt('EUR', 'USD', NOW)?.rate;
const revision = async (): Promise<string> => (await test.database.query<{ revision: string }>('select revision from pricing.rate_revision'))[0]!.revision;

it('answers with the rates that are kept at that moment, whoever has changed them', async () => {
  expect(await rateNow()).toBeUndefined();
  await syncPrices(test.database, world);
  expect(await rateNow()).toBe('1.5');
  await test.database.run("update pricing.currency_rate set rate = 1.6 where reference = 'usd'");
  expect(await rateNow()).toBe('1.6');
  await test.database.run('delete from pricing.currency_rate');
  expect(await rateNow()).toBeUndefined();
});

it('does not compile rates anew because a pass has seen them again', async () => {
  await syncPrices(test.database, world);
  const [before, rates] = [await revision(), (await book.readFacts(['A'], [])).get('A')!.rates];
  await syncPrices(test.database, world);
  expect([await revision(), (await book.readFacts(['A'], [])).get('A')!.rates]).toEqual([before, rates]);
  expect((await book.readFacts(['A'], [])).get('A')!.rates).toBe(rates);
});

it('knows the taxes of its source', async () => {
  expect(await book.readTaxRates()).toEqual([]);
  await syncPrices(test.database, world);
  expect(await book.readTaxRates()).toEqual([TAX]);
});

it('has no price before every feed has run through, rates and taxes included', async () => {
  const { exchange: _exchange, taxes: _taxes, ...rest } = world;
  await syncPrices(test.database, rest);
  await expect(book.readOrigin()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  await syncPrices(test.database, world);
  expect(await book.readOrigin()).toMatchObject({ source: 'erp', freshness: 'RECENT' });
});

it('tells a price round of one list as one change, and a few of its prices each', async () => {
  const round = (amount: string): void => {
    world.rules = Array.from({ length: 150 }, (_, index) => ruleOf('L', fixed(amount), { reference: `r${index}`, precedence: '1', target: { kind: 'SKU', sku: `S${index}` } }));
  };
  const told = async (): Promise<readonly unknown[]> => (await test.database.query<{ payload: { sku: string | null; priceListCode: string | null } }>('delete from pricing.outbox returning payload'))
    .map(({ payload }) => [payload.sku, payload.priceListCode]);
  round('5');
  await syncPrices(test.database, world, { pageSize: 1_000 });
  await told();
  round('6');
  await syncPrices(test.database, world, { pageSize: 1_000 });
  expect(await told()).toEqual([[null, 'L']]);
  world.rules = world.rules.map((rule, index) => (index < 3 ? { ...rule, formula: fixed('7') } : rule));
  await syncPrices(test.database, world, { pageSize: 1_000 });
  expect(new Set((await told()).map((event) => JSON.stringify(event)))).toEqual(new Set(['["S0","L"]', '["S1","L"]', '["S2","L"]']));
});
