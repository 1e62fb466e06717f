import { compare, equals, type Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import { midnight, type Channel, type Offer, type SoldLine, type SoldOrder } from './source.ts';

/** `PromotionInput` of the graph. */
export interface PutPromotion {
  readonly code: string;
  readonly name: string;
  readonly effect: { readonly percentOff: { readonly percent: Decimal; readonly of: 'LIST' | 'PRICE'; readonly place: 'UNIT' | 'LINE' } };
  readonly priority: number;
  readonly exclusionGroup: string;
  readonly targets: readonly { readonly sku: string }[];
  readonly channels: readonly Channel[];
  readonly minQuantity: Decimal | null;
  readonly maxQuantity: Decimal | null;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

/** Whom an offer is for, in the source's word and ours. */
const CHANNEL_OF: Readonly<Record<string, Channel>> = { Reseller: 'reseller', Customer: 'web' };

/**
 * Each offer is two promotions, because the source takes its percentage twice: of the list price off the price of a piece, and once
 * more off what the line then comes to. Of several that fit a line the one that takes most off counts, in both places.
 */
export const promotionsOf = (offers: readonly Offer[]): readonly PutPromotion[] => offers.flatMap((offer) => [inPlace(offer, 'UNIT'), inPlace(offer, 'LINE')]);

function inPlace({ id, name, percent, category, minQuantity, maxQuantity, from, until, skus }: Offer, place: 'UNIT' | 'LINE'): PutPromotion {
  const channel = CHANNEL_OF[category];
  if (channel === undefined) throw new Error(`offer ${id} is for ${category}, which is no channel`);
  return {
    code: `offer-${id}-${place.toLowerCase()}`, name, effect: { percentOff: { percent, of: place === 'UNIT' ? 'LIST' : 'PRICE', place } }, priority: 0,
    exclusionGroup: `offer-${place.toLowerCase()}`, targets: skus.map((sku) => ({ sku })), channels: [channel], minQuantity, maxQuantity,
    validFrom: midnight(from), validUntil: midnight(until),
  };
}

/** By product, day, quantity and channel. */
export const isEligible = ({ skus, from, until, minQuantity, maxQuantity, category }: Offer, { day, channel }: SoldOrder, { sku, quantity }: SoldLine): boolean =>
  skus.includes(sku) && CHANNEL_OF[category] === channel && from <= day && day < until && (minQuantity === null || compare(quantity, minQuantity) >= 0) && (maxQuantity === null || compare(quantity, maxQuantity) <= 0);

/**
 * The offers without the products that were sold while one fitted and never once at it: what the tables promise and nobody gave. A
 * merchant who means them to stand for what was charged takes those products out.
 */
export function grantedOffers(offers: readonly Offer[], orders: readonly SoldOrder[]): readonly Offer[] {
  const sold = Map.groupBy(orders.flatMap((order) => order.lines.map((line) => ({ order, line }))), ({ line }) => line.sku);
  return offers.map((offer) => ({
    ...offer,
    skus: offer.skus.filter((sku) => {
      const fitting = (sold.get(sku) ?? []).filter(({ order, line }) => isEligible(offer, order, line));
      return fitting.length === 0 || fitting.some(({ line }) => equals(line.given, offer.percent));
    }),
  })).filter(({ skus }) => skus.length > 0);
}
