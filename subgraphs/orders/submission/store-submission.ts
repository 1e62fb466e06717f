import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { AttentionCode, OrderRecord } from '../records.ts';

export const SUBMIT_QUEUE = 'submit-order';

/** A turn at bringing one order to the ERP. `attempt` other than the order's own makes it a stale copy: it does nothing. */
export interface SubmitJob {
  readonly orderId: string;
  readonly attempt: number;
}

/** What a sender read of an order: it may send that, and nothing older. */
export type Readings = Pick<OrderRecord, 'id' | 'unsettledUntil' | 'revision'>;

/**
 * Takes the right to send a create: it is there once for what was read of the order, whoever believes to work on it
 * alone. Read the order before its lines: who changes lines raises the revision in the same transaction. False: somebody
 * else is sending, what is ordered has changed, or the order needs nothing any more.
 */
export const claimSending = async (sql: Sql, order: Readings, until: Instant): Promise<boolean> =>
  (await sql.run(
    `update orders.sales_order set unsettled_until = $3
     where id = $1 and submission = 'PENDING' and revision = $4 and erp_order_id is null
       and date_trunc('milliseconds', unsettled_until) is not distinct from $2::timestamptz`,
    [order.id, order.unsettledUntil, until, order.revision],
  )) === 1;

/**
 * Until then a create that was sent may still arrive: nothing is sent again before. Null = nothing is under way. Only whoever
 * has the claim of `claimedUntil` says so: a process that slept may find another's in its place.
 */
export async function recordUnsettled(sql: Sql, orderId: string, claimedUntil: Instant, until: Instant | null): Promise<void> {
  await sql.run(
    `update orders.sales_order set unsettled_until = $3 where id = $1 and date_trunc('milliseconds', unsettled_until) = $2::timestamptz`,
    [orderId, claimedUntil, until],
  );
}

/** What the ERP is told of lines where that is not their SKU; most orders have none. */
export async function recordErpSkus(sql: Sql, orderId: string, told: readonly { readonly lineNumber: number; readonly erpSku: string }[]): Promise<void> {
  if (told.length === 0) return;
  await sql.run(
    `update orders.order_line l set erp_sku = nullif(t."erpSku", l.sku) from jsonb_to_recordset($2::jsonb) as t("lineNumber" int, "erpSku" text)
     where l.order_id = $1 and l.line_number = t."lineNumber" and l.erp_sku is distinct from nullif(t."erpSku", l.sku)`,
    [orderId, JSON.stringify(told)],
  );
}

/** Plans the next attempt. False when the order needs none any more. */
export const recordSilence = async (tx: Sql, job: SubmitJob, reason: string, dueAt: Instant): Promise<boolean> =>
  (await tx.run(
    `update orders.sales_order set attempts = attempts + 1, last_failure = $3, due_at = $4
     where id = $1 and attempts = $2 and submission = 'PENDING'`,
    [job.orderId, job.attempt, reason, dueAt],
  )) === 1;

/** Puts the attempt off without counting it: the ERP serves nobody. False when the order needs none any more. */
export const recordPutOff = async (tx: Sql, job: SubmitJob, dueAt: Instant): Promise<boolean> =>
  (await tx.run(`update orders.sales_order set due_at = $3 where id = $1 and attempts = $2 and submission = 'PENDING'`, [job.orderId, job.attempt, dueAt])) === 1;

export interface Attention {
  readonly code: AttentionCode;
  readonly reason: string;
  readonly detail: OrderRecord['attentionDetail'];
  readonly since: Instant;
}

/** Somebody must look. Never of an order the ERP has: false then, and where it needs nothing any more. The state follows with settleOrders. */
export const recordAttention = async (tx: Sql, orderId: string, { code, reason, detail, since }: Attention): Promise<boolean> =>
  (await tx.run(
    `update orders.sales_order set submission = 'ATTENTION', attention = $2, attention_code = $3, attention_detail = $4, attention_since = $5,
       last_failure = $2, due_at = null, unsettled_until = case when unsettled_until > $5 then unsettled_until end
     where id = $1 and submission = 'PENDING' and erp_accepted_at is null`,
    [orderId, reason, code, detail === null ? null : JSON.stringify(detail), since],
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

/** Pending orders placed before then whose stock is not theirs for good yet. */
export const readUnheld = async (sql: Sql, placedBefore: Instant): Promise<readonly string[]> =>
  (await sql.query<{ id: string }>(
    `select id from orders.sales_order where submission = 'PENDING' and hold_state = 'PENDING' and placed_at < $1 order by placed_at limit 100`,
    [placedBefore],
  )).map(({ id }) => id);

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
