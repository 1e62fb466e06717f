import type { CreditMemoRecord } from '../../../domain/returns.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { lockFacts, settleOrders, type ErpReport } from './store-facts.ts';
import { latestOf } from './store-shipments.ts';

/**
 * Records the ERP's credit memos as its shipments are recorded: the newest counts, of one second the last that came; one
 * whose order is not known yet is parked until it comes.
 */
export async function recordCreditMemos(tx: Sql, records: readonly CreditMemoRecord[], report: ErpReport): Promise<{ changed: number }> {
  await lockFacts(tx);
  const latest = await upsertMemos(tx, latestOf(records), report);
  const credited = await mergeCredited(tx, records.filter(({ state }) => state === 'POSTED'));
  const written = [...latest, ...credited];
  const orderIds = [...new Set(written.flatMap(({ orderId }) => orderId ?? []))];
  await settleOrders(tx, orderIds, { at: report.at, source: report.source, touched: new Set(orderIds) });
  return { changed: new Set(written.map(({ id }) => id)).size };
}

interface Written {
  readonly id: string;
  readonly orderId: string | null;
}

const upsertMemos = (tx: Sql, records: readonly CreditMemoRecord[], { source }: ErpReport): Promise<readonly Written[]> =>
  tx.query<Written>(
    `insert into orders.credit_memo as m (id, source, order_id, erp_order_id, number, reference, state, payment_state, total, tax, currency_code, lines, posted_at, erp_updated_at)
     select r.id, $2, o.id, r."orderId", r.number, r.reference, r.state, r."paymentState", r.total, r.tax, r."currencyCode", r.lines, r."postedAt", r."updatedAt"
     from jsonb_to_recordset($1::jsonb) as r(id text, "orderId" text, number text, reference text, state text, "paymentState" text, total numeric, tax numeric,
       "currencyCode" text, lines jsonb, "postedAt" timestamptz, "updatedAt" timestamptz)
     left join orders.sales_order o on o.erp_order_id = r."orderId"
     on conflict (id) do update set source = excluded.source, order_id = excluded.order_id, erp_order_id = excluded.erp_order_id, number = excluded.number,
       reference = excluded.reference, state = excluded.state, payment_state = excluded.payment_state, total = excluded.total, tax = excluded.tax,
       currency_code = excluded.currency_code, lines = excluded.lines, posted_at = excluded.posted_at, erp_updated_at = excluded.erp_updated_at
     where m.erp_updated_at <= excluded.erp_updated_at
       and (m.order_id, m.erp_order_id, m.number, m.reference, m.state, m.payment_state, m.total, m.tax, m.currency_code, m.lines, m.posted_at)
         is distinct from (excluded.order_id, excluded.erp_order_id, excluded.number, excluded.reference, excluded.state, excluded.payment_state,
           excluded.total, excluded.tax, excluded.currency_code, excluded.lines, excluded.posted_at)
     returning m.id, m.order_id as "orderId"`,
    [JSON.stringify(records.map((record) => ({ ...record, total: record.total.amount, tax: record.tax.amount, currencyCode: record.total.currencyCode }))), source],
  );

/** When it was first told as posted, however late that message came. */
const mergeCredited = (tx: Sql, posted: readonly CreditMemoRecord[]): Promise<readonly Written[]> =>
  tx.query<Written>(
    `update orders.credit_memo m set credited_at = r.at
     from (select id, min(at) as at from jsonb_to_recordset($1::jsonb) as p(id text, at timestamptz) group by id) r
     where m.id = r.id and r.at < coalesce(m.credited_at, 'infinity')
     returning m.id, m.order_id as "orderId"`,
    [JSON.stringify(posted.map(({ id, postedAt, updatedAt }) => ({ id, at: postedAt ?? updatedAt })))],
  );
