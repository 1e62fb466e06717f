import type { CustomerClient } from '../../../domain/clients.ts';
import { isPositive, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { AppliedPromotion, PriceContext, PricedLine } from '../../../domain/pricing.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { BasketQuote } from '../../../domain/quotes.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { PriceBook } from '../book/price-book.ts';
import { readTerms, type BuyerTerms } from '../buyer/buyer-terms.ts';
import type { PromotableLine } from '../promotions/promotable.ts';
import { refuse, type Finding, type FoundPrice, type PriceFacts, type ResolvedPrice } from '../resolve/price-facts.ts';
import { findPrice } from '../resolve/resolve-price.ts';
import { inOwnUnit } from '../resolve/units.ts';
import type { PriceSettings } from '../settings.ts';
import type { QuoteSeal } from './quote-seal.ts';

/** What quotes need of the book of promotions. */
export interface CurrentPromotions {
  /** Those on offer then in the channel; null: in none. */
  readCurrent(at: Instant, channel: ChannelCode | null): Promise<readonly Promotion[]>;
}

export interface QuoteTools {
  readonly book: PriceBook;
  /** Used lazily: it may not be there yet. */
  readonly customers: () => CustomerClient;
  readonly settings: PriceSettings;
  readonly promotions: CurrentPromotions;
  readonly seal: QuoteSeal;
  readonly clock: Clock;
  /** Asks the source for its own prices of what is ordered; absent: it is not asked. */
  readonly checkErpPrices?: (basis: QuoteBasis, counted: ReadonlyMap<Sku, Decimal>) => Promise<BasketQuote['erpPrices'] & object>;
}

/** A line that is asked for, and what decides its price. */
export interface AskedLine {
  readonly line: BasketLine;
  readonly facts: PriceFacts;
  /** How many of the item's own unit it is; null: it is not sold in the unit asked for. */
  readonly own: Decimal | null;
}

/** All that was read to price some lines for one buyer; it dies with the request. */
export interface QuoteBasis {
  readonly lines: readonly AskedLine[];
  readonly terms: BuyerTerms;
  readonly context: PriceContext;
  readonly promotions: readonly Promotion[];
  readonly asOf: Instant;
}

/** One read a table, whatever the number of lines. @throws Failure INVALID_INPUT naming the line whose quantity is not above zero */
export async function readBasis({ book, customers, settings, promotions }: QuoteTools, lines: readonly BasketLine[], context: PriceContext): Promise<QuoteBasis> {
  checkQuantities(lines);
  const skus = [...new Set(lines.map((line) => line.sku))];
  const readPrices = async () => {
    const terms = await readTerms(customers(), settings, context.buyer, context.channel);
    return { terms, facts: await book.readFacts(skus, terms.lists) };
  };
  const [{ terms, facts }, { asOf }, current] = await Promise.all([readPrices(), book.readOrigin(), promotions.readCurrent(context.at, context.channel)]);
  return { lines: lines.map((line) => askedLine(line, facts.get(line.sku)!)), terms, context, promotions: current, asOf };
}

function checkQuantities(lines: readonly BasketLine[]): void {
  const wrong = lines.findIndex((line) => !isPositive(line.quantity));
  if (wrong >= 0) throw invalidInput(['lines', String(wrong), 'quantity'], `quantity must be above zero, got ${lines[wrong]!.quantity}`);
}

const askedLine = (line: BasketLine, facts: PriceFacts): AskedLine => ({
  line, facts, own: facts.listPrice === null ? line.quantity : inOwnUnit(facts.listPrice, line.quantity, line.unit ?? null),
});

/** What one costs when so many of it are bought, before promotions. `counted`: in the item's own unit. */
export function findLine({ terms, context }: QuoteBasis, { line, facts, own }: AskedLine, counted: Decimal): Finding {
  if (!terms.isShown) return refuse('NOT_PUBLIC');
  if (own === null) return refuse('UNKNOWN_UNIT');
  return findPrice(facts, { quantity: counted, unitCode: line.unit ?? null, lists: terms.lists, currencyCode: context.currencyCode, at: context.at });
}

/** A line as the promotions see it; what decides which of them are for it is the item's. */
export const promotableOf = ({ line, facts, own }: AskedLine, found: FoundPrice): PromotableLine => ({
  sku: line.sku, groupCode: facts.listPrice!.groupCode, categoryCodes: facts.listPrice!.categoryCodes, quantity: own!, found,
});

interface Off {
  readonly discount: Decimal;
  readonly promotions: readonly AppliedPromotion[];
}

export function pricedLine({ asOf }: QuoteBasis, { line: { sku }, facts, own }: AskedLine, price: ResolvedPrice, { discount, promotions }: Off = { discount: ZERO, promotions: [] }): PricedLine {
  const { unitPrice, listPrice, lineTotal, layer, priceListCode, ruleReference, breakQuantity } = price;
  return { sku, quantity: own!, unitPrice, listPrice, lineTotal, discount, promotions, layer, priceListCode, ruleReference, breakQuantity, asOf, unitCost: facts.listPrice?.cost ?? null };
}
