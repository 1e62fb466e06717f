import type { FlowName, List } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { LocationCode, Sku } from '../../domain/ids.ts';
import type { Receipt, StockLevel } from '../../domain/inventory.ts';
import { instant, type Instant } from '../../domain/time.ts';
import type { Feed, FeedRejection } from '../../platform/feed.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../frame/module.ts';
import { createPortFeed } from '../frame/port-feed.ts';
import { forgetUnseenParked, park } from './supply/parked.ts';
import { applyItems, applyLocations, applyReceipts, closeUnseenLocations, deactivateUnseenItems, dropUnseenReceipts } from './supply/store-items.ts';
import { applyStock, findUnplaceable, recordStockPass, retireUnseenStock } from './supply/store-stock.ts';

/** Which feed a vendor's hint wakes: each bears the name of its flow. */
export const FEED_OF_FLOW = { items: 'items', locations: 'locations', stock: 'stock', receipts: 'receipts' } as const satisfies Partial<Record<FlowName, string>>;

/** The feeds of the configured systems. A flow no system has is no feed. */
export function createFeeds(dependencies: SubgraphDependencies): readonly Feed[] {
  return [...basisFeeds(dependencies), ...supplyFeeds(dependencies)];
}

const now = ({ clock }: SubgraphDependencies): Instant => instant(clock.now());

/** What stock rows refer to: items and locations. */
function basisFeeds(dependencies: SubgraphDependencies): readonly Feed[] {
  const { config, ports } = dependencies;
  const items = ports.port('items');
  const stock = ports.port('stock');
  const itemFeed = items && createPortFeed({
    name: 'items', flow: 'items', keyOf: ({ sku }) => sku, capabilities: items.capabilities, list: items.port.listItems, intervalMs: config.CONTENT_POLL_MS,
    apply: (tx, records) => applyItems(tx, records, now(dependencies)),
    finishFullPass: (tx, startedAt) => deactivateUnseenItems(tx, startedAt, now(dependencies)),
  });
  const locationFeed = stock && createPortFeed({
    name: 'locations', flow: 'locations', keyOf: ({ code }) => code, capabilities: stock.capabilities, list: stock.port.listLocations, intervalMs: config.CONTENT_POLL_MS,
    apply: (tx, records) => applyLocations(tx, records, now(dependencies)),
    finishFullPass: (tx, startedAt) => closeUnseenLocations(tx, startedAt, now(dependencies)),
  });
  return [itemFeed, locationFeed].filter((feed) => feed !== null);
}

function supplyFeeds(dependencies: SubgraphDependencies): readonly Feed[] {
  const { config, ports } = dependencies;
  const stock = ports.port('stock');
  const receipts = ports.port('receipts');
  const basis = basisFeeds(dependencies).map((feed) => feed.name);
  const stockFeed = stock && createPortFeed<StockLevel>({
    name: 'stock', flow: 'stock', keyOf: keyOfLevel, capabilities: stock.capabilities, intervalMs: config.STOCK_POLL_MS,
    list: afterFeeds<StockLevel>(dependencies, basis, stock.port.listStock),
    apply: (tx, records) => applyStockPage(tx, records, now(dependencies)),
    finishFullPass: async (tx, startedAt) => {
      await forgetUnseenParked(tx, 'stock', startedAt);
      return retireUnseenStock(tx, startedAt, now(dependencies));
    },
    finishPass: recordStockPass,
  });
  const receiptFeed = receipts && createPortFeed<Receipt>({
    name: 'receipts', flow: 'receipts', keyOf: ({ reference }) => reference, capabilities: receipts.capabilities, intervalMs: config.STOCK_POLL_MS,
    list: afterFeeds<Receipt>(dependencies, basis, receipts.port.listReceipts),
    apply: (tx, records) => applyReceiptPage(tx, records, now(dependencies)),
    finishFullPass: async (tx, startedAt) => {
      await forgetUnseenParked(tx, 'receipts', startedAt);
      return dropUnseenReceipts(tx, startedAt, now(dependencies));
    },
  });
  return [stockFeed, receiptFeed].filter((feed) => feed !== null);
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

const keyOfLevel = ({ sku, locationCode }: StockLevel): string => `${sku} @ ${locationCode}`;

interface Placed {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
}

/** Splits off what cannot be placed yet and parks it; it is tried again as soon as its SKU and location are known. */
async function placeable<T extends Placed>(tx: Sql, feed: string, records: readonly T[], keyOf: (record: T) => string): Promise<{ placed: readonly T[]; rejected: readonly FeedRejection[] }> {
  const reasons = await findUnplaceable(tx, records);
  if (reasons.size === 0) return { placed: records, rejected: [] };
  const parked = [...reasons].map(([record, reason]) => ({ key: keyOf(record), reason, record }));
  await park(tx, feed, parked);
  return { placed: records.filter((record) => !reasons.has(record)), rejected: parked.map(({ key, reason }) => ({ key, reason })) };
}

export async function applyStockPage(tx: Sql, levels: readonly StockLevel[], at: Instant): Promise<{ changed: number; rejected: readonly FeedRejection[] }> {
  const { placed, rejected } = await placeable(tx, 'stock', levels, keyOfLevel);
  return { ...(await applyStock(tx, placed, at)), rejected };
}

async function applyReceiptPage(tx: Sql, receipts: readonly Receipt[], at: Instant): Promise<{ changed: number; rejected: readonly FeedRejection[] }> {
  const { placed, rejected } = await placeable(tx, 'receipts', receipts, (receipt) => receipt.reference);
  return { ...(await applyReceipts(tx, placed, at)), rejected };
}
