import type { Migration } from '../../../platform/stores/migrate.ts';

/** Of what a merchant said of a promotion, in the words of domain/promotions.ts. */
const PROMOTION = `
    code text collate "C" not null,
    revision integer not null,
    name text not null,
    effect jsonb not null,
    priority integer not null,
    stacking text not null check (stacking in ('STACKS', 'EXCLUSIVE')),
    exclusion_group text,
    targets jsonb not null,
    channels text[] not null,
    price_list_codes text[] not null,
    min_quantity numeric,
    max_quantity numeric,
    min_basket jsonb,
    valid_from timestamptz,
    valid_until timestamptz check (valid_until > valid_from),
    active boolean not null,
    changed_at timestamptz not null,
    changed_by text not null`;

export const promotions: Migration = {
  name: '0004-promotions',
  sql: `
  create table pricing.promotion (${PROMOTION}, primary key (code));
  -- As it was until it was said otherwise: prices of instants before follow it.
  create table pricing.promotion_past (${PROMOTION}, replaced_at timestamptz not null, primary key (code, revision));
  -- Grows with every change of a promotion: whoever has read promotions at this number has read the newest.
  create table pricing.promotion_book (only_one boolean primary key default true check (only_one), revision bigint not null);
  insert into pricing.promotion_book (revision) values (0);
  -- Windows of one SKU never overlap.
  create table pricing.minimum_advertised (
    sku text collate "C" not null,
    valid_from timestamptz not null default '-infinity',
    valid_until timestamptz not null default 'infinity',
    amount numeric not null check (amount > 0),
    currency_code text not null,
    primary key (sku, valid_from),
    check (valid_from < valid_until)
  );
  -- Keys of what people asked for by hand: promotions and minimum advertised prices.
  create table pricing.merchant_request (
    actor text not null,
    idempotency_key text not null,
    payload_digest text not null,
    at timestamptz not null,
    primary key (actor, idempotency_key)
  );`,
};
