import type { Migration } from '../../../platform/stores/migrate.ts';

const RULES = `
  -- A period has a number of its own: use and moves count for the period they were made in and for no other.
  create sequence inventory.allocation_period_number;
  create table inventory.allocation_rule (
    code text primary key, name text not null,
    -- LISTED: the SKUs of allocation_sku. ALL: every SKU no other rule lists.
    covers text not null check (covers in ('LISTED', 'ALL')),
    period_hours integer not null check (period_hours > 0),
    period bigint not null, began_at timestamptz not null,
    -- Null: nothing is moved by rule. Else how much of the period (percent) must be over, and by how much a need is exceeded.
    realloc_after numeric check (realloc_after between 0 and 100), realloc_safety numeric check (realloc_safety >= 1),
    evaluated_at timestamptz not null,
    updated_at timestamptz not null, updated_by text not null,
    check ((realloc_after is null) = (realloc_safety is null))
  );
  create unique index allocation_rule_of_all on inventory.allocation_rule (covers) where covers = 'ALL';
  create table inventory.allocation_share (
    rule_code text not null references inventory.allocation_rule (code) on delete cascade, channel text not null,
    kind text not null check (kind in ('PERCENT', 'FIXED')), amount numeric not null check (amount >= 0),
    buffer numeric not null default 0 check (buffer >= 0), position integer not null,
    primary key (rule_code, channel), check (kind = 'FIXED' or amount <= 100)
  );
  -- A SKU is in at most one rule.
  create table inventory.allocation_sku (
    sku text primary key, rule_code text not null references inventory.allocation_rule (code) on delete cascade
  );
  create index allocation_sku_of on inventory.allocation_sku (rule_code, sku);
  create table inventory.allocation_period (
    period bigint primary key, rule_code text not null, began_at timestamptz not null,
    ended_at timestamptz, end_reason text check (end_reason in ('PERIOD_ENDED', 'RULE_CHANGED', 'RULE_REMOVED')),
    check ((ended_at is null) = (end_reason is null))
  );
  create index allocation_period_ended on inventory.allocation_period (period) where ended_at is not null;`;

const USE = `
  -- What went through a channel ('' = none) in a period: the sum of its lines and of what has been offset since.
  create table inventory.channel_use (
    sku text not null, channel text not null, period bigint not null,
    used numeric not null default 0 check (used >= 0), moved numeric not null default 0,
    primary key (sku, channel, period)
  );
  create index channel_use_period on inventory.channel_use (period, sku);
  -- What a hold counts for, to be given back exactly once.
  create table inventory.channel_use_line (
    hold_id text collate "C" not null, sku text not null, channel text not null, period bigint not null,
    quantity numeric not null check (quantity > 0),
    primary key (hold_id, sku)
  );
  create index channel_use_line_period on inventory.channel_use_line (period, sku);`;

const AUDIT = `
  -- Who moved what, when, from where, to where (null = pool) and why, with the figures it rested on.
  create table inventory.allocation_move (
    id bigint generated always as identity primary key, sku text not null, rule_code text not null, period bigint not null,
    from_channel text, to_channel text, quantity numeric not null check (quantity > 0),
    cause text not null check (cause in ('MANUAL', 'SETTLED', 'SELL_THROUGH', 'PERIOD_ENDED', 'RULE_CHANGED', 'RULE_REMOVED')),
    moved_by text not null, reason text not null, figures jsonb,
    at timestamptz not null default clock_timestamp(),
    check (from_channel is distinct from to_channel)
  );
  create index allocation_move_of on inventory.allocation_move (sku, id);
  create function inventory.refuse_change_of_moves() returns trigger language plpgsql as
    $$ begin raise exception 'moves of allocation are append-only'; end $$;
  create trigger allocation_move_append_only before update or delete on inventory.allocation_move
    for each statement execute function inventory.refuse_change_of_moves();
  create table inventory.allocation_request (
    owner text not null, idempotency_key text not null, payload_digest text not null,
    created_at timestamptz not null default clock_timestamp(), primary key (owner, idempotency_key)
  );
  -- SKUs whose channel figures have changed by rule and are still to be announced: those listed, or all (null), after \`after\`.
  create table inventory.allocation_notice (
    id bigint generated always as identity primary key, skus text[], after text not null default ''
  );`;

export const channelAllocation: Migration = { name: '0005-channel-allocation', sql: [RULES, USE, AUDIT].join('\n') };
