import type { Money } from '../../../domain/money.ts';

/** What the operations select of prices, as it arrives. */

/** `amount` is what it takes off the line, be it in the unit price or beside it. */
export interface PromotionView {
  readonly code: string;
  readonly name: string;
  readonly amount: Money;
}

export interface PriceBoundsView {
  readonly min: Money;
  readonly max: Money;
}

export interface PriceRangeView extends PriceBoundsView {
  /** Before any agreement and promotion; null where they are in several currencies. */
  readonly listPrices: PriceBoundsView | null;
  readonly onSale: boolean;
}

export interface QuotedPriceView {
  readonly unitPrice: Money;
  readonly net: Money | null;
}

/** A line that costs something else than the buyer saw. */
export interface ChangedPriceView {
  readonly line: number;
  readonly sku: string;
  readonly quoted: QuotedPriceView;
  /** Null: it has no price any more. */
  readonly current: QuotedPriceView | null;
}
