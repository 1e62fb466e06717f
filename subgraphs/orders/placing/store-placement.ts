import type { RoutingHint } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { addToTimelines, announceFresh, orderChanged } from '../reading/store-timeline.ts';
import type { OrderWarning } from '../records.ts';
import type { Placement } from './placement.ts';
import type { Buyer } from './step-buyer.ts';
import type { PricedBasket } from './step-price.ts';
import type { HeldStock } from './step-stock.ts';
import type { SettledMoney } from './step-totals.ts';
import type { Claim } from './store-claims.ts';

/** Everything an order is made of when its row is written. */
export interface NewOrderRow {
  readonly claim: Claim;
  readonly payloadHash: string;
  readonly placement: Placement;
  readonly buyer: Buyer;
  readonly priced: PricedBasket;
  readonly settled: SettledMoney;
  readonly held: HeldStock;
  readonly warnings: readonly OrderWarning[];
  readonly routing: readonly RoutingHint[];
  readonly placedAt: Instant;
  /** When the sweep looks after the order if no job did. */
  readonly dueAt: Instant;
}

/** Writes order, lines, timeline and event. False, and nothing written, when the channel's order number is taken. */
export async function insertOrder(tx: Sql, row: NewOrderRow): Promise<boolean> {
  const { claim } = row;
  const values = { ...identityOf(row), ...moneyOf(row), ...progressOf(row) };
  const names = Object.keys(values);
  const inserted = await tx.run(
    `insert into orders.sales_order (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (coalesce(channel, ''), external_order_id) where external_order_id is not null and not compensated do nothing`,
    Object.values(values),
  );
  if (inserted === 0) return false;
  await insertLines(tx, row);
  await addToTimelines(tx, [{ orderId: claim.orderId, at: row.placedAt, state: 'RECEIVED', source: 'graph', detail: null, kind: 'PLACED', fact: '' }]);
  await announceFresh(tx, [orderChanged({ id: claim.orderId, owner: claim.owner, customerNumber: row.buyer.customerNumber, companyNumber: row.buyer.companyNumber, channel: row.placement.channel }, row.placedAt)]);
  return true;
}

type Columns = Readonly<Record<string, unknown>>;

const json = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));

const identityOf = ({ claim, payloadHash, placement, buyer, placedAt }: NewOrderRow): Columns => ({
  id: claim.orderId, number: claim.orderNumber, source: 'graph', owner: claim.owner, idempotency_key: claim.idempotencyKey, payload_hash: payloadHash,
  channel: placement.channel, external_order_id: placement.externalOrderId, customer_number: buyer.customerNumber, company_number: buyer.companyNumber, company_location: placement.companyLocation ?? null,
  erp_customer_number: buyer.erpCustomerNumber, contact: json(placement.contact), ship_to: json(placement.shipTo), bill_to: json(placement.billTo),
  carrier_code: placement.carrierCode ?? null, requested_on: placement.requestedOn, note: placement.note, placed_at: placedAt,
});

const moneyOf = ({ placement, buyer, priced, settled }: NewOrderRow): Columns => ({
  currency_code: priced.currencyCode, total: settled.totals.total, tax: settled.totals.tax, tax_included: placement.taxIncluded ?? false,
  charges: JSON.stringify(settled.charges), payments: JSON.stringify(settled.payments), exchange_rate: json(placement.exchangeRate),
  payment_reference: placement.paymentReference, price_list_code: buyer.priceListCode,
});

const progressOf = ({ held, warnings, routing, dueAt }: NewOrderRow): Columns => ({
  state: 'RECEIVED', stock_verified: !warnings.some((warning) => warning.code === 'STOCK_UNVERIFIED'), warnings: JSON.stringify(warnings),
  hold_id: held.holdId, hold_lines: JSON.stringify(held.holdLines), hold_state: held.holdId === null ? 'NONE' : 'PENDING', routing: JSON.stringify(routing),
  submission: 'PENDING', due_at: dueAt,
});

async function insertLines(tx: Sql, { claim, placement, priced, settled }: NewOrderRow): Promise<void> {
  const rows = priced.lines.map((line, index) => ({
    lineNumber: index + 1, sku: line.sku, quantity: line.quantity, unitPrice: line.unitPrice.amount, lineTotal: line.lineTotal.amount, unitCost: line.unitCost ?? null, promotions: line.promotions,
    ...settled.lines[index]!, shipTo: placement.lines[index]!.shipTo ?? null, requestedOn: placement.lines[index]!.requestedOn ?? null,
  }));
  await tx.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, unit_price, line_total, unit_cost, promotions, discount, taxes, ship_to, requested_on, ordered_quantity)
     select $1, l.*, l.quantity from jsonb_to_recordset($2::jsonb) as l("lineNumber" int, sku text, quantity numeric, "unitPrice" numeric, "lineTotal" numeric,
       "unitCost" jsonb, promotions jsonb, discount numeric, taxes jsonb, "shipTo" jsonb, "requestedOn" date)`,
    [claim.orderId, JSON.stringify(rows)],
  );
}
