import { feedDdl } from '../../platform/feed.ts';
import { outboxDdl } from '../../platform/outbox.ts';
import type { Migration } from '../../platform/stores/migrate.ts';

export const CUSTOMER_SCHEMA = 'customer';

/** Keys are lower case as JavaScript writes it and compare as bytes, so that search and paging do not depend on the database's locale. */
export const CUSTOMER_MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-customers',
    sql: `
      create table customer.customer (
        number text collate "C" primary key,
        kind text not null check (kind in ('PERSON', 'COMPANY')),
        name text not null,
        email text,
        phone text,
        tax_id text,
        company_number text collate "C",
        price_list_code text,
        payment_term_code text,
        credit_limit numeric,
        currency_code text,
        active boolean not null,
        addresses jsonb not null,
        external_references jsonb not null,
        updated_at timestamptz,
        name_key text collate "C" not null,
        email_key text collate "C",
        number_key text collate "C" not null,
        seen_at timestamptz not null
      );
      create index customer_by_name on customer.customer (name_key, number);
      create index customer_by_email on customer.customer (email_key) where email_key is not null;
      create index customer_by_number on customer.customer (number_key);
      create index customer_by_company on customer.customer (company_number, name_key, number) where company_number is not null;
      ${feedDdl(CUSTOMER_SCHEMA)}
      ${outboxDdl(CUSTOMER_SCHEMA)};`,
  },
  {
    name: '0002-customer-groups',
    sql: `
      alter table customer.customer add column group_codes text[] not null default '{}';
      -- What is kept was read without them: the next pass reads everybody.
      update customer.feed set last_full_at = null, cursor = null, watermark = null;`,
  },
];
