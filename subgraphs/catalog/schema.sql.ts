import { feedDdl } from '../../platform/feed.ts';
import type { Migration } from '../../platform/stores/migrate.ts';
import { outboxDdl } from '../../platform/outbox.ts';

export const SCHEMA = 'catalog';

/** What the sources said, kept whole: content waits here until its item arrives. `json` keeps the order of locales. */
const SOURCES = `
  create table catalog.item (
    sku text collate "C" primary key, group_code text collate "C" not null, active boolean not null,
    record json not null, fingerprint text not null, seen_at timestamptz not null
  );
  create index item_group on catalog.item (group_code);
  create table catalog.product_content (
    code text collate "C" primary key, enabled boolean not null, record json not null, fingerprint text not null, seen_at timestamptz not null
  );
  create table catalog.variant_content (
    sku text collate "C" primary key, product_code text collate "C" not null, enabled boolean not null,
    record json not null, fingerprint text not null, seen_at timestamptz not null
  );
  create index variant_content_product on catalog.variant_content (product_code);
  create table catalog.category (
    code text collate "C" primary key, parent_code text collate "C", name json not null, position integer not null,
    fingerprint text not null, seen_at timestamptz not null
  );
  create table catalog.attribute (
    code text collate "C" primary key, label json not null, kind text not null, filterable boolean not null,
    fingerprint text not null, seen_at timestamptz not null
  );`;

/** The categories and all above them, each once; `union` ends at a cycle a PIM should not have. */
const CATEGORY_TREE = `
  create function catalog.category_tree(codes text[]) returns text[] language sql stable as $$
    with recursive above(code) as (
      select unnest(codes) collate "C" union select c.parent_code from catalog.category c join above on c.code = above.code where c.parent_code is not null
    )
    select coalesce(array_agg(code order by code), '{}') from above
  $$`;

/** What is shown. A product's documents are read whole or not at all, hence jsonb on its row. */
const PUBLISHED = `
  create table catalog.handle (
    product_code text collate "C" primary key, handle text collate "C" not null unique, given_at timestamptz(3) not null default now()
  );
  create table catalog.product (
    code text collate "C" primary key, handle text collate "C" not null, source_locale text not null,
    name jsonb not null, description jsonb not null, brand text collate "C",
    category_codes text[] not null, category_tree text[] not null, tags integer[] not null,
    attributes jsonb not null, media jsonb not null, options jsonb not null, variant_skus text[] not null,
    fingerprint text not null, published_at timestamptz(3) not null, updated_at timestamptz(3) not null
  );
  create unique index product_handle on catalog.product (handle);
  create index product_newest on catalog.product (published_at desc, code desc);
  create index product_brand on catalog.product (brand) where brand is not null;
  create index product_categories on catalog.product using gin (category_tree) with (fastupdate = off);
  create index product_tags on catalog.product using gin (tags) with (fastupdate = off);
  create table catalog.variant (
    sku text collate "C" primary key,
    product_code text collate "C" not null references catalog.product on delete cascade,
    gtin text collate "C", source_locale text not null, name jsonb not null, options jsonb not null, attributes jsonb not null, media jsonb not null,
    unit_code text not null, quantity_digits smallint not null, weight_kg numeric, sellable boolean not null, refs jsonb not null
  );
  create index variant_product on catalog.variant (product_code, sku);
  create index variant_gtin on catalog.variant (gtin) where gtin is not null;
  create index variant_folded on catalog.variant (lower(sku));`;

/** How it is found. One search row per product and known locale, so that a page needs one index and no fallback. */
const FINDING = `
  create table catalog.locale (position integer generated always as identity, locale text collate "C" primary key);
  create table catalog.tag (
    id integer generated always as identity primary key, code text collate "C" not null, value text collate "C" not null, label json not null,
    unique (code, value)
  );
  create table catalog.search (
    product_code text collate "C" not null references catalog.product on delete cascade, locale text collate "C" not null,
    name_key text collate "C" not null, document tsvector not null, primary key (product_code, locale) include (name_key)
  );
  create index search_name on catalog.search (locale, name_key, product_code);
  create index search_document on catalog.search using gin (document) with (fastupdate = off);`;

export const migrations: readonly Migration[] = [
  { name: '0001-read-model', sql: [outboxDdl(SCHEMA), feedDdl(SCHEMA), SOURCES, CATEGORY_TREE, PUBLISHED, FINDING].join(';\n').replaceAll(';;', ';') },
];
