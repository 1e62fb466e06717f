import type { Item } from '../../domain/catalog.ts';
import type { FlowName, List } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { Location, Receipt, StockLevel } from '../../domain/inventory.ts';
import type { OwnedPort } from '../../domain/ports.ts';
import { instant, type Instant } from '../../domain/time.ts';
import type { Feed, FeedRejection } from '../../platform/feed.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../frame/module.ts';
import { createPortFeed } from '../frame/port-feed.ts';
import { forgetUnseenParked, strikeOff } from './supply/parked.ts';
import { placeRows, type Placed, type PlacingRules } from './supply/placing.ts';
import { reconciled } from './supply/reconcile.ts';
import { recordReceiptPass } from './supply/risen.ts';
import { RECEIPT_ROWS, STOCK_ROWS } from './supply/row-kinds.ts';
import { applyItems, applyLocations, closeUnseenLocations, deactivateUnseenItems } from './supply/store-items.ts';
import { applyReceipts, dropUnseenReceipts } from './supply/store-receipts.ts';
import { applyStock, keyOfPlace, recordStockPass, retireUnseenStock, type AppliedStock, type ReadingPath } from './supply/store-stock.ts';

/** Which feed a vendor's hint wakes: each bears the name of its flow. */
export const FEED_OF_FLOW = { items: 'items', locations: 'locations', stock: 'stock', receipts: 'receipts' } as const satisfies Partial<Record<FlowName, string>>;

/** The feeds of the configured systems. A flow no system has is no feed. */
export function createFeeds(dependencies: SubgraphDependencies): readonly Feed[] {
  return [...basisFeeds(dependencies), ...supplyFeeds(dependencies)];
}

const now = ({ clock }: SubgraphDependencies): Instant => instant(clock.now());

/** What stock rows refer to: items and locations. */
function basisFeeds(dependencies: SubgraphDependencies): readonly Feed[] {
  const { config, database, log, ports } = dependencies;
  const items = ports.port('items');
  const stock = ports.port('stock');
  const itemFeed = items && createPortFeed<Item>({
    name: 'items', flow: 'items', keyOf: keyOfItem, capabilities: items.capabilities, intervalMs: config.CONTENT_POLL_MS,
    ...reconciled<Item>(database, log, {
      name: 'items', list: items.port.listItems, keyOf: keyOfItem,
      apply: (tx, records) => applyItems(tx, records, now(dependencies)),
      finishFullPass: (tx, startedAt) => deactivateUnseenItems(tx, startedAt, now(dependencies)),
    }),
  });
  const locationFeed = stock && createPortFeed<Location>({
    name: 'locations', flow: 'locations', keyOf: ({ code }) => code, capabilities: stock.capabilities, list: stock.port.listLocations, intervalMs: config.CONTENT_POLL_MS,
    apply: (tx, records) => applyLocations(tx, records, now(dependencies)),
    finishFullPass: (tx, startedAt) => closeUnseenLocations(tx, startedAt, now(dependencies)),
  });
  return [itemFeed, locationFeed].filter((feed) => feed !== null);
}

const keyOfItem = ({ sku }: Item): string => sku;

function supplyFeeds(dependencies: SubgraphDependencies): readonly Feed[] {
  const { ports } = dependencies;
  const basis = basisFeeds(dependencies).map((feed) => feed.name);
  const stock = ports.port('stock');
  const receipts = ports.port('receipts');
  return [stock && stockFeed(dependencies, stock, basis), receipts && receiptFeed(dependencies, receipts, basis)].filter((feed) => feed !== null);
}

function stockFeed(dependencies: SubgraphDependencies, { capabilities, port }: OwnedPort<'stock'>, basis: readonly string[]): Feed {
  const { config, database, log } = dependencies;
  return createPortFeed<StockLevel>({
    name: 'stock', flow: 'stock', keyOf: keyOfPlace, capabilities, intervalMs: config.STOCK_POLL_MS,
    ...reconciled<StockLevel>(database, log, {
      name: 'stock', list: afterFeeds<StockLevel>(dependencies, basis, port.listStock), keyOf: keyOfPlace,
      apply: (tx, records, comparing) => applyStockPage(tx, records, now(dependencies), comparing ? 'COMPARED' : 'FEED'),
      finishFullPass: async (tx, startedAt) => {
        await forgetUnseenParked(tx, 'stock', startedAt);
        return retireUnseenStock(tx, startedAt, now(dependencies));
      },
      finishPass: recordStockPass,
    }),
  });
}

function receiptFeed(dependencies: SubgraphDependencies, { capabilities, port }: OwnedPort<'receipts'>, basis: readonly string[]): Feed {
  const { config, database, log } = dependencies;
  return createPortFeed<Receipt>({
    name: 'receipts', flow: 'receipts', keyOf: RECEIPT_ROWS.keyOf, capabilities, intervalMs: config.STOCK_POLL_MS,
    ...reconciled<Receipt>(database, log, {
      name: 'receipts', list: afterFeeds<Receipt>(dependencies, basis, port.listReceipts), keyOf: RECEIPT_ROWS.keyOf,
      apply: async (tx, records) => {
        const { placed, rejected } = await placePage(tx, records, RECEIPT_ROWS);
        return { ...(await applyReceipts(tx, placed, now(dependencies))), rejected };
      },
      finishFullPass: async (tx, startedAt) => {
        await forgetUnseenParked(tx, 'receipts', startedAt);
        return dropUnseenReceipts(tx, startedAt, now(dependencies));
      },
      finishPass: recordReceiptPass,
    }),
  });
}

const WAIT_MS = 50;

/** Stock means nothing before its items and locations are known: the first pass waits for theirs. */
function afterFeeds<T>({ database, clock }: SubgraphDependencies, names: readonly string[], list: List<T>): List<T> {
  let known = false;
  return async (page, call) => {
    while (!known) {
      const passed = await database.query<{ name: string }>('select name from inventory.feed where name = any($1::text[]) and last_success_at is not null', [names]);
      known = passed.length === names.length;
      call.signal.throwIfAborted();
      if (known) break;
      if (clock.now() >= call.deadlineAtMs) throw new Failure('UPSTREAM_UNAVAILABLE', `waits for the first complete pass of ${names.join(' and ')}`);
      await new Promise((done) => setTimeout(done, WAIT_MS));
    }
    return list(page, call);
  };
}

/** What is placed waits no longer, whatever older version of it was parked. */
async function placePage<T extends Placed>(tx: Sql, records: readonly T[], rules: PlacingRules<T>): ReturnType<typeof placeRows<T>> {
  const found = await placeRows(tx, records, rules);
  await strikeOff(tx, rules.feed, found.placed.map(rules.keyOf));
  return found;
}

/** Places, parks and applies stock figures, of a feed's page or of a live answer (`ASIDE`). */
export async function applyStockPage(tx: Sql, levels: readonly StockLevel[], at: Instant, path: ReadingPath = 'ASIDE'): Promise<AppliedStock & { readonly rejected: readonly FeedRejection[] }> {
  const { placed, rejected } = path === 'ASIDE' ? await placeRows(tx, levels, STOCK_ROWS) : await placePage(tx, levels, STOCK_ROWS);
  return { ...(await applyStock(tx, placed, at, path)), rejected };
}
