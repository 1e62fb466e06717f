import type { Migration } from '../../../platform/stores/migrate.ts';

export const priceValidation: Migration = {
  name: '0006-price-validation',
  sql: `
  -- Where the source charges another price than ours, by whom it was found.
  create table pricing.price_difference (
    id bigint generated always as identity primary key,
    buyer_key text not null,
    price_list_code text not null,
    sku text not null,
    quantity numeric not null,
    -- null: none
    ours numeric,
    theirs numeric,
    currency_code text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    seen_count integer not null default 1,
    -- when the source was last asked about it
    asked_at timestamptz not null,
    -- null: they still differ, as far as anybody knows
    closed_at timestamptz
  );
  create unique index price_difference_open on pricing.price_difference (buyer_key, price_list_code, sku, quantity) where closed_at is null;
  create index price_difference_unasked on pricing.price_difference (asked_at) where closed_at is null;
  create index price_difference_closed on pricing.price_difference (closed_at) where closed_at is not null;
  create index price_difference_latest on pricing.price_difference (last_seen_at desc, id desc);
  -- The last answer of each buyer: nobody is validated again within a minute.
  create table pricing.price_validation (
    buyer_key text primary key,
    idempotency_key text not null,
    started_at timestamptz not null,
    -- null: under way
    answer jsonb
  );`,
};
