import DataLoader from 'dataloader';
import type { CustomerClient } from '../../../domain/clients.ts';
import { compare, isPositive, ONE, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import { isCurrencyCode, type Money } from '../../../domain/money.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { GraphContext, RequestScope } from '../../frame/module.ts';
import { buyerOf, readTerms } from '../buyer/buyer-terms.ts';
import { listBreaks, type Break } from '../resolve/price-breaks.ts';
import type { PriceBook, PriceOrigin } from '../book/price-book.ts';
import type { PriceFacts, PriceRequest, ResolvedPrice } from '../resolve/price-facts.ts';
import type { QuoteDesk } from '../quotes/quote-desk.ts';
import { resolvePrice } from '../resolve/resolve-price.ts';
import type { PriceSettings } from '../settings.ts';

export interface Quote extends ResolvedPrice, PriceOrigin {
  readonly quantity: Decimal;
}

export interface Range {
  readonly min: Money;
  readonly max: Money;
}

/**
 * The prices of one request: one buyer, one channel, one instant. Everything read is kept here and dies with the
 * request, so that no contract price can reach the next caller.
 */
export interface PriceSession {
  /** Null where there is no price. @throws Failure INVALID_INPUT for a quantity that is not above zero */
  quote(sku: Sku, quantity: Decimal, at: Instant | null): Promise<Quote | null>;
  listBreaks(sku: Sku): Promise<readonly Break[]>;
  /** Of one piece each; null when none has a price. */
  findRange(skus: readonly Sku[]): Promise<Range | null>;
}

export interface PricingContext extends GraphContext {
  readonly prices: PriceSession;
  readonly quotes: QuoteDesk;
}

export interface PriceSessionOptions {
  readonly book: PriceBook;
  readonly settings: PriceSettings;
  readonly customers: () => CustomerClient;
  readonly clock: Clock;
  readonly scope: RequestScope;
}

export function createPriceSession({ book, settings, customers, clock, scope }: PriceSessionOptions): PriceSession {
  const now = instant(clock.date());
  const terms = once(() => readTerms(customers(), settings, buyerOf(scope.principal), scope.principal.channel ?? scope.shopping.channel));
  const origin = once(() => book.readOrigin());
  const facts = new DataLoader<Sku, PriceFacts>(async (skus) => {
    const read = await book.readFacts(skus, (await terms()).lists);
    return skus.map((sku) => read.get(sku)!);
  });
  const readAll = async (sku: Sku): Promise<{ facts: PriceFacts; origin: PriceOrigin; request: Omit<PriceRequest, 'quantity'> }> => {
    const currencyCode = checkCurrency(scope.shopping.currencyCode);
    const [read, from, { lists }] = await Promise.all([facts.load(sku), origin(), terms()]);
    return { facts: read, origin: from, request: { lists, unitCode: null, currencyCode, at: now } };
  };
  const quote: PriceSession['quote'] = async (sku, quantity, at) => {
    if (!isPositive(quantity)) throw invalidInput(['quantity'], `quantity must be above zero, got ${quantity}`);
    const read = await readAll(sku);
    const resolved = resolvePrice(read.facts, { ...read.request, quantity, at: at ?? now });
    return resolved.ok ? { ...resolved.price, ...read.origin, quantity } : null;
  };
  return {
    quote,
    listBreaks: async (sku) => {
      const read = await readAll(sku);
      return listBreaks(read.facts, read.request);
    },
    findRange: async (skus) => rangeOf((await Promise.all(skus.map((sku) => quote(sku, ONE, null)))).flatMap((found) => (found === null ? [] : [found.unitPrice]))),
  };
}

/** Cheapest and dearest; null for none, and for several currencies, which have no order. */
export function rangeOf(prices: readonly Money[]): Range | null {
  const [first] = prices;
  if (first === undefined || prices.some((price) => price.currencyCode !== first.currencyCode)) return null;
  const [min, max] = prices.reduce<[Money, Money]>(
    ([low, high], price) => [compare(price.amount, low.amount) < 0 ? price : low, compare(price.amount, high.amount) > 0 ? price : high],
    [first, first],
  );
  return { min, max };
}

function checkCurrency(code: string | null): string | null {
  if (code === null || isCurrencyCode(code)) return code;
  throw invalidInput(['currency'], `${JSON.stringify(code)} is no ISO 4217 currency code`);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
