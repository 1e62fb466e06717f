import { add, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { PriceOutcome } from '../../../domain/pricing.ts';
import type { BasketQuote, BasketQuoteRequest } from '../../../domain/quotes.ts';
import { promoteBasket } from '../promotions/engine.ts';
import { findLine, pricedLine, promotableOf, readBasis, type AskedLine, type QuoteBasis, type QuoteTools } from './quote-lines.ts';
import { judgeQuote } from './quote-verdict.ts';

/**
 * The basket as a whole: a quantity break counts all its lines of the SKU, whatever their unit, and every promotion applies.
 * @throws Failure as `quotePrices` does
 */
export async function quoteBasket(tools: QuoteTools, { lines: asked, context, quoteToken, atCheckout }: BasketQuoteRequest): Promise<BasketQuote> {
  const basis = asked.length === 0 ? null : await readBasis(tools, asked, context);
  const lines = basis === null ? [] : priceTogether(basis);
  const erpPrices = atCheckout && basis !== null ? await tools.checkErpPrices?.(basis, countBySku(basis.lines)) : undefined;
  const basket: BasketQuote = { ...totalled(lines), ...(erpPrices && { erpPrices }) };
  if (quoteToken === null) return basket;
  const sealed = tools.seal.open(quoteToken);
  const verdict = sealed === null
    ? ({ kind: 'FORGED' } as const)
    : judgeQuote(sealed, { lines: asked, who: tools.seal.whoIs(context.buyer), channel: context.channel, outcomes: lines, nowMs: tools.clock.now() });
  return { ...basket, verdict };
}

function priceTogether(basis: QuoteBasis): readonly PriceOutcome[] {
  const counted = countBySku(basis.lines);
  const findings = basis.lines.map((line) => findLine(basis, line, counted.get(line.line.sku) ?? ZERO));
  const promotable = basis.lines.flatMap((line, index) => {
    const found = findings[index]!;
    return found.ok ? [{ index, line: promotableOf(line, found.price) }] : [];
  });
  const promoted = promoteBasket(promotable.map(({ line }) => line), basis.promotions, basis.context);
  const byIndex = new Map(promotable.map(({ index }, place) => [index, promoted[place]!]));
  return basis.lines.map((line, index): PriceOutcome => {
    const { sku } = line.line;
    const found = findings[index]!;
    if (!found.ok) return { kind: 'NO_PRICE', sku, reason: found.reason };
    const { resolution, discount, applied } = byIndex.get(index)!;
    if (!resolution.ok) return { kind: 'NO_PRICE', sku, reason: resolution.reason };
    return { kind: 'PRICED', line: pricedLine(basis, line, resolution.price, { discount, promotions: applied }) };
  });
}

/** In the items' own units; what is not sold in the unit asked for counts for nothing. */
function countBySku(lines: readonly AskedLine[]): ReadonlyMap<Sku, Decimal> {
  const counted = new Map<Sku, Decimal>();
  for (const { line: { sku }, own } of lines) if (own !== null) counted.set(sku, add(counted.get(sku) ?? ZERO, own));
  return counted;
}

function totalled(lines: readonly PriceOutcome[]): BasketQuote {
  const priced = lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  const [currencyCode, ...others] = new Set(priced.map(({ lineTotal }) => lineTotal.currencyCode));
  if (currencyCode === undefined || others.length > 0) return { lines, currencyCode: null, subtotal: null, discount: null, verdict: null };
  return { lines, currencyCode, subtotal: sum(priced.map(({ lineTotal }) => lineTotal.amount)), discount: sum(priced.map(({ discount }) => discount)), verdict: null };
}
