import { asFailure, Failure } from '../../../domain/failure.ts';
import type { ErpOrder } from '../../../domain/orders.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { instant } from '../../../domain/time.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { within } from '../deadline.ts';
import { recordErpOrders } from '../following/store-erp-orders.ts';
import { settleOrders } from '../following/store-facts.ts';
import { refuse } from '../placing/refusal.ts';
import { readOrder } from '../reading/store-reads.ts';
import { addToTimelines } from '../reading/store-timeline.ts';
import type { OrderRecord } from '../records.ts';
import { stillUnderWay } from './edit-order.ts';
import { answered, performOnce, readReason, type OperatorTools } from './manual-action.ts';
import { enqueueRelease } from './release-stock.ts';
import { notToBeSent, standingOf, type ResolutionRequest } from './retry-order.ts';
import { cancelUnsent } from './store.ts';

export interface CancelRequest extends ResolutionRequest {
  /** Where the ERP has a document, cancels that too; else it is refused. */
  readonly alsoInErp: boolean;
  /** Nobody waits longer for the ERP. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}

/**
 * Cancels an order that did not reach the ERP and gives its stock back. The ERP is asked first whether it has the order after
 * all. Whatever happens between the question and the answer - a create that is sent, a document a feed brings, a retry by
 * somebody else - makes the last step fail rather than an order that is both cancelled and delivered.
 * @throws Refusal; retryable while a create may still arrive, or the ERP is silent
 */
export async function cancelOrderWithRelease(tools: OperatorTools, found: OrderRecord, request: CancelRequest): Promise<void> {
  const reason = readReason(request.reason);
  const { actor, idempotencyKey, alsoInErp } = request;
  const action = { actor, idempotencyKey, action: 'order.cancel', payload: { orderId: found.id, reason, alsoInErp }, subject: found.number };
  if ((await answered(tools.database, action)) !== null) return;
  const order = (await readOrder(tools.database, found.id))!;
  if (order.submission !== 'ATTENTION' && order.submission !== 'PENDING') throw notToBeSent(order);
  if (order.unsettledUntil !== null && Date.parse(order.unsettledUntil) > tools.clock.now()) throw stillUnderWay(order.unsettledUntil);
  const cancelled = await freeInErp(tools, order, request);
  await performOnce(tools, action, async (tx, at) => {
    if (cancelled) await recordErpOrders(tx, [cancelled.document], { source: cancelled.source, at });
    if (!(await cancelUnsent(tx, order, at))) {
      throw refuse(UserErrorCode.CONFLICT, ['orderId'], 'the order has changed at this moment; look at it and do this again', true);
    }
    await enqueueRelease(tools, tx, order);
    await settleOrders(tx, [order.id], { at, source: 'graph', touched: new Set([order.id]) });
    // Why is for those who run the shop: buyers read timelines.
    await addToTimelines(tx, [{ orderId: order.id, at, state: 'CANCELLED', source: 'graph', detail: 'cancelled by the shop' }]);
    return { result: {}, audit: { reason, alsoInErp, erpNumber: cancelled?.document.number ?? null, before: standingOf(order), after: { submission: 'CANCELLED', hold: 'RELEASED' } } };
  });
}

interface CancelledDocument {
  readonly document: ErpOrder;
  readonly source: string;
}

/** Makes sure that the ERP has nothing of the order that is not cancelled; answers what it has. */
async function freeInErp(tools: OperatorTools, order: OrderRecord, request: CancelRequest): Promise<CancelledDocument | null> {
  const orders = tools.ports.port('orders');
  if (!orders) throw refuse(UserErrorCode.UPSTREAM, [], 'no configured system takes orders: nobody can say whether one has it', true);
  const { source, port } = orders;
  const document = await ask(tools, orders, request, (call) => port.findOrder(order.number, call));
  if (document === null) return null;
  if (document.state === 'CANCELLED') return { document, source };
  const has = `${source} has the order as ${document.number}`;
  if (!request.alsoInErp) {
    await tools.database.transaction((tx) => recordErpOrders(tx, [document], { source, at: instant(tools.clock.now()) }));
    throw refuse(UserErrorCode.CONFLICT, ['orderId'], `${has}; cancel it there too with alsoInErp: true`);
  }
  if (!port.cancelOrder) throw refuse(UserErrorCode.UNSUPPORTED, ['alsoInErp'], `${has} and cannot be asked to cancel; cancel it there`);
  const cancelled = await ask(tools, orders, request, (call) => port.cancelOrder!(document.id, { ...call, idempotencyKey: order.number }));
  if (cancelled.state === 'CANCELLED') return { document: cancelled, source };
  throw refuse(UserErrorCode.TOO_LATE, ['alsoInErp'], `${has} and did not cancel it; it is ${cancelled.state} there`);
}

/** The ERP's silence is told as such; its refusal is the caller's to know. */
async function ask<T>(tools: OperatorTools, orders: OwnedPort<'orders'>, { deadlineAtMs, signal }: CancelRequest, work: Parameters<typeof within<T>>[1]): Promise<T> {
  const { clock, settings: { submission: { callTimeoutMs } } } = tools;
  const timeoutMs = Math.max(1, Math.min(callTimeoutMs, deadlineAtMs - clock.now()));
  try {
    return await within({ timeoutMs, system: orders.source, signal, clock }, work);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code === 'UPSTREAM_REJECTED') throw refuse(UserErrorCode.CONFLICT, ['orderId'], `${orders.source}: ${failure.message}`);
    if (failure.retryable) throw new Failure(failure.code, `${orders.source} did not say whether it has the order; nothing was changed, do this again: ${failure.message}`, { cause: failure });
    throw failure;
  }
}
