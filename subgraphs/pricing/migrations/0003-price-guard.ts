import { auditDdl } from '../../../platform/audit.ts';
import type { Migration } from '../../../platform/stores/migrate.ts';

export const priceGuard: Migration = {
  name: '0003-price-guard',
  sql: `
  -- What the pass under way says otherwise than what is served; judged together when the pass ends.
  create table pricing.incoming_change (
    feed text not null,
    key text not null,
    -- null: the source no longer lists it
    row jsonb,
    fingerprint text not null,
    seen_at timestamptz not null,
    primary key (feed, key)
  );
  create table pricing.parked_change (
    id uuid primary key default gen_random_uuid(),
    -- of one pass
    batch_id uuid not null,
    source text not null,
    record_kind text not null check (record_kind in ('list_price', 'price_list', 'price_rule', 'currency_rate')),
    key text not null,
    -- null: every list
    price_list_code text,
    -- the SKU it is about; null: many
    sku text,
    -- null: a new row
    before jsonb,
    -- null: a row that is removed
    after jsonb,
    fingerprint text not null,
    reason text not null check (reason in ('THRESHOLD', 'BLAST_RADIUS')),
    direction text check (direction in ('UP', 'DOWN', 'BOTH')),
    -- null: nothing to compare, another currency or no price any more
    largest_percent numeric,
    sku_count integer not null,
    examples jsonb not null,
    state text not null default 'PENDING' check (state in ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'SUPERSEDED')),
    parked_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    seen_count integer not null default 1,
    last_seen_at timestamptz not null default clock_timestamp(),
    decided_by text,
    decided_at timestamptz,
    note text
  );
  -- What keeps an old row served: one at a time of each row.
  create unique index parked_change_standing on pricing.parked_change (record_kind, key) where state in ('PENDING', 'REJECTED', 'EXPIRED');
  create index parked_change_list on pricing.parked_change (state, parked_at, id);
  create index parked_change_batch on pricing.parked_change (batch_id);
  create index parked_change_expiry on pricing.parked_change (expires_at) where state = 'PENDING';
  -- Lists and SKUs whose rules have not been read whole since they appeared: their first prices are no change.
  create table pricing.guard_newcomer (
    kind text not null check (kind in ('LIST', 'SKU')),
    key text not null,
    born_at timestamptz not null default clock_timestamp(),
    primary key (kind, key)
  );
  -- When a SKU's price was last moved without anybody's approval.
  create table pricing.guard_moved (sku text primary key, moved_at timestamptz not null);
  create index guard_moved_at on pricing.guard_moved (moved_at);
  -- The last price of what has none now: it may not come back at any other.
  create table pricing.lost_price (
    sku text not null,
    -- empty: the base price
    price_list_code text not null,
    quantity numeric not null,
    -- empty: the item's own
    unit_code text not null,
    amount numeric not null,
    currency_code text not null,
    lost_at timestamptz not null default clock_timestamp(),
    primary key (sku, price_list_code, quantity, unit_code)
  );
  -- Items that are no longer sold, as they were: rules that name them are judged as if they were.
  create table pricing.absent_item (sku text primary key, row jsonb not null);
  -- Few of many million: the lists whose prices follow others.
  create index price_rule_computed on pricing.price_rule (price_list_code) where formula is not null;
  create table pricing.guard_request (
    actor text not null,
    idempotency_key text not null,
    payload_digest text not null,
    change_ids uuid[] not null,
    at timestamptz not null default clock_timestamp(),
    primary key (actor, idempotency_key)
  );
  ${auditDdl('pricing')}`,
};
