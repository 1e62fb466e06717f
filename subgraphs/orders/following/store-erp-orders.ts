import { createHash, randomUUID } from 'node:crypto';
import { add, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { ErpOrder } from '../../../domain/orders.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { followErp } from '../changes/follow-erp.ts';
import { ORDER_COLUMNS, type OrderRecord } from '../records.ts';
import { lockFacts, settleOrders, type ErpReport } from './store-facts.ts';
import { adoptParked, latestOf } from './store-shipments.ts';

/**
 * Records what the ERP says of its order documents. Matched by the ERP's id, then by our reference; unknown confirmed
 * documents become external orders. An older `updatedAt` never changes anything but what had happened by then; an equal one
 * may, as vendors' clocks tick in seconds. A second document under one of our references is refused by name: it is a double
 * somebody made in the ERP.
 */
export async function recordErpOrders(tx: Sql, records: readonly ErpOrder[], report: ErpReport): Promise<{ changed: number; rejected: FeedRejection[] }> {
  await lockFacts(tx);
  const latest = latestOf(records);
  const known = await findKnown(tx, latest);
  const { linked, stale, fresh, rejected } = matchDocuments(latest, known);
  const external = fresh.map((document) => ({ id: randomUUID(), document, isExternal: true }));
  await insertExternal(tx, external, report);
  await writeDocuments(tx, linked, report);
  await replaceExternalLines(tx, [...external, ...linked.filter((link) => link.isExternal)]);
  const remembered = await mergeMilestones(tx, [...linked, ...stale, ...external], records, report);
  // Before the states: they are about what is ordered by now.
  await followErp(tx, linked.filter((link) => !link.isExternal).map(({ id, document }) => ({ orderId: id, document })), report);
  const written = [...linked, ...external].map(({ id }) => id);
  const touched = new Set([...written, ...remembered, ...(await adoptParked(tx, written, report.at))]);
  await settleOrders(tx, [...touched], { at: report.at, source: report.source, touched });
  return { changed: new Set([...written, ...remembered]).size, rejected };
}

interface Linked {
  readonly id: string;
  readonly document: ErpOrder;
  /** Not placed here: the ERP owns its lines too. */
  readonly isExternal: boolean;
}

interface Matched {
  readonly linked: Linked[];
  /** Known, and told better before. */
  readonly stale: Linked[];
  readonly fresh: ErpOrder[];
  readonly rejected: FeedRejection[];
}

const findKnown = (tx: Sql, records: readonly ErpOrder[]): Promise<readonly OrderRecord[]> =>
  tx.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o
     where o.erp_order_id = any($1::text[]) or (o.source = 'graph' and o.number = any($2::text[])) order by o.id for update`,
    [records.map((record) => record.id), records.flatMap((record) => record.reference ?? [])],
  );

function matchDocuments(records: readonly ErpOrder[], known: readonly OrderRecord[]): Matched {
  const idByErpId = new Map(known.map((order) => [order.erpOrderId, order.id]));
  const idByReference = new Map(known.filter((order) => order.source === 'graph').map((order) => [order.number, order.id]));
  const current = new Map(known.map((order) => [order.id, order]));
  const [linked, stale] = [new Map<string, Linked>(), new Map<string, Linked>()];
  const { fresh, rejected }: Pick<Matched, 'fresh' | 'rejected'> = { fresh: [], rejected: [] };
  for (const document of records) {
    const order = current.get(idByErpId.get(document.id) ?? idByReference.get(document.reference ?? '') ?? '');
    if (!order) {
      // A quotation made in the ERP is no order yet.
      if (document.state !== 'DRAFT') fresh.push(document);
    } else if (order.erpOrderId !== null && order.erpOrderId !== document.id && !givesWay(order, document)) {
      rejected.push({ key: document.id, reason: `a second ERP document ${document.number} carries the reference ${order.number} of ${order.erpNumber}` });
    } else {
      const link = { id: order.id, document, isExternal: order.source !== 'graph' };
      (isNews(order, document) ? linked : stale).set(order.id, link);
      current.set(order.id, { ...order, erpOrderId: document.id, erpNumber: document.number, erpState: document.state });
    }
  }
  return { linked: [...linked.values()], stale: [...stale.values()], fresh, rejected };
}

/**
 * A draft is nobody's order yet: somebody may have copied ours before its answer reached us. The document with our reference
 * that is confirmed first is the one.
 */
const givesWay = (order: OrderRecord, document: ErpOrder): boolean =>
  order.erpAcceptedAt === null && order.erpState === 'DRAFT' && document.reference === order.number && document.state !== 'DRAFT' && document.state !== 'CANCELLED';

function isNews(order: OrderRecord, document: ErpOrder): boolean {
  if (order.erpOrderId !== document.id || order.erpUpdatedAt === null || order.erpUpdatedAt < document.updatedAt) return true;
  if (order.erpUpdatedAt > document.updatedAt) return false;
  return order.erpFingerprint !== fingerprintOf(document);
}

/** Delivered per SKU; several lines of one SKU add up. */
function deliveredOf({ lines }: ErpOrder): Record<string, Decimal> {
  const delivered: Record<string, Decimal> = {};
  for (const line of lines) delivered[line.sku] = add(delivered[line.sku] ?? ZERO, line.delivered);
  return delivered;
}

/** Of everything the document says. */
function fingerprintOf({ number, reference, state, total, tax, lines }: ErpOrder): string {
  const said = [number, reference, state, total, tax ?? null, lines.map(({ sku, quantity, delivered, lineNumber = null }) => [sku, quantity, delivered, lineNumber])];
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url');
}

const rowOf = ({ id, document }: Linked): object => ({
  id, total: document.total?.amount ?? null, tax: document.tax?.amount ?? null, currencyCode: document.total?.currencyCode ?? null, erpId: document.id, number: document.number, state: document.state, delivered: deliveredOf(document), updatedAt: document.updatedAt, fingerprint: fingerprintOf(document),
});

const DOCUMENT = `d(id uuid, total numeric, tax numeric, "currencyCode" text, "erpId" text, number text, state text, delivered jsonb, "updatedAt" timestamptz, fingerprint text)`;

async function writeDocuments(tx: Sql, linked: readonly Linked[], { at }: ErpReport): Promise<void> {
  await tx.run(
    `update orders.sales_order o set erp_order_id = d."erpId", erp_number = d.number, erp_state = d.state, erp_delivered = d.delivered,
       erp_updated_at = d."updatedAt", erp_fingerprint = d.fingerprint, attention = case d.state when 'DRAFT' then o.attention end,
       attention_code = case d.state when 'DRAFT' then o.attention_code end, attention_detail = case d.state when 'DRAFT' then o.attention_detail end,
       attention_since = case d.state when 'DRAFT' then o.attention_since end,
       submission = case when o.submission = 'ATTENTION' and d.state <> 'DRAFT' then 'PENDING' else o.submission end,
       due_at = case when o.submission = 'ATTENTION' and d.state <> 'DRAFT' then $2 else o.due_at end,
       total = case o.source when 'graph' then o.total else d.total end,
       currency_code = case o.source when 'graph' then o.currency_code else d."currencyCode" end,
       erp_total = d.total, erp_tax = d.tax,
       erp_accepted_at = coalesce(o.erp_accepted_at, case when d.state <> 'DRAFT' then $2::timestamptz end)
     from jsonb_to_recordset($1::jsonb) as ${DOCUMENT}
     where o.id = d.id`,
    [JSON.stringify(linked.map(rowOf)), at],
  );
}

/** What any of the documents' messages has said once: that it was accepted, that it was cancelled. Answers whose word was new. */
async function mergeMilestones(tx: Sql, matched: readonly Linked[], records: readonly ErpOrder[], { at }: ErpReport): Promise<readonly string[]> {
  const orderOf = new Map(matched.map(({ id, document }) => [document.id, id]));
  const told = records.flatMap((document) => {
    const id = orderOf.get(document.id);
    return id === undefined || document.state === 'DRAFT' ? [] : [{ id, acceptedAt: at, cancelledAt: document.state === 'CANCELLED' ? document.updatedAt : null }];
  });
  const rows = await tx.query<{ id: string }>(
    `update orders.sales_order o set erp_accepted_at = coalesce(o.erp_accepted_at, m.accepted_at), erp_cancelled_at = least(o.erp_cancelled_at, m.cancelled_at)
     from (select id, min("acceptedAt") as accepted_at, min("cancelledAt") as cancelled_at
           from jsonb_to_recordset($1::jsonb) as t(id uuid, "acceptedAt" timestamptz, "cancelledAt" timestamptz) group by id) m
     where o.id = m.id and (o.erp_accepted_at is null or m.cancelled_at < coalesce(o.erp_cancelled_at, 'infinity'))
     returning o.id`,
    [JSON.stringify(told)],
  );
  return rows.map(({ id }) => id);
}

async function insertExternal(tx: Sql, external: readonly Linked[], { source }: ErpReport): Promise<void> {
  if (external.length === 0) return;
  await tx.run(
    `insert into orders.sales_order (id, number, source, owner, currency_code, total, placed_at, state,
       erp_order_id, erp_number, erp_state, erp_delivered, erp_updated_at, erp_fingerprint, erp_accepted_at)
     select d.id, d.number, $2, '', d."currencyCode", d.total, d."updatedAt", 'RECEIVED',
       d."erpId", d.number, d.state, d.delivered, d."updatedAt", d.fingerprint, d."updatedAt"
     from jsonb_to_recordset($1::jsonb) as ${DOCUMENT}`,
    [JSON.stringify(external.map(rowOf)), source],
  );
}

async function replaceExternalLines(tx: Sql, external: readonly Linked[]): Promise<void> {
  if (external.length === 0) return;
  await tx.run('delete from orders.order_line where order_id = any($1::uuid[])', [external.map(({ id }) => id)]);
  const lines = external.flatMap(({ id, document }) => document.lines.map(({ sku, quantity }, index) => ({ id, lineNumber: index + 1, sku, quantity })));
  await tx.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, ordered_quantity)
     select l.*, l.quantity from jsonb_to_recordset($1::jsonb) as l(id uuid, "lineNumber" int, sku text, quantity numeric)`,
    [JSON.stringify(lines)],
  );
}
