import type { Migration } from '../../../platform/stores/migrate.ts';

export const moneyAndDestinations: Migration = {
  name: '0002-money-and-destinations',
  sql: `
  alter table orders.sales_order
    add column bill_to jsonb,
    add column charges jsonb not null default '[]',
    add column payments jsonb not null default '[]',
    add column tax_included boolean not null default false,
    -- null: the buyer was told no tax, the ERP computes it
    add column tax numeric,
    add column exchange_rate jsonb,
    add column carrier_code text,
    add column routing jsonb not null default '[]',
    -- grows with every change of what is ordered: who sends the order to the ERP says which one it read
    add column revision integer not null default 0,
    add column erp_total numeric,
    add column erp_tax numeric,
    -- the ERP's account a guest's order is booked on; no right to see the order comes with it
    add column erp_customer_number text;
  -- what a customer owes or will: asked before more is sold on account
  create index sales_order_open on orders.sales_order (coalesce(company_number, customer_number))
    where state in ('RECEIVED', 'ACCEPTED_BY_ERP', 'PARTIALLY_SHIPPED', 'NEEDS_ATTENTION');
  create index claim_age on orders.claim (created_at);
  alter table orders.order_line
    -- quantity is what is ordered now; 0: the line was cancelled
    add column ordered_quantity numeric,
    add column discount numeric not null default 0,
    add column taxes jsonb,
    add column ship_to jsonb,
    add column requested_on date;
  update orders.order_line set ordered_quantity = quantity;
  alter table orders.order_line alter column ordered_quantity set not null;`,
};
