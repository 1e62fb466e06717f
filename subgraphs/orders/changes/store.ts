import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { ORDER_COLUMNS, type OrderRecord } from '../records.ts';
import { CHANGE_COLUMNS, type ChangeRecord, type ChangeState, type LineOutcome, type RefusalCode } from './records.ts';

export const CHANGE_QUEUE = 'change-order';

/** A turn at one change. `attempt` other than the change's own makes it a stale copy: it does nothing. */
export interface ChangeJob {
  readonly changeId: string;
  readonly attempt: number;
}

const select = (where: string): string => `select ${CHANGE_COLUMNS} from orders.order_change c where ${where}`;

export async function readChange(sql: Sql, id: string): Promise<ChangeRecord | null> {
  return (await sql.query<ChangeRecord>(select('c.id = $1'), [id]))[0] ?? null;
}

/** What was answered to this key. */
export async function findChange(sql: Sql, owner: string, idempotencyKey: string): Promise<ChangeRecord | null> {
  return (await sql.query<ChangeRecord>(select('c.owner = $1 and c.idempotency_key = $2'), [owner, idempotencyKey]))[0] ?? null;
}

/** Oldest first. */
export const readChangesOfOrders = (sql: Sql, orderIds: readonly string[]): Promise<readonly ChangeRecord[]> =>
  sql.query<ChangeRecord>(`${select('c.order_id = any($1::uuid[])')} order by c.order_id, c.requested_at, c.id`, [orderIds]);

/** Those among these orders a change is under way of. */
export async function readChanging(sql: Sql, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(`select order_id as id from orders.order_change where order_id = any($1::uuid[]) and state = 'REQUESTED'`, [orderIds]);
  return new Set(rows.map(({ id }) => id));
}

/** Locked until the transaction ends: who changes what is ordered, or sends it, waits. */
export async function lockOrder(tx: Sql, id: string): Promise<OrderRecord | null> {
  return (await tx.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders.sales_order o where o.id = $1 for update`, [id]))[0] ?? null;
}

/** Until when an earlier change of the order that nobody answered may still arrive at the ERP; null: none may. */
export async function readUnsettled(sql: Sql, orderId: string): Promise<Instant | null> {
  const [row] = await sql.query<{ until: Instant | null }>(
    `select max(unsettled_until) as until from orders.order_change where order_id = $1 and state <> 'REQUESTED'`, [orderId],
  );
  return row?.until ?? null;
}

export type NewChange = Pick<
  ChangeRecord,
  'id' | 'orderId' | 'owner' | 'payloadHash' | 'kind' | 'lines' | 'shipTo' | 'requestedDay' | 'reason' | 'untilStage' | 'holdId' | 'holdLines' | 'requestedAt'
> & { readonly idempotencyKey: string; readonly dueAt: Instant | null };

/** False, and nothing written, when the key is used or another change of the order is under way. */
export async function insertChange(tx: Sql, change: NewChange): Promise<boolean> {
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  const values: Record<string, unknown> = {
    id: change.id, order_id: change.orderId, owner: change.owner, idempotency_key: change.idempotencyKey, payload_hash: change.payloadHash,
    kind: change.kind, state: 'REQUESTED', lines: json(change.lines), ship_to: json(change.shipTo), requested_day: json(change.requestedDay),
    reason: change.reason, until_stage: change.untilStage, hold_id: change.holdId, hold_lines: json(change.holdLines),
    requested_at: change.requestedAt, due_at: change.dueAt,
  };
  const names = Object.keys(values);
  return (await tx.run(
    `insert into orders.order_change (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')}) on conflict do nothing`,
    Object.values(values),
  )) === 1;
}

export interface Settlement {
  readonly state: Exclude<ChangeState, 'REQUESTED'>;
  readonly outcome: readonly LineOutcome[];
  readonly appliedAddress: boolean;
  readonly appliedDay: boolean;
  readonly refusal: RefusalCode | null;
  readonly explanation: string | null;
}

export interface SettlementDetails {
  readonly difference: Decimal | null;
  /** The stock ledger is to be told after it; looked after by `dueAt`. */
  readonly tellsStock: boolean;
  readonly at: Instant;
  readonly dueAt: Instant;
  /** Nothing that was sent was left without an answer: nothing may still arrive. */
  readonly isAnswered: boolean;
}

/** Ends a change, once. False: it has ended already. */
export const settleChange = async (tx: Sql, id: string, word: Settlement, more: SettlementDetails): Promise<boolean> =>
  (await tx.run(
    `update orders.order_change set state = $2, outcome = $3, applied_address = $4, applied_day = $5, refusal = $6, explanation = $7,
       amount_difference = $8, settled_at = $9, stock = case when $10 then 'PENDING' else 'NONE' end, due_at = case when $10 then $11::timestamptz end,
       unsettled_until = case when $12 then null else unsettled_until end, last_failure = null
     where id = $1 and state = 'REQUESTED'`,
    [id, word.state, JSON.stringify(word.outcome), word.appliedAddress, word.appliedDay, word.refusal, word.explanation, more.difference, more.at, more.tellsStock, more.dueAt, more.isAnswered],
  )) === 1;

export async function recordStockTold(sql: Sql, id: string): Promise<void> {
  await sql.run(`update orders.order_change set stock = 'DONE', due_at = null, last_failure = null where id = $1 and stock = 'PENDING'`, [id]);
}

/** Before a change is sent: until then it may arrive, whatever becomes of who sends it. */
export async function recordSending(sql: Sql, id: string, until: Instant): Promise<void> {
  await sql.run(`update orders.order_change set unsettled_until = greatest(unsettled_until, $2) where id = $1 and state = 'REQUESTED'`, [id, until]);
}

/** Plans the next attempt. False when this was not the current one, or there is nothing left to do. */
export const recordChangeSilence = async (tx: Sql, { changeId, attempt }: ChangeJob, reason: string, dueAt: Instant): Promise<boolean> =>
  (await tx.run(
    `update orders.order_change set attempts = attempts + 1, last_failure = $3, due_at = $4
     where id = $1 and attempts = $2 and (state = 'REQUESTED' or stock = 'PENDING')`,
    [changeId, attempt, reason, dueAt],
  )) === 1;

/** Changes nobody has come to by their time: their job died with its process. */
export const takeOverdueChanges = (tx: Sql, now: Instant, nextDueAt: Instant): Promise<readonly ChangeJob[]> =>
  tx.query<ChangeJob>(
    `update orders.order_change set due_at = $2 where id in (
       select id from orders.order_change where due_at <= $1 order by due_at limit 500 for update skip locked)
     returning id as "changeId", attempts as attempt`,
    [now, nextDueAt],
  );

/** How many changes are still open, and since when. */
export async function readOpenChanges(sql: Sql, before: Instant): Promise<{ readonly count: number; readonly oldestAt: Instant | null; readonly lastFailure: string | null }> {
  const [row] = await sql.query<{ count: number; oldestAt: Instant | null; lastFailure: string | null }>(
    `select count(*)::int as count, min(requested_at) as "oldestAt",
       (array_agg(last_failure order by requested_at) filter (where last_failure is not null))[1] as "lastFailure"
     from orders.order_change where due_at is not null and requested_at < $1`,
    [before],
  );
  return row!;
}
