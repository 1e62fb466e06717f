import type { Principal } from '../../domain/principal.ts';
import { hasScope } from '../../domain/principal.ts';
import type { OrderState } from '../../domain/orders.ts';
import type { Instant } from '../../domain/time.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import {
  LINE_COLUMNS, ORDER_COLUMNS, SHIPMENT_COLUMNS, TIMELINE_COLUMNS,
  type LineRecord, type OrderRecord, type ShipmentRow, type TimelineRecord,
} from './records.ts';

/** Whose orders a reader may see. */
export interface Visibility {
  readonly all: boolean;
  readonly subject: string | null;
  /** Customer and company numbers the reader acts for. */
  readonly numbers: readonly string[];
}

export function visibilityOf(principal: Principal): Visibility {
  const numbers = [principal.customerNumber, principal.companyNumber].filter((number) => number !== null);
  return { all: hasScope(principal, 'order:read:all'), subject: principal.kind === 'ANONYMOUS' ? null : principal.subject, numbers };
}

export const canSee = ({ all, subject, numbers }: Visibility, order: OrderRecord): boolean =>
  all ||
  (subject !== null && order.owner === subject) ||
  [order.customerNumber, order.companyNumber].some((number) => number !== null && numbers.includes(number));

const VISIBLE = `($1::boolean or o.owner = $2 or o.customer_number = any($3::text[]) or o.company_number = any($3::text[]))`;
const visibleTo = ({ all, subject, numbers }: Visibility): unknown[] => [all, subject, numbers];

export const readOrders = (sql: Sql, ids: readonly string[]): Promise<readonly OrderRecord[]> =>
  sql.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders.sales_order o where o.id = any($1::uuid[])`, [ids]);

export async function readOrder(sql: Sql, id: string): Promise<OrderRecord | null> {
  return (await readOrders(sql, [id]))[0] ?? null;
}

/** Ours first: an ERP's own numbers may repeat. */
export async function findByNumber(sql: Sql, number: string): Promise<OrderRecord | null> {
  const [row] = await sql.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o where o.number = $1 order by (o.source = 'graph') desc, o.placed_at desc limit 1`,
    [number],
  );
  return row ?? null;
}

export async function findByExternalId(sql: Sql, channel: string | null, externalOrderId: string): Promise<OrderRecord | null> {
  const [row] = await sql.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o
     where coalesce(o.channel, '') = coalesce($1, '') and o.external_order_id = $2 and not o.compensated`,
    [channel, externalOrderId],
  );
  return row ?? null;
}

export interface OrderFilter {
  readonly state: OrderState | null;
  readonly customerNumber: string | null;
  readonly placedAfter: Instant | null;
  readonly placedBefore: Instant | null;
}

const FILTER = `${VISIBLE} and ($4::text is null or o.state = $4) and ($5::text is null or o.customer_number = $5)
  and ($6::timestamptz is null or o.placed_at >= $6) and ($7::timestamptz is null or o.placed_at < $7)`;
const filterValues = (visibility: Visibility, { state, customerNumber, placedAfter, placedBefore }: OrderFilter): unknown[] => [
  ...visibleTo(visibility), state, customerNumber, placedAfter, placedBefore,
];

/** Newest first, strictly after the given (placedAt, id). */
export const listOrders = (
  sql: Sql, visibility: Visibility, filter: OrderFilter, after: { readonly placedAt: string; readonly id: string } | null, limit: number,
): Promise<readonly OrderRecord[]> =>
  sql.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o
     where ${FILTER} and ($8::timestamptz is null or (o.placed_at, o.id) < ($8, $9::uuid))
     order by o.placed_at desc, o.id desc limit $10`,
    [...filterValues(visibility, filter), after?.placedAt ?? null, after?.id ?? null, limit],
  );

export async function countOrders(sql: Sql, visibility: Visibility, filter: OrderFilter): Promise<number> {
  const [row] = await sql.query<{ count: string }>(`select count(*) as count from orders.sales_order o where ${FILTER}`, filterValues(visibility, filter));
  return Number(row!.count);
}

export const readLines = (sql: Sql, orderIds: readonly string[]): Promise<readonly LineRecord[]> =>
  sql.query<LineRecord>(`select ${LINE_COLUMNS} from orders.order_line l where l.order_id = any($1::uuid[]) order by l.order_id, l.line_number`, [orderIds]);

export const readTimelines = (sql: Sql, orderIds: readonly string[]): Promise<readonly TimelineRecord[]> =>
  sql.query<TimelineRecord>(`select ${TIMELINE_COLUMNS} from orders.timeline t where t.order_id = any($1::uuid[]) order by t.order_id, t.id`, [orderIds]);

export const readShipmentsOfOrders = (sql: Sql, orderIds: readonly string[]): Promise<readonly ShipmentRow[]> =>
  sql.query<ShipmentRow>(`select ${SHIPMENT_COLUMNS} from orders.shipment s where s.order_id = any($1::uuid[]) order by s.order_id, s.number, s.id`, [orderIds]);

export const readShipments = (sql: Sql, ids: readonly string[]): Promise<readonly ShipmentRow[]> =>
  sql.query<ShipmentRow>(`select ${SHIPMENT_COLUMNS} from orders.shipment s where s.id = any($1::text[]) and s.order_id is not null`, [ids]);
