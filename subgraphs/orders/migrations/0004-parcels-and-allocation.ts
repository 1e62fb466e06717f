import type { Migration } from '../../../platform/stores/migrate.ts';

const STATE_DDL = `
  alter table orders.sales_order drop constraint sales_order_state_check;
  alter table orders.sales_order add constraint sales_order_state_check
    check (state in ('RECEIVED', 'ACCEPTED_BY_ERP', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'NEEDS_ATTENTION'));
  alter table orders.sales_order
    -- when subscribers were last told of it; to the millisecond, as cursors are
    add column updated_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    -- of the whole document: two messages of one second that differ are two messages
    add column erp_fingerprint text,
    -- the earliest message that said so; stays when the document is taken up again
    add column erp_cancelled_at timestamptz;
  update orders.sales_order set updated_at = date_trunc('milliseconds', greatest(placed_at, erp_updated_at));
  alter table orders.order_line
    -- null: the ERP does not tell
    add column allocated_quantity numeric,
    add column backordered_quantity numeric not null default 0,
    add column returned_quantity numeric not null default 0;`;

const PARCEL_DDL = `
  alter table orders.shipment
    -- connector instance that told; null: from before this was kept
    add column source text,
    add column location_code text,
    -- empty: the ERP knows no parcels, tracking is all there is
    add column packages jsonb not null default '[]',
    -- every tracking number of it, as carriers' news are looked up by
    add column tracking_keys text[] not null default '{}',
    add column backorder_of text,
    add column return_reference text,
    -- each by the earliest message that said so, however late it came
    add column backordered_at timestamptz,
    add column allocated_at timestamptz,
    add column printed_at timestamptz,
    add column picking_at timestamptz,
    add column left_at timestamptz,
    add column cancelled_at timestamptz,
    -- whether a subscriber has been told that it left, and that the carrier has it
    add column left_told boolean not null default false,
    add column moved_told boolean not null default false;
  update orders.shipment set left_at = coalesce(shipped_at, erp_updated_at), left_told = true where state = 'SHIPPED';
  update orders.shipment set cancelled_at = erp_updated_at where state = 'CANCELLED';
  update orders.shipment s set tracking_keys = coalesce(
    (select array_agg(upper(regexp_replace(t ->> 'trackingNumber', '\\s', '', 'g'))) from jsonb_array_elements(s.tracking) t), '{}');
  create index shipment_tracking on orders.shipment using gin (tracking_keys);
  create index shipment_backorder on orders.shipment (backorder_of) where backorder_of is not null;
  create index shipment_return on orders.shipment (return_reference) where return_reference is not null;
  create index shipment_printed on orders.shipment (printed_at) where state = 'PLANNED' and direction = 'OUTBOUND' and printed_at is not null;

  -- What carriers say, kept whether or not a shipment has the number yet: which one it is about is found when it is asked.
  create table orders.carrier_news (
    id bigint generated always as identity primary key,
    reported_by text not null,
    idempotency_key text not null,
    payload_hash text not null,
    tracking_key text not null,
    tracking_number text not null,
    -- the ERP's id; null: whichever has the number
    shipment_id text,
    kind text not null check (kind in ('PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'FAILED')),
    at timestamptz not null,
    location text,
    detail text,
    received_at timestamptz not null,
    unique (reported_by, idempotency_key)
  );
  create index carrier_news_tracking on orders.carrier_news (tracking_key, at);
  create index carrier_news_shipment on orders.carrier_news (shipment_id) where shipment_id is not null;

  create table orders.credit_memo (
    id text primary key,
    source text not null,
    -- null: parked until its order is known, or of none (then erp_order_id is null too)
    order_id uuid references orders.sales_order,
    erp_order_id text,
    number text not null,
    -- ours; null: made by people in the ERP
    reference text,
    state text not null check (state in ('DRAFT', 'POSTED', 'CANCELLED')),
    payment_state text not null check (payment_state in ('NOT_PAID', 'PARTLY_PAID', 'PAID')),
    total numeric not null,
    tax numeric not null,
    currency_code text not null,
    lines jsonb not null,
    posted_at timestamptz,
    erp_updated_at timestamptz not null,
    -- by the earliest message that said so
    credited_at timestamptz,
    first_seen_at timestamptz not null default clock_timestamp()
  );
  create index credit_memo_order on orders.credit_memo (order_id) where order_id is not null;
  create index credit_memo_reference on orders.credit_memo (reference) where reference is not null;
  create index credit_memo_parked on orders.credit_memo (erp_order_id) where order_id is null and erp_order_id is not null;`;

const TIMELINE_DDL = `
  alter table orders.timeline
    add column kind text not null default 'CHANGED',
    -- names the fact among those of its kind: the same told again is no second entry
    add column fact text not null default gen_random_uuid()::text;
  update orders.timeline set kind = case state when 'RECEIVED' then 'PLACED' when 'ACCEPTED_BY_ERP' then 'ACCEPTED' when 'CANCELLED' then 'CANCELLED'
    when 'NEEDS_ATTENTION' then 'ATTENTION' else 'SHIPPED' end;
  create unique index timeline_fact on orders.timeline (order_id, kind, fact);`;

const QUERY_DDL = `
  create index sales_order_company on orders.sales_order (company_number, placed_at desc, id desc) where company_number is not null;
  create index sales_order_channel on orders.sales_order (channel, placed_at desc, id desc);
  create index sales_order_state on orders.sales_order (state, placed_at desc, id desc);
  create index sales_order_updated on orders.sales_order (updated_at desc, id desc);
  create index sales_order_needs_attention on orders.sales_order (placed_at desc, id desc) where attention is not null;
  create index sales_order_number_prefix on orders.sales_order (number text_pattern_ops);
  create index sales_order_erp_number on orders.sales_order (erp_number) where erp_number is not null;
  create index sales_order_external_id on orders.sales_order (external_order_id) where external_order_id is not null;
  create index sales_order_email on orders.sales_order (lower(contact ->> 'email')) where contact ->> 'email' is not null;
  create index order_line_sku on orders.order_line (sku, order_id);`;

export const parcelsAndAllocation: Migration = {
  name: '0004-parcels-and-allocation',
  sql: [STATE_DDL, PARCEL_DDL, TIMELINE_DDL, QUERY_DDL].join('\n'),
};
