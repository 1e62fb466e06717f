import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import type { PromotionView } from './price-views.ts';
import type { AvailabilityView, BasketVariant, Evidence } from './types.ts';

/** What a variant or a basket costs, as it arrives. */

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
