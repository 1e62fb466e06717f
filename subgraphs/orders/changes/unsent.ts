import { Failure } from '../../../domain/failure.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { recordErpOrders } from '../following/store-erp-orders.ts';
import { readOrder } from '../reading/store-reads.ts';
import type { OrderRecord } from '../records.ts';
import type { Ask } from './erp-change.ts';
import type { ChangeRecord } from './records.ts';
import { settleInTransaction, settlementOf, type SettlementTools } from './settlement.ts';
import { claimUnsent } from './store-apply.ts';
import { lockOrder } from './store.ts';
import type { ChangeTools } from './tools.ts';

/** True while nothing of the order can be in the ERP or on its way there: it is changed here, at once. */
export const isUnsent = ({ submission, erpOrderId, unsettledUntil, holdState }: OrderRecord): boolean =>
  submission === 'PENDING' && erpOrderId === null && unsettledUntil === null && holdState !== 'PENDING' && holdState !== 'LOST';

/**
 * Changes an order that is ours alone. Its revision grows with it: a sender that read the old lines does not get the right
 * to send them. False: it is being sent, or has been. The order's row must be locked.
 */
export async function changeUnsent(tx: Sql, tools: SettlementTools, order: OrderRecord, change: ChangeRecord): Promise<boolean> {
  if (!(await claimUnsent(tx, order))) return false;
  const outcome = change.lines.map(({ lineNumber, to }) => ({ lineNumber, quantity: to }));
  return settleInTransaction(tx, tools, order, change, settlementOf(change, { outcome, appliedAddress: true, appliedDay: true, refusal: null }), 'graph');
}

/**
 * Changes the order here if the ERP certainly has nothing of it, and answers null; else the order as it is now that its
 * document is known. After a create nobody answered, and where somebody was asked to look, the ERP is asked for the
 * document first. @throws Failure while a create may still arrive
 */
export async function applyUnsent(tools: ChangeTools, orders: OwnedPort<'orders'> | null, order: OrderRecord, change: ChangeRecord, ask: Ask): Promise<OrderRecord | null> {
  if (order.erpOrderId !== null) return order;
  const found = orders && !isUnsent(order) ? await look(tools, orders, order, ask) : null;
  if (found) return found;
  const applied = await tools.database.transaction(async (tx) => {
    const locked = (await lockOrder(tx, order.id))!;
    const isSame = locked.unsettledUntil === order.unsettledUntil && locked.revision === order.revision;
    return isSame && (await changeUnsent(tx, tools, locked, change));
  });
  if (!applied) throw new Failure('UPSTREAM_UNAVAILABLE', 'the order is being sent to the ERP at this moment');
  return null;
}

async function look({ database, clock }: ChangeTools, { port, source }: OwnedPort<'orders'>, order: OrderRecord, ask: Ask): Promise<OrderRecord | null> {
  // Before the look, not after: what may arrive until then is not seen by it.
  const remainingMs = order.unsettledUntil === null ? 0 : Date.parse(order.unsettledUntil) - clock.now();
  const document = await ask((call) => port.findOrder(order.number, call));
  if (document) {
    await database.transaction((tx) => recordErpOrders(tx, [document], { source, at: instant(clock.now()) }));
    const linked = (await readOrder(database, order.id))!;
    if (linked.erpOrderId !== null) return linked;
  }
  if (document || remainingMs > 0) throw new Failure('UPSTREAM_TIMEOUT', 'the order may still arrive at the ERP', { retryAfterMs: Math.max(0, remainingMs) });
  return null;
}
