import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { subtract } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import { money, type Money } from '../../../domain/money.ts';
import type { PriceOutcome } from '../../../domain/pricing.ts';
import { NeedsScopes } from '../../graph/access.ts';
import type { PricingContext } from '../reading/price-session.ts';
import { pricedLines, type IssuedQuote } from './issue-quote.ts';
import { PriceCheckInput, PriceCheckUnion } from './types-check.ts';
import { BasketPriceQuoteType, PriceQuoteInput, type BasketPriceLineType } from './types-quote.ts';

@Resolver()
export class QuoteResolver {
  @NeedsScopes(['price:read'])
  @Query(() => BasketPriceQuoteType, { description: 'A whole basket at the caller\'s prices, promotions on line and basket included, in one read however many lines; signed for checkout.' })
  async priceQuote(@Arg('input', () => PriceQuoteInput) { lines, context }: PriceQuoteInput, @Ctx() { quotes }: PricingContext): Promise<BasketPriceQuoteType> {
    const { currency = null, at = null, companyLocation = null } = context ?? {};
    return presentQuote(await quotes.quote(lines, { currencyCode: currency, at, companyLocation }));
  }

  @NeedsScopes(['price:read'])
  @Query(() => PriceCheckUnion, { description: 'Whether the prices a buyer saw are still those of now. Every answer but QuoteRefused carries a quote of now.' })
  async checkPrices(@Arg('input', () => PriceCheckInput) { token, lines, currency, companyLocation }: PriceCheckInput, @Ctx() { quotes }: PricingContext): Promise<typeof PriceCheckUnion> {
    if ((token == null) === (lines == null)) throw invalidInput(['input'], 'give either token or lines');
    const check = token != null
      ? await quotes.checkToken(token, companyLocation ?? null)
      : await quotes.checkLines(lines!, { currencyCode: currency ?? null, companyLocation: companyLocation ?? null });
    return ('newQuote' in check ? { ...check, newQuote: presentQuote(check.newQuote) } : check) as never;
  }
}

function presentQuote({ id, asked, basket, origin, issuedAt, sealed }: IssuedQuote): BasketPriceQuoteType {
  const { currencyCode, subtotal, discount } = basket;
  const isWhole = pricedLines(basket) !== null;
  const amount = (value: typeof subtotal): Money | null => (isWhole ? money(value!, currencyCode!) : null);
  return {
    id, currencyCode, issuedAt, ...origin, lines: basket.lines.map((outcome, index) => presentLine(asked[index]!, outcome, index)),
    subtotal: amount(subtotal), discount: amount(discount), total: isWhole ? money(subtract(subtotal!, discount!), currencyCode!) : null,
    token: sealed?.token ?? null, expiresAt: sealed?.expiresAt ?? null,
  };
}

const UNPRICED = { unitPrice: null, listPrice: null, lineTotal: null, discount: null, net: null, promotions: [], priceListCode: null, ruleReference: null, breakQuantity: null } as const;

function presentLine({ sku, quantity, unit = null }: BasketLine, outcome: PriceOutcome, index: number): BasketPriceLineType {
  const asked = { index, sku, variant: { sku }, quantity, unit };
  if (outcome.kind === 'NO_PRICE') return { ...asked, ...UNPRICED, reason: outcome.reason };
  const { unitPrice, listPrice, lineTotal, discount, promotions, priceListCode, ruleReference, breakQuantity } = outcome.line;
  const { currencyCode } = lineTotal;
  return {
    ...asked, unitPrice, listPrice, lineTotal, discount: money(discount, currencyCode), net: money(subtract(lineTotal.amount, discount), currencyCode),
    promotions: promotions.map((promotion) => ({ ...promotion, amount: money(promotion.amount, currencyCode) })), priceListCode, ruleReference, breakQuantity, reason: null,
  };
}
