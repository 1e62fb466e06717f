import 'reflect-metadata';
import { execute, parse, type GraphQLSchema } from 'graphql';
import type { AttributeDefinition, CategoryContent, Item, ProductContent, VariantContent } from '../../../../domain/catalog.ts';
import type { Capabilities, ContentPort, ItemPort, List } from '../../../../domain/connector.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { runFeedPass, type Feed, type FeedPassReport, type FeedRunner } from '../../../../platform/feed.ts';
import { silentLog } from '../../../../platform/log.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { createCatalogContext } from '../../../../subgraphs/catalog/context.ts';
import { createDirectory } from '../../../../subgraphs/catalog/directory.ts';
import { createReads } from '../../../../subgraphs/catalog/loaders.ts';
import { createCatalogFeeds } from '../../../../subgraphs/catalog/feeds.ts';
import { catalogModule } from '../../../../subgraphs/catalog/index.ts';
import { migrations, SCHEMA } from '../../../../subgraphs/catalog/schema.sql.ts';

/** What the two systems hold; a test changes it and runs a feed. */
export interface ShopSources {
  items: Item[];
  categories: CategoryContent[];
  attributes: AttributeDefinition[];
  products: ProductContent[];
  variants: VariantContent[];
}

export const emptySources = (): ShopSources => ({ items: [], categories: [], attributes: [], products: [], variants: [] });

const AT = instant('2026-01-01T00:00:00.000Z');

export const item = (sku: string, more: Partial<Item> = {}): Item => ({
  sku, groupCode: sku, name: `ERP ${sku}`, kind: 'GOODS', gtin: null, unitCode: 'Units', quantityDigits: 0, sellable: true, active: true,
  options: [], categoryPath: [], weightKg: null, updatedAt: AT, references: [{ system: 'erp', type: 'product.product', value: sku }], ...more,
});

export const productContent = (productCode: string, more: Partial<ProductContent> = {}): ProductContent => ({
  productCode, name: { en_US: `Product ${productCode}` }, description: {}, brand: null, familyCode: null, categoryCodes: [], attributes: [], media: [],
  variantAxes: [], enabled: true, updatedAt: AT, ...more,
});

export const variantContent = (sku: string, productCode: string, more: Partial<VariantContent> = {}): VariantContent => ({
  sku, productCode, name: {}, attributes: [], media: [], enabled: true, updatedAt: AT, ...more,
});

export const option = (code: string, value: string, text: Record<string, string> = { '*': value }): ProductContent['attributes'][number] => ({ code, text, values: [value], unit: null });

const CAPABILITIES: Capabilities = {
  liveStock: false, nativeAtp: false, stockByLocation: false, trackingNumbers: false, serverPrice: false, delta: [], changes: 'poll',
  maxBatch: { page: 1_000, stock: 0, price: 0 }, maxConcurrency: 1,
};

const listOf = <T>(records: () => readonly T[]): List<T> => async ({ cursor, limit }) => {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return { records: records().slice(start, end), rejected: [], next: end < records().length ? String(end) : null, watermark: null, total: records().length };
};

export function portsOf(sources: ShopSources, pageSize = 1_000): PortSource {
  const capabilities = { ...CAPABILITIES, maxBatch: { ...CAPABILITIES.maxBatch, page: pageSize } };
  const items: ItemPort = { listItems: listOf(() => sources.items) };
  const content: ContentPort = {
    listCategories: listOf(() => sources.categories),
    listAttributes: listOf(() => sources.attributes),
    listProducts: listOf(() => sources.products),
    listVariants: listOf(() => sources.variants),
  };
  const owned = { items: { source: 'erp', vendor: 'memory', capabilities, port: items }, content: { source: 'pim', vendor: 'memory', capabilities, port: content } };
  return { port: (name) => (owned as Record<string, unknown>)[name] as never };
}

const SHOPPER: Principal = { ...ANONYMOUS, subject: 'storefront', kind: 'SERVICE', scopes: ['catalog:read'] };

export interface Shop {
  readonly database: Database;
  readonly sources: ShopSources;
  /** Runs one pass of each named feed, all by default, in the given order. */
  sync(...names: string[]): Promise<Record<string, FeedPassReport>>;
  ask(query: string, variables?: Record<string, unknown>, locale?: string | null, principal?: Principal): Promise<{ data: any; codes: unknown[] }>;
  rejections(): Promise<Record<string, string>>;
  /** Product codes announced since the last call; "(directory)" where labels, categories or locales were. */
  announced(): Promise<string[]>;
  /** Statements run by `ask` since the last call. */
  statements(): string[];
}

export async function openShop(database: Database, sources: ShopSources = emptySources(), pageSize = 1_000): Promise<Shop> {
  await migrate(database, SCHEMA, migrations);
  const feeds = createCatalogFeeds({ ports: portsOf(sources, pageSize), config: { CONTENT_POLL_MS: 1_000 }, clock: systemClock });
  const schema = await catalogModule.buildSchema();
  const runner: FeedRunner = { database, schema: SCHEMA, clock: systemClock, log: silentLog, pageTimeoutMs: 10_000 };
  const counted: string[] = [];
  const sql: Database = { ...database, query: (text, values) => (counted.push(text), database.query(text, values)) };
  return {
    database,
    sources,
    sync: (...names) => syncFeeds(runner, feeds, names),
    ask: (query, variables, locale = null, principal = SHOPPER) => askSchema(schema, sql, query, variables, locale, principal),
    rejections: async () => {
      const rows = await database.query<{ feed: string; key: string; reason: string }>('select feed, key, reason from catalog.feed_reject order by feed, key');
      return Object.fromEntries(rows.map((row) => [`${row.feed} ${row.key}`, row.reason]));
    },
    announced: async () => {
      const rows = await database.query<{ code: string }>(`with gone as (delete from catalog.outbox returning id, payload) select coalesce(payload->>'productCode', '(directory)') as code from gone order by id`);
      return rows.map((row) => row.code);
    },
    statements: () => counted.splice(0),
  };
}

async function syncFeeds(runner: FeedRunner, feeds: readonly Feed[], names: readonly string[]): Promise<Record<string, FeedPassReport>> {
  const reports: Record<string, FeedPassReport> = {};
  const chosen = names.length > 0 ? names.map((name) => feeds.find((feed) => feed.name === name)!) : feeds;
  for (const feed of chosen) reports[feed.name] = (await runFeedPass(runner, feed, AbortSignal.timeout(600_000)))!;
  return reports;
}

async function askSchema(schema: GraphQLSchema, sql: Database, query: string, variables: Record<string, unknown> | undefined, locale: string | null, principal: Principal): Promise<{ data: any; codes: unknown[] }> {
  const scope = { principal, shopping: { channel: null, locale, currencyCode: null, companyLocation: null }, signal: AbortSignal.timeout(60_000), deadlineAtMs: systemClock.now() + 60_000, traceparent: null };
  const contextValue = createCatalogContext(scope, sql, createReads(sql), createDirectory({ sql, clock: systemClock, maxAgeMs: 60_000 }));
  const result = await execute({ schema, document: parse(query), variableValues: variables, contextValue });
  const codes = (result.errors ?? []).map((error) => [(error.originalError as { code?: string } | undefined)?.code ?? error.message, (error.originalError as { field?: unknown } | undefined)?.field]);
  return { data: result.data ? JSON.parse(JSON.stringify(result.data)) : null, codes };
}
