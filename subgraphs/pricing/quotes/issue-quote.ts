import { randomUUID } from 'node:crypto';
import { subtract } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { PriceContext, PricedLine } from '../../../domain/pricing.ts';
import type { BasketQuote } from '../../../domain/quotes.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import type { PriceOrigin } from '../book/price-book.ts';
import { pricesNotShown } from '../buyer/buyer-terms.ts';
import { quoteBasket } from './quote-basket.ts';
import type { QuoteTools } from './quote-lines.ts';

/** A basket as it was quoted. */
export interface IssuedQuote {
  readonly id: string;
  readonly asked: readonly BasketLine[];
  readonly basket: BasketQuote;
  readonly origin: PriceOrigin;
  readonly issuedAt: Instant;
  /** Null: no checkout could take it, because a line has no price, the currencies differ, or it is of another moment. */
  readonly sealed: { readonly token: string; readonly expiresAt: Instant } | null;
}

export interface DeskTools extends QuoteTools {
  /** How long a quote can be ordered by. */
  readonly ttlMs: number;
}

const MAX_LINES = 500;

/** @throws Failure INVALID_INPUT naming the field, FORBIDDEN where the channel shows this buyer no prices */
export async function issueQuote(tools: DeskTools, asked: readonly BasketLine[], context: PriceContext, isOfNow: boolean): Promise<IssuedQuote> {
  if (asked.length === 0 || asked.length > MAX_LINES) throw invalidInput(['lines'], `a quote has 1 to ${MAX_LINES} lines, got ${asked.length}`);
  const [basket, origin] = await Promise.all([quoteBasket(tools, { lines: asked, context, quoteToken: null }), tools.book.readOrigin()]);
  if (basket.lines.some((line) => line.kind === 'NO_PRICE' && line.reason === 'NOT_PUBLIC')) throw pricesNotShown(context.channel);
  const draft = { id: randomUUID(), asked, basket, origin, issuedAt: instant(tools.clock.now()) };
  const priced = pricedLines(basket);
  return { ...draft, sealed: priced === null || !isOfNow ? null : sealQuote(tools, draft, priced, context) };
}

function sealQuote({ seal, ttlMs }: DeskTools, { id, asked, basket, issuedAt }: Omit<IssuedQuote, 'sealed'>, priced: readonly PricedLine[], { buyer, channel }: PriceContext): IssuedQuote['sealed'] {
  const expiresAt = addMs(issuedAt, ttlMs);
  const lines = priced.map(({ unitPrice, lineTotal, discount }, index) => {
    const { sku, quantity, unit = null } = asked[index]!;
    return { sku, quantity, unit, unitPrice: unitPrice.amount, net: subtract(lineTotal.amount, discount) };
  });
  return { token: seal.close({ id, who: seal.whoIs(buyer), channel, currencyCode: basket.currencyCode!, issuedAt, expiresAt, lines }), expiresAt };
}

/** Null where one has none, or they have several currencies. */
export function pricedLines({ lines, currencyCode }: BasketQuote): readonly PricedLine[] | null {
  const priced = lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  return currencyCode !== null && priced.length === lines.length ? priced : null;
}
