import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { LayeredList, PriceContext } from '../../../domain/pricing.ts';
import type { ErpPriceCheck } from '../../../domain/quotes.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import { askErp, hasServerPrice } from './ask-erp.ts';
import { recordJudgements } from './difference-store.ts';
import { questionOf, type Judgement } from './erp-question.ts';
import { buyerKeyOf, type ValidationTools } from './validate-prices.ts';

/** A line of a basket that is about to be ordered. */
export interface LineToValidate {
  readonly sku: Sku;
  readonly facts: PriceFacts;
  /** What counts towards its break, in the item's own unit; null: it is not sold so. */
  readonly counted: Decimal | null;
  /** Null: the item's own. */
  readonly unitCode: string | null;
}

/** Null: the source charges the same. */
export type LineValidation = ErpPriceCheck | null;

export type LineValidationTools = Pick<ValidationTools, 'database' | 'clock' | 'prices' | 'deadlineMs'>;

const ANYBODY = { customerNumber: null, companyNumber: null, locationNumber: null };

/**
 * What the source itself charges for these lines now, before promotions. One answer a line, in order; where the source is
 * silent, cannot be asked or computes no prices that is said. Differences are kept.
 */
export async function validateLines(
  { database, clock, prices, deadlineMs }: LineValidationTools, lines: readonly LineToValidate[], context: Pick<PriceContext, 'buyer' | 'channel' | 'at'> & { readonly lists: readonly LayeredList[] },
): Promise<readonly LineValidation[]> {
  const { lists, at, buyer, channel } = context;
  const found = lines.map(({ sku, facts, counted, unitCode }) => (counted === null ? null : questionOf({ facts, sku, quantity: counted, unitCode, lists, at })));
  if (!hasServerPrice(prices)) return lines.map(({ sku }, line) => unverified(line, sku, 'the system that owns prices does not say what it charges itself'));
  const asked = found.flatMap((question, line) => (question?.ours == null ? [] : [{ line, question }]));
  const judgements = await askErp(asked.map(({ question }) => question), { prices, clock, deadlineMs, at });
  if (judgements.some(({ kind }) => kind !== 'UNANSWERED')) {
    await database.transaction((tx) => recordJudgements(tx, { buyerKey: buyerKeyOf(buyer ?? ANYBODY, channel), judgements, at, actor: 'checkout' }));
  }
  const byLine = new Map(asked.map(({ line }, index) => [line, judgements[index]!]));
  return lines.map(({ sku }, line) => {
    const judgement = byLine.get(line);
    if (judgement !== undefined) return checkOf(line, judgement);
    // What has no price is no price to compare.
    return lines[line]!.counted === null || found[line] !== null ? null : unverified(line, sku, 'no price list is behind this price to ask by');
  });
}

const unverified = (line: number, sku: Sku, reason: string): ErpPriceCheck => ({ kind: 'UNVERIFIED', line, sku, reason });

function checkOf(line: number, judgement: Judgement): LineValidation {
  const { sku, ours } = judgement.question;
  if (judgement.kind === 'CONFIRMED') return null;
  return judgement.kind === 'UNANSWERED' ? unverified(line, sku, judgement.reason) : { kind: 'DIFFERENT', line, sku, ours: ours!, theirs: judgement.theirs };
}
