import type { Migration } from '../../../platform/stores/migrate.ts';

export const kitsUnitsAndDates: Migration = {
  name: '0002-kits-units-and-dates',
  sql: `
  alter table inventory.item_info add column unit_code text not null default '',
    -- [{ code, factor }]: units it may be ordered in beside its own, factors as text.
    add column units jsonb not null default '[]';
  -- What one kit is made of. The kit itself has no stock.
  create table inventory.kit_component (
    kit_sku text not null, component_sku text not null, quantity numeric not null check (quantity > 0),
    primary key (kit_sku, component_sku), check (kit_sku <> component_sku)
  );
  create index kit_component_of on inventory.kit_component (component_sku);
  alter table inventory.stock_level
    -- [{ date, quantity }]: the ERP's own demand due later, of the same reading as on_hand and allocated.
    add column issues jsonb not null default '[]',
    -- Open hold lines with a day of their own; held has those without.
    add column held_dated numeric not null default 0 check (held_dated >= 0);
  alter table inventory.receipt add column kind text not null default 'PURCHASE' check (kind in ('PURCHASE', 'TRANSFER', 'PRODUCTION'));
  -- The day from which a line takes its goods; null: from now on.
  alter table inventory.hold_line add column due_on date;
  -- [{ sku, requested, held, backordered, promisedOn }]: the lines as they were asked for.
  alter table inventory.hold add column basket jsonb not null default '[]', add column extended_at timestamptz;`,
};
