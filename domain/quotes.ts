import type { Decimal } from './decimal.ts';
import type { Sku } from './ids.ts';
import type { BasketLine } from './inventory.ts';
import type { CurrencyCode, Money } from './money.ts';
import type { PriceContext, PriceOutcome } from './pricing.ts';
import type { Instant } from './time.ts';

export interface BasketQuoteRequest {
  /** Somebody orders by it: the source is asked for its own prices, where that is configured. Absent: nobody does. */
  readonly atCheckout?: boolean;
  readonly lines: readonly BasketLine[];
  readonly context: PriceContext;
  /** The signed quote the buyer was shown; null: none. */
  readonly quoteToken: string | null;
}

/** One line of the basket whose price is another than the one quoted. */
export interface ChangedPrice {
  /** Index of the line asked for. */
  readonly line: number;
  readonly sku: Sku;
  readonly quoted: QuotedPrice;
  /** Null: there is no price by now. */
  readonly current: QuotedPrice | null;
}

export interface QuotedPrice {
  readonly unitPrice: Money;
  /** What the line comes to, less its discount; null: nobody was told, or can know. */
  readonly net: Money | null;
}

/**
 * What a signed quote is worth at checkout. STANDS: every line costs what was quoted. CHANGED: not every line. EXPIRED: it was
 * good until then. NOT_THIS_BASKET: of other lines, another buyer, channel or currency; `difference` says which, as a half
 * sentence. FORGED: not signed here. Lines may have changed places since.
 */
export type QuoteVerdict =
  | { readonly kind: 'STANDS'; readonly quoteId: string }
  | { readonly kind: 'CHANGED'; readonly quoteId: string; readonly lines: readonly ChangedPrice[] }
  | { readonly kind: 'EXPIRED'; readonly expiredAt: Instant }
  | { readonly kind: 'NOT_THIS_BASKET'; readonly difference: string }
  | { readonly kind: 'FORGED' };

/**
 * Where the source's own price, asked for at checkout, does not confirm ours; both of one, before promotions, in the list's
 * currency. `theirs` null: it has none. UNVERIFIED: it did not say, and why.
 */
export type ErpPriceCheck =
  | { readonly kind: 'DIFFERENT'; readonly line: number; readonly sku: Sku; readonly ours: Money; readonly theirs: Money | null }
  | { readonly kind: 'UNVERIFIED'; readonly line: number; readonly sku: Sku; readonly reason: string };

export interface BasketQuote {
  /** Absent: the source was not asked. `refuses`: a line that differs is not to be sold. Lines it confirmed are left out. */
  readonly erpPrices?: { readonly refuses: boolean; readonly checks: readonly ErpPriceCheck[] };
  /** One per line asked for, in order. */
  readonly lines: readonly PriceOutcome[];
  /** Null where no line has a price, or they have several currencies. */
  readonly currencyCode: CurrencyCode | null;
  /** Sum of the line totals, before discounts; null with `currencyCode`. */
  readonly subtotal: Decimal | null;
  /** Sum of the lines' discounts. */
  readonly discount: Decimal | null;
  /** Null: no token was given. */
  readonly verdict: QuoteVerdict | null;
}
