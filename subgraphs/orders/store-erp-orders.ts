import { randomUUID } from 'node:crypto';
import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { ErpOrder } from '../../domain/orders.ts';
import type { FeedRejection } from '../../platform/feed.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { ORDER_COLUMNS, type OrderRecord } from './records.ts';
import { lockFacts, settleOrders, type ErpReport } from './store-facts.ts';
import { adoptParkedShipments } from './store-shipments.ts';

/**
 * Records what the ERP says of its order documents. Matched by the ERP's id, then by our reference; unknown confirmed
 * documents become external orders. An older `updatedAt` never changes anything; an equal one may, as vendors' clocks tick in seconds. A second document under one of our
 * references is refused by name: it is a double somebody made in the ERP.
 */
export async function recordErpOrders(tx: Sql, records: readonly ErpOrder[], report: ErpReport): Promise<{ changed: number; rejected: FeedRejection[] }> {
  await lockFacts(tx);
  const latest = [...new Map(records.toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1)).map((record) => [record.id, record])).values()];
  const known = await findKnown(tx, latest);
  const { linked, fresh, rejected } = matchDocuments(latest, known);
  const external = fresh.map((document) => ({ id: randomUUID(), document, isExternal: true }));
  await insertExternal(tx, external, report);
  await writeDocuments(tx, linked, report);
  await replaceExternalLines(tx, [...external, ...linked.filter((link) => link.isExternal)]);
  const ids = [...linked, ...external].map(({ id }) => id);
  const adopted = await adoptParkedShipments(tx, ids, report.at);
  await settleOrders(tx, [...new Set([...ids, ...adopted])], { at: report.at, source: report.source, touched: new Set([...ids, ...adopted]) });
  return { changed: ids.length, rejected };
}

interface Linked {
  readonly id: string;
  readonly document: ErpOrder;
  /** Not placed here: the ERP owns its lines too. */
  readonly isExternal: boolean;
}

const findKnown = (tx: Sql, records: readonly ErpOrder[]): Promise<readonly OrderRecord[]> =>
  tx.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o
     where o.erp_order_id = any($1::text[]) or (o.source = 'graph' and o.number = any($2::text[])) order by o.id for update`,
    [records.map((record) => record.id), records.flatMap((record) => record.reference ?? [])],
  );

function matchDocuments(records: readonly ErpOrder[], known: readonly OrderRecord[]): { linked: Linked[]; fresh: ErpOrder[]; rejected: FeedRejection[] } {
  const byErpId = new Map(known.map((order) => [order.erpOrderId, order]));
  const byReference = new Map(known.filter((order) => order.source === 'graph').map((order) => [order.number, order]));
  const linked: Linked[] = [];
  const fresh: ErpOrder[] = [];
  const rejected: FeedRejection[] = [];
  for (const document of records) {
    const order = byErpId.get(document.id) ?? byReference.get(document.reference ?? '');
    if (!order) {
      // A quotation made in the ERP is no order yet.
      if (document.state !== 'DRAFT') fresh.push(document);
    } else if (order.erpOrderId !== null && order.erpOrderId !== document.id) {
      rejected.push({ key: document.id, reason: `a second ERP document ${document.number} carries the reference ${order.number} of ${order.erpNumber}` });
    } else if (isNews(order, document)) {
      linked.push({ id: order.id, document, isExternal: order.source !== 'graph' });
      byReference.set(order.number, { ...order, erpOrderId: document.id, erpNumber: document.number });
    }
  }
  return { linked, fresh, rejected };
}

function isNews(order: OrderRecord, document: ErpOrder): boolean {
  if (order.erpOrderId === null || order.erpUpdatedAt === null || order.erpUpdatedAt < document.updatedAt) return true;
  if (order.erpUpdatedAt > document.updatedAt) return false;
  const delivered = Object.entries(deliveredOf(document));
  return order.erpState !== document.state || delivered.some(([sku, quantity]) => order.erpDelivered[sku] !== quantity);
}

/** Delivered per SKU; several lines of one SKU add up. */
function deliveredOf({ lines }: ErpOrder): Record<string, Decimal> {
  const delivered: Record<string, Decimal> = {};
  for (const line of lines) delivered[line.sku] = add(delivered[line.sku] ?? ZERO, line.delivered);
  return delivered;
}

const rowOf = ({ id, document }: Linked): object => ({
  id, total: document.total?.amount ?? null, currencyCode: document.total?.currencyCode ?? null, erpId: document.id, number: document.number, state: document.state, delivered: deliveredOf(document), updatedAt: document.updatedAt,
});

const DOCUMENT = `d(id uuid, total numeric, "currencyCode" text, "erpId" text, number text, state text, delivered jsonb, "updatedAt" timestamptz)`;

async function writeDocuments(tx: Sql, linked: readonly Linked[], { at }: ErpReport): Promise<void> {
  await tx.run(
    `update orders.sales_order o set erp_order_id = d."erpId", erp_number = d.number, erp_state = d.state, erp_delivered = d.delivered,
       erp_updated_at = d."updatedAt", attention = case d.state when 'DRAFT' then o.attention end,
       submission = case when o.submission = 'ATTENTION' and d.state <> 'DRAFT' then 'PENDING' else o.submission end,
       due_at = case when o.submission = 'ATTENTION' and d.state <> 'DRAFT' then $2 else o.due_at end,
       total = case o.source when 'graph' then o.total else d.total end,
       currency_code = case o.source when 'graph' then o.currency_code else d."currencyCode" end,
       erp_accepted_at = coalesce(o.erp_accepted_at, case when d.state <> 'DRAFT' then $2::timestamptz end)
     from jsonb_to_recordset($1::jsonb) as ${DOCUMENT}
     where o.id = d.id`,
    [JSON.stringify(linked.map(rowOf)), at],
  );
}

async function insertExternal(tx: Sql, external: readonly Linked[], { source }: ErpReport): Promise<void> {
  if (external.length === 0) return;
  await tx.run(
    `insert into orders.sales_order (id, number, source, owner, currency_code, total, placed_at, state,
       erp_order_id, erp_number, erp_state, erp_delivered, erp_updated_at, erp_accepted_at)
     select d.id, d.number, $2, '', d."currencyCode", d.total, d."updatedAt", 'RECEIVED',
       d."erpId", d.number, d.state, d.delivered, d."updatedAt", d."updatedAt"
     from jsonb_to_recordset($1::jsonb) as ${DOCUMENT}`,
    [JSON.stringify(external.map(rowOf)), source],
  );
}

async function replaceExternalLines(tx: Sql, external: readonly Linked[]): Promise<void> {
  if (external.length === 0) return;
  await tx.run('delete from orders.order_line where order_id = any($1::uuid[])', [external.map(({ id }) => id)]);
  const lines = external.flatMap(({ id, document }) => document.lines.map(({ sku, quantity }, index) => ({ id, lineNumber: index + 1, sku, quantity })));
  await tx.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity)
     select * from jsonb_to_recordset($1::jsonb) as l(id uuid, "lineNumber" int, sku text, quantity numeric)`,
    [JSON.stringify(lines)],
  );
}
