import type pg from 'pg';
import type { Sql } from '../../../../platform/stores/sql.ts';

/** An order as the database has it. */
export interface BookedOrder {
  readonly id: string;
  readonly number: string;
  readonly source: string;
  readonly owner: string;
  readonly key: string | null;
  readonly channel: string;
  readonly externalId: string | null;
  readonly state: string;
  readonly submission: string;
  readonly compensated: boolean;
  readonly holdId: string | null;
  readonly holdState: string;
  readonly erpId: string | null;
  readonly erpState: string | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A hold that belongs to an order, or was made for one. */
export interface BookedHold {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  readonly reference: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

export interface OrderBooks {
  readonly orders: readonly BookedOrder[];
  readonly holds: readonly BookedHold[];
}

/** Everything committed, in one statement: one moment. */
const BOOKS = `select
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'number', number, 'source', source, 'owner', owner, 'key', idempotency_key, 'channel', coalesce(channel, ''),
     'externalId', external_order_id, 'state', state, 'submission', submission, 'compensated', compensated, 'holdId', hold_id, 'holdState', hold_state,
     'erpId', erp_order_id, 'erpState', erp_state,
     'lines', (select jsonb_agg(jsonb_build_object('sku', sku, 'quantity', quantity) order by line_number) from orders.order_line where order_id = o.id)) order by number), '[]')
   from orders.sales_order o) as orders,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'key', idempotency_key, 'state', state, 'reference', order_reference, 'expiresAt', extract(epoch from expires_at) * 1000) order by id), '[]')
   from inventory.hold where order_reference is not null or idempotency_key like 'order:%') as holds`;

/** From outside, between two steps. */
export async function watchOrderBooks(monitor: Pick<pg.Client, 'query'>): Promise<OrderBooks> {
  const { rows } = await monitor.query<OrderBooks>({ name: 'order books', text: BOOKS });
  return rows[0]!;
}

/** As somebody in the world reads them: when the scheduler lets the question through, so that a seed replays. */
export async function readOrderBooks(sql: Pick<Sql, 'query'>): Promise<OrderBooks> {
  return (await sql.query<OrderBooks>(BOOKS))[0]!;
}
