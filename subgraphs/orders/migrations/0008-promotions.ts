import type { Migration } from '../../../platform/stores/migrate.ts';

export const promotions: Migration = {
  name: '0008-promotions',
  sql: `
  -- Which promotions made the line cheaper when it was ordered: [{ code, name, amount }]. Their discount is in the line's.
  alter table orders.order_line add column promotions jsonb not null default '[]';
  -- Of the company, where one was named: it may have terms of its own, and more of a line is priced by them.
  alter table orders.sales_order add column company_location text;`,
};
