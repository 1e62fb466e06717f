import type { RoutingHint } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { addToTimelines, announceChanges, orderChanged } from '../reading/store-timeline.ts';

/** True when this call recorded the commit; false when the order's hold was settled otherwise meanwhile. `routing`: where another hold takes from. */
export const recordHoldCommitted = async (sql: Sql, orderId: string, holdId: string, routing: readonly RoutingHint[] | null): Promise<boolean> =>
  (await sql.run(
    `update orders.sales_order set hold_state = 'COMMITTED', hold_id = $2, routing = coalesce($3::jsonb, routing)
     where id = $1 and hold_state in ('PENDING', 'COMMITTED')`,
    [orderId, holdId, routing && JSON.stringify(routing)],
  )) === 1;

/** Takes an order back nobody was told of: its stock could not be reserved. False when it was settled otherwise. */
export const cancelForLostHold = (database: Database, order: { readonly id: string; readonly owner: string }, at: Instant): Promise<boolean> =>
  database.transaction(async (tx) => {
    const cancelled = await tx.run(
      `update orders.sales_order set hold_state = 'LOST', state = 'CANCELLED', compensated = true, submission = 'CANCELLED', due_at = null
       where id = $1 and hold_state = 'PENDING'`,
      [order.id],
    );
    if (cancelled === 0) return false;
    const detail = 'compensation: the stock hold expired before the order could take it, and the stock was gone when asked again';
    await addToTimelines(tx, [{ orderId: order.id, at, state: 'CANCELLED', source: 'graph', detail, kind: 'CANCELLED', fact: '' }]);
    await announceChanges(tx, [orderChanged(order, at)]);
    return true;
  });
