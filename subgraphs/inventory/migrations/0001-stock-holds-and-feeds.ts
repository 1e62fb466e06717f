import { feedDdl } from '../../../platform/feed.ts';
import { outboxDdl } from '../../../platform/outbox.ts';
import type { Migration } from '../../../platform/stores/migrate.ts';

const STOCK = `
  create table inventory.location (
    code text primary key, name text not null, priority integer not null, active boolean not null,
    seen_at timestamptz not null default clock_timestamp()
  );
  create table inventory.item_info (
    sku text primary key, quantity_digits smallint not null check (quantity_digits between 0 and 12),
    sellable boolean not null, active boolean not null, seen_at timestamptz not null default clock_timestamp()
  );
  create table inventory.stock_level (
    sku text not null, location_code text not null,
    on_hand numeric not null, allocated numeric not null, unsellable numeric not null,
    basis text not null check (basis in ('ON_HAND', 'SELLABLE')), as_of timestamptz not null,
    held numeric not null default 0 check (held >= 0),
    version bigint not null default 1, seen_at timestamptz not null default clock_timestamp(),
    primary key (sku, location_code)
  );
  create index stock_level_location on inventory.stock_level (location_code);
  create table inventory.receipt (
    reference text primary key, sku text not null, location_code text not null, open_quantity numeric not null,
    due_on date not null, updated_at timestamptz, seen_at timestamptz not null default clock_timestamp()
  );
  create index receipt_sku on inventory.receipt (sku) where open_quantity > 0;
  -- The last stock pass that ran to its end: rows it did not list are unchanged since it started.
  create table inventory.stock_pass (
    only_row boolean primary key default true check (only_row), started_at timestamptz not null, finished_at timestamptz not null
  );
  -- Rows of the ERP that cannot be placed yet (unknown SKU or location), whole, so that the next pass can try them again.
  create table inventory.parked (
    feed text not null, key text not null, record jsonb not null, seen_at timestamptz not null default clock_timestamp(),
    primary key (feed, key)
  );`;

const HOLDS = `
  create table inventory.hold (
    id text primary key, owner text not null, channel text,
    state text not null check (state in ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
    created_at timestamptz not null, expires_at timestamptz not null,
    order_reference text, accepted_at timestamptz,
    check ((state = 'COMMITTED') <= (order_reference is not null))
  );
  create index hold_expiry on inventory.hold (expires_at) where state = 'HELD';
  create index hold_order on inventory.hold (order_reference) where order_reference is not null;
  create index hold_accepted on inventory.hold (accepted_at) where state = 'COMMITTED' and accepted_at is not null;
  -- A line is open while its quantity is part of stock_level.held.
  create table inventory.hold_line (
    hold_id text not null references inventory.hold (id), sku text not null, location_code text not null,
    quantity numeric not null check (quantity > 0), open boolean not null default true,
    primary key (hold_id, sku, location_code)
  );
  create index hold_line_open on inventory.hold_line (sku, location_code) where open;
  create table inventory.hold_request (
    owner text not null, idempotency_key text not null, payload_digest text not null,
    hold_id text references inventory.hold (id), short_lines jsonb, created_at timestamptz not null default clock_timestamp(),
    primary key (owner, idempotency_key)
  );
  create table inventory.ledger (
    id bigint generated always as identity primary key, sku text not null, location_code text not null,
    hold_id text not null references inventory.hold (id), delta numeric not null check (delta <> 0),
    reason text not null check (reason in ('HELD', 'RELEASED', 'EXPIRED', 'CANCELLED', 'OFFSET')),
    at timestamptz not null default clock_timestamp()
  );
  create index ledger_place on inventory.ledger (sku, location_code);
  -- A line enters the ledger once and leaves it once, whatever races.
  create unique index ledger_once_in on inventory.ledger (hold_id, sku, location_code) where delta > 0;
  create unique index ledger_once_out on inventory.ledger (hold_id, sku, location_code) where delta < 0;
  create function inventory.refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'the ledger is append-only'; end $$;
  create trigger ledger_append_only before update or delete on inventory.ledger
    for each statement execute function inventory.refuse_change();`;

export const stockHoldsAndFeeds: Migration = {
  name: '0001-stock-holds-and-feeds', sql: `${STOCK}\n${HOLDS}\n${outboxDdl('inventory')};\n${feedDdl('inventory')}`,
};
