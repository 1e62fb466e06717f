import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import type { PortSource } from '../../domain/ports.ts';
import type { PriceOutcome } from '../../domain/pricing.ts';
import { instant } from '../../domain/time.ts';
import { systemClock } from '../../platform/clock.ts';
import { readConfig } from '../../platform/config.ts';
import { runFeedPass } from '../../platform/feed.ts';
import { silentLog } from '../../platform/log.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import { createPriceFeeds } from '../../subgraphs/pricing/book/feeds.ts';
import { createPriceBook } from '../../subgraphs/pricing/book/price-book.ts';
import { PRICING_MIGRATIONS } from '../../subgraphs/pricing/schema.sql.ts';
import { readSettings } from '../../subgraphs/pricing/settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { call, openTargets, readPass } from './targets.ts';

const QUANTITIES = ['1', '24', '100'];

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

/** What was read, stored and computed here is what the source would charge itself; only its zero is no price to us. */
for (const { name, connector } of await openTargets()) {
  const { prices, items, capabilities } = connector;
  if (prices?.quotePrices === undefined || items === undefined) continue;

  describe(`the price book over ${name}`, () => {
    it('agrees with the source on every product, list and quantity', async () => {
      const ports: PortSource = { port: (port) => (port === 'prices' ? ({ source: connector.name, vendor: connector.vendor, capabilities, port: prices } as never) : null) };
      const feeds = createPriceFeeds({ ports, intervalMs: 1_000, clock: systemClock });
      await test.database.run('drop schema if exists pricing cascade');
      await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
      for (const feed of feeds) {
        await runFeedPass({ database: test.database, schema: 'pricing', clock: systemClock, log: silentLog, pageTimeoutMs: 30_000 }, feed, AbortSignal.timeout(60_000));
      }
      expect(await test.database.query('select * from pricing.feed_reject')).toEqual([]);
      const settings = readSettings(readConfig({ SANDBOX: 'off' }), connector.name);
      const book = createPriceBook({ database: test.database, clock: systemClock, settings, source: connector.name, feeds: feeds.map((feed) => feed.name) });

      const at = instant(Date.now());
      const onePerProduct = new Map((await readPass(items.listItems)).filter((item) => item.active).map((item) => [item.groupCode, item.sku]));
      const lines = [...onePerProduct.values()].flatMap((sku) => QUANTITIES.map((quantity) => ({ sku, quantity: decimal(quantity) })));
      for (const list of await readPass(prices.listPriceLists)) {
        const { code: priceListCode, currencyCode } = list;
        const ours = await book.quotePrices({ lines, context: { channel: null, priceListCode, currencyCode, at } });
        for (let start = 0; start < lines.length; start += capabilities.maxBatch.price) {
          const questions = lines.slice(start, start + capabilities.maxBatch.price).map((line) => ({ ...line, priceListCode, customerId: null, currencyCode, at }));
          const theirs = (await prices.quotePrices!(questions, call())).map((answer) => (!answer.ok ? answer.failure : answer.value?.amount === '0' ? 'NO_LIST_PRICE' : answer.value));
          expect(ours.slice(start, start + questions.length).map(amountOf), list.name).toEqual(theirs);
        }
      }
    }, 120_000);
  });
}

const amountOf = (outcome: PriceOutcome): unknown => (outcome.kind === 'PRICED' ? outcome.line.unitPrice : outcome.reason);
