import type { Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { AppliedPromotion, LayeredList } from '../../../domain/pricing.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { Instant } from '../../../domain/time.ts';
import { promoteUnit } from '../promotions/engine.ts';
import { refuse, type PriceFacts, type PriceRequest, type Refused, type ResolvedPrice } from '../resolve/price-facts.ts';
import { findPrice } from '../resolve/resolve-price.ts';
import { finishPrice } from '../resolve/rounding.ts';
import { inOwnUnit } from '../resolve/units.ts';

/** All that decides what one SKU costs one buyer at one instant; it dies with the request. */
export interface PriceBasis {
  readonly sku: Sku;
  readonly facts: PriceFacts;
  readonly lists: readonly LayeredList[];
  /** Null: that of the list that decides. */
  readonly currencyCode: CurrencyCode | null;
  readonly at: Instant;
  readonly channel: ChannelCode | null;
  /** On offer then. */
  readonly promotions: readonly Promotion[];
}

export interface PromotedPrice extends ResolvedPrice {
  /** In the item's own unit. */
  readonly own: Decimal;
  /** Those on the price of a piece. */
  readonly promotions: readonly AppliedPromotion[];
}

export type PromotedResolution = { readonly ok: true; readonly price: PromotedPrice } | Refused;

/** What `quantity` (in `unitCode`; null: the item's own) costs with the promotions on the price of a piece, rounded once: what a quote of this line alone says. */
export function promotedPrice(basis: PriceBasis, quantity: Decimal, unitCode: string | null): PromotedResolution {
  const { facts: { listPrice: item }, promotions, at, channel, sku } = basis;
  if (item === null) return refuse('UNKNOWN_SKU');
  const own = inOwnUnit(item, quantity, unitCode);
  if (own === null) return refuse('UNKNOWN_UNIT');
  const found = findPrice(basis.facts, requestOf(basis, own, unitCode));
  if (!found.ok) return found;
  const promoted = promoteUnit({ sku, groupCode: item.groupCode, categoryCodes: item.categoryCodes, quantity: own, found: found.price }, promotions, { at, channel });
  const finished = finishPrice(promoted.found, own);
  return finished.ok ? { ok: true, price: { ...finished.price, own, promotions: promoted.applied } } : finished;
}

/** @param own in the item's own unit */
export const requestOf = ({ lists, currencyCode, at }: PriceBasis, own: Decimal, unitCode: string | null): PriceRequest => ({ quantity: own, unitCode, lists, currencyCode, at });
