import { randomUUID } from 'node:crypto';
import { equals, subtract } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { PriceContext, PricedLine } from '../../../domain/pricing.ts';
import type { BasketQuote, ChangedPrice } from '../../../domain/quotes.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import type { RequestScope } from '../../frame/module.ts';
import type { PriceOrigin } from '../book/price-book.ts';
import { buyerOf, pricesNotShown } from '../buyer/buyer-terms.ts';
import { quoteBasket } from './quote-basket.ts';
import type { QuoteTools } from './quote-lines.ts';
import { currentPrice, judgeQuote } from './quote-verdict.ts';

/** What a caller may say of its basket; who buys is in the caller's token. */
export interface QuoteContext {
  /** Null: the request's, else that of the lists that decide. */
  readonly currencyCode: CurrencyCode | null;
  /** Null: now. */
  readonly at: Instant | null;
  /** Null: the request's. */
  readonly companyLocation: string | null;
}

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

export interface ExpectedLine extends BasketLine {
  readonly expectedUnitPrice: Money;
}

/** What has become of the prices a buyer saw. The quote beside it is of now. */
export type PriceCheck =
  | { readonly kind: 'CONFIRMED'; readonly newQuote: IssuedQuote }
  | { readonly kind: 'CHANGED'; readonly changes: readonly ChangedPrice[]; readonly newQuote: IssuedQuote }
  | { readonly kind: 'EXPIRED'; readonly expiredAt: Instant; readonly newQuote: IssuedQuote }
  | { readonly kind: 'REFUSED'; readonly reason: 'FORGED' | 'NOT_YOURS'; readonly message: string };

/** Quotes for one caller. */
export interface QuoteDesk {
  /** @throws Failure INVALID_INPUT naming the field, FORBIDDEN where the channel shows this caller no prices or the location is not the caller's */
  quote(lines: readonly BasketLine[], context: QuoteContext): Promise<IssuedQuote>;
  /** The quote of a token, against the prices of now. */
  checkToken(token: string, companyLocation: string | null): Promise<PriceCheck>;
  /** Unit prices a buyer saw, against those of now. */
  checkLines(lines: readonly ExpectedLine[], context: Omit<QuoteContext, 'at'>): Promise<PriceCheck>;
}

const MAX_LINES = 500;

export function createQuoteDesk(tools: QuoteTools & { readonly ttlMs: number }, { principal, shopping }: RequestScope): QuoteDesk {
  const { book, seal, clock, ttlMs } = tools;
  const channel = principal.channel ?? shopping.channel;
  const contextOf = ({ currencyCode, at, companyLocation }: QuoteContext): PriceContext => ({
    channel, buyer: buyerOf(principal, companyLocation ?? shopping.companyLocation), currencyCode: currencyCode ?? shopping.currencyCode, at: at ?? instant(clock.now()),
  });
  const quote: QuoteDesk['quote'] = async (asked, given) => {
    if (asked.length === 0 || asked.length > MAX_LINES) throw invalidInput(['lines'], `a quote has 1 to ${MAX_LINES} lines, got ${asked.length}`);
    const context = contextOf(given);
    const [basket, origin] = await Promise.all([quoteBasket(tools, { lines: asked, context, quoteToken: null }), book.readOrigin()]);
    if (basket.lines.some((line) => line.kind === 'NO_PRICE' && line.reason === 'NOT_PUBLIC')) throw pricesNotShown(channel);
    const issuedAt = instant(clock.now());
    const draft = { id: randomUUID(), asked, basket, origin, issuedAt };
    const priced = pricedLines(basket);
    if (priced === null || given.at !== null) return { ...draft, sealed: null };
    const expiresAt = addMs(issuedAt, ttlMs);
    const lines = priced.map(({ unitPrice, lineTotal, discount }, index) => {
      const { sku, quantity, unit = null } = asked[index]!;
      return { sku, quantity, unit, unitPrice: unitPrice.amount, net: subtract(lineTotal.amount, discount) };
    });
    return { ...draft, sealed: { token: seal.close({ id: draft.id, who: seal.whoIs(context.buyer), channel, currencyCode: basket.currencyCode!, issuedAt, expiresAt, lines }), expiresAt } };
  };
  return {
    quote,
    checkToken: async (token, companyLocation) => {
      const sealed = seal.open(token);
      if (sealed === null) return { kind: 'REFUSED', reason: 'FORGED', message: 'this is no token of a quote given here; ask priceQuote for one and pass it on unchanged' };
      const given = { currencyCode: sealed.currencyCode, at: null, companyLocation };
      const who = seal.whoIs(contextOf(given).buyer);
      if (who !== sealed.who || channel !== sealed.channel) return { kind: 'REFUSED', reason: 'NOT_YOURS', message: 'this quote was given to another buyer, location or channel; ask priceQuote for one of your own' };
      const newQuote = await quote(sealed.lines, given);
      const verdict = judgeQuote(sealed, { lines: sealed.lines, who, channel, outcomes: newQuote.basket.lines, nowMs: clock.now() });
      if (verdict.kind === 'EXPIRED') return { ...verdict, newQuote };
      return verdict.kind === 'CHANGED' ? { kind: 'CHANGED', changes: verdict.lines, newQuote } : { kind: 'CONFIRMED', newQuote };
    },
    checkLines: async (lines, given) => {
      const newQuote = await quote(lines.map(({ sku, quantity, unit = null }) => ({ sku, quantity, unit })), { ...given, at: null });
      const changes = lines.flatMap(({ sku, expectedUnitPrice }, line): ChangedPrice[] => {
        const current = currentPrice(newQuote.basket.lines[line]!);
        const isAsSeen = current !== null && current.unitPrice.currencyCode === expectedUnitPrice.currencyCode && equals(current.unitPrice.amount, expectedUnitPrice.amount);
        return isAsSeen ? [] : [{ line, sku, quoted: { unitPrice: expectedUnitPrice, net: null }, current }];
      });
      return changes.length === 0 ? { kind: 'CONFIRMED', newQuote } : { kind: 'CHANGED', changes, newQuote };
    },
  };
}

/** Null where one has none, or they have several currencies. */
export function pricedLines({ lines, currencyCode }: BasketQuote): readonly PricedLine[] | null {
  const priced = lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  return currencyCode !== null && priced.length === lines.length ? priced : null;
}
