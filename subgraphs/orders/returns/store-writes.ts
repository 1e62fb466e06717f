import { add, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Disposition, ErpReturn } from '../../../domain/returns.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { LANES, type RefundRecord, type RmaLineRecord, type RmaRecord } from './records.ts';

export type NewRma = Pick<
  RmaRecord,
  'id' | 'number' | 'orderId' | 'wants' | 'requestedBy' | 'requestedAt' | 'decision' | 'decidedAt' | 'decidedBy' | 'exchangeLines' | 'exchangeMoment'
>;

export async function insertRma(tx: Sql, rma: NewRma, lines: readonly Omit<RmaLineRecord, 'rmaId' | 'erpSku'>[]): Promise<void> {
  await tx.run(
    `insert into orders.rma (id, number, order_id, wants, requested_by, requested_at, decision, decided_at, decided_by, exchange_lines, exchange_moment,
       status, payment, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, 'REQUESTED', 'NOT_DUE', $6)`,
    [rma.id, rma.number, rma.orderId, rma.wants, rma.requestedBy, rma.requestedAt, rma.decision, rma.decidedAt, rma.decidedBy, JSON.stringify(rma.exchangeLines), rma.exchangeMoment],
  );
  await tx.run(
    `insert into orders.rma_line (rma_id, line_number, sku, quantity, reason, note)
     select $1, l.* from jsonb_to_recordset($2::jsonb) as l("lineNumber" int, sku text, quantity numeric, reason text, note text)`,
    [rma.id, JSON.stringify(lines)],
  );
  await tx.run('insert into orders.rma_work (rma_id, lane) select $1, unnest($2::text[])', [rma.id, LANES]);
}

export async function writeDecision(
  tx: Sql, id: string, decision: RmaRecord['decision'], { at, by, note }: { readonly at: Instant; readonly by: string; readonly note: string | null },
): Promise<void> {
  await tx.run('update orders.rma set decision = $2, decided_at = $3, decided_by = $4, decision_note = $5 where id = $1', [id, decision, at, by, note]);
}

export async function writeClosed(tx: Sql, id: string, at: Instant): Promise<void> {
  await tx.run('update orders.rma set closed_at = coalesce(closed_at, $2) where id = $1', [id, at]);
}

export interface NewReceipt {
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly disposition: Disposition;
  readonly note: string | null;
}

export async function insertReceipts(tx: Sql, rmaId: string, receipts: readonly NewReceipt[], { at, by }: { readonly at: Instant; readonly by: string }): Promise<void> {
  await tx.run(
    `insert into orders.rma_receipt (rma_id, line_number, sku, quantity, disposition, note, received_at, received_by)
     select $1, c.*, $3, $4 from jsonb_to_recordset($2::jsonb) as c("lineNumber" int, sku text, quantity numeric, disposition text, note text)`,
    [rmaId, JSON.stringify(receipts), at, by],
  );
}

export async function insertRefund(tx: Sql, refund: RefundRecord): Promise<void> {
  await tx.run(
    `insert into orders.rma_refund (id, rma_id, reference, reason, lines, charges, net, tax, total, currency_code, requested_by, requested_at)
     values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9, $10, $11, $12)`,
    [
      refund.id, refund.rmaId, refund.reference, refund.reason, JSON.stringify(refund.lines), JSON.stringify(refund.charges), refund.net, refund.tax, refund.total,
      refund.currencyCode, refund.requestedBy, refund.requestedAt,
    ],
  );
}

/** What the ERP answered of its document; an older word never overwrites a newer one. */
export async function writeErpReturn(tx: Sql, id: string, document: ErpReturn): Promise<void> {
  const received: Record<Sku, Decimal> = {};
  for (const line of document.lines) received[line.sku] = add(received[line.sku] ?? ZERO, line.received);
  await tx.run(
    `update orders.rma set erp_return_id = $2, erp_number = $3, erp_state = $4, erp_received = $5::jsonb, erp_updated_at = $6
     where id = $1 and (erp_updated_at is null or erp_updated_at <= $6)`,
    [id, document.id, document.number, document.state, JSON.stringify(received), document.updatedAt],
  );
}

export async function writeTold(tx: Sql, id: string, told: { readonly receipt: string } | 'CANCEL'): Promise<void> {
  if (told === 'CANCEL') await tx.run('update orders.rma set cancel_told = true where id = $1', [id]);
  else await tx.run('update orders.rma set told_receipt = greatest(told_receipt, $2::bigint) where id = $1', [id, told.receipt]);
}

export async function writeExchangeOrder(tx: Sql, id: string, orderId: string): Promise<void> {
  await tx.run('update orders.rma set exchange_order_id = $2 where id = $1 and exchange_order_id is null', [id, orderId]);
}

export async function countExchangeRefusal(tx: Sql, id: string): Promise<void> {
  await tx.run('update orders.rma set exchange_refusals = exchange_refusals + 1 where id = $1', [id]);
}

/** Remembers who asked for what under which key. False: this key was used before; wait-free only after the first has ended. */
export const claimKey = async (tx: Sql, key: { readonly actor: string; readonly idempotencyKey: string; readonly action: string; readonly payloadHash: string; readonly rmaId: string; readonly at: Instant }): Promise<boolean> =>
  (await tx.run(
    `insert into orders.rma_request (actor, idempotency_key, action, payload_hash, rma_id, at) values ($1, $2, $3, $4, $5, $6)
     on conflict (actor, idempotency_key) do nothing`,
    [key.actor, key.idempotencyKey, key.action, key.payloadHash, key.rmaId, key.at],
  )) === 1;

export async function readKey(sql: Sql, actor: string, idempotencyKey: string): Promise<{ readonly action: string; readonly payloadHash: string; readonly rmaId: string } | null> {
  const [row] = await sql.query<{ action: string; payloadHash: string; rmaId: string }>(
    'select action, payload_hash as "payloadHash", rma_id as "rmaId" from orders.rma_request where actor = $1 and idempotency_key = $2', [actor, idempotencyKey],
  );
  return row ?? null;
}
