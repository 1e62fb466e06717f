import { topicOf, type ChangeEvent } from '../../../domain/events.ts';
import type { OrderState } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { OrderRecord } from '../records.ts';
import { SCHEMA } from '../schema.sql.ts';
import type { FactKind, TimelineFact } from './timeline-fact.ts';

export interface TimelineEntry {
  readonly orderId: string;
  readonly at: Instant;
  readonly state: OrderState;
  readonly source: string;
  readonly detail: string | null;
  /** CHANGED unless told. */
  readonly kind?: FactKind;
  /** See TimelineFact; when and what unless told. */
  readonly fact?: string;
}

/** Entries by the order's state; `addFacts` for whoever names the fact. */
export const addToTimelines = (tx: Sql, entries: readonly TimelineEntry[]): Promise<void> =>
  addFacts(tx, entries.map((entry) => ({ ...entry, kind: entry.kind ?? 'CHANGED', fact: entry.fact ?? `${entry.at} ${entry.detail ?? ''}` })));

/**
 * Writes facts into the orders' timelines, each once: told again it changes nothing, told with an earlier instant it moves
 * there. Write the order's row first, its state is noted beside the fact.
 */
export async function addFacts(tx: Sql, facts: readonly TimelineFact[]): Promise<void> {
  if (facts.length === 0) return;
  const latestFirst = facts.toSorted((a, b) => (a.at === b.at ? 0 : a.at > b.at ? -1 : 1));
  const once = new Map(latestFirst.map((fact) => [JSON.stringify([fact.orderId, fact.kind, fact.fact]), fact]));
  await tx.run(
    `insert into orders.timeline as t (order_id, at, state, source, detail, kind, fact)
     select f."orderId", greatest(f.at, o.placed_at), coalesce(f.state, o.state), f.source, f.detail, f.kind, f.fact
     from jsonb_to_recordset($1::jsonb) as f("orderId" uuid, at timestamptz, state text, source text, detail text, kind text, fact text)
     join orders.sales_order o on o.id = f."orderId"
     order by f.at, f.kind, f.fact
     on conflict (order_id, kind, fact) do update set at = excluded.at, source = excluded.source, detail = excluded.detail
       where t.at > excluded.at`,
    [JSON.stringify([...once.values()])],
  );
}

/** Change events of orders and shipments, each with those whose subscriptions may see it; the orders count as changed from then. */
export async function announceChanges(tx: Sql, events: readonly ChangeEvent[]): Promise<void> {
  const changed = events.flatMap((event) => (event.type === 'order.changed' ? [{ id: event.orderId, at: event.at }] : []));
  if (changed.length > 0) {
    await tx.run(
      `update orders.sales_order o set updated_at = c.at from jsonb_to_recordset($1::jsonb) as c(id uuid, at timestamptz)
       where o.id = c.id and o.updated_at < c.at`,
      [JSON.stringify(changed)],
    );
  }
  await announceFresh(tx, events);
}

/** The same of orders written in this very transaction: they count as changed from now already. */
export const announceFresh = (tx: Sql, events: readonly ChangeEvent[]): Promise<void> =>
  announce(tx, SCHEMA, events.map((payload) => ({ topic: topicOf(payload.type), payload })));

/** Those who may follow an order, besides whoever may see every one. */
export type Followers = Pick<OrderRecord, 'owner' | 'customerNumber' | 'companyNumber' | 'channel'>;

export const orderChanged = (order: { readonly id: string; readonly owner: string } & Partial<Followers>, at: Instant): ChangeEvent => ({
  type: 'order.changed', orderId: order.id, owner: order.owner, customerNumber: order.customerNumber ?? null, companyNumber: order.companyNumber ?? null, channel: order.channel ?? null, at,
});
