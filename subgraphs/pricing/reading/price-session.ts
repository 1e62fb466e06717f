import { isPositive, ONE, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import { money, type Money } from '../../../domain/money.ts';
import type { NoPriceReason, PriceLayer } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { GraphContext, RequestScope } from '../../frame/module.ts';
import type { PriceOrigin } from '../book/price-book.ts';
import type { AdvertisedDesk } from '../advertised/advertised-desk.ts';
import type { PromotionDesk } from '../promotions/promotion-desk.ts';
import type { QuoteDesk } from '../quotes/quote-desk.ts';
import { explainPrice, type PriceExplanation } from '../resolve/explain-price.ts';
import { nextChange } from './next-change.ts';
import { createPriceReader, type PriceReaderTools } from './price-reader.ts';
import { findRange, type PriceRange } from './price-range.ts';
import { checkTaxCountry, displayPriceOf, taxOnPrice, type ShownTax, type TaxedPrice } from './price-tax.ts';
import { requestOf } from './promoted-price.ts';
import { listShownBreaks, type ShownBreak } from './shown-breaks.ts';
import { shownPrice, type AdvertisedAs, type Shown, type ShownBasis, type ShownPrice } from './shown-price.ts';

export interface PriceAsked {
  /** In `unit`; above zero. */
  readonly quantity: Decimal;
  /** Null: the variant's own. */
  readonly unit: string | null;
  /** Null: now. */
  readonly at: Instant | null;
  /** ISO 3166-1 alpha-2; null: the channel's. */
  readonly taxCountry: string | null;
}

const ONE_PIECE: PriceAsked = { quantity: ONE, unit: null, at: null, taxCountry: null };

/** What one variant costs, as it may be shown. */
export interface Quote extends PriceOrigin, TaxedPrice {
  /** As asked for. */
  readonly quantity: Decimal;
  /** Null: the variant's own, which has no name. */
  readonly unit: string | null;
  readonly listPrice: Money;
  readonly lineTotal: Money;
  readonly layer: PriceLayer;
  readonly priceListCode: string | null;
  readonly ruleReference: string | null;
  /** In the variant's own unit; 0: any. */
  readonly breakQuantity: Decimal;
  readonly promotions: readonly { readonly code: string; readonly name: string; readonly amount: Money }[];
  readonly advertisedAs: AdvertisedAs;
  /** What it was computed from, and how many of the variant's own unit were asked for: what explains it. */
  readonly basis: ShownBasis;
  readonly own: Decimal;
  readonly unitCode: string | null;
}

/** Prices of one request, as this caller may see them. */
export interface PriceSession {
  /** Null where there is none to be shown. @throws Failure INVALID_INPUT for a quantity that is not above zero; and as `PriceReader.readBasis` */
  quote(sku: Sku, asked: PriceAsked): Promise<Quote | null>;
  /** Why there is no price; null where there is one, be it in the cart only. */
  findReason(sku: Sku, asked: PriceAsked): Promise<NoPriceReason | null>;
  /** Whether the price of one may be shown in the cart only. */
  isShownInCart(sku: Sku): Promise<boolean>;
  listBreaks(sku: Sku, asked: Pick<PriceAsked, 'unit' | 'at'>): Promise<readonly ShownBreak[]>;
  /** Of one each; null where none has a price to be shown. */
  findRange(skus: readonly Sku[], taxCountry: string | null): Promise<PriceRange<Quote> | null>;
  /** What one costs the merchant; null: nobody knows. */
  readCost(sku: Sku): Promise<Money | null>;
  taxOn(price: TaxedPrice): Promise<ShownTax | null>;
  /** With taxes or without, as the channel shows prices; null where it does not say or no rate is known. */
  displayPrice(price: TaxedPrice): Promise<Money | null>;
  /** Null where what is shown is not what is charged: it would tell that. */
  explain(quote: Quote): PriceExplanation | null;
  validUntil(quote: Quote): Promise<Instant | null>;
}

export interface PricingContext extends GraphContext {
  readonly prices: PriceSession;
  readonly quotes: QuoteDesk;
  readonly promotions: PromotionDesk;
  readonly advertised: AdvertisedDesk;
}

export function createPriceSession(tools: PriceReaderTools, scope: RequestScope): PriceSession {
  const reader = createPriceReader(tools, scope);
  const { taxCountries, taxDisplay } = tools.settings;
  const ofChannel = <Value>(values: ReadonlyMap<string, Value>): Value | undefined => (reader.channel === null ? undefined : values.get(reader.channel));
  const ask = async (sku: Sku, { quantity, unit, at }: PriceAsked): Promise<{ readonly basis: ShownBasis; readonly shown: Shown }> => {
    if (!isPositive(quantity)) throw invalidInput(['quantity'], `quantity must be above zero, got ${quantity}`);
    const basis = await reader.readBasis(sku, at ?? reader.now);
    return { basis, shown: shownPrice(basis, quantity, unit) };
  };
  const quote: PriceSession['quote'] = async (sku, asked) => {
    const taxCountry = checkTaxCountry(asked.taxCountry) ?? ofChannel(taxCountries) ?? null;
    const { basis, shown } = await ask(sku, asked);
    return shown.kind === 'SHOWN' ? { ...presentPrice(basis, shown.price, asked), ...(await reader.readOrigin()), taxCountry } : null;
  };
  const taxOn: PriceSession['taxOn'] = async (price) => taxOnPrice(price, await reader.readTaxRates());
  return {
    quote, taxOn,
    findReason: async (sku, asked) => {
      if (!(await reader.isShown())) return 'NOT_PUBLIC';
      const { shown } = await ask(sku, asked);
      return shown.kind === 'NONE' ? shown.reason : null;
    },
    isShownInCart: async (sku) => (await reader.isShown()) && (await ask(sku, ONE_PIECE)).shown.kind === 'IN_CART',
    listBreaks: async (sku, { unit, at }) => listShownBreaks(await reader.readBasis(sku, at ?? reader.now), unit),
    findRange: async (skus, taxCountry) => findRange(await Promise.all(skus.map((sku) => quote(sku, { ...ONE_PIECE, taxCountry })))),
    readCost: async (sku) => (await reader.readFacts(sku)).listPrice?.cost ?? null,
    displayPrice: async (price) => displayPriceOf(await taxOn(price), ofChannel(taxDisplay)),
    explain: ({ basis, own, unitCode, advertisedAs }) => (advertisedAs === 'PRICE' ? explainPrice(basis.facts, requestOf(basis, own, unitCode)) : null),
    validUntil: async ({ basis, own, unitCode, layer }) => {
      const isAgreed = layer === 'CONTRACT' || layer === 'GROUP';
      const [upcoming, advertised] = await Promise.all([reader.readUpcoming(basis.at), isAgreed ? null : reader.readAdvertisedEdge(basis.sku, basis.at)]);
      return nextChange(basis, own, unitCode, { upcoming, advertised });
    },
  };
}

function presentPrice(basis: ShownBasis, price: ShownPrice, { quantity, unit }: PriceAsked): Omit<Quote, keyof PriceOrigin | 'taxCountry'> {
  const { unitPrice, listPrice, lineTotal, layer, priceListCode, ruleReference, breakQuantity, advertisedAs, taxIncluded, own, promotions } = price;
  const { listPrice: item } = basis.facts;
  return {
    basis, own, unitCode: unit, quantity, unit: unit ?? item!.unitCode, unitPrice, listPrice, lineTotal, layer, priceListCode, ruleReference, breakQuantity: breakQuantity ?? ZERO,
    promotions: promotions.map(({ code, name, amount }) => ({ code, name, amount: money(amount, lineTotal.currencyCode) })), advertisedAs, taxIncluded, taxCodes: item!.taxCodes,
  };
}
