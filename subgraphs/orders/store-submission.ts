import type { Instant } from '../../domain/time.ts';
import type { Sql } from '../../platform/stores/sql.ts';

export const SUBMIT_QUEUE = 'submit-order';

/** A turn at bringing one order to the ERP. `attempt` other than the order's own makes it a stale copy: it does nothing. */
export interface SubmitJob {
  readonly orderId: string;
  readonly attempt: number;
}

/**
 * Takes the right to send a create: it is there once for what was read of the order, whoever believes to work on it
 * alone. False: somebody else is sending, or the order needs nothing any more.
 */
export const claimSending = async (sql: Sql, order: { readonly id: string; readonly unsettledUntil: Instant | null }, until: Instant): Promise<boolean> =>
  (await sql.run(
    `update orders.sales_order set unsettled_until = $3
     where id = $1 and submission = 'PENDING' and date_trunc('milliseconds', unsettled_until) is not distinct from $2::timestamptz`,
    [order.id, order.unsettledUntil, until],
  )) === 1;

/** Until then a create that was sent may still arrive: nothing is sent again before. Null = nothing is under way. */
export async function recordUnsettled(sql: Sql, orderId: string, until: Instant | null): Promise<void> {
  await sql.run('update orders.sales_order set unsettled_until = $2 where id = $1', [orderId, until]);
}

/** Plans the next attempt. False when the order needs none any more. */
export const recordSilence = async (tx: Sql, job: SubmitJob, reason: string, dueAt: Instant): Promise<boolean> =>
  (await tx.run(
    `update orders.sales_order set attempts = attempts + 1, last_failure = $3, due_at = $4
     where id = $1 and attempts = $2 and submission = 'PENDING'`,
    [job.orderId, job.attempt, reason, dueAt],
  )) === 1;

/** A definite refusal: somebody must look. The state follows with settleOrders. */
export const recordAttention = async (tx: Sql, orderId: string, reason: string): Promise<boolean> =>
  (await tx.run(
    `update orders.sales_order set submission = 'ATTENTION', attention = $2, last_failure = $2, due_at = null, unsettled_until = null
     where id = $1 and submission = 'PENDING'`,
    [orderId, reason],
  )) === 1;

export async function recordDone(sql: Sql, orderId: string): Promise<void> {
  await sql.run(
    `update orders.sales_order set submission = 'DONE', due_at = null, unsettled_until = null, last_failure = null where id = $1 and submission = 'PENDING'`,
    [orderId],
  );
}

/**
 * Pending orders nobody has come to by their time: a job that died with its process. Each is given a later time, so that
 * the next sweep leaves it to the job the caller now enqueues.
 */
export const takeOverdue = (tx: Sql, now: Instant, nextDueAt: Instant): Promise<readonly SubmitJob[]> =>
  tx.query<SubmitJob>(
    `update orders.sales_order set due_at = $2 where id in (
       select id from orders.sales_order where submission = 'PENDING' and due_at <= $1 order by due_at limit 500 for update skip locked)
     returning id as "orderId", attempts as attempt`,
    [now, nextDueAt],
  );

export interface SubmissionHealth {
  readonly needAttention: number;
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  readonly lastFailure: string | null;
  readonly parkedShipments: number;
}

export async function readSubmissionHealth(sql: Sql, parkedBefore: Instant): Promise<SubmissionHealth> {
  const [row] = await sql.query<SubmissionHealth>(
    `select (select count(*)::int from orders.sales_order where state = 'NEEDS_ATTENTION') as "needAttention",
       count(*)::int as pending, min(placed_at) as "oldestPendingAt",
       (array_agg(last_failure order by placed_at) filter (where last_failure is not null))[1] as "lastFailure",
       (select count(*)::int from orders.shipment where order_id is null and first_seen_at < $1) as "parkedShipments"
     from orders.sales_order where submission = 'PENDING'`,
    [parkedBefore],
  );
  return row!;
}
