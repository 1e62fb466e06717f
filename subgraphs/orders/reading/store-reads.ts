import type { Principal } from '../../../domain/principal.ts';
import { hasScope } from '../../../domain/principal.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import {
  LINE_COLUMNS, ORDER_COLUMNS, SHIPMENT_COLUMNS, TIMELINE_COLUMNS,
  type LineRecord, type OrderRecord, type ShipmentRow, type TimelineRecord,
} from '../records.ts';

/** Whose orders a reader may see. */
export interface Visibility {
  readonly all: boolean;
  /** Of a reader bound to a channel, `all` are those of this channel. */
  readonly channel: string | null;
  readonly subject: string | null;
  /** Customer and company numbers the reader acts for. */
  readonly numbers: readonly string[];
}

export function visibilityOf(principal: Principal): Visibility {
  const numbers = [principal.customerNumber, principal.companyNumber].filter((number) => number !== null);
  return { all: hasScope(principal, 'order:read:all'), channel: principal.channel, subject: principal.kind === 'ANONYMOUS' ? null : principal.subject, numbers };
}

export const canSee = ({ all, channel, subject, numbers }: Visibility, order: OrderRecord): boolean =>
  (all && (channel === null || order.channel === channel)) ||
  (subject !== null && order.owner === subject) ||
  [order.customerNumber, order.companyNumber].some((number) => number !== null && numbers.includes(number));

/** Of orders `o`; takes the first three values of a statement, see `visibleTo`. */
export const VISIBLE = `(cardinality($1::text[]) = 0 or o.channel = any($1::text[]) or o.owner = $2 or o.customer_number = any($3::text[]) or o.company_number = any($3::text[]))`;
export const visibleTo = ({ all, channel, subject, numbers }: Visibility): unknown[] => [all ? [channel].filter((only) => only !== null) : null, subject, numbers];

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

/** The first the reader may see of those with this number: an ERP's own numbers may repeat, and may be ours of another order. */
export const findVisibleByNumber = (sql: Sql, visibility: Visibility, number: string): Promise<OrderRecord | null> => findVisible(sql, visibility, 'number', number);

export const findVisibleByErpNumber = (sql: Sql, visibility: Visibility, number: string): Promise<OrderRecord | null> => findVisible(sql, visibility, 'erp_number', number);

async function findVisible(sql: Sql, visibility: Visibility, column: 'number' | 'erp_number', number: string): Promise<OrderRecord | null> {
  const [row] = await sql.query<OrderRecord>(
    `select ${ORDER_COLUMNS} from orders.sales_order o where o.${column} = $4 and ${VISIBLE}
     order by (o.source = 'graph') desc, o.placed_at desc limit 1`,
    [...visibleTo(visibility), number],
  );
  return row ?? null;
}

export const readLines = (sql: Sql, orderIds: readonly string[]): Promise<readonly LineRecord[]> =>
  sql.query<LineRecord>(`select ${LINE_COLUMNS} from orders.order_line l where l.order_id = any($1::uuid[]) order by l.order_id, l.line_number`, [orderIds]);

export const readTimelines = (sql: Sql, orderIds: readonly string[]): Promise<readonly TimelineRecord[]> =>
  sql.query<TimelineRecord>(`select ${TIMELINE_COLUMNS} from orders.timeline t where t.order_id = any($1::uuid[]) order by t.order_id, t.at, t.id`, [orderIds]);

export const readShipmentsOfOrders = (sql: Sql, orderIds: readonly string[]): Promise<readonly ShipmentRow[]> =>
  sql.query<ShipmentRow>(`select ${SHIPMENT_COLUMNS} from orders.shipment s where s.order_id = any($1::uuid[]) order by s.order_id, s.number, s.id`, [orderIds]);

export const readShipments = (sql: Sql, ids: readonly string[]): Promise<readonly ShipmentRow[]> =>
  sql.query<ShipmentRow>(`select ${SHIPMENT_COLUMNS} from orders.shipment s where s.id = any($1::text[]) and s.order_id is not null`, [ids]);
