import { round } from '../../domain/decimal.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { ChannelCode, Sku } from '../../domain/ids.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../graph/paging.ts';
import { isCapped, viewAvailability } from './availability-view.ts';
import type { InventoryContext } from './loaders.ts';
import { channelPolicyOf } from './promise/policy.ts';
import type { ChannelListingConnectionType, ChannelListingType } from './types-channel-listing.ts';

const MAX_SKUS = 250;

/**
 * The channel a caller may ask for: the one it is bound to, or any where it is bound to none.
 * @throws Failure FORBIDDEN for another's, INVALID_INPUT for none or one that is not configured where channels are.
 */
export function chooseChannel({ scope, book }: InventoryContext, asked: ChannelCode | null): ChannelCode {
  const bound = scope.principal.channel;
  if (bound !== null && asked !== null && asked !== bound) throw new Failure('FORBIDDEN', `this caller is bound to the channel ${JSON.stringify(bound)}`, { field: ['channel'] });
  const channel = asked ?? scope.shopping.channel;
  if (channel === null) throw invalidInput(['channel'], 'name the channel, here or in the header x-channel');
  channelPolicyOf(book.policy, channel);
  return channel;
}

export interface ListingQuestion {
  readonly channel: ChannelCode;
  /** Null: everything that is for sale, page by page. */
  readonly skus: readonly Sku[] | null;
  readonly first: number;
  readonly after: string | null;
}

/** @throws Failure INVALID_INPUT naming the field. */
export async function readListings(context: InventoryContext, { channel, skus, first, after }: ListingQuestion): Promise<ChannelListingConnectionType> {
  if (skus !== null && (skus.length === 0 || skus.length > MAX_SKUS)) throw invalidInput(['skus'], `skus must name 1 to ${MAX_SKUS} SKUs, or be left out for all`);
  if (skus !== null && after !== null) throw invalidInput(['after'], 'after pages through everything; it does not go with skus');
  const limit = checkPageSize(first);
  const found = skus ?? (await context.book.allocation.sellableSkus(limit + 1, after === null ? null : skuOf(after)));
  const wanted = skus ?? found.slice(0, limit);
  const listed = await Promise.all(wanted.map((sku) => listOn(context, channel, sku)));
  const nodes = listed.filter((listing) => listing !== null);
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: encodeCursor([node.sku]), node })),
    unknownSkus: wanted.filter((_, index) => listed[index] === null),
    pageInfo: { hasNextPage: skus === null && found.length > limit, endCursor: nodes.length === 0 ? null : encodeCursor([nodes.at(-1)!.sku]) },
  };
}

function skuOf(cursor: string): Sku {
  const [sku] = decodeCursor(cursor, 1);
  if (typeof sku !== 'string') throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return sku;
}

/** Null for a SKU the ERP does not have. */
async function listOn(context: InventoryContext, channel: ChannelCode, sku: Sku): Promise<ChannelListingType | null> {
  const { scope } = context;
  const onChannel = { ...context, scope: { ...scope, shopping: { ...scope.shopping, channel } } };
  const view = await viewAvailability(onChannel, sku, null);
  if (view === null) return null;
  // Marketplaces list pieces: half a metre is none.
  const quantity = round(view.now, 0, 'DOWN');
  return { sku, channel, quantity: context.show(quantity), quantityIsCapped: isCapped(context, quantity), status: view.status, ...view.evidence };
}
