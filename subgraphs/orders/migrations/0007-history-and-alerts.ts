import type { Migration } from '../../../platform/stores/migrate.ts';

export const historyAndAlerts: Migration = {
  name: '0007-history-and-alerts',
  sql: `
  -- What one cost when the order was placed: prices and costs of later days say nothing about it.
  alter table orders.order_line add column unit_cost jsonb;
  -- Orders of the time before: stored as they were, never submitted.
  alter table orders.sales_order add column imported_at timestamptz;
  create unique index sales_order_history on orders.sales_order (source, number) where imported_at is not null;
  create table orders.alert (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('UNSHIPPED', 'STUCK', 'ABSENT')),
    -- what it is about: an order's number, a channel
    subject text not null,
    order_id uuid references orders.sales_order,
    detail text not null,
    since timestamptz not null,
    opened_at timestamptz not null,
    seen_at timestamptz not null,
    resolved_at timestamptz
  );
  create unique index alert_open on orders.alert (kind, subject) where resolved_at is null;
  create index alert_newest on orders.alert (opened_at desc, id desc);`,
};
