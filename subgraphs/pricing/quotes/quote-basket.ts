import { sum } from '../../../domain/decimal.ts';
import type { BasketQuote, BasketQuoteRequest } from '../../../domain/quotes.ts';
import { quotePrices, type QuoteTools } from './quote-prices.ts';

/** The basket as a whole. @throws Failure as `quotePrices` does */
export async function quoteBasket(tools: QuoteTools, { lines: asked, context }: BasketQuoteRequest): Promise<BasketQuote> {
  const lines = await quotePrices(tools, { lines: asked, context });
  const priced = lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  const currencies = new Set(priced.map(({ lineTotal }) => lineTotal.currencyCode));
  if (currencies.size !== 1) return { lines, currencyCode: null, subtotal: null, discount: null, verdict: null };
  return {
    lines, currencyCode: [...currencies][0]!, subtotal: sum(priced.map(({ lineTotal }) => lineTotal.amount)), discount: sum(priced.map(({ discount }) => discount)), verdict: null,
  };
}
