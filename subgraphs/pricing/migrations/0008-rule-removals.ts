import type { Migration } from '../../../platform/stores/migrate.ts';

export const ruleRemovals: Migration = {
  name: '0008-rule-removals',
  sql: `
  -- What the source said was there when it was asked last, to find out what a delta cannot list: rules that are gone. One row.
  create table pricing.rule_removal_watch (
    id boolean primary key default true check (id),
    mark text,
    -- Taken when the full pass that is owed began; it counts once that has closed.
    next_mark text,
    full_owed_since timestamptz,
    -- After a long full pass deltas have their turn before the next one.
    rest_until timestamptz,
    asked_at timestamptz,
    failing_since timestamptz,
    last_error text
  );
  insert into pricing.rule_removal_watch default values;
  -- Rules that were listed for the first time since the mark was taken, which may not know them.
  create table pricing.rule_unmarked (reference text primary key);`,
};
