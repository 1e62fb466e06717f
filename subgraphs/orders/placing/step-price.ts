import type { PricingClient } from '../../../domain/clients.ts';
import { equals } from '../../../domain/decimal.ts';
import { asFailure } from '../../../domain/failure.ts';
import type { PriceContext, PricedLine, PriceOutcome } from '../../../domain/pricing.ts';
import type { BasketQuote, ChangedPrice, QuoteVerdict } from '../../../domain/quotes.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { OrderWarning } from '../records.ts';
import { erpRefusals, erpWarnings } from './erp-prices.ts';
import type { Placement, PlacementLine } from './placement.ts';
import { noPrice, priceChanged, unusableQuote } from './price-refusals.ts';
import { Refusal, refuse } from './refusal.ts';

export interface PricedBasket {
  /** Each total rounded once by its price list's rule; discounts are those of our promotions. */
  readonly lines: readonly PricedLine[];
  readonly currencyCode: string;
}

export interface CheckedPrices extends PricedBasket {
  /** Where the ERP itself would charge otherwise, or did not say. */
  readonly warnings: readonly OrderWarning[];
}

/**
 * Current prices of the whole basket, promotions included. Asked for in the units of the request, because a price may hold for one unit alone.
 * @param own the same lines in the items' own units, as inventory counts them
 * @throws Refusal naming each line that has no price, or another than the buyer saw or was quoted, and a quote that is none for this order
 */
export async function priceLines(pricing: PricingClient, placement: Placement, own: readonly PlacementLine[], context: PriceContext): Promise<CheckedPrices> {
  const basket = await askPrices(pricing, placement, context);
  const { verdict } = basket;
  if (verdict !== null && isUnusable(verdict)) throw new Refusal([unusableQuote(verdict)]);
  const changes = new Map(verdict?.kind === 'CHANGED' ? verdict.lines.map((change) => [change.line, change]) : []);
  const problems = basket.lines.flatMap((outcome, index) => problemOf(outcome, index, placement.lines[index]!, own[index]!, changes.get(index)) ?? []);
  if (problems.length > 0) throw new Refusal(problems);
  const unconfirmed = erpRefusals(basket);
  if (unconfirmed.length > 0) throw new Refusal(unconfirmed);
  const lines = basket.lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  const currencyCode = lines[0]!.lineTotal.currencyCode;
  const strange = lines.findIndex((line) => line.lineTotal.currencyCode !== currencyCode);
  if (strange >= 0) throw refuse(UserErrorCode.INVALID_INPUT, ['lines', String(strange), 'sku'], `this line is priced in another currency than ${currencyCode}`);
  return { lines, currencyCode, warnings: erpWarnings(basket) };
}

async function askPrices(pricing: PricingClient, { lines, quoteToken: token }: Placement, context: PriceContext): Promise<BasketQuote> {
  const quoteToken = token ?? null;
  const asked = lines.map(({ sku, quantity, unit = null }) => ({ sku, quantity, unit }));
  const basket = await pricing.quoteBasket({ lines: asked, context, quoteToken, atCheckout: true }).catch((error: unknown): never => {
    const { code, field = [], message } = asFailure(error);
    // Whose prices these are is a question of the order as much as of its prices.
    throw code === 'FORBIDDEN' ? refuse(UserErrorCode.FORBIDDEN, field, message) : error;
  });
  if (basket.lines.length !== asked.length) throw new Error(`pricing answered ${basket.lines.length} of ${asked.length} lines`);
  if (quoteToken !== null && basket.verdict === null) throw new Error('pricing did not say what the quote is worth');
  return basket;
}

const isUnusable = (verdict: QuoteVerdict): verdict is Parameters<typeof unusableQuote>[0] => verdict.kind !== 'STANDS' && verdict.kind !== 'CHANGED';

function problemOf(outcome: PriceOutcome, index: number, { sku, unit, expectedUnitPrice }: PlacementLine, own: PlacementLine, change: ChangedPrice | undefined): GraphUserError | null {
  const path = ['lines', String(index)];
  if (change !== undefined) return priceChanged(path, change);
  if (outcome.kind === 'NO_PRICE') return noPrice(path, sku, unit, outcome.reason);
  const { unitPrice, quantity } = outcome.line;
  if (!equals(quantity, own.quantity)) {
    return userError(UserErrorCode.INVALID_INPUT, [...path, 'unit'], `${unit} of ${sku} is ${own.quantity} where it is stocked and ${quantity} where it is priced; order it by its own unit`);
  }
  if (!expectedUnitPrice) return null;
  if (expectedUnitPrice.currencyCode === unitPrice.currencyCode && equals(expectedUnitPrice.amount, unitPrice.amount)) return null;
  return priceChanged([...path, 'expectedUnitPrice'], { line: index, sku, quoted: { unitPrice: expectedUnitPrice, net: null }, current: { unitPrice, net: null } });
}
