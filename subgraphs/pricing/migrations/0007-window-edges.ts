import type { Migration } from '../../../platform/stores/migrate.ts';

export const windowEdges: Migration = {
  name: '0007-window-edges',
  sql: `
  -- Until when the begins and ends of windows have been told.
  create table pricing.window_watch (told_until timestamptz not null);
  insert into pricing.window_watch values (clock_timestamp());
  create index price_rule_begins on pricing.price_rule (valid_from) where valid_from is not null;
  create index price_rule_ends on pricing.price_rule (valid_until) where valid_until is not null;`,
};
