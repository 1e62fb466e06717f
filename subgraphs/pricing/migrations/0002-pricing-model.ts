import type { Migration } from '../../../platform/stores/migrate.ts';

export const pricingModel: Migration = {
  name: '0002-pricing-model',
  sql: `
  alter table pricing.list_price
    add column reference text not null default '',
    add column unit_code text,
    add column units jsonb not null default '[]',
    add column tax_codes text[] not null default '{}';
  alter table pricing.price_list
    add column rounding_place text not null default 'UNIT',
    add column tax_included boolean not null default false;
  -- Windows ended with their last instant, and now end before it: what is kept counts in seconds.
  update pricing.price_rule set valid_until = valid_until + interval '1 second';
  alter table pricing.price_rule
    add column unit_code text,
    -- Most rules are a fixed amount: a number is a tenth of the same as a document.
    add column amount numeric,
    alter column formula drop not null,
    alter column min_quantity drop not null;
  update pricing.price_rule set min_quantity = null where min_quantity <= 0;
  update pricing.price_rule set amount = (formula ->> 'amount')::numeric, formula = null where formula ->> 'kind' = 'FIXED';
  create table pricing.currency_rate (
    reference text primary key,
    base_currency_code text not null,
    currency_code text not null,
    rate numeric not null check (rate > 0),
    valid_from timestamptz not null,
    seen_at timestamptz not null
  );
  -- Grows with every change of a rate: who has compiled them sees whether they still hold.
  create table pricing.rate_revision (revision bigint not null);
  insert into pricing.rate_revision values (1);
  create function pricing.next_rate_revision() returns trigger language plpgsql as $$
    declare
      changed boolean;
    begin
      if tg_op = 'INSERT' then
        changed := exists (select from new_rates);
      elsif tg_op = 'DELETE' then
        changed := exists (select from old_rates);
      else
        changed := exists (select base_currency_code, currency_code, rate, valid_from from new_rates except all select base_currency_code, currency_code, rate, valid_from from old_rates);
      end if;
      if changed then
        update pricing.rate_revision set revision = revision + 1;
      end if;
      return null;
    end
  $$;
  create trigger rate_added after insert on pricing.currency_rate referencing new table as new_rates for each statement execute function pricing.next_rate_revision();
  create trigger rate_changed after update on pricing.currency_rate referencing old table as old_rates new table as new_rates for each statement execute function pricing.next_rate_revision();
  create trigger rate_removed after delete on pricing.currency_rate referencing old table as old_rates for each statement execute function pricing.next_rate_revision();
  -- What a source says and is not served: it waits for the end of its pass, or contradicts what is.
  create table pricing.price_rule_held (like pricing.price_rule including defaults, primary key (reference));
  create index price_rule_held_place on pricing.price_rule_held (price_list_code, target_kind, target_code);
  create table pricing.list_price_held (like pricing.list_price including defaults, primary key (reference));
  create index list_price_held_sku on pricing.list_price_held (sku, reference collate "C");
  -- Whether the rules of a first pass have been compared with each other; until then there is no price.
  create table pricing.book_state (examined boolean not null);
  insert into pricing.book_state values (false);
  create table pricing.tax_rate (
    code text primary key,
    name text not null,
    percent numeric not null,
    country_code text,
    included_in_price boolean not null,
    active boolean not null,
    seen_at timestamptz not null
  );`,
};
