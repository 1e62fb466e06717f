import { compare } from '../../../domain/decimal.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { settleOrders } from '../following/store-facts.ts';
import { readLines, readOrder } from '../reading/store-reads.ts';
import { addToTimelines, announceChanges, orderChanged } from '../reading/store-timeline.ts';
import type { OrderRecord } from '../records.ts';
import { SCHEMA } from '../schema.sql.ts';
import { changeSentence } from './change-sentence.ts';
import { isAsAsked } from './read-back.ts';
import type { ChangeRecord, LineOutcome, RefusalCode } from './records.ts';
import { applyTerms, endSubmissionIfNothingIsLeft } from './store-apply.ts';
import { CHANGE_QUEUE, settleChange, type ChangeJob, type Settlement } from './store.ts';
import type { ChangeTools } from './tools.ts';

/** What was found out about a change. */
export interface Word {
  readonly outcome: readonly LineOutcome[];
  readonly appliedAddress: boolean;
  readonly appliedDay: boolean;
  readonly refusal: { readonly code: RefusalCode; readonly explanation: string } | null;
}

export type SettlementTools = Pick<ChangeTools, 'clock' | 'jobs' | 'settings'>;

const moved = ({ lines }: ChangeRecord, outcome: readonly LineOutcome[]): readonly LineOutcome[] =>
  outcome.filter(({ lineNumber, quantity }) => compare(quantity, lines.find((line) => line.lineNumber === lineNumber)!.from) !== 0);

/** The state is what was found, not what was asked: never APPLIED where the document says otherwise. */
export function settlementOf(change: ChangeRecord, { outcome, appliedAddress, appliedDay, refusal }: Word): Settlement {
  const wantsAddress = change.shipTo !== null;
  const wantsDay = change.requestedDay !== null;
  const isWhole = isAsAsked(change.lines, outcome) && (!wantsAddress || appliedAddress) && (!wantsDay || appliedDay);
  const isNothing = moved(change, outcome).length === 0 && !(wantsAddress && appliedAddress) && !(wantsDay && appliedDay);
  const why = { refusal: refusal?.code ?? 'OTHER', explanation: refusal?.explanation ?? 'the document in the ERP does not show the change' } as const;
  const found = { outcome, appliedAddress: wantsAddress && appliedAddress, appliedDay: wantsDay && appliedDay };
  if (isWhole) return { state: 'APPLIED', ...found, refusal: null, explanation: null };
  return { state: isNothing ? 'REFUSED' : 'PARTLY_APPLIED', ...found, ...why };
}

export const withdrawn = (explanation: string): Settlement =>
  ({ state: 'WITHDRAWN', outcome: [], appliedAddress: false, appliedDay: false, refusal: 'CANCELLED', explanation });

/**
 * Ends a change in the caller's transaction: order, lines and totals as they are now, state, timeline, audit, event, and a
 * job that tells the stock ledger after it. The order's row must be locked. False: somebody has ended it before.
 */
export async function settleInTransaction(tx: Sql, tools: SettlementTools, order: OrderRecord, change: ChangeRecord, word: Settlement, source: string): Promise<boolean> {
  const at = instant(tools.clock.now());
  const lines = await readLines(tx, [order.id]);
  const quantities = moved(change, word.outcome);
  const changes = quantities.length > 0 || word.appliedAddress || word.appliedDay;
  const terms = { quantities, shipTo: word.appliedAddress ? change.shipTo : null, requestedDay: word.appliedDay ? change.requestedDay : null };
  const difference = changes ? await applyTerms(tx, order, lines, terms) : null;
  const tellsStock = quantities.length > 0 || change.holdId !== null;
  const dueAt = addMs(at, tools.settings.sweepGraceMs);
  if (!(await settleChange(tx, change.id, word, { difference, tellsStock, at, dueAt, isAnswered: change.unsettledUntil === null }))) throw new SettledBefore();
  await endSubmissionIfNothingIsLeft(tx, order.id, await readLines(tx, [order.id]));
  await settleOrders(tx, [order.id], { at, source, touched: new Set() });
  const { state } = (await readOrder(tx, order.id))!;
  await addToTimelines(tx, [{ orderId: order.id, at, state, source, detail: changeSentence(change, word, difference, order.currencyCode), fact: change.id }]);
  await announceChanges(tx, [orderChanged(order, at)]);
  if (tellsStock) await enqueueChange(tools, tx, { changeId: change.id, attempt: change.attempts }, 0);
  const detail = { change: change.id, state: word.state, lines: quantities, refusal: word.refusal, difference };
  await writeAudit(tx, SCHEMA, { at, actor: change.owner, action: `order.change.${word.state.toLowerCase()}`, subject: order.number, detail });
  return true;
}

/** Rolls back what was written for a change that another process has ended meanwhile. */
export class SettledBefore extends Error {}

export const enqueueChange = ({ jobs }: Pick<ChangeTools, 'jobs'>, tx: Sql, job: ChangeJob, delayMs: number): Promise<void> =>
  jobs.enqueue(tx, CHANGE_QUEUE, job, { startAfterSeconds: Math.ceil(delayMs / 1_000) });

/** For the sweep: a change is looked at again by then, should its job be lost. */
export const sweepAt = (now: Instant, { sweepGraceMs }: ChangeTools['settings'], delayMs = 0): Instant => addMs(now, delayMs + sweepGraceMs);
