import { isPositive } from '../../../domain/decimal.ts';
import type { ShipmentRecord } from '../../../domain/shipments.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { trackingKeysOf } from './parcels.ts';
import { announceShipments } from './store-announcements.ts';
import { groupBy, lockFacts, settleOrders, type ErpReport } from './store-facts.ts';

interface Written {
  readonly id: string;
  readonly orderId: string | null;
}

/**
 * Records what the ERP says of its shipments and returns. One whose order is not known yet is parked until the order
 * comes (see adoptParked). An older `updatedAt` never overwrites a newer one, of one second the last that came counts; what
 * an older one says had happened by then is kept all the same.
 */
export async function recordShipments(tx: Sql, records: readonly ShipmentRecord[], report: ErpReport): Promise<{ changed: number }> {
  await lockFacts(tx);
  const latest = latestOf(records);
  const written = [...(await upsertShipments(tx, latest, report)), ...(await mergeMilestones(tx, records))];
  const byId = new Map(written.map((row) => [row.id, row]));
  await announceShipments(tx, [...byId.keys()], report.at);
  const orderIds = [...new Set(written.flatMap((shipment) => shipment.orderId ?? []))];
  await settleOrders(tx, orderIds, { at: report.at, source: report.source, touched: new Set(orderIds) });
  return { changed: byId.size };
}

/** One of each document: the newest, and of those of one second the one told last. */
export const latestOf = <T extends { readonly id: string; readonly updatedAt: Instant }>(records: readonly T[]): readonly T[] =>
  [...new Map(records.toSorted((a, b) => (a.updatedAt === b.updatedAt ? 0 : a.updatedAt < b.updatedAt ? -1 : 1)).map((record) => [record.id, record])).values()];

const rowOf = (record: ShipmentRecord, { source }: ErpReport): object => {
  const { packages = [], backorderOf = null, returnReference = null } = record;
  return { ...record, source, packages, backorderOf, returnReference, trackingKeys: trackingKeysOf({ ...record, packages }) };
};

const upsertShipments = (tx: Sql, records: readonly ShipmentRecord[], report: ErpReport): Promise<readonly Written[]> =>
  tx.query<Written>(
    `insert into orders.shipment as s (id, order_id, erp_order_id, number, direction, state, carrier, tracking, packages, tracking_keys, lines,
       shipped_at, source, location_code, backorder_of, return_reference, erp_updated_at)
     select r.id, o.id, r."orderId", r.number, r.direction, r.state, r.carrier, r.tracking, r.packages, r."trackingKeys", r.lines,
       r."shippedAt", r.source, r."locationCode", r."backorderOf", r."returnReference", r."updatedAt"
     from jsonb_to_recordset($1::jsonb) as r(id text, "orderId" text, number text, direction text, state text, carrier text, tracking jsonb, packages jsonb,
       "trackingKeys" text[], lines jsonb, "shippedAt" timestamptz, source text, "locationCode" text, "backorderOf" text, "returnReference" text, "updatedAt" timestamptz)
     left join orders.sales_order o on o.erp_order_id = r."orderId"
     on conflict (id) do update set order_id = excluded.order_id, erp_order_id = excluded.erp_order_id, number = excluded.number,
       direction = excluded.direction, state = excluded.state, carrier = excluded.carrier, tracking = excluded.tracking, packages = excluded.packages,
       tracking_keys = excluded.tracking_keys, lines = excluded.lines, shipped_at = excluded.shipped_at, source = excluded.source,
       location_code = excluded.location_code, backorder_of = excluded.backorder_of, return_reference = excluded.return_reference,
       erp_updated_at = excluded.erp_updated_at
     where s.erp_updated_at <= excluded.erp_updated_at
       and (s.order_id, s.number, s.direction, s.state, s.carrier, s.tracking, s.packages, s.lines, s.shipped_at, s.location_code, s.backorder_of, s.return_reference)
         is distinct from (excluded.order_id, excluded.number, excluded.direction, excluded.state, excluded.carrier, excluded.tracking, excluded.packages,
           excluded.lines, excluded.shipped_at, excluded.location_code, excluded.backorder_of, excluded.return_reference)
     returning s.id, s.order_id as "orderId"`,
    [JSON.stringify(records.map((record) => rowOf(record, report)))],
  );

type Milestones = Readonly<Record<'backorderedAt' | 'allocatedAt' | 'printedAt' | 'pickingAt' | 'leftAt' | 'cancelledAt', Instant | null>>;

/** What had happened by the time of the message. */
function milestonesOf({ state, shippedAt, updatedAt, lines, ...record }: ShipmentRecord): Milestones {
  const when = (isSo: boolean): Instant | null => (isSo ? updatedAt : null);
  return {
    backorderedAt: when((record.backorderOf ?? null) !== null),
    allocatedAt: when(state === 'PLANNED' && lines.some(({ allocated }) => allocated !== undefined && isPositive(allocated))),
    printedAt: when(record.printed === true),
    pickingAt: when(record.picking === true),
    leftAt: state === 'SHIPPED' ? (shippedAt ?? updatedAt) : null,
    cancelledAt: when(state === 'CANCELLED'),
  };
}

const earlier = (a: Instant | null, b: Instant | null): Instant | null => (a === null || (b !== null && b < a) ? b : a);

function earliest(records: readonly ShipmentRecord[]): Milestones {
  return records.map(milestonesOf).reduce((least, one) => ({
    backorderedAt: earlier(least.backorderedAt, one.backorderedAt), allocatedAt: earlier(least.allocatedAt, one.allocatedAt),
    printedAt: earlier(least.printedAt, one.printedAt), pickingAt: earlier(least.pickingAt, one.pickingAt),
    leftAt: earlier(least.leftAt, one.leftAt), cancelledAt: earlier(least.cancelledAt, one.cancelledAt),
  }));
}

/** Of every message, however late it came. Answers the shipments of which something new is known. */
const mergeMilestones = (tx: Sql, records: readonly ShipmentRecord[]): Promise<readonly Written[]> =>
  tx.query<Written>(
    `update orders.shipment s set (backordered_at, allocated_at, printed_at, picking_at, left_at, cancelled_at) =
       (least(s.backordered_at, m."backorderedAt"), least(s.allocated_at, m."allocatedAt"), least(s.printed_at, m."printedAt"),
        least(s.picking_at, m."pickingAt"), least(s.left_at, m."leftAt"), least(s.cancelled_at, m."cancelledAt"))
     from jsonb_to_recordset($1::jsonb) as m(id text, "backorderedAt" timestamptz, "allocatedAt" timestamptz, "printedAt" timestamptz,
       "pickingAt" timestamptz, "leftAt" timestamptz, "cancelledAt" timestamptz)
     where s.id = m.id and (m."backorderedAt" < coalesce(s.backordered_at, 'infinity') or m."allocatedAt" < coalesce(s.allocated_at, 'infinity')
       or m."printedAt" < coalesce(s.printed_at, 'infinity') or m."pickingAt" < coalesce(s.picking_at, 'infinity')
       or m."leftAt" < coalesce(s.left_at, 'infinity') or m."cancelledAt" < coalesce(s.cancelled_at, 'infinity'))
     returning s.id, s.order_id as "orderId"`,
    [JSON.stringify([...groupBy(records, ({ id }) => id)].map(([id, told]) => ({ id, ...earliest(told) })))],
  );

/**
 * Gives parked shipments and credit memos to these orders, now that they are linked to their ERP documents. Answers the
 * orders that got some; the caller settles their state.
 */
export async function adoptParked(tx: Sql, orderIds: readonly string[], at: Instant): Promise<readonly string[]> {
  const shipments = await tx.query<{ id: string; orderId: string }>(
    `update orders.shipment s set order_id = o.id from orders.sales_order o
     where s.order_id is null and o.erp_order_id = s.erp_order_id and o.id = any($1::uuid[])
     returning s.id, o.id as "orderId"`,
    [orderIds],
  );
  const memos = await tx.query<{ orderId: string }>(
    `update orders.credit_memo m set order_id = o.id from orders.sales_order o
     where m.order_id is null and o.erp_order_id = m.erp_order_id and o.id = any($1::uuid[])
     returning o.id as "orderId"`,
    [orderIds],
  );
  await announceShipments(tx, shipments.map(({ id }) => id), at);
  return [...shipments, ...memos].map(({ orderId }) => orderId);
}
