import { Failure, invalidInput } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Followed, FollowTools, SubscriptionDefinition } from '../frame/subscription.ts';
import { requireScopes } from '../graph/access.ts';
import { followCategory } from './changes/category-members.ts';
import { crossesThreshold, mergeStock, type StockEvent } from './changes/stock-events.ts';

/** Exactly one of the first three. */
export interface StockArguments {
  readonly skus?: readonly Sku[] | null;
  readonly category?: string | null;
  readonly channel?: string | null;
  readonly crossingsOnly?: boolean | null;
}

const MAX_SKUS = 250;
/** Beyond this many SKUs whoever missed events is told so, not told of each. */
const MAX_SNAPSHOTS = 2_500;
const CHANNEL = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

function check({ skus, category, channel }: StockArguments, principal: Principal): void {
  requireScopes(principal, [['availability:read']]);
  const given = Object.entries({ skus, category, channel }).flatMap(([name, value]) => (value == null ? [] : [name]));
  if (given.length !== 1) throw invalidInput(given.length === 0 ? ['skus'] : given, 'give exactly one of skus, category and channel');
  if (skus && (skus.length === 0 || skus.length > MAX_SKUS)) throw invalidInput(['skus'], `skus must name 1 to ${MAX_SKUS} SKUs`);
  if (channel == null) return;
  if (!CHANNEL.test(channel)) throw invalidInput(['channel'], 'channel must be a channel code');
  // Everything a channel sells, as it happens: for those who list it, not for those who shop there.
  requireScopes(principal, [['availability:exact'], ['operations']]);
  if (principal.channel !== null && principal.channel !== channel) throw new Failure('FORBIDDEN', `these credentials are bound to the channel ${principal.channel}`, { field: ['channel'] });
}

async function follow({ skus, category }: StockArguments, tools: FollowTools): Promise<Followed<StockEvent>> {
  if (skus) return followAll(new Set(skus));
  if (category == null) return { includes: () => true, keys: () => null, close: () => undefined };
  const members = await followCategory(category, tools);
  return { includes: (event) => members.has(event.sku), keys: () => (members.skus.size > MAX_SNAPSHOTS ? null : [...members.skus]), close: () => members.close() };
}

const followAll = (skus: ReadonlySet<Sku>): Followed<StockEvent> => ({ includes: (event) => skus.has(event.sku), keys: () => [...skus], close: () => undefined });

/** Only the latest figure matters: changes of one SKU may be told as one. */
const stockChanged: SubscriptionDefinition<StockEvent, StockArguments> = {
  field: 'stockChanged',
  topic: 'stock',
  check,
  follow,
  matches: (event, { crossingsOnly }) => !crossingsOnly || event.type === 'stock.snapshot' || crossesThreshold(event),
  coalescing: {
    keyOf: (event) => event.sku,
    merge: mergeStock,
    snapshot: (sku, at) => ({ type: 'stock.snapshot', sku, at, locationCodes: [], version: null }),
  },
  channelOf: ({ channel }) => channel ?? null,
};

export const subscriptions: readonly SubscriptionDefinition<StockEvent, StockArguments>[] = [stockChanged];
