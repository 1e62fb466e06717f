import type { Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { AppliedPromotion } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { FoundPrice, Resolution } from '../resolve/price-facts.ts';

/** A line as promotions see it: what it is of, how much of it, and what one costs without them. */
export interface PromotableLine {
  readonly sku: Sku;
  readonly groupCode: string;
  readonly categoryCodes: readonly string[];
  /** In the item's own unit; above zero. */
  readonly quantity: Decimal;
  readonly found: FoundPrice;
}

export interface PromotionContext {
  readonly at: Instant;
  /** Null: none; promotions of certain channels do not apply. */
  readonly channel: ChannelCode | null;
}

export interface PromotedUnit {
  /** `exact` with what promotions leave of it; not rounded. */
  readonly found: FoundPrice;
  /** Those on the price of a piece, with what they take off the line, in the order in which they were applied. */
  readonly applied: readonly AppliedPromotion[];
}

export interface PromotedLine {
  /** Price and total with promotions on the price of a piece; rounded once. */
  readonly resolution: Resolution;
  /** Off `lineTotal`, by promotions on line and basket: 0 to `lineTotal`. */
  readonly discount: Decimal;
  /** All of them, in the order in which they were applied. Their sum is what promotions take off the line, to the penny. */
  readonly applied: readonly AppliedPromotion[];
}
