import type { BasketLine } from '../../../domain/inventory.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { PriceContext } from '../../../domain/pricing.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { RequestScope } from '../../frame/module.ts';
import { buyerOf } from '../buyer/buyer-terms.ts';
import { issueQuote, type DeskTools, type IssuedQuote } from './issue-quote.ts';
import { checkLines, checkToken, type ExpectedLine, type PriceCheck } from './price-check.ts';

/** What a caller may say of its basket; who buys is in the caller's token. */
export interface QuoteContext {
  /** Null: the request's, else that of the lists that decide. */
  readonly currencyCode: CurrencyCode | null;
  /** Null: now. */
  readonly at: Instant | null;
  /** Null: the request's. */
  readonly companyLocation: string | null;
}

/** Quotes for one caller. */
export interface QuoteDesk {
  /** @throws Failure INVALID_INPUT naming the field, FORBIDDEN where the channel shows this caller no prices or the location is not the caller's */
  quote(lines: readonly BasketLine[], context: QuoteContext): Promise<IssuedQuote>;
  /** The quote of a token, against the prices of now. */
  checkToken(token: string, companyLocation: string | null): Promise<PriceCheck>;
  /** Unit prices a buyer saw, against those of now. */
  checkLines(lines: readonly ExpectedLine[], context: Omit<QuoteContext, 'at'>): Promise<PriceCheck>;
}

/** Buyer and channel are the caller's, once for all it asks. */
export function createQuoteDesk(tools: DeskTools, { principal, shopping }: RequestScope): QuoteDesk {
  const channel = principal.channel ?? shopping.channel;
  const contextOf = ({ currencyCode, at, companyLocation }: QuoteContext): PriceContext => ({
    channel, buyer: buyerOf(principal, companyLocation ?? shopping.companyLocation), currencyCode: currencyCode ?? shopping.currencyCode, at: at ?? instant(tools.clock.now()),
  });
  const quote: QuoteDesk['quote'] = (asked, given) => issueQuote(tools, asked, contextOf(given), given.at === null);
  return {
    quote,
    checkToken: (token, companyLocation) => {
      const { buyer } = contextOf({ currencyCode: null, at: null, companyLocation });
      return checkToken(tools, token, { who: tools.seal.whoIs(buyer), channel }, (lines, currencyCode) => quote(lines, { currencyCode, at: null, companyLocation }));
    },
    checkLines: (lines, given) => checkLines(lines, (asked) => quote(asked, { ...given, at: null })),
  };
}
