import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import type { AvailabilityView, BasketVariant, Evidence } from './types.ts';

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

export interface PriceView extends Evidence {
  readonly unitPrice: Money;
  readonly listPrice: Money;
  readonly lineTotal: Money;
  readonly quantity: Decimal;
  readonly promotions: readonly PromotionView[];
  readonly advertisedAs: 'PRICE' | 'MINIMUM_ADVERTISED';
}

export interface VariantOffer {
  readonly sku: string;
  readonly price: PriceView | null;
  readonly priceUnavailableReason: NoPriceReason | null;
  /** There is one, and only the basket may show it. */
  readonly priceShownInCart: boolean | null;
  readonly priceBreaks: readonly { readonly minQuantity: Decimal; readonly unitPrice: Money }[] | null;
  readonly availability: AvailabilityView | null;
}

export interface QuoteLineView {
  readonly sku: string;
  readonly quantity: Decimal;
  /** Null, as are the other amounts, where there is no price. */
  readonly unitPrice: Money | null;
  readonly listPrice: Money | null;
  readonly lineTotal: Money | null;
  readonly net: Money | null;
  readonly promotions: readonly PromotionView[];
  readonly reason: NoPriceReason | null;
  readonly variant: BasketVariant;
}

/** A whole basket, one line per line asked for; no sums where a line has no price. */
export interface QuoteView extends Evidence {
  /** What an order is placed with; null: it cannot be. */
  readonly token: string | null;
  readonly subtotal: Money | null;
  readonly discount: Money | null;
  readonly total: Money | null;
  readonly lines: readonly QuoteLineView[];
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
