import type { Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { LayeredList, ListPrice, NoPriceReason, PriceLayer, PriceList, PriceRule, ResolutionPolicy, Rounding } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';

/** All that decides the price of one SKU. */
export interface PriceFacts {
  /** null = unknown SKU. */
  readonly listPrice: ListPrice | null;
  /** By code: the buyer's lists, the base list, and those they are based on. */
  readonly lists: ReadonlyMap<string, PriceList>;
  /** By list code; every rule whose target covers the SKU, ordered by `orderRules`. */
  readonly rules: ReadonlyMap<string, readonly PriceRule[]>;
  readonly rates: CurrencyRates;
  readonly policy: ResolutionPolicy;
}

export interface FoundRate {
  /** Units of the other currency that one is. */
  readonly rate: Decimal;
  /** Since when it holds: of two rates it was computed from, the later. */
  readonly validFrom: Instant;
  /** What `rate` is computed from, `times` / `over`: exact where the quotient has no end. Absent: `rate` / 1. */
  readonly times?: Decimal;
  readonly over?: Decimal;
}

/** Rates of exchange by instant. */
export interface CurrencyRates {
  /** Null: none is known to hold then. */
  rateAt(from: CurrencyCode, to: CurrencyCode, at: Instant): FoundRate | null;
}

export interface PriceRequest {
  /** In the item's own unit; above zero. */
  readonly quantity: Decimal;
  /** The unit it is bought in; null: the item's own. */
  readonly unitCode: string | null;
  /** The buyer's lists in the order in which they are asked; none: the base price. */
  readonly lists: readonly LayeredList[];
  /** null = the currency of the list that decides. */
  readonly currencyCode: CurrencyCode | null;
  readonly at: Instant;
}

/** How a price is rounded, and the price of how many. */
export interface UnitRounding extends Rounding {
  /** How many of the item's own unit are priced as one, by a rule for another unit: at UNIT it is their price that is rounded. Absent: one. */
  readonly per?: Decimal;
}

/** What one costs, before anything is rounded. */
export interface FoundPrice {
  /** Of one of the item's own unit; 40 fraction digits where it has no end. */
  readonly exact: Decimal;
  readonly currencyCode: CurrencyCode;
  readonly rounding: UnitRounding;
  /** The base price then, in the answer's currency where a rate is known, else in its own. Where there is none: the price itself. */
  readonly listPrice: Money;
  readonly layer: PriceLayer;
  readonly priceListCode: string | null;
  /** null where no rule of the list fits: the base price stands. */
  readonly ruleReference: string | null;
  /** The rule's smallest quantity, in the item's own unit; null = any. */
  readonly breakQuantity: Decimal | null;
  readonly taxIncluded: boolean;
}

/** A price that explains itself. */
export interface ResolvedPrice extends FoundPrice {
  readonly unitPrice: Money;
  readonly lineTotal: Money;
}

export interface Refused {
  readonly ok: false;
  readonly reason: NoPriceReason;
}

export type Finding = { readonly ok: true; readonly price: FoundPrice } | Refused;
export type Resolution = { readonly ok: true; readonly price: ResolvedPrice } | Refused;

export const refuse = (reason: NoPriceReason): Refused => ({ ok: false, reason });
