import { equals, isZero, type Decimal } from '../../../domain/decimal.ts';
import type { PostalAddress } from '../../../domain/customers.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { changeAmounts, type LineAmounts } from './amounts.ts';
import type { LineOutcome } from './records.ts';

/** What an order is from now on. */
export interface NewTerms {
  readonly quantities: readonly LineOutcome[];
  /** Null: as it is. */
  readonly shipTo: PostalAddress | null;
  readonly requestedDay: { readonly on: CalendarDate | null } | null;
}

/**
 * Writes new quantities with what they cost, address and day. The order's row must be locked; its revision grows, so that
 * nobody sends to the ERP what was read before. Answers new total less old; null where the order has no total.
 */
export async function applyTerms(tx: Sql, order: OrderRecord, lines: readonly LineRecord[], { quantities, shipTo, requestedDay }: NewTerms): Promise<Decimal | null> {
  const amounts = changeAmounts({ ...order, lines }, new Map(quantities.map(({ lineNumber, quantity }) => [lineNumber, quantity])));
  await tx.run(
    `update orders.sales_order set revision = revision + 1, total = $2, tax = $3, charges = $4,
       ship_to = case when $5 then $6::jsonb else ship_to end, requested_on = case when $7 then $8::date else requested_on end
     where id = $1`,
    [order.id, amounts.total, amounts.tax, JSON.stringify(amounts.charges), shipTo !== null, JSON.stringify(shipTo), requestedDay !== null, requestedDay?.on ?? null],
  );
  await writeLines(tx, order.id, amounts.lines.filter((line, index) => !equals(line.quantity, lines[index]!.quantity)));
  return amounts.difference;
}

async function writeLines(tx: Sql, orderId: string, lines: readonly LineAmounts[]): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map(({ lineNumber, quantity, lineTotal, discount, taxes }) => ({ lineNumber, quantity, lineTotal, discount, taxes }));
  await tx.run(
    `update orders.order_line l set quantity = c.quantity, line_total = c."lineTotal", discount = c.discount, taxes = c.taxes
     from jsonb_to_recordset($2::jsonb) as c("lineNumber" int, quantity numeric, "lineTotal" numeric, discount numeric, taxes jsonb)
     where l.order_id = $1 and l.line_number = c."lineNumber"`,
    [orderId, JSON.stringify(rows)],
  );
}

/**
 * True when nobody has begun to send the order since it was read, and nobody will: the last word before it is changed here.
 * A sending that came to nothing is over with it. The order's row must be locked.
 */
export const claimUnsent = async (tx: Sql, { id, unsettledUntil, revision }: OrderRecord): Promise<boolean> =>
  (await tx.run(
    `update orders.sales_order set unsettled_until = null
     where id = $1 and submission in ('PENDING', 'ATTENTION') and erp_order_id is null and revision = $3
       and date_trunc('milliseconds', unsettled_until) is not distinct from $2::timestamptz`,
    [id, unsettledUntil, revision],
  )) === 1;

/** An order of which nothing is left is not sent any more. */
export async function endSubmissionIfNothingIsLeft(tx: Sql, orderId: string, lines: readonly LineRecord[]): Promise<void> {
  if (!lines.every((line) => isZero(line.quantity))) return;
  await tx.run(
    `update orders.sales_order set submission = 'CANCELLED', due_at = null, attention = null
     where id = $1 and submission in ('PENDING', 'ATTENTION') and erp_order_id is null`,
    [orderId],
  );
}

/** What the ERP's document ordered when it was told last; null: nobody has noted it. */
export async function readErpOrdered(sql: Sql, orderIds: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, Decimal>>>> {
  const rows = await sql.query<{ id: string; ordered: Readonly<Record<string, Decimal>> }>(
    'select id, erp_ordered as ordered from orders.sales_order where id = any($1::uuid[]) and erp_ordered is not null', [orderIds],
  );
  return new Map(rows.map(({ id, ordered }) => [id, ordered]));
}

export async function writeErpOrdered(tx: Sql, orders: readonly { readonly id: string; readonly ordered: Readonly<Record<string, Decimal>> }[]): Promise<void> {
  if (orders.length === 0) return;
  await tx.run(
    `update orders.sales_order o set erp_ordered = c.ordered from jsonb_to_recordset($1::jsonb) as c(id uuid, ordered jsonb) where o.id = c.id`, [JSON.stringify(orders)],
  );
}
