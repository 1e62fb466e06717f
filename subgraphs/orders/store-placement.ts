import type { Decimal } from '../../domain/decimal.ts';
import type { BasketLine } from '../../domain/inventory.ts';
import type { PricedLine } from '../../domain/pricing.ts';
import type { Instant } from '../../domain/time.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { Placement } from './placement.ts';
import type { OrderWarning } from './records.ts';
import type { Claim } from './store-claims.ts';
import { addToTimelines, announceChanges, orderChanged } from './store-timeline.ts';

/** Everything an order is made of when its row is written. */
export interface NewOrderRow {
  readonly claim: Claim;
  readonly payloadHash: string;
  readonly placement: Placement;
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  readonly priceListCode: string | null;
  readonly currencyCode: string;
  readonly total: Decimal;
  readonly lines: readonly PricedLine[];
  readonly holdId: string | null;
  readonly holdLines: readonly BasketLine[];
  readonly warnings: readonly OrderWarning[];
  readonly placedAt: Instant;
  /** When the sweep looks after the order if no job did. */
  readonly dueAt: Instant;
}

/** Writes order, lines, timeline and event. False, and nothing written, when the channel's order number is taken. */
export async function insertOrder(tx: Sql, row: NewOrderRow): Promise<boolean> {
  const { claim, placement } = row;
  const values: Record<string, unknown> = {
    id: claim.orderId, number: claim.orderNumber, source: 'graph', owner: claim.owner, idempotency_key: claim.idempotencyKey,
    payload_hash: row.payloadHash, channel: placement.channel, external_order_id: placement.externalOrderId,
    customer_number: row.customerNumber, company_number: row.companyNumber, contact: JSON.stringify(placement.contact),
    currency_code: row.currencyCode, total: row.total, ship_to: JSON.stringify(placement.shipTo), requested_on: placement.requestedOn,
    note: placement.note, payment_reference: placement.paymentReference, price_list_code: row.priceListCode, placed_at: row.placedAt,
    state: 'RECEIVED', stock_verified: !row.warnings.some((warning) => warning.code === 'STOCK_UNVERIFIED'),
    warnings: JSON.stringify(row.warnings), hold_id: row.holdId, hold_lines: JSON.stringify(row.holdLines), hold_state: row.holdId === null ? 'NONE' : 'PENDING',
    submission: 'PENDING', due_at: row.dueAt,
  };
  const names = Object.keys(values);
  const inserted = await tx.run(
    `insert into orders.sales_order (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (coalesce(channel, ''), external_order_id) where external_order_id is not null and not compensated do nothing`,
    Object.values(values),
  );
  if (inserted === 0) return false;
  await insertLines(tx, claim.orderId, row.lines);
  await addToTimelines(tx, [{ orderId: claim.orderId, at: row.placedAt, state: 'RECEIVED', source: 'graph', detail: null }]);
  await announceChanges(tx, [orderChanged({ id: claim.orderId, owner: claim.owner }, row.placedAt)]);
  return true;
}

async function insertLines(tx: Sql, orderId: string, lines: readonly PricedLine[]): Promise<void> {
  const rows = lines.map((line, index) => ({
    lineNumber: index + 1, sku: line.sku, quantity: line.quantity, unitPrice: line.unitPrice.amount, lineTotal: line.lineTotal.amount,
  }));
  await tx.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, unit_price, line_total)
     select $1, l.* from jsonb_to_recordset($2::jsonb) as l("lineNumber" int, sku text, quantity numeric, "unitPrice" numeric, "lineTotal" numeric)`,
    [orderId, JSON.stringify(rows)],
  );
}
