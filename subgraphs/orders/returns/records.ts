import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { CreditMemoRecord, Disposition, ErpReturn } from '../../../domain/returns.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ExchangeMoment, ReturnReason } from './policy.ts';
import type { Amounts, Paid } from './refund-amounts.ts';
import type { ReturnDecision, ReturnPayment, ReturnStatus } from './return-state.ts';

/** Rows of this room as the store answers them. */

export interface ExchangeLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

export interface RmaRecord {
  readonly id: string;
  readonly number: string;
  readonly orderId: string;
  readonly wants: 'REFUND' | 'EXCHANGE';
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly decision: ReturnDecision;
  readonly decidedAt: Instant | null;
  readonly decidedBy: string | null;
  readonly decisionNote: string | null;
  readonly closedAt: Instant | null;
  readonly status: ReturnStatus;
  readonly payment: ReturnPayment;
  readonly changedAt: Instant;
  readonly erpReturnId: string | null;
  readonly erpNumber: string | null;
  readonly erpState: ErpReturn['state'] | null;
  readonly erpReceived: Readonly<Record<Sku, Decimal>>;
  readonly erpUpdatedAt: Instant | null;
  /** Id of the last receipt the ERP was told of. */
  readonly toldReceipt: string;
  /** The ERP was told that what has not come is not expected any more. */
  readonly cancelTold: boolean;
  readonly exchangeLines: readonly ExchangeLine[];
  readonly exchangeMoment: ExchangeMoment | null;
  readonly exchangeOrderId: string | null;
  readonly exchangeRefusals: number;
}

export interface RmaLineRecord {
  readonly rmaId: string;
  /** Of the order. */
  readonly lineNumber: number;
  readonly sku: Sku;
  /** What the ERP's messages call it. */
  readonly erpSku: Sku;
  readonly quantity: Decimal;
  readonly reason: ReturnReason;
  readonly note: string | null;
}

export interface ReceiptRecord {
  readonly id: string;
  readonly rmaId: string;
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly disposition: Disposition;
  readonly note: string | null;
  readonly receivedAt: Instant;
  readonly receivedBy: string;
}

/** A line's share of a refund: what comes of the prices, and what was decided instead. */
export interface RefundLine extends Amounts {
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** What comes of the prices, whatever was decided instead; null: the ERP tells no prices. */
  readonly reckoned: Paid | null;
}

export interface RefundCharge {
  /** DISCOUNT: the line's share of what was let off the whole order, which the ERP keeps beside its lines. */
  readonly kind: 'SHIPPING' | 'RESTOCKING_FEE' | 'DISCOUNT' | 'ADJUSTMENT';
  /** Ours; what the ERP calls it is in the code maps. */
  readonly code: string;
  readonly description: string;
  /** Counted as the order's prices are; negative takes off the refund. */
  readonly amount: Decimal;
  /** With its tax, as far as known; 0 where it is in its line's amounts already. */
  readonly payable: Decimal;
  /** Line it is a part of, and taxed as; absent: of none. */
  readonly lineNumber?: number;
}

export interface RefundRecord extends Amounts {
  readonly id: string;
  readonly rmaId: string;
  /** Of the credit memo in the ERP. */
  readonly reference: string;
  readonly reason: string;
  readonly lines: readonly RefundLine[];
  readonly charges: readonly RefundCharge[];
  readonly currencyCode: string | null;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
}

export const LANES = ['GOODS', 'MONEY', 'EXCHANGE'] as const;
export type Lane = (typeof LANES)[number];

export interface WorkRecord {
  readonly rmaId: string;
  readonly lane: Lane;
  readonly state: 'NONE' | 'PENDING' | 'ATTENTION' | 'UNSUPPORTED';
  readonly turn: number;
  readonly failures: number;
  readonly dueAt: Instant | null;
  readonly patienceFrom: Instant | null;
  readonly unsettledUntil: Instant | null;
  /** How many creates were sent so far. */
  readonly claims: number;
  readonly attention: string | null;
  readonly lastFailure: string | null;
}

/** A credit memo of the order, ours or made by people in the ERP. */
export interface MemoRow {
  readonly id: string;
  readonly orderId: string;
  readonly number: string;
  readonly reference: string | null;
  readonly state: CreditMemoRecord['state'];
  readonly total: Decimal;
  readonly tax: Decimal;
  readonly currencyCode: string;
  readonly postedAt: Instant | null;
}

/** A document of goods coming back, as the ERP's shipment feed tells. */
export interface ToldReturn {
  readonly id: string;
  readonly orderId: string;
  readonly number: string;
  readonly returnReference: string | null;
  readonly state: 'PLANNED' | 'SHIPPED' | 'CANCELLED';
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
  readonly shippedAt: Instant | null;
}

/** Everything known of one return. */
export interface ReturnCase {
  readonly rma: RmaRecord;
  readonly lines: readonly RmaLineRecord[];
  readonly receipts: readonly ReceiptRecord[];
  readonly refunds: readonly RefundRecord[];
  readonly work: Readonly<Record<Lane, WorkRecord>>;
  /** Under its reference. */
  readonly told: readonly ToldReturn[];
  /** Under its refunds' references. */
  readonly memos: readonly MemoRow[];
}

const columns = (alias: string, names: Readonly<Record<string, string>>): string =>
  Object.entries(names).map(([name, column]) => `${alias}.${column} as "${name}"`).join(', ');

export const RMA_COLUMNS = columns('r', {
  id: 'id', number: 'number', orderId: 'order_id', wants: 'wants', requestedBy: 'requested_by', requestedAt: 'requested_at', decision: 'decision',
  decidedAt: 'decided_at', decidedBy: 'decided_by', decisionNote: 'decision_note', closedAt: 'closed_at', status: 'status', payment: 'payment', changedAt: 'changed_at',
  erpReturnId: 'erp_return_id', erpNumber: 'erp_number', erpState: 'erp_state', erpReceived: 'erp_received', erpUpdatedAt: 'erp_updated_at', toldReceipt: 'told_receipt', cancelTold: 'cancel_told',
  exchangeLines: 'exchange_lines', exchangeMoment: 'exchange_moment', exchangeOrderId: 'exchange_order_id', exchangeRefusals: 'exchange_refusals',
} satisfies Record<keyof RmaRecord, string>);

export const RMA_LINE_COLUMNS = columns('l', {
  rmaId: 'rma_id', lineNumber: 'line_number', sku: 'sku', quantity: 'quantity', reason: 'reason', note: 'note',
} satisfies Record<Exclude<keyof RmaLineRecord, 'erpSku'>, string>);

export const RECEIPT_COLUMNS = columns('c', {
  id: 'id', rmaId: 'rma_id', lineNumber: 'line_number', sku: 'sku', quantity: 'quantity', disposition: 'disposition', note: 'note',
  receivedAt: 'received_at', receivedBy: 'received_by',
} satisfies Record<keyof ReceiptRecord, string>);

export const REFUND_COLUMNS = columns('f', {
  id: 'id', rmaId: 'rma_id', reference: 'reference', reason: 'reason', lines: 'lines', charges: 'charges', net: 'net', tax: 'tax', total: 'total',
  currencyCode: 'currency_code', requestedBy: 'requested_by', requestedAt: 'requested_at',
} satisfies Record<keyof RefundRecord, string>);

export const WORK_COLUMNS = columns('w', {
  rmaId: 'rma_id', lane: 'lane', state: 'state', turn: 'turn', failures: 'failures', dueAt: 'due_at', patienceFrom: 'patience_from',
  unsettledUntil: 'unsettled_until', claims: 'claims', attention: 'attention', lastFailure: 'last_failure',
} satisfies Record<keyof WorkRecord, string>);
