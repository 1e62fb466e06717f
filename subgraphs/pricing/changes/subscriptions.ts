import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Followed, FollowTools, SubscriptionDefinition } from '../../frame/subscription.ts';
import { requireScopes } from '../../graph/access.ts';
import { followLists } from './followed-lists.ts';
import { mergePrices, type PriceEvent } from './price-events.ts';

export interface PriceArguments {
  readonly skus: readonly Sku[];
}

const MAX_SKUS = 250;

function check({ skus }: PriceArguments, principal: Principal): void {
  requireScopes(principal, [['price:read']]);
  if (skus.length === 0 || skus.length > MAX_SKUS) throw invalidInput(['skus'], `skus must name 1 to ${MAX_SKUS} SKUs`);
}

/** A change of another buyer's contract is not told, not even that there was one. */
async function follow({ skus }: PriceArguments, tools: FollowTools): Promise<Followed<PriceEvent>> {
  const asked = new Set(skus);
  const lists = await followLists(tools, () => tools.onEntered([...asked]));
  return {
    includes: ({ sku, priceListCode }) => (sku === null || asked.has(sku)) && (priceListCode === null || lists.has(priceListCode)),
    keys: () => [...asked],
    close: () => lists.close(),
  };
}

/** Only how it is now matters: changes of one SKU, and changes of whole lists, may be told as one. */
const priceChanged: SubscriptionDefinition<PriceEvent, PriceArguments> = {
  field: 'priceChanged',
  topic: 'price',
  check,
  follow,
  matches: () => true,
  coalescing: {
    keyOf: (event) => event.sku ?? '',
    merge: mergePrices,
    snapshot: (sku, at) => ({ type: 'price.snapshot', sku, priceListCode: null, at }),
  },
  channelOf: null,
};

export const subscriptions: readonly SubscriptionDefinition<PriceEvent, PriceArguments>[] = [priceChanged];
