import type { Decimal, RoundingMode } from './decimal.ts';
import type { ChannelCode, Sku } from './ids.ts';
import type { UnitConversion } from './inventory.ts';
import type { CurrencyCode, Money } from './money.ts';
import type { Instant } from './time.ts';

/** The base price of one SKU, for one of its own unit. */
export interface ListPrice {
  readonly sku: Sku;
  /** The source's own key. Two of them with one SKU contradict each other. */
  readonly reference: string;
  readonly price: Money;
  /** What the merchant pays; never leaves to storefront scopes. */
  readonly cost: Money | null;
  /** ERP keys that price rules may target. */
  readonly groupCode: string;
  readonly categoryCodes: readonly string[];
  /** The item's own unit; prices are for one of it. */
  readonly unitCode: string | null;
  /** Units it may be bought in beside its own. */
  readonly units: readonly UnitConversion[];
  /** Codes of `TaxRate`. */
  readonly taxCodes: readonly string[];
  readonly updatedAt: Instant | null;
}

/** UNIT: the price of one is rounded and multiplied. LINE: what the line comes to is rounded, the price of one is not. */
export type RoundingPlace = 'UNIT' | 'LINE';

/** Rounding is applied once, at the stated place. */
export interface Rounding {
  readonly mode: RoundingMode;
  /** Null: at UNIT not at all, at LINE the currency's own. */
  readonly digits: number | null;
  readonly place: RoundingPlace;
}

export interface PriceList {
  readonly code: string;
  readonly name: string;
  readonly currencyCode: CurrencyCode;
  readonly roundingMode: RoundingMode;
  readonly roundingDigits: number | null;
  readonly roundingPlace: RoundingPlace;
  /** Whether its prices have their taxes in them. */
  readonly taxIncluded: boolean;
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

/** LIST: the base price, of the base list where the source has one (see ResolutionPolicy), else `ListPrice`. */
export type PriceBase = { readonly kind: 'LIST' } | { readonly kind: 'COST' } | { readonly kind: 'PRICE_LIST'; readonly code: string };

export interface PriceRule {
  /** Unique in its source. */
  readonly reference: string;
  readonly priceListCode: string;
  /** Rules of one list are tried from low to high; "first wins" or "lowest wins" is the source's setting. */
  readonly precedence: string;
  readonly target: PriceTarget;
  /** Smallest quantity, in `unitCode`; above zero. Null: any. */
  readonly minQuantity: Decimal | null;
  /** The rule holds only for what is bought in this unit, and its amounts are for one of it. Null: the item's own unit, however it is bought. */
  readonly unitCode: string | null;
  /** Inclusive; null: since ever. */
  readonly validFrom: Instant | null;
  /** Exclusive: the window after it may begin at the same instant. Null: for ever. */
  readonly validUntil: Instant | null;
  readonly formula: PriceFormula;
  readonly updatedAt: Instant | null;
}

/** What one unit of a currency is worth in another, from an instant on until the next. */
export interface CurrencyRate {
  readonly reference: string;
  readonly baseCurrencyCode: CurrencyCode;
  readonly currencyCode: CurrencyCode;
  /** Units of `currencyCode` that one unit of `baseCurrencyCode` is; above zero. */
  readonly rate: Decimal;
  readonly validFrom: Instant;
  readonly updatedAt: Instant | null;
}

export interface TaxRate {
  readonly code: string;
  readonly name: string;
  readonly percent: Decimal;
  /** ISO 3166-1 alpha-2; null: wherever it is sold to. */
  readonly countryCode: string | null;
  /** Whether list prices of items with this tax have it in them. */
  readonly includedInPrice: boolean;
  readonly active: boolean;
  readonly updatedAt: Instant | null;
}

/** Whose agreement a list is. BASE needs no list: it is what everybody pays. */
export type PriceLayer = 'CONTRACT' | 'GROUP' | 'CHANNEL' | 'BASE';

/** A list that may decide a buyer's price, and why it may. */
export interface LayeredList {
  readonly layer: Exclude<PriceLayer, 'BASE'>;
  readonly code: string;
}

/**
 * How a source's lists are read, because ERPs differ. FIRST_LIST: the first list the buyer has decides alone, and what it has no
 * rule for costs the base price (Odoo). FIRST_WINS: the first list with a fitting rule. LOWEST_WINS: the lowest of all.
 */
export interface ResolutionPolicy {
  readonly acrossLists: 'FIRST_LIST' | 'FIRST_WINS' | 'LOWEST_WINS';
  readonly withinList: 'FIRST_WINS' | 'LOWEST_WINS';
  /** The list whose rules are the base price, dated; what it says nothing of has none. Null: `ListPrice`. */
  readonly baseListCode: string | null;
  /** Currencies prices are also answered in, converted at the rate of the instant. */
  readonly convertedCurrencies: readonly CurrencyCode[];
}

/** Whose prices are asked for; the agreements are looked up, never named by the request. */
export interface PriceBuyer {
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  /** A location of the company with terms of its own. */
  readonly locationNumber: string | null;
}

export interface PriceContext {
  readonly channel: ChannelCode | null;
  /** Null: nobody is known; what the channel asks of everybody. */
  readonly buyer: PriceBuyer | null;
  /** Null: that of the list that decides. */
  readonly currencyCode: CurrencyCode | null;
  readonly at: Instant;
}

export interface AppliedPromotion {
  readonly code: string;
  readonly name: string;
  /** What it takes off the line, in the line's currency; not negative. */
  readonly amount: Decimal;
}

export interface PricedLine {
  readonly sku: Sku;
  /** In the item's own unit. */
  readonly quantity: Decimal;
  /** Of one of the item's own unit, promotions on the price of a piece included. */
  readonly unitPrice: Money;
  readonly listPrice: Money;
  /** Unit price times quantity, rounded; before `discount`. */
  readonly lineTotal: Money;
  /** What promotions on line and basket take off `lineTotal`; not negative. */
  readonly discount: Decimal;
  readonly promotions: readonly AppliedPromotion[];
  readonly layer: PriceLayer;
  readonly priceListCode: string | null;
  readonly ruleReference: string | null;
  readonly breakQuantity: Decimal | null;
  readonly asOf: Instant;
  /** What one costs the merchant; stays among subgraphs. Null or absent: nobody knows. */
  readonly unitCost?: Money | null;
}

/**
 * UNUSABLE_PRICE_LIST: the buyer's list, or one it is based on, is unknown, inactive, based on itself, or has
 * taxes in its prices where another it must be reckoned with has not; another list's price would be a guess. NO_CURRENCY: not sold in the currency asked for. MISSING_RATE: no rate of exchange holds then.
 * UNKNOWN_UNIT: not sold in the unit asked for. NOT_PUBLIC: the channel shows prices to known buyers only.
 */
export type NoPriceReason = 'UNKNOWN_SKU' | 'NO_LIST_PRICE' | 'NO_CURRENCY' | 'MISSING_RATE' | 'UNUSABLE_PRICE_LIST' | 'UNKNOWN_UNIT' | 'NOT_PUBLIC';

/** Per line: priced, or why not. No price is an answer, zero is not. */
export type PriceOutcome =
  | { readonly kind: 'PRICED'; readonly line: PricedLine }
  | { readonly kind: 'NO_PRICE'; readonly sku: Sku; readonly reason: NoPriceReason };
