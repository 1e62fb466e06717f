import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { LayeredList, PriceContext } from '../../../domain/pricing.ts';
import type { ErpPriceCheck } from '../../../domain/quotes.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import { askErp, hasServerPrice } from './ask-erp.ts';
import { recordJudgements } from './difference-store.ts';
import { questionOf, type ErpQuestion, type Judgement } from './erp-question.ts';
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
  const priced = new Map(found.flatMap((question) => (question?.ours == null ? [] : [[nameOf(question), question] as const])));
  const judgements = !hasServerPrice(prices) ? [] : await askErp([...priced.values()], { prices, clock, deadlineMs, at });
  if (judgements.some(({ kind }) => kind !== 'UNANSWERED')) {
    await database.transaction((tx) => recordJudgements(tx, { buyerKey: buyerKeyOf(buyer ?? ANYBODY, channel), judgements, at, actor: 'checkout' }));
  }
  const byName = new Map(judgements.map((judgement) => [nameOf(judgement.question), judgement]));
  return lines.map(({ sku, counted }, line) => {
    const question = found[line]!;
    // What has no price is no price to compare.
    if (question === null) return counted === null ? null : unverified(line, sku, 'no price list is behind this price to ask by');
    if (question.ours === null) return null;
    const judgement = byName.get(nameOf(question));
    return judgement === undefined ? unverified(line, sku, 'the system that owns prices does not say what it charges itself') : checkOf(line, judgement);
  });
}

/** Lines of one SKU count together and are one question. */
const nameOf = ({ sku, quantity, priceListCode }: ErpQuestion): string => JSON.stringify([sku, quantity, priceListCode]);

const unverified = (line: number, sku: Sku, reason: string): ErpPriceCheck => ({ kind: 'UNVERIFIED', line, sku, reason });

function checkOf(line: number, judgement: Judgement): LineValidation {
  const { sku, ours } = judgement.question;
  if (judgement.kind === 'CONFIRMED') return null;
  return judgement.kind === 'UNANSWERED' ? unverified(line, sku, judgement.reason) : { kind: 'DIFFERENT', line, sku, ours: ours!, theirs: judgement.theirs };
}
