import type { ChangeEvent } from '../../domain/events.ts';
import type { ShipmentRecord } from '../../domain/orders.ts';
import type { Instant } from '../../domain/time.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { lockFacts, settleOrders, type ErpReport } from './store-facts.ts';
import { announceChanges } from './store-timeline.ts';

interface Written {
  readonly id: string;
  readonly orderId: string | null;
  readonly owner: string | null;
  readonly direction: 'OUTBOUND' | 'RETURN';
}

/**
 * Records what the ERP says of its shipments and returns. One whose order is not known yet is parked until the order
 * comes (see adoptParkedShipments). An older `updatedAt` never overwrites a newer one.
 */
export async function recordShipments(tx: Sql, records: readonly ShipmentRecord[], report: ErpReport): Promise<{ changed: number }> {
  await lockFacts(tx);
  const latest = [...new Map(records.toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1)).map((record) => [record.id, record])).values()];
  const written = await upsertShipments(tx, latest);
  await settleShipped(tx, written, report);
  return { changed: written.length };
}

const upsertShipments = (tx: Sql, records: readonly ShipmentRecord[]): Promise<readonly Written[]> =>
  tx.query<Written>(
    `with written as (
       insert into orders.shipment as s (id, order_id, erp_order_id, number, direction, state, carrier, tracking, lines, shipped_at, erp_updated_at)
       select r.id, o.id, r."orderId", r.number, r.direction, r.state, r.carrier, r.tracking, r.lines, r."shippedAt", r."updatedAt"
       from jsonb_to_recordset($1::jsonb) as r(id text, "orderId" text, number text, direction text, state text, carrier text, tracking jsonb,
         lines jsonb, "shippedAt" timestamptz, "updatedAt" timestamptz)
       left join orders.sales_order o on o.erp_order_id = r."orderId"
       on conflict (id) do update set order_id = excluded.order_id, erp_order_id = excluded.erp_order_id, number = excluded.number,
         direction = excluded.direction, state = excluded.state, carrier = excluded.carrier, tracking = excluded.tracking, lines = excluded.lines,
         shipped_at = excluded.shipped_at, erp_updated_at = excluded.erp_updated_at
       where s.erp_updated_at <= excluded.erp_updated_at
         and (s.order_id, s.number, s.direction, s.state, s.carrier, s.tracking, s.lines, s.shipped_at)
           is distinct from (excluded.order_id, excluded.number, excluded.direction, excluded.state, excluded.carrier, excluded.tracking, excluded.lines, excluded.shipped_at)
       returning s.id, s.order_id, s.direction)
     select w.id, w.order_id as "orderId", o.owner, w.direction from written w left join orders.sales_order o on o.id = w.order_id order by w.id`,
    [JSON.stringify(records)],
  );

/**
 * Gives parked shipments to these orders, now that they are linked to their ERP documents. Answers the orders that got
 * some; the caller settles their state.
 */
export async function adoptParkedShipments(tx: Sql, orderIds: readonly string[], at: Instant): Promise<readonly string[]> {
  const adopted = await tx.query<Written>(
    `update orders.shipment s set order_id = o.id from orders.sales_order o
     where s.order_id is null and o.erp_order_id = s.erp_order_id and o.id = any($1::uuid[])
     returning s.id, o.id as "orderId", o.owner, s.direction`,
    [orderIds],
  );
  await announceShipments(tx, adopted, at);
  return adopted.map((shipment) => shipment.orderId!);
}

async function settleShipped(tx: Sql, written: readonly Written[], { at, source }: ErpReport): Promise<void> {
  await announceShipments(tx, written, at);
  const orderIds = [...new Set(written.flatMap((shipment) => shipment.orderId ?? []))];
  await settleOrders(tx, orderIds, { at, source, touched: new Set(orderIds) });
}

/** Returns are told by order.changed: a return is no shipment in the graph. */
const announceShipments = (tx: Sql, written: readonly Written[], at: Instant): Promise<void> =>
  announceChanges(tx, written.flatMap(({ id, orderId, owner, direction }): ChangeEvent[] =>
    orderId !== null && direction === 'OUTBOUND' ? [{ type: 'shipment.changed', orderId, shipmentId: id, owner: owner ?? '', at }] : []));
