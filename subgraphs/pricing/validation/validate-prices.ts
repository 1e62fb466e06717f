import type { CustomerClient } from '../../../domain/clients.ts';
import { ONE, type Decimal } from '../../../domain/decimal.ts';
import { Failure, invalidInput } from '../../../domain/failure.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { Money } from '../../../domain/money.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import type { LayeredList, PriceBuyer } from '../../../domain/pricing.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { PriceBook } from '../book/price-book.ts';
import { readTerms } from '../buyer/buyer-terms.ts';
import { listBreaks } from '../resolve/price-breaks.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import type { PriceSettings } from '../settings.ts';
import { askErp, hasServerPrice } from './ask-erp.ts';
import { recordJudgements } from './difference-store.ts';
import { questionOf, type ErpQuestion, type Judgement } from './erp-question.ts';
import { readSample, readStanding } from './sample.ts';
import { claimTurn, giveBackTurn, keepAnswer } from './validation-turns.ts';

export interface ValidationTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly book: PriceBook;
  readonly settings: PriceSettings;
  /** Used lazily: it may not be there yet. */
  readonly customers: () => Pick<CustomerClient, 'readCustomer'>;
  readonly prices: OwnedPort<'prices'> | null;
  /** How long the source is listened to. */
  readonly deadlineMs: number;
}

export interface ValidationCaller {
  readonly subject: string;
  readonly buyer: PriceBuyer;
  readonly channel: ChannelCode | null;
  readonly signal: AbortSignal;
  readonly traceparent: string | null;
}

export interface ValidationRequest {
  readonly idempotencyKey: string;
  /** SKUs; each is asked about at one piece and at its own breaks. */
  readonly sampleSize: number;
  /** Instead of a sample. */
  readonly skus: readonly Sku[] | null;
}

export interface DifferentPrice {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly ours: Money | null;
  readonly theirs: Money | null;
}

export interface ValidationAnswer {
  readonly checkedAt: Instant;
  /** Prices asked for: `confirmed`, `unanswered` and the differences add up to it. */
  readonly checked: number;
  readonly confirmed: number;
  readonly unanswered: number;
  readonly differences: readonly DifferentPrice[];
}

const MAX_SAMPLE = 100;
/** Of one SKU; a list with more steps is judged by the first of them. */
const MAX_BREAKS = 5;

/** Whose validation it is: another channel or location may have other prices. */
export const buyerKeyOf = ({ customerNumber, companyNumber, locationNumber }: PriceBuyer, channel: ChannelCode | null): string =>
  JSON.stringify([customerNumber, companyNumber, locationNumber, channel]);

/**
 * Compares a sample of the buyer's prices with what the source charges itself. Silence is counted, not hidden.
 * @returns `repeated`: the last answer, because it is less than a minute old or has the same idempotency key
 * @throws Failure UNSUPPORTED where the source computes no prices, CONFLICT while another is under way, INVALID_INPUT naming the field
 */
export async function validatePrices(tools: ValidationTools, caller: ValidationCaller, request: ValidationRequest): Promise<ValidationAnswer & { readonly repeated: boolean }> {
  checkRequest(request);
  const { database, clock, prices } = tools;
  if (!hasServerPrice(prices)) throw new Failure('UNSUPPORTED', 'the system that owns prices does not say what it charges itself: there is nothing to compare with');
  const buyerKey = buyerKeyOf(caller.buyer, caller.channel);
  const at = instant(clock.now());
  const turn = await claimTurn<ValidationAnswer>(database, buyerKey, request.idempotencyKey, at);
  if (turn.kind === 'KEPT') return { ...turn.answer, repeated: true };
  if (turn.kind === 'UNDER_WAY') throw new Failure('CONFLICT', 'your prices are being compared already: ask again in a moment');
  try {
    const { questions, unasked } = await readQuestions(tools, caller, request, at);
    const judgements = await askErp(questions, { prices, clock, deadlineMs: tools.deadlineMs, at, signal: caller.signal, traceparent: caller.traceparent });
    const answer = answerOf(judgements, unasked, at);
    await database.transaction(async (tx) => {
      await keepAnswer(tx, buyerKey, answer);
      await recordJudgements(tx, { buyerKey, judgements, at, actor: caller.subject });
    });
    return { ...answer, repeated: false };
  } catch (error) {
    await giveBackTurn(database, buyerKey);
    throw error;
  }
}

function checkRequest({ idempotencyKey, sampleSize, skus }: ValidationRequest): void {
  if (idempotencyKey.trim() === '' || idempotencyKey.length > 200) throw invalidInput(['idempotencyKey'], 'idempotencyKey must have 1 to 200 characters');
  if (!Number.isInteger(sampleSize) || sampleSize < 1 || sampleSize > MAX_SAMPLE) throw invalidInput(['sampleSize'], `sampleSize must be between 1 and ${MAX_SAMPLE}`);
  if (skus !== null && (skus.length === 0 || skus.length > MAX_SAMPLE)) throw invalidInput(['skus'], `skus must name 1 to ${MAX_SAMPLE} of them, or be left out`);
}

interface Questions {
  readonly questions: readonly ErpQuestion[];
  /** How many of our prices come from no list, so that the source cannot be asked for them. */
  readonly unasked: number;
}

async function readQuestions({ database, book, settings, customers }: ValidationTools, { buyer, channel }: ValidationCaller, { sampleSize, skus }: ValidationRequest, at: Instant): Promise<Questions> {
  const [{ lists, isShown }] = await Promise.all([readTerms(customers(), settings, buyer, channel), book.readOrigin()]);
  if (!isShown) throw new Failure('FORBIDDEN', 'this channel shows you no prices: there are none to compare');
  const buyerKey = buyerKeyOf(buyer, channel);
  const [standing, sample] = await Promise.all([readStanding(database, buyerKey, MAX_SAMPLE), skus ?? readSample(database, { lists, buyerKey, at, size: sampleSize })]);
  const facts = await book.readFacts([...new Set([...sample, ...standing.map(({ sku }) => sku)])], lists);
  const wanted = [...standing, ...[...new Set(sample)].flatMap((sku) => quantitiesOf(facts.get(sku)!, lists, at).map((quantity) => ({ sku, quantity })))];
  const once = new Map(wanted.map((one) => [`${one.quantity} ${one.sku}`, one]));
  const found = [...once.values()].map(({ sku, quantity }) => questionOf({ facts: facts.get(sku)!, sku, quantity, unitCode: null, lists, at }));
  const questions = found.filter((question) => question !== null);
  return { questions, unasked: found.length - questions.length };
}

/** One piece, and the quantities from which on it costs something else. */
function quantitiesOf(facts: PriceFacts, lists: readonly LayeredList[], at: Instant): readonly Decimal[] {
  const breaks = listBreaks(facts, { unitCode: null, lists, currencyCode: null, at }).map(({ minQuantity }) => minQuantity);
  return [...new Set([ONE, ...breaks])].slice(0, MAX_BREAKS + 1);
}

function answerOf(judgements: readonly Judgement[], unasked: number, at: Instant): ValidationAnswer {
  const differences = judgements.flatMap((judgement): DifferentPrice[] => {
    if (judgement.kind !== 'DIFFERENT') return [];
    const { sku, quantity, ours } = judgement.question;
    return [{ sku, quantity, ours, theirs: judgement.theirs }];
  });
  const count = (kind: Judgement['kind']): number => judgements.filter((judgement) => judgement.kind === kind).length;
  return { checkedAt: at, checked: judgements.length + unasked, confirmed: count('CONFIRMED'), unanswered: count('UNANSWERED') + unasked, differences };
}
