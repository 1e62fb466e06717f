import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { VISIBLE, visibleTo, type Visibility } from '../reading/store-reads.ts';
import type { ReturnPayment, ReturnStatus } from './return-state.ts';

export interface ReturnFilter {
  readonly status: ReturnStatus | null;
  readonly payment: ReturnPayment | null;
  readonly orderId: string | null;
  readonly needsAttention: boolean | null;
}

export interface ListedReturn {
  readonly origin: 'GRAPH' | 'ERP';
  readonly id: string;
  readonly at: Instant;
}

export interface Position {
  readonly at: string;
  readonly id: string;
}

/** Ours, and those made in the ERP alone: as old as our first word of them. */
const RETURNS = `
  select 'GRAPH' as origin, r.id::text as id, date_trunc('milliseconds', r.requested_at) as at, r.order_id, r.status, r.payment,
    exists (select from orders.rma_work w where w.rma_id = r.id and w.state = 'ATTENTION') as attention
  from orders.rma r
  union all
  select 'ERP', s.id, date_trunc('milliseconds', s.first_seen_at), s.order_id, case s.state when 'PLANNED' then 'EXPECTED' when 'SHIPPED' then 'RECEIVED' else 'CANCELLED' end, null, false
  from orders.shipment s
  where s.direction = 'RETURN' and s.order_id is not null
    and not exists (select from orders.rma r where r.order_id = s.order_id and (s.return_reference = r.number or s.id = r.erp_return_id))`;

/** Newest first, strictly after the given position. */
export const listReturns = (sql: Sql, visibility: Visibility, filter: ReturnFilter, after: Position | null, limit: number): Promise<readonly ListedReturn[]> =>
  sql.query<ListedReturn>(
    `select l.origin, l.id, l.at from (${RETURNS}) l join orders.sales_order o on o.id = l.order_id
     where ${VISIBLE} and ($4::text is null or l.status = $4) and ($5::text is null or l.payment = $5) and ($6::uuid is null or l.order_id = $6)
       and ($7::boolean is null or l.attention = $7) and ($8::timestamptz is null or (l.at, l.id) < ($8, $9))
     order by l.at desc, l.id desc limit $10`,
    [...visibleTo(visibility), filter.status, filter.payment, filter.orderId, filter.needsAttention, after?.at ?? null, after?.id ?? null, limit],
  );

/** A posted credit memo that is not what was reckoned here, or that nobody asked for here. */
export interface DifferingMemo {
  readonly memoId: string;
  readonly memoNumber: string;
  readonly at: Instant;
  readonly orderId: string;
  readonly memoTotal: Decimal;
  readonly memoTax: Decimal;
  readonly currencyCode: string;
  /** The refund it belongs to; null: none. */
  readonly reference: string | null;
  readonly rmaId: string | null;
  readonly net: Decimal | null;
  readonly tax: Decimal | null;
  readonly total: Decimal | null;
}

/** Of orders placed here; newest first, strictly after the given position. */
export const listDifferingMemos = (sql: Sql, after: Position | null, limit: number): Promise<readonly DifferingMemo[]> =>
  sql.query<DifferingMemo>(
    `select m.id as "memoId", m.number as "memoNumber", d.at, m.order_id as "orderId", m.total as "memoTotal", m.tax as "memoTax", m.currency_code as "currencyCode",
       f.reference, f.rma_id as "rmaId", f.net, f.tax, f.total
     from orders.credit_memo m
     cross join lateral (select date_trunc('milliseconds', coalesce(m.posted_at, m.first_seen_at)) as at) d
     left join orders.rma_refund f on f.reference = m.reference
     join orders.sales_order o on o.id = m.order_id
     where m.state = 'POSTED' and ($1::timestamptz is null or (d.at, m.id) < ($1, $2)) and (
       case when f.id is null then o.source = 'graph'
         when f.total is not null then m.total <> f.total or m.tax <> f.tax
         else m.total - m.tax <> f.net end)
     order by d.at desc, m.id desc limit $3`,
    [after?.at ?? null, after?.id ?? null, limit],
  );
