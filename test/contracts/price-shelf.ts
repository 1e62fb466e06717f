import { expect } from 'vitest';
import type { Connector } from '../../domain/connector.ts';
import { decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { OwnedPort, PortSource } from '../../domain/ports.ts';
import type { Instant } from '../../domain/time.ts';
import { systemClock } from '../../platform/clock.ts';
import { readConfig } from '../../platform/config.ts';
import { runFeedPass, type FeedPassReport } from '../../platform/feed.ts';
import { silentLog } from '../../platform/log.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import { createPriceFeeds } from '../../subgraphs/pricing/book/feeds.ts';
import { createPriceBook, type PriceBook } from '../../subgraphs/pricing/book/price-book.ts';
import { PRICING_MIGRATIONS } from '../../subgraphs/pricing/schema.sql.ts';
import { resolvePrice } from '../../subgraphs/pricing/resolve/resolve-price.ts';
import { readSettings, type PriceSettings } from '../../subgraphs/pricing/settings.ts';
import type { TestDatabase } from '../support/database.ts';

/** The read model of one connector's prices, as a subgraph keeps it. */
export interface PriceShelf {
  readonly book: PriceBook;
  readonly settings: PriceSettings;
  readonly prices: OwnedPort<'prices'>;
  /** Reads every flow once more: by delta, where the source has one. Answers how each went. */
  refill(): Promise<Readonly<Record<string, FeedPassReport | null>>>;
  /** The unit price of each question, or why there is none. */
  read(questions: readonly ShelfQuestion[]): Promise<readonly (string | { readonly reason: string })[]>;
}

export interface ShelfQuestion {
  readonly sku: Sku;
  readonly list: string;
  readonly quantity: string;
  readonly at: Instant;
}

/** The delivery module of the real server brings a product of its own, and zero is no price. */
const FREE = { key: 'Delivery_007', reason: 'price is 0; it must be above zero' };

/** Fills an empty read model; fails on any other row that is refused. */
export async function fillShelf(test: TestDatabase, connector: Connector): Promise<PriceShelf> {
  const prices: OwnedPort<'prices'> = { source: connector.name, vendor: connector.vendor, capabilities: connector.capabilities, port: connector.prices! };
  const ports: PortSource = { port: (port) => (port === 'prices' ? (prices as never) : null) };
  const feeds = createPriceFeeds({ ports, intervalMs: 1_000, clock: systemClock });
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  const settings = readSettings(readConfig({ SANDBOX: 'off' }), connector.name);
  const book = createPriceBook({ database: test.database, clock: systemClock, settings, source: connector.name, feeds: feeds.map((feed) => feed.name) });
  const runner = { database: test.database, schema: 'pricing', clock: systemClock, log: silentLog, pageTimeoutMs: 30_000 };
  const refill: PriceShelf['refill'] = async () => {
    const reports: Record<string, FeedPassReport | null> = {};
    for (const feed of feeds) reports[feed.name] = await runFeedPass(runner, feed, AbortSignal.timeout(60_000));
    return reports;
  };
  await refill();
  const rejected = await test.database.query<{ key: string; reason: string }>('select key, reason from pricing.feed_reject');
  expect(rejected.filter(({ key, reason }) => key !== FREE.key || reason !== FREE.reason)).toEqual([]);
  return { book, settings, prices, refill, read: (questions) => readAll(book, questions) };
}

async function readAll(book: PriceBook, questions: readonly ShelfQuestion[]): Promise<readonly (string | { readonly reason: string })[]> {
  const skus = [...new Set(questions.map(({ sku }) => sku))];
  const listCodes = [...new Set(questions.map(({ list }) => list))];
  const facts = new Map(await Promise.all(listCodes.map(async (code) => [code, await book.readFacts(skus, [{ layer: 'CONTRACT', code }])] as const)));
  return questions.map(({ sku, list, quantity, at }) => {
    const resolved = resolvePrice(facts.get(list)!.get(sku)!, { quantity: decimal(quantity), unitCode: null, lists: [{ layer: 'CONTRACT', code: list }], currencyCode: null, at });
    return resolved.ok ? resolved.price.unitPrice.amount : { reason: resolved.reason };
  });
}
