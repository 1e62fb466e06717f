import { equals } from '../../../domain/decimal.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { ChangedPrice } from '../../../domain/quotes.ts';
import type { Instant } from '../../../domain/time.ts';
import type { IssuedQuote } from './issue-quote.ts';
import type { QuoteTools } from './quote-lines.ts';
import { currentPrice, judgeQuote, type JudgedBasket } from './quote-verdict.ts';

export interface ExpectedLine extends BasketLine {
  readonly expectedUnitPrice: Money;
}

/** What has become of the prices a buyer saw. The quote beside it is of now. */
export type PriceCheck =
  | { readonly kind: 'CONFIRMED'; readonly newQuote: IssuedQuote }
  | { readonly kind: 'CHANGED'; readonly changes: readonly ChangedPrice[]; readonly newQuote: IssuedQuote }
  | { readonly kind: 'EXPIRED'; readonly expiredAt: Instant; readonly newQuote: IssuedQuote }
  | { readonly kind: 'REFUSED'; readonly reason: 'FORGED' | 'NOT_YOURS'; readonly message: string };

const FORGED: PriceCheck = { kind: 'REFUSED', reason: 'FORGED', message: 'this is no token of a quote given here; ask priceQuote for one and pass it on unchanged' };
const NOT_YOURS: PriceCheck = { kind: 'REFUSED', reason: 'NOT_YOURS', message: 'this quote was given to another buyer, location or channel; ask priceQuote for one of your own' };

/** The quote of a token against the prices of now; whose it is not hears nothing of what is in it. */
export async function checkToken(
  { seal, clock }: Pick<QuoteTools, 'seal' | 'clock'>, token: string, asker: Pick<JudgedBasket, 'who' | 'channel'>, quote: (lines: readonly BasketLine[], currencyCode: CurrencyCode) => Promise<IssuedQuote>,
): Promise<PriceCheck> {
  const sealed = seal.open(token);
  if (sealed === null) return FORGED;
  if (sealed.who !== asker.who || sealed.channel !== asker.channel) return NOT_YOURS;
  const newQuote = await quote(sealed.lines, sealed.currencyCode);
  const verdict = judgeQuote(sealed, { ...asker, lines: sealed.lines, outcomes: newQuote.basket.lines, nowMs: clock.now() });
  if (verdict.kind === 'EXPIRED') return { ...verdict, newQuote };
  return verdict.kind === 'CHANGED' ? { kind: 'CHANGED', changes: verdict.lines, newQuote } : { kind: 'CONFIRMED', newQuote };
}

/** Unit prices a buyer saw against those of now. */
export async function checkLines(lines: readonly ExpectedLine[], quote: (lines: readonly BasketLine[]) => Promise<IssuedQuote>): Promise<PriceCheck> {
  const newQuote = await quote(lines.map(({ sku, quantity, unit = null }) => ({ sku, quantity, unit })));
  const changes = lines.flatMap(({ sku, expectedUnitPrice }, line): ChangedPrice[] => {
    const current = currentPrice(newQuote.basket.lines[line]!);
    const isAsSeen = current !== null && current.unitPrice.currencyCode === expectedUnitPrice.currencyCode && equals(current.unitPrice.amount, expectedUnitPrice.amount);
    return isAsSeen ? [] : [{ line, sku, quoted: { unitPrice: expectedUnitPrice, net: null }, current }];
  });
  return changes.length === 0 ? { kind: 'CONFIRMED', newQuote } : { kind: 'CHANGED', changes, newQuote };
}
