import { feedDdl } from '../../../platform/feed.ts';
import { outboxDdl } from '../../../platform/outbox.ts';
import type { Migration } from '../../../platform/stores/migrate.ts';

export const pricesListsRules: Migration = {
  name: '0001-prices-lists-rules',
  sql: `
  create table pricing.list_price (
    sku text primary key,
    amount numeric not null,
    currency_code text not null,
    cost_amount numeric,
    cost_currency_code text,
    group_code text not null,
    category_codes text[] not null,
    seen_at timestamptz not null
  );
  create table pricing.price_list (
    code text primary key,
    name text not null,
    currency_code text not null,
    rounding_mode text not null,
    rounding_digits integer,
    active boolean not null,
    seen_at timestamptz not null
  );
  create table pricing.price_rule (
    reference text primary key,
    price_list_code text not null,
    precedence text not null,
    target_kind text not null check (target_kind in ('SKU', 'GROUP', 'CATEGORY', 'ALL')),
    target_code text not null,
    min_quantity numeric not null,
    valid_from timestamptz,
    valid_until timestamptz,
    formula jsonb not null,
    base_list_code text,
    seen_at timestamptz not null
  );
  create index price_rule_target on pricing.price_rule (price_list_code, target_kind, target_code);
  create index price_rule_base on pricing.price_rule (price_list_code, base_list_code) where base_list_code is not null;
  ${feedDdl('pricing')}
  ${outboxDdl('pricing')};`,
};
