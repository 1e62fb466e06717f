import { topicOf, type ChangeEvent } from '../../domain/events.ts';
import type { OrderState } from '../../domain/orders.ts';
import type { Instant } from '../../domain/time.ts';
import { announce } from '../../platform/outbox.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { SCHEMA } from './schema.sql.ts';

export interface TimelineEntry {
  readonly orderId: string;
  readonly at: Instant;
  readonly state: OrderState;
  readonly source: string;
  readonly detail: string | null;
}

export async function addToTimelines(tx: Sql, entries: readonly TimelineEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.run(
    `insert into orders.timeline (order_id, at, state, source, detail)
     select * from jsonb_to_recordset($1::jsonb) as e("orderId" uuid, at timestamptz, state text, source text, detail text)`,
    [JSON.stringify(entries)],
  );
}

/** Change events of orders and shipments, each with the owner whose subscriptions may see it. */
export const announceChanges = (tx: Sql, events: readonly ChangeEvent[]): Promise<void> =>
  announce(tx, SCHEMA, events.map((payload) => ({ topic: topicOf(payload.type), payload })));

export const orderChanged = (order: { readonly id: string; readonly owner: string }, at: Instant): ChangeEvent => ({
  type: 'order.changed', orderId: order.id, owner: order.owner, at,
});
