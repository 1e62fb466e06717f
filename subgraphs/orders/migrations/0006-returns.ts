import type { Migration } from '../../../platform/stores/migrate.ts';

const RETURN_DDL = `
  -- RMA: a return that was asked for here. Those made in the ERP alone are shipments of direction RETURN.
  create table orders.rma (
    id uuid primary key,
    number text not null unique,
    order_id uuid not null references orders.sales_order,
    wants text not null check (wants in ('REFUND', 'EXCHANGE')),
    requested_by text not null,
    requested_at timestamptz not null,
    decision text not null check (decision in ('REQUESTED', 'AUTHORISED', 'DECLINED', 'CANCELLED')),
    decided_at timestamptz,
    decided_by text,
    decision_note text,
    closed_at timestamptz,
    -- these two follow from the facts
    status text not null check (status in ('REQUESTED', 'AUTHORISED', 'DECLINED', 'CANCELLED', 'EXPECTED', 'PARTLY_RECEIVED', 'RECEIVED', 'CLOSED')),
    payment text not null check (payment in ('NOT_DUE', 'DUE', 'REFUND_REQUESTED', 'REFUNDED', 'DIFFERENT')),
    changed_at timestamptz not null,
    -- as the ERP answered us; its feed tells of the same document as a shipment
    erp_return_id text,
    erp_number text,
    erp_state text check (erp_state in ('EXPECTED', 'RECEIVED', 'CANCELLED')),
    erp_received jsonb not null default '{}',
    erp_updated_at timestamptz,
    -- the last receipt the ERP was told of
    told_receipt bigint not null default 0,
    cancel_told boolean not null default false,
    exchange_lines jsonb not null default '[]',
    exchange_moment text check (exchange_moment in ('AT_AUTHORISATION', 'AT_RECEIPT')),
    exchange_order_id uuid references orders.sales_order,
    -- a refused placement is its key's answer for ever: the next one takes another key
    exchange_refusals integer not null default 0
  );
  create index rma_order on orders.rma (order_id);
  create index rma_newest on orders.rma (requested_at desc, id desc);
  create index rma_exchange on orders.rma (exchange_order_id) where exchange_order_id is not null;
  create table orders.rma_line (
    rma_id uuid not null references orders.rma,
    line_number integer not null,
    sku text not null,
    quantity numeric not null check (quantity > 0),
    reason text not null check (reason in ('DEFECTIVE', 'WRONG_ITEM', 'NOT_AS_DESCRIBED', 'NO_LONGER_WANTED', 'DAMAGED_IN_TRANSIT', 'OTHER')),
    note text,
    primary key (rma_id, line_number)
  );
  create table orders.rma_receipt (
    id bigint generated always as identity primary key,
    rma_id uuid not null references orders.rma,
    line_number integer not null,
    sku text not null,
    quantity numeric not null check (quantity > 0),
    disposition text not null check (disposition in ('RESTOCK', 'SCRAP', 'QUARANTINE')),
    note text,
    received_at timestamptz not null,
    received_by text not null
  );
  create index rma_receipt_rma on orders.rma_receipt (rma_id, id);`;

const REFUND_DDL = `
  create table orders.rma_refund (
    id uuid primary key,
    rma_id uuid not null references orders.rma,
    -- the credit memo's reference in the ERP
    reference text not null unique,
    reason text not null,
    lines jsonb not null,
    charges jsonb not null,
    -- what we reckon; null: prices or taxes are not known here
    net numeric,
    tax numeric,
    total numeric,
    currency_code text,
    requested_by text not null,
    requested_at timestamptz not null
  );
  create index rma_refund_rma on orders.rma_refund (rma_id);`;

const WORK_DDL = `
  -- what is to be done elsewhere, apart for goods, money and exchange: trouble with one does not hold up the others
  create table orders.rma_work (
    rma_id uuid not null references orders.rma,
    lane text not null check (lane in ('GOODS', 'MONEY', 'EXCHANGE')),
    -- UNSUPPORTED: the ERP behind us cannot; people do it there
    state text not null default 'NONE' check (state in ('NONE', 'PENDING', 'ATTENTION', 'UNSUPPORTED')),
    -- grows with every plan: a job of an older turn does nothing
    turn integer not null default 0,
    failures integer not null default 0,
    due_at timestamptz,
    patience_from timestamptz,
    -- until then a create that was sent may still arrive
    unsettled_until timestamptz,
    -- grows with every create that is sent: whoever looked before one was sends nothing after it
    claims integer not null default 0,
    attention text,
    last_failure text,
    primary key (rma_id, lane)
  );
  create index rma_work_due on orders.rma_work (due_at) where state = 'PENDING';
  create index rma_work_attention on orders.rma_work (rma_id) where state = 'ATTENTION';
  -- who asked for what under which key: the same again is answered, not done again
  create table orders.rma_request (
    actor text not null,
    idempotency_key text not null,
    action text not null,
    payload_hash text not null,
    rma_id uuid not null references orders.rma deferrable initially deferred,
    at timestamptz not null,
    primary key (actor, idempotency_key)
  );`;

export const returns: Migration = { name: '0006-returns', sql: [RETURN_DDL, REFUND_DDL, WORK_DDL].join('\n') };
