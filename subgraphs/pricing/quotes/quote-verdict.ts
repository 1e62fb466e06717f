import { decimal, equals, subtract } from '../../../domain/decimal.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import { money } from '../../../domain/money.ts';
import type { PriceOutcome } from '../../../domain/pricing.ts';
import type { ChangedPrice, QuotedPrice, QuoteVerdict } from '../../../domain/quotes.ts';
import type { SealedLine, SealedQuote } from './quote-seal.ts';

/** The basket a quote is held against, priced now. */
export interface JudgedBasket {
  readonly lines: readonly BasketLine[];
  /** As `QuoteSeal.whoIs` names the buyer. */
  readonly who: string;
  readonly channel: string | null;
  /** One per line. */
  readonly outcomes: readonly PriceOutcome[];
  readonly nowMs: number;
}

/** What a quote signed here is worth for this basket now. Pure. Lines may have changed places since; nothing else may. */
export function judgeQuote(quote: SealedQuote, basket: JudgedBasket): QuoteVerdict {
  if (Date.parse(quote.expiresAt) <= basket.nowMs) return { kind: 'EXPIRED', expiredAt: quote.expiresAt };
  if (quote.who !== basket.who) return { kind: 'NOT_THIS_BASKET', difference: 'it was given to another buyer, or for another of the company\'s locations' };
  if (quote.channel !== basket.channel) return { kind: 'NOT_THIS_BASKET', difference: `it was given for ${channelName(quote.channel)}, this is ${channelName(basket.channel)}` };
  const matched = matchLines(quote.lines, basket.lines);
  if ('difference' in matched) return { kind: 'NOT_THIS_BASKET', difference: matched.difference };
  const currency = basket.outcomes.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line.lineTotal.currencyCode] : [])).find((code) => code !== quote.currencyCode);
  if (currency !== undefined) return { kind: 'NOT_THIS_BASKET', difference: `it is in ${quote.currencyCode}, the basket in ${currency}` };
  const changed = basket.outcomes.flatMap((outcome, line) => changeOf(outcome, line, matched.lines[line]!, quote.currencyCode) ?? []);
  return changed.length === 0 ? { kind: 'STANDS', quoteId: quote.id } : { kind: 'CHANGED', quoteId: quote.id, lines: changed };
}

const channelName = (channel: string | null): string => (channel === null ? 'no channel' : `the channel ${channel}`);

type Matched = { readonly lines: readonly SealedLine[] } | { readonly difference: string };

const keyOf = ({ sku, quantity, unit }: BasketLine): string => JSON.stringify([sku, decimal(quantity), unit ?? null]);
const wordsOf = ({ sku, quantity, unit }: BasketLine): string => `${quantity} ${unit == null ? '' : `${unit} of `}${sku}`;

/** For each line of the basket the one quoted; equal lines in the order in which they were quoted. */
function matchLines(quoted: readonly SealedLine[], asked: readonly BasketLine[]): Matched {
  const left = Map.groupBy(quoted, keyOf);
  const lines: SealedLine[] = [];
  for (const [index, line] of asked.entries()) {
    const match = left.get(keyOf(line))?.shift();
    if (match === undefined) return { difference: `lines.${index} (${wordsOf(line)}) is not what was quoted` };
    lines.push(match);
  }
  const [missing] = [...left.values()].flat();
  return missing === undefined ? { lines } : { difference: `${wordsOf(missing)} was quoted as well` };
}

/** Null: it costs what was quoted. */
function changeOf(outcome: PriceOutcome, line: number, { sku, unitPrice, net }: SealedLine, currencyCode: string): ChangedPrice | null {
  const quoted: QuotedPrice = { unitPrice: money(unitPrice, currencyCode), net: money(net, currencyCode) };
  const current = currentPrice(outcome);
  if (current !== null && equals(current.unitPrice.amount, unitPrice) && equals(current.net!.amount, net)) return null;
  return { line, sku, quoted, current };
}

/** What a line costs now; null: it has no price. */
export function currentPrice(outcome: PriceOutcome): QuotedPrice | null {
  if (outcome.kind === 'NO_PRICE') return null;
  const { unitPrice, lineTotal, discount } = outcome.line;
  return { unitPrice, net: money(subtract(lineTotal.amount, discount), lineTotal.currencyCode) };
}
