import { BASKET_QUOTE } from '../graph/operations.ts';
import type { QuoteLineView, QuoteView } from '../graph/offer-views.ts';
import { useQuery, type QueryState } from '../graph/use-query.ts';
import type { BasketLine } from './basket.ts';

export interface QuotedLine extends BasketLine {
  /** As last quoted, be it for another quantity; null before the first answer. */
  readonly quoted: QuoteLineView | null;
}

export interface BasketQuote extends Pick<QueryState<unknown>, 'failure' | 'reload'> {
  readonly lines: readonly QuotedLine[];
  /** Of these very lines; null while it is asked for. */
  readonly quote: QuoteView | null;
}

/** What the basket costs as a whole: breaks, promotions and sums are the graph's. */
export function useBasketQuote(lines: readonly BasketLine[]): BasketQuote {
  const asked = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const { data, failure, loading, reload } = useQuery(BASKET_QUOTE, asked.length > 0 ? { lines: asked } : null);
  const known = data?.priceQuote ?? null;
  const isOfThese = known?.lines.length === lines.length && known.lines.every(({ sku, quantity }, index) => sku === lines[index]!.sku && quantity === lines[index]!.quantity);
  return {
    lines: lines.map((line) => ({ ...line, quoted: known?.lines.find(({ sku }) => sku === line.sku) ?? null })),
    quote: isOfThese && !loading && failure === null ? known : null,
    failure,
    reload,
  };
}
