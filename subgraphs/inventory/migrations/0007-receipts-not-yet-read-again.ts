import type { Migration } from '../../../platform/stores/migrate.ts';

export const receiptsNotYetReadAgain: Migration = {
  name: '0007-receipts-not-yet-read-again',
  sql: `
  -- The last pass of receipts that ran to its end: what it did not list is unchanged since it started.
  create table inventory.receipt_pass (only_row boolean primary key default true check (only_row), started_at timestamptz not null);
  -- Places with more on hand, or less owed, than before: goods that came in may still stand among the receipts, until those
  -- have been read later than this. Few, and never for long.
  create table inventory.risen (sku text not null, location_code text not null, as_of timestamptz not null, primary key (sku, location_code));`,
};
