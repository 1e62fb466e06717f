import type { Migration } from '../../../platform/stores/migrate.ts';

export const quotes: Migration = {
  name: '0005-quotes',
  sql: `
  -- What quotes are signed with where nobody configured a secret: made once, so that a restart voids no quote.
  create table pricing.quote_secret (
    only_one boolean primary key default true check (only_one),
    secret text not null,
    made_at timestamptz not null default clock_timestamp()
  );`,
};
