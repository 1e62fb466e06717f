import type { Migration } from '../../../platform/stores/migrate.ts';

const READINGS = `
  -- The version of a reading is (as_of, sequence). Rows seen again move their time alone, in a pass all of a page at once: room for
  -- each of them on its own page, or every pass writes both indexes as well.
  alter table inventory.stock_level add column sequence bigint not null default 0, set (fillfactor = 50);
  -- What the ERP says of it; sellable is false as well while a component of a kit is unknown.
  alter table inventory.item_info add column offered boolean not null default true, set (fillfactor = 80);
  update inventory.item_info set offered = sellable;`;

const CLOCKS = `
  -- How far a clock was ahead of the database's (ours) or of ours (a vendor's), in milliseconds.
  create table inventory.clock_difference (
    clock text primary key, kind text not null check (kind in ('OURS', 'VENDOR')), difference_ms numeric not null,
    measured_at timestamptz not null default clock_timestamp()
  );
  -- By how much a reading must be later than an acceptance: a second, and what our clocks differ by where that is more.
  create function inventory.clock_margin() returns interval language sql stable as $$
    select interval '1 second' + make_interval(secs => (coalesce(max(abs(difference_ms)) filter (where abs(difference_ms) > 1000), 0) / 1000)::double precision)
    from inventory.clock_difference where kind = 'OURS' and measured_at > statement_timestamp() - interval '1 day' $$;`;

const RECONCILIATION = `
  -- One row per feed and full pass. READING until the pass has ended, JUDGING until a delta over the same window has.
  create table inventory.reconciliation (
    feed text not null, started_at timestamptz not null, finished_at timestamptz,
    state text not null check (state in ('READING', 'JUDGING', 'DONE')),
    -- Where that delta starts; null: there is nothing to compare with, or no delta.
    window_since timestamptz,
    compared bigint not null default 0, found bigint not null default 0, corrected bigint not null default 0,
    removed bigint not null default 0, unexplained bigint,
    parked bigint not null default 0, ledger_mismatches bigint not null default 0, stranded_orders bigint not null default 0,
    negative_stock bigint not null default 0, examples jsonb not null default '[]',
    primary key (feed, started_at)
  );
  -- Rows of the last full pass that differed from ours and that no delta has listed (yet).
  create table inventory.difference (
    feed text not null, key text not null, stored text, told text, primary key (feed, key)
  );`;

export const readingsClocksAndReconciliation: Migration = {
  name: '0004-readings-clocks-and-reconciliation', sql: `${READINGS}\n${CLOCKS}\n${RECONCILIATION}`,
};
