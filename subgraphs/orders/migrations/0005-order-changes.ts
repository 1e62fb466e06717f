import type { Migration } from '../../../platform/stores/migrate.ts';

export const orderChanges: Migration = {
  name: '0005-order-changes',
  sql: `
  create table orders.order_change (
    -- made of owner and key, so that what a dead request has begun is found again
    id uuid primary key,
    order_id uuid not null references orders.sales_order,
    owner text not null,
    idempotency_key text not null,
    payload_hash text not null,
    kind text not null check (kind in ('CANCEL', 'AMEND')),
    state text not null check (state in ('REQUESTED', 'APPLIED', 'PARTLY_APPLIED', 'REFUSED', 'WITHDRAWN')),
    -- [{ lineNumber, sku, from, to }]: absolute
    lines jsonb not null,
    ship_to jsonb,
    -- { on: date or null }; null: the day stays
    requested_day jsonb,
    reason text,
    -- until when the caller's policy allows it
    until_stage text not null check (until_stage in ('BEFORE_ERP', 'BEFORE_PICKING')),
    -- the extra stock of an increase
    hold_id text,
    hold_lines jsonb not null default '[]',
    -- [{ lineNumber, quantity }]: what the lines are by the last word
    outcome jsonb not null default '[]',
    applied_address boolean not null default false,
    applied_day boolean not null default false,
    refusal text check (refusal in ('PICKING_STARTED', 'SHIPPED', 'CANCELLED', 'IN_ERP', 'UNSUPPORTED', 'OTHER')),
    explanation text,
    amount_difference numeric,
    requested_at timestamptz not null,
    settled_at timestamptz,
    -- PENDING: the stock ledger must still be told
    stock text not null default 'NONE' check (stock in ('NONE', 'PENDING', 'DONE')),
    attempts integer not null default 0,
    due_at timestamptz,
    -- a change nobody answered may still arrive at the ERP until then
    unsettled_until timestamptz,
    last_failure text,
    unique (owner, idempotency_key),
    check ((state = 'REQUESTED') = (settled_at is null))
  );
  -- One at a time: the next one is about what this one leaves.
  create unique index order_change_open on orders.order_change (order_id) where state = 'REQUESTED';
  create index order_change_of on orders.order_change (order_id, requested_at);
  create index order_change_due on orders.order_change (due_at) where due_at is not null;
  alter table orders.sales_order
    -- what the ERP's document ordered when it was told last, by line number ("#1") or the ERP's SKU; null: not told yet
    add column erp_ordered jsonb;`,
};
