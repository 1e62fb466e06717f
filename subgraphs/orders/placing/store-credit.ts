import { decimal, type Decimal } from '../../../domain/decimal.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

export interface OpenAmount {
  readonly amount: Decimal;
  /** Open orders in other currencies: without a rate there is no sum. */
  readonly foreignOrders: number;
}

/**
 * What the customer or company owes, or will, for orders known here that are neither cancelled nor shipped whole - ours and
 * those of the ERP - less what is paid otherwise. Each order counts once: the ERP's copy of ours is ours.
 */
export async function readOpenAmount(sql: Sql, number: string, currencyCode: string): Promise<OpenAmount> {
  const [row] = await sql.query<{ amount: string; foreignOrders: number }>(
    `select coalesce(sum(owed) filter (where currency_code = $2), 0)::text as amount,
       (count(*) filter (where currency_code is distinct from $2 and owed <> 0))::int as "foreignOrders"
     from (select o.currency_code, case when o.payments = '[]' and o.payment_reference is not null then 0 else o.total - coalesce(
         (select sum((p ->> 'amount')::numeric) from jsonb_array_elements(o.payments) p where p ->> 'kind' <> 'ON_ACCOUNT'), 0) end as owed
       from orders.sales_order o where coalesce(o.company_number, o.customer_number) = $1
         and o.state in ('RECEIVED', 'ACCEPTED_BY_ERP', 'PARTIALLY_SHIPPED', 'NEEDS_ATTENTION')) open_orders`,
    [number, currencyCode],
  );
  return { amount: decimal(row!.amount), foreignOrders: row!.foreignOrders };
}

/** One order of a customer at a time from here to the end of the transaction: two must not take the same room below the limit. */
export async function lockCredit(tx: Sql, number: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [`credit ${number}`]);
}
