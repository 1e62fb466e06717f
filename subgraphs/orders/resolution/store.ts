import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { PostalAddress } from '../../../domain/customers.ts';
import { ORDER_COLUMNS, type Contact, type OrderRecord, type PaymentRecord } from '../records.ts';
import type { SubmitJob } from '../submission/store-submission.ts';

export interface ActionKey {
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly action: string;
  readonly payloadHash: string;
  readonly subject: string;
}

/** Waits for an equal request that is running. False: the key was used. */
export const claimAction = async (tx: Sql, { actor, idempotencyKey, action, payloadHash, subject, at }: ActionKey & { readonly at: Instant }): Promise<boolean> =>
  (await tx.run(
    `insert into orders.manual_action (actor, idempotency_key, action, payload_hash, subject, result, at) values ($1, $2, $3, $4, $5, '{}', $6) on conflict do nothing`,
    [actor, idempotencyKey, action, payloadHash, subject, at],
  )) === 1;

export async function keepResult(tx: Sql, { actor, idempotencyKey }: ActionKey, result: object): Promise<void> {
  await tx.run('update orders.manual_action set result = $3 where actor = $1 and idempotency_key = $2', [actor, idempotencyKey, JSON.stringify(result)]);
}

export interface StoredAction {
  readonly action: string;
  readonly payloadHash: string;
  readonly result: unknown;
}

export async function readAction(sql: Sql, actor: string, idempotencyKey: string): Promise<StoredAction | null> {
  const [row] = await sql.query<StoredAction>(
    'select action, payload_hash as "payloadHash", result from orders.manual_action where actor = $1 and idempotency_key = $2',
    [actor, idempotencyKey],
  );
  return row ?? null;
}

export async function lockOrder(tx: Sql, id: string): Promise<OrderRecord> {
  const [row] = await tx.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders.sales_order o where o.id = $1 for update`, [id]);
  return row!;
}

/**
 * Sends orders that ask for attention on their way again, as if they had just been placed; those that do not, stay. Answers
 * the jobs to be enqueued; the state follows with settleOrders.
 */
export const requeue = (tx: Sql, ids: readonly string[], at: Instant, dueAt: Instant): Promise<readonly SubmitJob[]> =>
  tx.query<SubmitJob>(
    `update orders.sales_order set submission = 'PENDING', attention = null, attention_code = null, attention_detail = null, attention_since = null,
       attempts = 0, last_failure = null, patience_from = $2, due_at = $3
     where id = any($1::uuid[]) and submission = 'ATTENTION' returning id as "orderId", attempts as attempt`,
    [ids, at, dueAt],
  );

/** Cancels what was read, if it is still that, and nothing of it is in the ERP or may be on its way there. */
export const cancelUnsent = async (tx: Sql, { id, revision, unsettledUntil }: Pick<OrderRecord, 'id' | 'revision' | 'unsettledUntil'>, at: Instant): Promise<boolean> =>
  (await tx.run(
    `update orders.sales_order set submission = 'CANCELLED', revision = revision + 1, attention = null, attention_code = null, attention_detail = null,
       attention_since = null, due_at = null, unsettled_until = null, hold_state = case when hold_state in ('PENDING', 'COMMITTED') then 'RELEASED' else hold_state end
     where id = $1 and submission in ('PENDING', 'ATTENTION') and revision = $2 and (erp_order_id is null or erp_state = 'CANCELLED')
       and date_trunc('milliseconds', unsettled_until) is not distinct from $3::timestamptz and (unsettled_until is null or unsettled_until <= $4)`,
    [id, revision, unsettledUntil, at],
  )) === 1;

/** What of an order that is not in the ERP may be changed by hand: the whole of it as it is to be. */
export interface EditableFields {
  readonly shipTo: PostalAddress | null;
  readonly billTo: PostalAddress | null;
  readonly contact: Contact | null;
  readonly note: string | null;
  readonly requestedOn: string | null;
  readonly carrierCode: string | null;
  readonly payments: readonly PaymentRecord[];
}

/** Raises the revision: a sender that read it before does not send. */
export async function writeEdit(tx: Sql, id: string, { shipTo, billTo, contact, note, requestedOn, carrierCode, payments }: EditableFields): Promise<void> {
  await tx.run(
    `update orders.sales_order set revision = revision + 1, ship_to = $2, bill_to = $3, contact = $4, note = $5, requested_on = $6, carrier_code = $7, payments = $8 where id = $1`,
    [id, jsonOf(shipTo), jsonOf(billTo), jsonOf(contact), note, requestedOn, carrierCode, JSON.stringify(payments)],
  );
}

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

/** Null takes the override away. Answers how many lines there were. */
export const overrideSkus = (tx: Sql, id: string, lines: readonly { readonly lineNumber: number; readonly erpSku: string | null }[]): Promise<number> =>
  tx.run(
    `update orders.order_line l set sku_override = e."erpSku" from jsonb_to_recordset($2::jsonb) as e("lineNumber" int, "erpSku" text)
     where l.order_id = $1 and l.line_number = e."lineNumber"`,
    [id, JSON.stringify(lines)],
  );

export interface IssuePosition {
  readonly since: string;
  readonly id: string;
}

/** Orders that ask for attention, whoever has waited longest first. */
export const listIssues = (sql: Sql, code: string | null, after: IssuePosition | null, limit: number): Promise<readonly OrderRecord[]> =>
  sql.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o
     where o.submission = 'ATTENTION' and ($1::text is null or o.attention_code = $1)
       and ($2::timestamptz is null or (date_trunc('milliseconds', coalesce(o.attention_since, o.placed_at)), o.id) > ($2, $3::uuid))
     order by date_trunc('milliseconds', coalesce(o.attention_since, o.placed_at)), o.id limit $4`,
    [code, after?.since ?? null, after?.id ?? null, limit],
  );

export interface QueueDepth {
  readonly waiting: number;
  readonly oldestPlacedAt: Instant | null;
  readonly needAttention: number;
}

export async function readQueueDepth(sql: Sql): Promise<QueueDepth> {
  const [row] = await sql.query<QueueDepth>(
    `select count(*) filter (where submission = 'PENDING')::int as waiting, min(placed_at) filter (where submission = 'PENDING') as "oldestPlacedAt",
       count(*) filter (where submission = 'ATTENTION')::int as "needAttention"
     from orders.sales_order where submission in ('PENDING', 'ATTENTION')`,
  );
  return row!;
}
