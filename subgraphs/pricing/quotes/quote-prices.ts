import type { CustomerClient } from '../../../domain/clients.ts';
import { isPositive, ZERO } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { PriceContext, PriceOutcome } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { PriceBook } from '../book/price-book.ts';
import { readTerms, type BuyerTerms } from '../buyer/buyer-terms.ts';
import { resolvePrice } from '../resolve/resolve-price.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import type { PriceSettings } from '../settings.ts';

export interface QuoteTools {
  readonly book: PriceBook;
  /** Used lazily: it may not be there yet. */
  readonly customers: () => CustomerClient;
  readonly settings: PriceSettings;
}

/** Prices of pieces, each line for itself. @throws Failure INVALID_INPUT naming the line whose quantity is not above zero. */
export async function quotePrices({ book, customers, settings }: QuoteTools, { lines, context }: { readonly lines: readonly BasketLine[]; readonly context: PriceContext }): Promise<readonly PriceOutcome[]> {
  checkQuantities(lines);
  if (lines.length === 0) return [];
  const terms = await readTerms(customers(), settings, context.buyer, context.channel);
  const skus = [...new Set(lines.map((line) => line.sku))];
  const [{ asOf }, facts] = await Promise.all([book.readOrigin(), book.readFacts(skus, terms.lists)]);
  return lines.map((line) => quoteLine(line, facts.get(line.sku)!, terms, context, asOf));
}

function checkQuantities(lines: readonly BasketLine[]): void {
  const wrong = lines.findIndex((line) => !isPositive(line.quantity));
  if (wrong >= 0) throw invalidInput(['lines', String(wrong), 'quantity'], `quantity must be above zero, got ${lines[wrong]!.quantity}`);
}

function quoteLine({ sku, quantity }: BasketLine, facts: PriceFacts, { lists }: BuyerTerms, { currencyCode, at }: PriceContext, asOf: Instant): PriceOutcome {
  const resolved = resolvePrice(facts, { quantity, unitCode: null, lists, currencyCode, at });
  if (!resolved.ok) return { kind: 'NO_PRICE', sku, reason: resolved.reason };
  const { unitPrice, listPrice, lineTotal, layer, priceListCode, ruleReference, breakQuantity } = resolved.price;
  const unitCost = facts.listPrice?.cost ?? null;
  return { kind: 'PRICED', line: { sku, quantity, unitPrice, listPrice, lineTotal, discount: ZERO, promotions: [], layer, priceListCode, ruleReference, breakQuantity, asOf, unitCost } };
}
