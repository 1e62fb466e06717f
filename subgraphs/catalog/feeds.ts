import type { AttributeDefinition, CategoryContent, Item, ProductContent, VariantContent } from '../../domain/catalog.ts';
import type { FlowName } from '../../domain/connector.ts';
import type { OwnedPort, PortName, PortSource } from '../../domain/ports.ts';
import { instant } from '../../domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Feed } from '../../platform/feed.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { createPortFeed, type PortFeedOptions } from '../frame/port-feed.ts';
import { attributeTable, categoryTable, outdateProductsIn, regrowCategoryTrees } from './directory-store.ts';
import { announceDirectory, announceProducts, publish, takeTurn, type Publication } from './publication.ts';
import { recordWithheld } from './withheld.ts';
import { deleteUnseen, itemTable, productContentTable, storePage, variantContentTable, type SourceTable } from './sources-store.ts';

export interface CatalogFeedOptions {
  readonly ports: PortSource;
  readonly config: Pick<Config, 'CONTENT_POLL_MS'>;
  readonly clock: Clock;
}

/** Which feed a hint about a flow wakes: they have the flows' names. */
export const catalogFlows: Readonly<Partial<Record<FlowName, string>>> = {
  items: 'items', categories: 'categories', attributes: 'attributes', products: 'products', variants: 'variants',
};

/** Items from the ERP, content from the PIM; either may be missing. */
export function createCatalogFeeds({ ports, config, clock }: CatalogFeedOptions): Feed[] {
  const items = ports.port('items');
  const content = ports.port('content');
  const open = openPublication(clock, content !== null);
  const intervalMs = config.CONTENT_POLL_MS;
  const feeds: Feed[] = [];
  if (content) {
    const { port } = content;
    feeds.push(
      feedOf<CategoryContent>(content, { flow: 'categories', list: (page, call) => port.listCategories(page, call), intervalMs, ...categoryWork(open) }),
      feedOf<AttributeDefinition>(content, { flow: 'attributes', list: (page, call) => port.listAttributes(page, call), intervalMs, ...attributeWork(clock) }),
      feedOf<ProductContent>(content, { flow: 'products', list: (page, call) => port.listProducts(page, call), intervalMs, ...sourceWork(open, 'products', productContentTable, byCode) }),
      feedOf<VariantContent>(content, { flow: 'variants', list: (page, call) => port.listVariants(page, call), intervalMs, ...sourceWork(open, 'variants', variantContentTable, bySku) }),
    );
  }
  if (items) {
    const { port, source } = items;
    feeds.push(feedOf<Item>(items, { flow: 'items', list: (page, call) => port.listItems(page, call), intervalMs, ...sourceWork(open, 'items', itemTable(source), bySku) }));
  }
  return feeds;
}

type Work<T> = Required<Pick<PortFeedOptions<T>, 'apply' | 'finishFullPass'>>;

const feedOf = <T>({ capabilities }: OwnedPort<PortName>, options: Omit<PortFeedOptions<T>, 'name' | 'capabilities'>): Feed =>
  createPortFeed({ ...options, name: options.flow, capabilities });

/** What a key of a source table stands for when it changed. */
type Scope = (keys: readonly string[]) => readonly [skus: readonly string[], productCodes: readonly string[]];
const bySku: Scope = (keys) => [keys, []];
const byCode: Scope = (keys) => [[], keys];

type OpenPublication = (tx: Sql, completing?: FlowName) => Promise<Publication>;

const CONTENT_FLOWS: readonly FlowName[] = ['products', 'variants'];

function openPublication(clock: Clock, hasContent: boolean): OpenPublication {
  return async (tx, completing) => {
    await takeTurn(tx);
    const rows = hasContent
      ? await tx.query<{ name: string }>('select name from catalog.feed where name = any($1) and last_full_at is not null', [CONTENT_FLOWS])
      : [];
    const read = new Set<string>([...rows.map((row) => row.name), ...(completing ? [completing] : [])]);
    return { tx, at: instant(clock.date()), showsBareItems: !hasContent || CONTENT_FLOWS.every((flow) => read.has(flow)) };
  };
}

/** Stores a page and publishes what it changed; what waits is listed anew, so that it is still listed after a full pass. */
function sourceWork<T extends object>(open: OpenPublication, feed: FlowName, table: SourceTable<T>, scope: Scope): Work<T> {
  return {
    apply: async (tx, records) => {
      const publication = await open(tx);
      const { keys, changed, rejected } = await storePage(tx, table, records);
      const changedKeys = new Set(changed.map(table.keyOf));
      await publish(publication, ...scope([...changedKeys]));
      await recordWithheld(tx, ...scope(keys.filter((key) => !changedKeys.has(key))));
      return { changed: changed.length, rejected };
    },
    finishFullPass: async (tx, passStartedAt) => {
      const publication = await open(tx, feed);
      const gone = await deleteUnseen(tx, table.table, table.key, feed, passStartedAt);
      await inBatches(gone, (keys) => publish(publication, ...scope(keys)));
      if (publication.showsBareItems) await inBatches(await readBareItems(tx), (skus) => publish(publication, skus, []));
      return gone.length;
    },
  };
}

const BATCH = 1_000;

async function inBatches(keys: readonly string[], work: (batch: readonly string[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < keys.length; start += BATCH) await work(keys.slice(start, start + BATCH));
}

/** Items without PIM content that are not shown: all of them when the PIM has been read for the first time. */
async function readBareItems(tx: Sql): Promise<string[]> {
  const rows = await tx.query<{ sku: string }>(
    `select sku from catalog.item i left join catalog.variant_content v using (sku)
     where i.active and not exists (select from catalog.variant s where s.sku = i.sku)
       and coalesce(v.enabled, true) and not exists (select from catalog.product_content p where p.code = v.product_code)
     order by sku`,
  );
  return rows.map((row) => row.sku);
}

function categoryWork(open: OpenPublication): Work<CategoryContent> {
  const regrow = async (publication: Publication, codes: readonly string[], told: ReadonlySet<string>): Promise<void> => {
    if (codes.length === 0) return;
    const moved = await regrowCategoryTrees(publication.tx, codes);
    await announceProducts(publication, moved.filter((code) => !told.has(code)));
  };
  return {
    apply: async (tx, records) => {
      const publication = await open(tx);
      const { changed, rejected } = await storePage(tx, categoryTable, records);
      const codes = changed.map((category) => category.code);
      if (codes.length > 0) await announceDirectory(publication);
      // Products are found by the names of their categories.
      const outdated = await outdateProductsIn(tx, codes);
      await inBatches(outdated, (products) => publish(publication, [], products));
      await regrow(publication, codes, new Set(outdated));
      return { changed: changed.length, rejected };
    },
    finishFullPass: async (tx, passStartedAt) => {
      const publication = await open(tx);
      const gone = await deleteUnseen(tx, 'category', 'code', 'categories', passStartedAt);
      if (gone.length > 0) await announceDirectory(publication);
      await regrow(publication, gone, new Set());
      return gone.length;
    },
  };
}

function attributeWork(clock: Clock): Work<AttributeDefinition> {
  const tell = (tx: Sql): Promise<void> => announceDirectory({ tx, at: instant(clock.date()) });
  return {
    apply: async (tx, records) => {
      const { changed, rejected } = await storePage(tx, attributeTable, records);
      if (changed.length > 0) await tell(tx);
      return { changed: changed.length, rejected };
    },
    finishFullPass: async (tx, passStartedAt) => {
      const gone = await deleteUnseen(tx, 'attribute', 'code', 'attributes', passStartedAt);
      if (gone.length > 0) await tell(tx);
      return gone.length;
    },
  };
}
