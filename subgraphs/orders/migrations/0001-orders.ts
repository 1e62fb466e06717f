import { feedDdl } from '../../../platform/feed.ts';
import { outboxDdl } from '../../../platform/outbox.ts';
import type { Migration } from '../../../platform/stores/migrate.ts';

const ORDER_DDL = `
  create table orders.sales_order (
    id uuid primary key,
    number text not null,
    -- 'graph' for orders placed here, else the connector instance whose system they were placed in
    source text not null,
    owner text not null,
    idempotency_key text,
    payload_hash text,
    channel text,
    external_order_id text,
    customer_number text,
    company_number text,
    contact jsonb,
    currency_code text,
    total numeric,
    ship_to jsonb,
    requested_on date,
    note text,
    payment_reference text,
    price_list_code text,
    placed_at timestamptz not null,
    state text not null check (state in ('RECEIVED', 'ACCEPTED_BY_ERP', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'NEEDS_ATTENTION')),
    attention text,
    stock_verified boolean not null default true,
    warnings jsonb not null default '[]',
    hold_id text,
    hold_lines jsonb not null default '[]',
    hold_state text not null default 'NONE' check (hold_state in ('NONE', 'PENDING', 'COMMITTED', 'LOST')),
    compensated boolean not null default false,
    submission text not null default 'NONE' check (submission in ('NONE', 'PENDING', 'DONE', 'ATTENTION', 'CANCELLED')),
    attempts integer not null default 0,
    due_at timestamptz,
    unsettled_until timestamptz,
    last_failure text,
    erp_order_id text,
    erp_number text,
    erp_state text check (erp_state in ('DRAFT', 'CONFIRMED', 'CANCELLED')),
    erp_delivered jsonb not null default '{}',
    erp_updated_at timestamptz,
    erp_accepted_at timestamptz,
    check (source <> 'graph' or (payload_hash is not null and total is not null and currency_code is not null))
  );
  create unique index sales_order_number on orders.sales_order (number) where source = 'graph';
  create index sales_order_any_number on orders.sales_order (number);
  create unique index sales_order_key on orders.sales_order (owner, idempotency_key) where idempotency_key is not null;
  -- unique for ever; an order taken back before anybody was told of it frees the channel's number
  create unique index sales_order_external on orders.sales_order (coalesce(channel, ''), external_order_id)
    where external_order_id is not null and not compensated;
  create unique index sales_order_erp on orders.sales_order (erp_order_id) where erp_order_id is not null;
  create index sales_order_newest on orders.sales_order (placed_at desc, id desc);
  create index sales_order_owner on orders.sales_order (owner, placed_at desc, id desc);
  create index sales_order_customer on orders.sales_order (customer_number, placed_at desc, id desc);
  create index sales_order_pending on orders.sales_order (due_at) where submission = 'PENDING';
  create index sales_order_attention on orders.sales_order (id) where state = 'NEEDS_ATTENTION';

  create table orders.order_line (
    order_id uuid not null references orders.sales_order,
    line_number integer not null,
    sku text not null,
    quantity numeric not null,
    unit_price numeric,
    line_total numeric,
    shipped_quantity numeric not null default 0,
    primary key (order_id, line_number)
  );

  create table orders.timeline (
    id bigint generated always as identity primary key,
    order_id uuid not null references orders.sales_order,
    at timestamptz not null,
    state text not null,
    source text not null,
    detail text
  );
  create index timeline_order on orders.timeline (order_id, id);`;

const CLAIM_DDL = `
  create table orders.claim (
    owner text not null,
    idempotency_key text not null,
    payload_hash text not null,
    state text not null check (state in ('RUNNING', 'PLACED', 'REFUSED')),
    claimant uuid not null,
    -- a claimant that is dead or stuck loses its claim to the next identical request
    lease_until timestamptz not null,
    order_id uuid not null,
    order_number text not null,
    refusal jsonb,
    created_at timestamptz not null default clock_timestamp(),
    primary key (owner, idempotency_key)
  );`;

const SHIPMENT_DDL = `
  create table orders.shipment (
    id text primary key,
    -- null: parked until its order is known
    order_id uuid references orders.sales_order,
    erp_order_id text not null,
    number text not null,
    direction text not null check (direction in ('OUTBOUND', 'RETURN')),
    state text not null check (state in ('PLANNED', 'SHIPPED', 'CANCELLED')),
    carrier text,
    tracking jsonb not null,
    lines jsonb not null,
    shipped_at timestamptz,
    erp_updated_at timestamptz not null,
    first_seen_at timestamptz not null default clock_timestamp()
  );
  create index shipment_order on orders.shipment (order_id);
  create index shipment_parked on orders.shipment (erp_order_id) where order_id is null;`;

export const orders: Migration = {
  name: '0001-orders',
  sql: [feedDdl('orders'), outboxDdl('orders'), ORDER_DDL, CLAIM_DDL, SHIPMENT_DDL].join(';\n'),
};
