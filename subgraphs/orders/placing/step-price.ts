import type { PricingClient } from '../../../domain/clients.ts';
import { equals } from '../../../domain/decimal.ts';
import type { PriceContext, PricedLine, PriceOutcome } from '../../../domain/pricing.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { Placement, PlacementLine } from './placement.ts';
import { Refusal } from './refusal.ts';

export interface PricedBasket {
  /** Each total rounded once by its price list's rule. */
  readonly lines: readonly PricedLine[];
  readonly currencyCode: string;
}

/** Current prices of every line. @throws Refusal naming each line that has none or another than the buyer saw. */
export async function priceLines(pricing: PricingClient, placement: Placement, context: PriceContext): Promise<PricedBasket> {
  const asked = placement.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const outcomes = await pricing.quotePrices({ lines: asked, context });
  if (outcomes.length !== asked.length) throw new Error(`pricing answered ${outcomes.length} of ${asked.length} lines`);
  const problems = outcomes.flatMap((outcome, index) => problemOf(outcome, placement.lines[index]!, index) ?? []);
  if (problems.length > 0) throw new Refusal(problems);
  const lines = outcomes.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  const currencyCode = lines[0]!.lineTotal.currencyCode;
  const strange = lines.findIndex((line) => line.lineTotal.currencyCode !== currencyCode);
  if (strange >= 0) {
    throw new Refusal([userError(UserErrorCode.INVALID_INPUT, ['lines', String(strange), 'sku'], `this line is priced in another currency than ${currencyCode}`)]);
  }
  return { lines, currencyCode };
}

function problemOf(outcome: PriceOutcome, { sku, expectedUnitPrice }: PlacementLine, index: number): GraphUserError | null {
  const path = ['lines', String(index)];
  if (outcome.kind === 'NO_PRICE') {
    return outcome.reason === 'UNKNOWN_SKU'
      ? userError(UserErrorCode.NOT_FOUND, [...path, 'sku'], `no product has the sku ${sku}`)
      : userError(UserErrorCode.INVALID_INPUT, [...path, 'sku'], `${sku} has no price ${outcome.reason === 'NO_CURRENCY' ? 'in this currency' : 'and cannot be sold'}`);
  }
  const { unitPrice } = outcome.line;
  if (!expectedUnitPrice) return null;
  if (expectedUnitPrice.currencyCode === unitPrice.currencyCode && equals(expectedUnitPrice.amount, unitPrice.amount)) return null;
  const [seen, current] = [expectedUnitPrice, unitPrice].map(({ amount, currencyCode }) => `${amount} ${currencyCode}`);
  return userError(UserErrorCode.PRICE_CHANGED, [...path, 'expectedUnitPrice'], `the price of ${sku} is ${current} now, not ${seen}`);
}
