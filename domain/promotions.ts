import type { Decimal } from './decimal.ts';
import type { ChannelCode } from './ids.ts';
import type { Money } from './money.ts';
import type { PriceTarget } from './pricing.ts';
import type { Instant } from './time.ts';

/**
 * What a promotion does. UNIT: the price of a piece, shown wherever it is shown. LINE: off what the line comes to. BASKET: off the
 * basket, shared among the lines it is for in proportion to what they come to.
 */
export type PromotionEffect =
  /** `of` LIST: so many percent of the base price; PRICE: of what is left by then. */
  | { readonly kind: 'PERCENT_OFF'; readonly percent: Decimal; readonly of: 'PRICE' | 'LIST'; readonly place: 'UNIT' | 'LINE' | 'BASKET' }
  /** UNIT: off each piece, where that leaves a price; BASKET: off the basket, at most all of it. */
  | { readonly kind: 'AMOUNT_OFF'; readonly amount: Money; readonly place: 'UNIT' | 'BASKET' }
  /** The price of a piece; only where it is less than without it. */
  | { readonly kind: 'FIXED_PRICE'; readonly amount: Money }
  /** For every `buy` + `get` whole pieces among its targets `get` of them are `percentOff` less (100: free): the cheapest of all. */
  | { readonly kind: 'BUY_X_GET_Y'; readonly buy: Decimal; readonly get: Decimal; readonly percentOff: Decimal; readonly timesAtMost: number | null };

/** A merchant's offer on top of prices. Ours: ERPs keep them in too many ways to be read as one. */
export interface Promotion {
  readonly code: string;
  readonly name: string;
  readonly effect: PromotionEffect;
  /** Applied from low to high; equal ones by code. */
  readonly priority: number;
  /** EXCLUSIVE: nothing else applies to the lines it touches; of several the first has them. */
  readonly stacking: 'STACKS' | 'EXCLUSIVE';
  /** Of one group only the one that takes most off applies. Null: of none. */
  readonly exclusionGroup: string | null;
  /** What it is for, any of them; none: everything. */
  readonly targets: readonly PriceTarget[];
  /** None: every channel. */
  readonly channels: readonly ChannelCode[];
  /** Only for prices that come from one of these lists; none: from any. */
  readonly priceListCodes: readonly string[];
  /** Of a line, inclusive, in the item's own unit. */
  readonly minQuantity: Decimal | null;
  readonly maxQuantity: Decimal | null;
  /** What the lines it is for must come to together, after what applies before it, at least; of this currency only. */
  readonly minBasket: Money | null;
  readonly validFrom: Instant | null;
  /** Exclusive. */
  readonly validUntil: Instant | null;
  readonly active: boolean;
}
