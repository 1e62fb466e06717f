import { auditDdl } from '../../../platform/audit.ts';
import type { Migration } from '../../../platform/stores/migrate.ts';

const CODE_MAP_DDL = `
  create table orders.code_map (
    -- connector instance whose words "theirs" are
    system text not null,
    kind text not null check (kind in ('SKU', 'UNIT', 'TAX', 'PAYMENT', 'CARRIER', 'CHARGE')),
    -- '*': whatever of this kind has no row of its own
    ours text not null,
    theirs text not null,
    -- CARRIER: trackingUrl with {number}, and the names under which the ERP's shipments call it
    detail jsonb not null default '{}',
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (system, kind, ours)
  );`;

const PAUSE_DDL = `
  -- while the ERP does not answer, one order at a time finds out whether it does again
  create table orders.erp_pause (
    system text primary key,
    -- failures in a row, without an answer between them
    failures integer not null default 0,
    -- null: the queue runs
    since timestamptz,
    paused_until timestamptz,
    reason text,
    probing_by uuid,
    probing_until timestamptz,
    -- the patience of an order that waited begins again here
    ended_at timestamptz
  );
  create table orders.maintenance_window (
    id uuid primary key,
    system text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    reason text not null,
    created_by text not null,
    created_at timestamptz not null,
    check (until_at > from_at)
  );
  create index maintenance_window_system on orders.maintenance_window (system, until_at);`;

const RESOLUTION_DDL = `
  -- what people did by hand, by the key they did it under: the same request again is answered, not done again
  create table orders.manual_action (
    actor text not null,
    idempotency_key text not null,
    action text not null,
    payload_hash text not null,
    subject text not null,
    result jsonb not null,
    at timestamptz not null,
    primary key (actor, idempotency_key)
  );
  alter table orders.sales_order
    add column attention_code text,
    add column attention_since timestamptz,
    -- UNMAPPED_CODE: [{kind, ours}], the codes of ours that have no mapping
    add column attention_detail jsonb,
    -- the 72 hours are counted from here; null: from placed_at
    add column patience_from timestamptz;
  create index sales_order_unmapped on orders.sales_order using gin (attention_detail) where submission = 'ATTENTION' and attention_detail is not null;
  create index sales_order_unheld on orders.sales_order (placed_at) where submission = 'PENDING' and hold_state = 'PENDING';
  -- RELEASED: given back because somebody cancelled the order before the ERP had it
  alter table orders.sales_order drop constraint sales_order_hold_state_check,
    add constraint sales_order_hold_state_check check (hold_state in ('NONE', 'PENDING', 'COMMITTED', 'LOST', 'RELEASED'));
  alter table orders.order_line
    -- what the ERP is to be told instead of the SKU, in this order alone
    add column sku_override text,
    -- what it was told, where that is not the SKU
    add column erp_sku text;`;

export const codeMapsAndAudit: Migration = {
  name: '0003-code-maps-and-audit',
  sql: [auditDdl('orders'), CODE_MAP_DDL, PAUSE_DDL, RESOLUTION_DDL].join('\n'),
};
