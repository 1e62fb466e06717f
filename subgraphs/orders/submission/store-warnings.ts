import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { addFacts, announceChanges, orderChanged, type Followers } from '../reading/store-timeline.ts';
import type { OrderRecord, OrderWarning } from '../records.ts';

export interface Told {
  /** Connector instance that told. */
  readonly source: string;
  readonly at: Instant;
}

/** Keeps the warning with the order, once per code and message, and tells of it in the timeline. False: it is there already. */
export async function addWarning(tx: Sql, orderId: string, warning: OrderWarning, { source, at }: Told): Promise<boolean> {
  const [order] = await tx.query<Pick<OrderRecord, 'id'> & Followers>(
    `update orders.sales_order set warnings = warnings || $2::jsonb where id = $1 and not warnings @> $2::jsonb returning id, owner, customer_number as "customerNumber", company_number as "companyNumber", channel`,
    [orderId, JSON.stringify([warning])],
  );
  if (!order) return false;
  await addFacts(tx, [{ orderId, kind: warning.code === 'TOTAL_DIFFERS' ? 'TOTAL_DIFFERS' : 'CHANGED', fact: `${warning.code} ${warning.message}`, at, source, detail: warning.message }]);
  await announceChanges(tx, [orderChanged(order, at)]);
  return true;
}

interface Difference {
  readonly id: string;
  readonly total: Decimal;
  readonly erpTotal: Decimal;
  readonly erpTax: Decimal | null;
  readonly tax: Decimal | null;
  readonly currencyCode: string;
}

const taxOf = (tax: Decimal | null): string => (tax === null ? '' : `, ${tax} of it tax`);

/**
 * Flags these orders where the ERP's total is not what the buyer was told, beyond the tolerance: nothing is held up by it,
 * and nothing hidden; both totals stay with the order. Where the buyer was told no tax, the ERP's is no difference. Answers
 * those flagged now.
 */
export async function flagTotals(tx: Sql, orderIds: readonly string[], tolerance: Decimal, told: Told): Promise<readonly string[]> {
  const found = await tx.query<Difference>(
    `select id, total, erp_total as "erpTotal", erp_tax as "erpTax", tax, currency_code as "currencyCode" from orders.sales_order
     where id = any($1::uuid[]) and source = 'graph' and erp_total is not null
       and abs(erp_total - case when tax is null and not tax_included then coalesce(erp_tax, 0) else 0 end - total) > $2::numeric order by id for update`,
    [orderIds, tolerance],
  );
  const flagged: string[] = [];
  for (const { id, total, erpTotal, erpTax, tax, currencyCode } of found) {
    const message = `${told.source} makes it ${erpTotal} ${currencyCode}${taxOf(erpTax)}; the buyer was told ${total} ${currencyCode}${taxOf(tax)}`;
    if (await addWarning(tx, id, { code: 'TOTAL_DIFFERS', field: ['total'], message }, told)) flagged.push(id);
  }
  return flagged;
}
