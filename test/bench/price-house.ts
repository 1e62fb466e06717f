import type { CustomerClient } from '../../domain/clients.ts';
import type { CustomerRecord } from '../../domain/customers.ts';
import type { PortSource } from '../../domain/ports.ts';
import { readConfig } from '../../platform/config.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { runFeedPass, type FeedPassReport, type FeedProgress } from '../../platform/feed.ts';
import { silentLog as log } from '../../platform/log.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { createPriceFeeds } from '../../subgraphs/pricing/book/feeds.ts';
import { createPriceBook, type PriceBook } from '../../subgraphs/pricing/book/price-book.ts';
import { createPromotionBook } from '../../subgraphs/pricing/promotions/promotion-book.ts';
import type { QuoteTools } from '../../subgraphs/pricing/quotes/quote-lines.ts';
import { createQuoteSeal } from '../../subgraphs/pricing/quotes/quote-seal.ts';
import { PRICING_MIGRATIONS, PRICING_SCHEMA } from '../../subgraphs/pricing/schema.sql.ts';
import { readSettings } from '../../subgraphs/pricing/settings.ts';
import { listCodeOf } from './generated-prices.ts';

const PAGE_TIMEOUT_MS = 120_000;

/** Pricing's own feeds and services on a database, run pass by pass instead of by their schedule. */
export interface PriceHouse {
  readonly feedNames: readonly string[];
  runPass(feed: string, onProgress?: (progress: FeedProgress) => void): Promise<FeedPassReport>;
  /** Services on another pool of connections to the same database. */
  servicesOn(database: Database): PriceServices;
}

export interface PriceServices {
  readonly book: PriceBook;
  readonly quoting: QuoteTools;
}

/** Customer "17" buys by the contract of account 17. */
const customers: Pick<CustomerClient, 'readCustomer'> = {
  readCustomer: async ({ number }) => ({
    number, kind: 'COMPANY', name: number, email: null, phone: null, taxId: null, companyNumber: null, priceListCode: listCodeOf(Number(number)), paymentTermCode: null,
    creditLimit: null, currencyCode: 'EUR', active: true, addresses: [], updatedAt: null, references: [],
  } satisfies CustomerRecord),
};

export async function openPriceHouse(database: Database, ports: PortSource): Promise<PriceHouse> {
  await migrate(database, PRICING_SCHEMA, PRICING_MIGRATIONS);
  const feeds = createPriceFeeds({ ports, intervalMs: 1_000, clock });
  const settings = readSettings(readConfig({}), 'erp');
  return {
    feedNames: feeds.map((feed) => feed.name),
    runPass: async (name, onProgress) => {
      const runner = { database, schema: PRICING_SCHEMA, clock, log, pageTimeoutMs: PAGE_TIMEOUT_MS, ...(onProgress && { onProgress }) };
      return (await runFeedPass(runner, feeds.find((feed) => feed.name === name)!, new AbortController().signal, 'FULL'))!;
    },
    servicesOn: (pool) => {
      const book = createPriceBook({ database: pool, clock, settings, source: 'erp', feeds: feeds.map((feed) => feed.name) });
      const quoting: QuoteTools = {
        book, settings, clock, customers: () => customers as CustomerClient, promotions: createPromotionBook({ database: pool }), seal: createQuoteSeal('price-scale price-scale price-scale'),
      };
      return { book, quoting };
    },
  };
}
