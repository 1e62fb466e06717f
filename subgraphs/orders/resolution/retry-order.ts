import { addMs, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { settleOrders } from '../following/store-facts.ts';
import { refuse, type Refusal } from '../placing/refusal.ts';
import type { OrderRecord } from '../records.ts';
import { SUBMIT_QUEUE } from '../submission/store-submission.ts';
import { performOnce, readReason, type OperatorTools } from './manual-action.ts';
import { lockOrder, requeue } from './store.ts';

export interface ResolutionRequest {
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly reason: string;
}

/** Sends these orders on their way again, where they ask for attention; answers how many did. */
export async function sendAgain(tools: Pick<OperatorTools, 'jobs' | 'settings'>, tx: Sql, ids: readonly string[], at: Instant): Promise<number> {
  const sent = await requeue(tx, ids, at, addMs(at, tools.settings.submission.sweepGraceMs));
  await settleOrders(tx, sent.map(({ orderId }) => orderId), { at, source: 'graph', touched: new Set() });
  await tools.jobs.enqueueAll(tx, SUBMIT_QUEUE, sent);
  return sent.length;
}

/** Tries an order once more that somebody was asked to look at; one that waits for its next attempt is tried now. */
export async function retryOrder(tools: OperatorTools, found: OrderRecord, { actor, idempotencyKey, reason: text }: ResolutionRequest): Promise<void> {
  const reason = readReason(text);
  const action = { actor, idempotencyKey, action: 'order.retry', payload: { orderId: found.id, reason }, subject: found.number };
  await performOnce(tools, action, async (tx, at) => {
    const order = await lockOrder(tx, found.id);
    if (order.submission === 'ATTENTION') await sendAgain(tools, tx, [order.id], at);
    else if (order.submission === 'PENDING') await tools.jobs.enqueueAll(tx, SUBMIT_QUEUE, [{ orderId: order.id, attempt: order.attempts }]);
    else throw notToBeSent(order);
    return { result: {}, audit: { reason, before: { ...standingOf(order), attempts: order.attempts }, after: { submission: 'PENDING' } } };
  });
}

export const standingOf = ({ submission, state, attention, attentionCode, revision }: OrderRecord): Readonly<Record<string, unknown>> => ({
  submission, state, attention, attentionCode, revision,
});

export function notToBeSent({ submission, source, erpNumber, number }: OrderRecord): Refusal {
  if (submission === 'DONE') return refuse(UserErrorCode.CONFLICT, ['orderId'], `order ${number} is in the ERP already, as ${erpNumber}`);
  if (submission === 'CANCELLED') return refuse(UserErrorCode.CONFLICT, ['orderId'], `order ${number} was cancelled`);
  return refuse(UserErrorCode.CONFLICT, ['orderId'], `order ${number} came from ${source}: it is not ours to send`);
}
