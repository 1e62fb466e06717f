import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { NEWS_COLUMNS, type CarrierNewsRow, type ShipmentNews } from './records.ts';

/**
 * What carriers said of the shipment `s`: under its id, or under one of its numbers. Numbers are used again after years: what
 * was said long before the shipment was of another one.
 */
export const NEWS_OF_SHIPMENT = `(
  select * from orders.carrier_news by_id where by_id.shipment_id = s.id
  union all
  select * from orders.carrier_news by_number
  where by_number.shipment_id is null and by_number.tracking_key = any(s.tracking_keys)
    and by_number.at >= coalesce(s.shipped_at, s.erp_updated_at) - interval '30 days')`;

export const readNewsOfShipments = (sql: Sql, shipmentIds: readonly string[]): Promise<readonly ShipmentNews[]> =>
  sql.query<ShipmentNews>(
    `select s.id as "ofShipment", ${NEWS_COLUMNS} from orders.shipment s cross join lateral ${NEWS_OF_SHIPMENT} n
     where s.id = any($1::text[]) order by n.at, n.id`,
    [shipmentIds],
  );

export const readNewsOfOrders = (sql: Sql, orderIds: readonly string[]): Promise<readonly (ShipmentNews & { readonly orderId: string })[]> =>
  sql.query(
    `select s.id as "ofShipment", s.order_id as "orderId", ${NEWS_COLUMNS} from orders.shipment s cross join lateral ${NEWS_OF_SHIPMENT} n
     where s.order_id = any($1::uuid[]) order by n.at, n.id`,
    [orderIds],
  );

export type NewCarrierNews = Omit<CarrierNewsRow, 'id'> & { readonly idempotencyKey: string; readonly payloadHash: string; readonly receivedAt: Instant };

/** Null when the key was used before. */
export async function insertNews(tx: Sql, news: NewCarrierNews): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `insert into orders.carrier_news (reported_by, idempotency_key, payload_hash, tracking_key, tracking_number, shipment_id, kind, at, location, detail, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (reported_by, idempotency_key) do nothing returning id::text as id`,
    [news.reportedBy, news.idempotencyKey, news.payloadHash, news.trackingKey, news.trackingNumber, news.shipmentId, news.kind, news.at, news.location, news.detail, news.receivedAt],
  );
  return row?.id ?? null;
}

export async function readNewsByKey(sql: Sql, reportedBy: string, idempotencyKey: string): Promise<(CarrierNewsRow & { readonly payloadHash: string }) | null> {
  const [row] = await sql.query<CarrierNewsRow & { payloadHash: string }>(
    `select ${NEWS_COLUMNS}, n.payload_hash as "payloadHash" from orders.carrier_news n where n.reported_by = $1 and n.idempotency_key = $2`,
    [reportedBy, idempotencyKey],
  );
  return row ?? null;
}

/** The same of the same parcel, brought under another key before: carriers repeat themselves. */
export async function isRepeated(tx: Sql, id: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from orders.carrier_news n join orders.carrier_news e on e.tracking_key = n.tracking_key and e.at = n.at and e.kind = n.kind
       and e.shipment_id is not distinct from n.shipment_id and e.id < n.id where n.id = $1 limit 1`,
    [id],
  );
  return rows.length > 0;
}

/** Shipments on their way out that this one is about; those without an order wait for it. */
export const findShipmentsOfNews = (tx: Sql, newsId: string): Promise<readonly { readonly id: string; readonly orderId: string | null }[]> =>
  tx.query(
    `select s.id, s.order_id as "orderId" from orders.carrier_news w join orders.shipment s on s.id = w.shipment_id or (w.shipment_id is null and s.tracking_keys @> array[w.tracking_key])
     where w.id = $1 and s.direction = 'OUTBOUND' and exists (select from ${NEWS_OF_SHIPMENT} n where n.id = w.id) order by s.id`,
    [newsId],
  );
