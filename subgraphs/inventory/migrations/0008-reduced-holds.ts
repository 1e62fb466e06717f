import type { Migration } from '../../../platform/stores/migrate.ts';

export const reducedHolds: Migration = {
  name: '0008-reduced-holds',
  sql: `
  -- An order that became smaller gives back a part of a line: the line stays open, so this may happen more than once. A line still leaves once.
  alter table inventory.ledger drop constraint ledger_reason_check;
  alter table inventory.ledger add constraint ledger_reason_check
    check (reason in ('HELD', 'RELEASED', 'EXPIRED', 'CANCELLED', 'OFFSET', 'REDUCED'));
  drop index inventory.ledger_once_out;
  create unique index ledger_once_out on inventory.ledger (hold_id, sku, location_code) where delta < 0 and reason <> 'REDUCED';
  -- What makes a repeated reduction a repetition.
  create table inventory.reduction (
    order_reference text not null, key text not null, at timestamptz not null default clock_timestamp(),
    primary key (order_reference, key)
  );`,
};
