import type { Sql } from '../../../platform/stores/sql.ts';
import {
  LANES, RECEIPT_COLUMNS, REFUND_COLUMNS, RMA_COLUMNS, RMA_LINE_COLUMNS, WORK_COLUMNS,
  type Lane, type MemoRow, type ReceiptRecord, type RefundRecord, type ReturnCase, type RmaLineRecord, type RmaRecord, type ToldReturn, type WorkRecord,
} from './records.ts';

const TOLD_COLUMNS = `s.id, s.order_id as "orderId", s.number, s.return_reference as "returnReference", s.state, s.lines, s.shipped_at as "shippedAt"`;

const MEMO_COLUMNS = `m.id, m.order_id as "orderId", m.number, m.reference, m.state, m.total, m.tax, m.currency_code as "currencyCode", m.posted_at as "postedAt"`;

/** A shipment under the return's reference, or the very document the ERP answered with. */
const IS_OF_RMA = `s.direction = 'RETURN' and s.order_id = r.order_id and (s.return_reference = r.number or s.id = r.erp_return_id)`;

/** Whole returns by their ids, in no order; each question is asked once for all of them. */
export async function readCases(sql: Sql, ids: readonly string[]): Promise<readonly ReturnCase[]> {
  if (ids.length === 0) return [];
  const ask = <Row>(text: string): Promise<readonly Row[]> => sql.query<Row>(text, [ids]);
  const rmas = await ask<RmaRecord>(`select ${RMA_COLUMNS} from orders.rma r where r.id = any($1::uuid[])`);
  const lines = await ask<RmaLineRecord>(
    `select ${RMA_LINE_COLUMNS}, coalesce(o.erp_sku, l.sku) as "erpSku" from orders.rma_line l join orders.rma r on r.id = l.rma_id
     left join orders.order_line o on o.order_id = r.order_id and o.line_number = l.line_number where l.rma_id = any($1::uuid[]) order by l.line_number`);
  const receipts = await ask<ReceiptRecord>(`select ${RECEIPT_COLUMNS} from orders.rma_receipt c where c.rma_id = any($1::uuid[]) order by c.id`);
  const refunds = await ask<RefundRecord>(`select ${REFUND_COLUMNS} from orders.rma_refund f where f.rma_id = any($1::uuid[]) order by f.requested_at, f.reference`);
  const work = await ask<WorkRecord>(`select ${WORK_COLUMNS} from orders.rma_work w where w.rma_id = any($1::uuid[])`);
  const told = await ask<ToldReturn & { rmaId: string }>(
    `select r.id as "rmaId", ${TOLD_COLUMNS} from orders.rma r join orders.shipment s on ${IS_OF_RMA} where r.id = any($1::uuid[]) order by s.number, s.id`);
  const memos = await ask<MemoRow & { rmaId: string }>(
    `select f.rma_id as "rmaId", ${MEMO_COLUMNS} from orders.rma_refund f join orders.credit_memo m on m.reference = f.reference where f.rma_id = any($1::uuid[])`);
  const of = <Row extends { readonly rmaId: string }>(rows: readonly Row[], id: string): Row[] => rows.filter((row) => row.rmaId === id);
  return rmas.map((rma) => ({
    rma, lines: of(lines, rma.id), receipts: of(receipts, rma.id), refunds: of(refunds, rma.id), work: lanesOf(rma.id, of(work, rma.id)),
    told: of(told, rma.id), memos: of(memos, rma.id),
  }));
}

const IDLE = { state: 'NONE', turn: 0, failures: 0, dueAt: null, patienceFrom: null, unsettledUntil: null, claims: 0, attention: null, lastFailure: null } as const;

const lanesOf = (rmaId: string, rows: readonly WorkRecord[]): Readonly<Record<Lane, WorkRecord>> =>
  Object.fromEntries(LANES.map((lane) => [lane, rows.find((row) => row.lane === lane) ?? { rmaId, lane, ...IDLE }])) as Record<Lane, WorkRecord>;

export async function readCase(sql: Sql, id: string): Promise<ReturnCase | null> {
  return (await readCases(sql, [id]))[0] ?? null;
}

/** Ids of the returns of these orders, oldest first. */
export const findOfOrders = (sql: Sql, orderIds: readonly string[]): Promise<readonly { readonly id: string; readonly orderId: string }[]> =>
  sql.query(`select r.id, r.order_id as "orderId" from orders.rma r where r.order_id = any($1::uuid[]) order by r.requested_at, r.id`, [orderIds]);

export async function readCasesOfOrder(sql: Sql, orderId: string): Promise<readonly ReturnCase[]> {
  const ids = (await findOfOrders(sql, [orderId])).map(({ id }) => id);
  const byId = new Map((await readCases(sql, ids)).map((found) => [found.rma.id, found]));
  return ids.map((id) => byId.get(id)!);
}

/** Goods coming back for these orders that nobody asked for here. */
export const readErpOnly = (sql: Sql, orderIds: readonly string[]): Promise<readonly ToldReturn[]> =>
  sql.query<ToldReturn>(
    `select ${TOLD_COLUMNS} from orders.shipment s
     where s.direction = 'RETURN' and s.order_id = any($1::uuid[]) and not exists (select from orders.rma r where ${IS_OF_RMA}) order by s.number, s.id`,
    [orderIds],
  );

/** The same by the ERP's ids. */
export const readErpOnlyById = (sql: Sql, ids: readonly string[]): Promise<readonly ToldReturn[]> =>
  sql.query<ToldReturn>(
    `select ${TOLD_COLUMNS} from orders.shipment s
     where s.direction = 'RETURN' and s.order_id is not null and s.id = any($1::text[]) and not exists (select from orders.rma r where ${IS_OF_RMA})`,
    [ids],
  );

/** Credit memos of the order that belong to none of our refunds. */
export const readStrangeMemos = (sql: Sql, orderIds: readonly string[]): Promise<readonly MemoRow[]> =>
  sql.query<MemoRow>(
    `select ${MEMO_COLUMNS} from orders.credit_memo m
     where m.order_id = any($1::uuid[]) and m.state <> 'CANCELLED' and not exists (select from orders.rma_refund f where f.reference = m.reference) order by m.number, m.id`,
    [orderIds],
  );
