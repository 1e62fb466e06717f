import type { Capabilities, List, PricePort } from '../../../../domain/connector.ts';
import type { CustomerClient } from '../../../../domain/clients.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import type { CurrencyRate, ListPrice, PriceList, PriceRule, TaxRate } from '../../../../domain/pricing.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { runFeedPass, type FeedPassReport } from '../../../../platform/feed.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { createPriceFeeds } from '../../../../subgraphs/pricing/book/feeds.ts';

const CAPABILITIES: Capabilities = {
  liveStock: false, nativeAtp: false, stockByLocation: false, trackingNumbers: false, serverPrice: false, delta: [], changes: 'poll',
  maxBatch: { page: 3, stock: 1, price: 1 }, maxConcurrency: 1,
};

/** What the pretended ERP says right now; tests change it between passes. */
export interface PriceWorld {
  prices: ListPrice[];
  lists: PriceList[];
  rules: PriceRule[];
  /** Absent: the ERP keeps none. */
  exchange?: CurrencyRate[];
  taxes?: TaxRate[];
}

/** Pages of what is there when each of them is asked for. */
export const listing = <T>(read: () => readonly T[]): List<T> => async ({ cursor, limit }) => {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return { records: read().slice(start, end), rejected: [], next: end < read().length ? String(end) : null, watermark: null, total: read().length };
};

export function portsOf(world: PriceWorld, pageSize = CAPABILITIES.maxBatch.page): PortSource {
  const { exchange, taxes } = world;
  const port: PricePort = {
    listPrices: listing(() => world.prices), listPriceLists: listing(() => world.lists), listPriceRules: listing(() => world.rules),
    ...(exchange === undefined ? {} : { listCurrencyRates: listing(() => exchange) }), ...(taxes === undefined ? {} : { listTaxRates: listing(() => taxes) }),
  };
  const capabilities = { ...CAPABILITIES, maxBatch: { ...CAPABILITIES.maxBatch, page: pageSize } };
  const owned = { source: 'erp', vendor: 'memory', capabilities, port };
  return { port: (name) => (name === 'prices' ? (owned as never) : null) };
}

const noJobs: Jobs = {
  defineQueue: async () => undefined, enqueue: async () => undefined, enqueueAll: async () => undefined, withoutJob: async () => [],
  work: async () => ({ stop: async () => undefined }), stop: async () => undefined,
};

export const testClock = manualClock(Date.now());

export function dependenciesOf(database: Database, ports: PortSource, customer: Pick<CustomerClient, 'readCustomer'>, env: Record<string, string> = {}): SubgraphDependencies {
  return {
    config: readConfig({ SANDBOX: 'off', ...env }), database, ports, clock: testClock, log: silentLog, jobs: noJobs,
    eventLog: createMemoryEventLog({ clock: testClock, capacity: 1_000 }), clients: { customer } as SubgraphDependencies['clients'],
  };
}

/** Runs each price feed through once, in the order given. */
export async function syncPrices(database: Database, world: PriceWorld, { pageSize }: { readonly pageSize?: number } = {}): Promise<Record<string, FeedPassReport>> {
  const runner = { database, schema: 'pricing', clock: testClock, log: silentLog, pageTimeoutMs: 5_000 };
  const reports: Record<string, FeedPassReport> = {};
  for (const feed of createPriceFeeds({ ports: portsOf(world, pageSize), intervalMs: 1_000, clock: testClock })) {
    reports[feed.name] = (await runFeedPass(runner, feed, AbortSignal.timeout(10_000)))!;
  }
  return reports;
}
