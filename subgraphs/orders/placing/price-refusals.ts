import type { Money } from '../../../domain/money.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import type { ChangedPrice, QuotedPrice, QuoteVerdict } from '../../../domain/quotes.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';

/** A PRICE_CHANGED with both prices for programs; kept with the key's answer, so that a repetition hears the same. */
export interface PriceChangedError extends GraphUserError {
  readonly priceChange: ChangedPrice;
}

/** What of a refusal is about prices that are others by now. */
export const priceChangesOf = (errors: readonly (GraphUserError | PriceChangedError)[]): readonly ChangedPrice[] =>
  errors.flatMap((error) => ('priceChange' in error ? [error.priceChange] : []));

const ANEW = 'ask priceQuote anew, show the buyer what it says, and order with its token under a new idempotencyKey';

const shown = ({ amount, currencyCode }: Money): string => `${amount} ${currencyCode}`;
const both = ({ unitPrice, net }: QuotedPrice): string => (net === null ? shown(unitPrice) : `${shown(unitPrice)}, ${shown(net)} for the line,`);

export function priceChanged(field: readonly string[], priceChange: ChangedPrice): PriceChangedError {
  const { sku, quoted, current } = priceChange;
  const now = current === null ? `${sku} has no price any more` : `the price of ${sku} is ${both(current)} now`;
  return { ...userError(UserErrorCode.PRICE_CHANGED, field, `${now}, not ${both(quoted).replace(/,$/, '')}; ${ANEW}`), priceChange };
}

type Unusable = Extract<QuoteVerdict, { kind: 'EXPIRED' | 'FORGED' | 'NOT_THIS_BASKET' }>;

/** Why a quote cannot be ordered by, whatever the prices are. */
export function unusableQuote(verdict: Unusable): GraphUserError {
  const refused = (message: string): GraphUserError => userError(UserErrorCode.QUOTE_REFUSED, ['quoteToken'], `${message}; ${ANEW}`);
  if (verdict.kind === 'EXPIRED') return userError(UserErrorCode.QUOTE_EXPIRED, ['quoteToken'], `the quote ended at ${verdict.expiredAt}; ${ANEW}`);
  return verdict.kind === 'FORGED' ? refused('quoteToken is no token of a quote given here, or was changed on its way') : refused(`the quote is not of this order: ${verdict.difference}`);
}

const UNPRICED: Readonly<Partial<Record<NoPriceReason, string>>> = {
  NO_CURRENCY: 'in this currency', MISSING_RATE: 'in this currency: no rate of exchange is known', NOT_PUBLIC: 'for buyers nobody knows on this channel: name a customer',
};

/** Why a line cannot be sold. */
export function noPrice(path: readonly string[], sku: string, unit: string | undefined, reason: NoPriceReason): GraphUserError {
  if (reason === 'UNKNOWN_SKU') return userError(UserErrorCode.NOT_FOUND, [...path, 'sku'], `no product has the sku ${sku}`);
  if (reason === 'UNKNOWN_UNIT') return userError(UserErrorCode.INVALID_INPUT, [...path, 'unit'], `${sku} has no price by ${unit}; order it by its own unit`);
  return userError(UserErrorCode.INVALID_INPUT, [...path, 'sku'], `${sku} has no price ${UNPRICED[reason] ?? 'and cannot be sold'}`);
}
