import type { Decimal, RoundingMode } from './decimal.ts';
import type { ChannelCode, Sku } from './ids.ts';
import type { CurrencyCode, Money } from './money.ts';
import type { Instant } from './time.ts';

/** The base price of one SKU. */
export interface ListPrice {
  readonly sku: Sku;
  readonly price: Money;
  /** What the merchant pays; never leaves to storefront scopes. */
  readonly cost: Money | null;
  /** ERP keys that price rules may target. */
  readonly groupCode: string;
  readonly categoryCodes: readonly string[];
  readonly updatedAt: Instant | null;
}

export interface PriceList {
  readonly code: string;
  readonly name: string;
  readonly currencyCode: CurrencyCode;
  /** Rounding is applied once, at the stated place. */
  readonly roundingMode: RoundingMode;
  readonly roundingDigits: number | null;
  readonly active: boolean;
  readonly updatedAt: Instant | null;
}

export type PriceTarget =
  | { readonly kind: 'SKU'; readonly sku: Sku }
  | { readonly kind: 'GROUP'; readonly groupCode: string }
  | { readonly kind: 'CATEGORY'; readonly categoryCode: string }
  | { readonly kind: 'ALL' };

export type PriceFormula =
  | { readonly kind: 'FIXED'; readonly amount: Decimal }
  /** `percent` off the base: 10 is ten percent, negative raises. */
  | { readonly kind: 'PERCENT_OFF'; readonly percent: Decimal; readonly base: PriceBase }
  | {
      readonly kind: 'FORMULA';
      readonly base: PriceBase;
      readonly percentOff: Decimal;
      readonly surcharge: Decimal;
      /** Rounds to a multiple of this (0.05, 10); null leaves as is. Before the surcharge. */
      readonly roundTo: Decimal | null;
      readonly minMargin: Decimal | null;
      readonly maxMargin: Decimal | null;
    };

export type PriceBase = { readonly kind: 'LIST' } | { readonly kind: 'COST' } | { readonly kind: 'PRICE_LIST'; readonly code: string };

export interface PriceRule {
  /** Unique in its source. */
  readonly reference: string;
  readonly priceListCode: string;
  /** Rules of one list are tried from low to high; "first wins" or "lowest wins" is the source's setting. */
  readonly precedence: string;
  readonly target: PriceTarget;
  readonly minQuantity: Decimal;
  readonly validFrom: Instant | null;
  /** Inclusive. */
  readonly validUntil: Instant | null;
  readonly formula: PriceFormula;
  readonly updatedAt: Instant | null;
}

export interface PriceContext {
  readonly channel: ChannelCode | null;
  /** Price list of the buyer, where a contract names one. */
  readonly priceListCode: string | null;
  readonly currencyCode: CurrencyCode | null;
  readonly at: Instant;
}

export interface PricedLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly unitPrice: Money;
  readonly listPrice: Money;
  readonly lineTotal: Money;
  readonly priceListCode: string | null;
  readonly ruleReference: string | null;
  readonly breakQuantity: Decimal;
  readonly asOf: Instant;
  /** What one costs the merchant; stays among subgraphs. Null or absent: nobody knows. */
  readonly unitCost?: Money | null;
}

/**
 * UNUSABLE_PRICE_LIST: the buyer's list, or one it is based on, is unknown, inactive or based on itself; another list's
 * price would be a guess.
 */
export type NoPriceReason = 'UNKNOWN_SKU' | 'NO_LIST_PRICE' | 'NO_CURRENCY' | 'UNUSABLE_PRICE_LIST';

/** Per line: priced, or why not. No price is an answer, zero is not. */
export type PriceOutcome =
  | { readonly kind: 'PRICED'; readonly line: PricedLine }
  | { readonly kind: 'NO_PRICE'; readonly sku: Sku; readonly reason: NoPriceReason };
