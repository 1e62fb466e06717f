import type { Failure } from '../../../domain/failure.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import { missingCodesOf } from '../codes/code-map.ts';
import { settleOrders } from '../following/store-facts.ts';
import type { AttentionCode, OrderRecord } from '../records.ts';
import type { SubmissionTools } from './tools.ts';
import { recordAttention, recordPutOff, recordSilence, SUBMIT_QUEUE, type SubmitJob } from './store-submission.ts';

const enqueueAttempt = ({ jobs }: Pick<SubgraphDependencies, 'jobs'>, tx: Sql, job: SubmitJob, delayMs: number): Promise<void> =>
  jobs.enqueue(tx, SUBMIT_QUEUE, job, { startAfterSeconds: Math.ceil(delayMs / 1000) });

/** A definite refusal. One that comes after the ERP took the order all the same is looked into again, not kept. */
export async function askForAttention(tools: SubmissionTools, order: OrderRecord, failure: Failure): Promise<void> {
  const missing = missingCodesOf(failure);
  if (!(await stopFor(tools, order, missing === null ? 'REFUSED' : 'UNMAPPED_CODE', failure.message, missing))) await planAgain(tools, order, failure, null);
}

async function stopFor({ database, clock }: SubmissionTools, order: OrderRecord, code: AttentionCode, reason: string, detail: OrderRecord['attentionDetail']): Promise<boolean> {
  const at = instant(clock.now());
  return database.transaction(async (tx) => {
    if (!(await recordAttention(tx, order.id, { code, reason, detail, since: at }))) return false;
    await settleOrders(tx, [order.id], { at, source: code === 'REFUSED' ? 'erp' : 'graph', touched: new Set() });
    return true;
  });
}

/**
 * Exponential, with jitter, never sooner than the ERP asked for. A person is asked after 72 hours of silence, counted from the
 * placement, from a person's retry, or from when the queue last began to run again: time for which it was held for everybody
 * is not held against an order.
 */
export async function planAgain(tools: SubmissionTools, order: OrderRecord, failure: Failure, resumedAt: Instant | null): Promise<void> {
  const { database, clock, settings: { submission } } = tools;
  if (order.erpAcceptedAt === null && isOutOfPatience(tools, order, resumedAt)) {
    if (await stopFor(tools, order, 'SILENT', `the ERP has been silent for too long: ${failure.message}`, null)) return;
  }
  const now = instant(clock.now());
  const ceilingMs = Math.min(submission.maxDelayMs, submission.baseDelayMs * 2 ** Math.min(order.attempts, 30));
  const delayMs = Math.max(ceilingMs * (0.5 + Math.random() / 2), failure.retryAfterMs ?? 0);
  const job: SubmitJob = { orderId: order.id, attempt: order.attempts };
  await database.transaction(async (tx) => {
    const dueAt = addMs(now, delayMs + submission.sweepGraceMs);
    if (await recordSilence(tx, job, `${failure.code}: ${failure.message}`, dueAt)) await enqueueAttempt(tools, tx, { ...job, attempt: job.attempt + 1 }, delayMs);
  });
}

function isOutOfPatience({ clock, settings: { submission } }: SubmissionTools, { placedAt, patienceFrom, attempts }: OrderRecord, resumedAt: Instant | null): boolean {
  const from = Math.max(...[placedAt, patienceFrom, resumedAt].flatMap((at) => (at === null ? [] : [Date.parse(at)])));
  return clock.now() - from > submission.giveUpAfterMs || attempts >= submission.giveUpAfterAttempts;
}

/** The queue is closed: the same attempt again when it may be open. Who was let through in vain lets another go first. */
export async function putOff(tools: SubmissionTools, order: OrderRecord, until: Instant, wasProbe: boolean): Promise<void> {
  const { database, clock, settings: { submission } } = tools;
  const now = instant(clock.now());
  const waitMs = Math.max(0, Date.parse(until) - clock.now());
  const delayMs = wasProbe ? waitMs + submission.pauseMs : waitMs;
  const job: SubmitJob = { orderId: order.id, attempt: order.attempts };
  await database.transaction(async (tx) => {
    if (await recordPutOff(tx, job, addMs(now, delayMs + submission.sweepGraceMs))) await enqueueAttempt(tools, tx, job, delayMs);
  });
}
