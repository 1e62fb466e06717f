import type { Migration } from '../../../platform/stores/migrate.ts';

/*
 * What is measured may be lost with the server: a crash costs the minutes measured, not an answer. So nothing of it is logged. The
 * ledger grows in the order of time: a block range index finds the last minutes and costs a hold nothing.
 */
export const hotLane: Migration = {
  name: '0006-hot-lane',
  sql: `
  create index ledger_at on inventory.ledger using brin (at) with (pages_per_range = 16, autosummarize = on);
  -- Demand by SKU (of a kit: by component) and quarter of a minute: what was held less what was released, and refusals.
  create unlogged table inventory.demand (
    bucket_at timestamptz not null, sku text not null, units numeric not null, holds bigint not null, refusals bigint not null,
    primary key (bucket_at, sku)
  );
  create unlogged table inventory.demand_measured (
    only_row boolean primary key default true check (only_row), until timestamptz not null
  );
  -- SKUs that are refreshed every few seconds.
  create unlogged table inventory.hot_lane (
    sku text primary key, units_per_minute double precision not null, cover_minutes double precision not null, holds bigint not null,
    refusals bigint not null, entered_at timestamptz not null default clock_timestamp(), refreshed_at timestamptz
  );`,
};
