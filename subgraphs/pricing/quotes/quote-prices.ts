import { ZERO } from '../../../domain/decimal.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { PriceContext, PriceOutcome } from '../../../domain/pricing.ts';
import { promoteUnit } from '../promotions/engine.ts';
import { finishPrice } from '../resolve/rounding.ts';
import { findLine, pricedLine, promotableOf, readBasis, type AskedLine, type QuoteBasis, type QuoteTools } from './quote-lines.ts';

/**
 * Prices of pieces, each line for itself: quantity breaks count the line alone, promotions on line and basket are left out.
 * @throws Failure INVALID_INPUT naming the line whose quantity is not above zero
 */
export async function quotePrices(tools: QuoteTools, { lines, context }: { readonly lines: readonly BasketLine[]; readonly context: PriceContext }): Promise<readonly PriceOutcome[]> {
  if (lines.length === 0) return [];
  const basis = await readBasis(tools, lines, context);
  return basis.lines.map((line) => quoteAlone(basis, line));
}

function quoteAlone(basis: QuoteBasis, asked: AskedLine): PriceOutcome {
  const { sku } = asked.line;
  const found = findLine(basis, asked, asked.own ?? ZERO);
  if (!found.ok) return { kind: 'NO_PRICE', sku, reason: found.reason };
  const promoted = promoteUnit(promotableOf(asked, found.price), basis.promotions, basis.context);
  const resolved = finishPrice(promoted.found, asked.own!);
  if (!resolved.ok) return { kind: 'NO_PRICE', sku, reason: resolved.reason };
  return { kind: 'PRICED', line: pricedLine(basis, asked, resolved.price, { discount: ZERO, promotions: promoted.applied }) };
}
