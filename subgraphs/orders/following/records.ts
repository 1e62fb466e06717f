import type { Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { CreditMemoRecord } from '../../../domain/returns.ts';
import type { Instant } from '../../../domain/time.ts';

/** PICKED_UP: the carrier has it. FAILED: it could not be handed over, and is tried again or comes back. */
export type CarrierNewsKind = 'PICKED_UP' | 'IN_TRANSIT' | 'DELIVERED' | 'FAILED';

/** What a carrier said of one parcel. */
export interface CarrierNewsRow {
  readonly id: string;
  /** Principal that brought it. */
  readonly reportedBy: string;
  readonly trackingNumber: string;
  /** See `trackingKey`. */
  readonly trackingKey: string;
  /** The ERP's id; null: whichever has the number. */
  readonly shipmentId: string | null;
  readonly kind: CarrierNewsKind;
  /** By the carrier's clock. */
  readonly at: Instant;
  readonly location: string | null;
  readonly detail: string | null;
}

/** News of one shipment. */
export type ShipmentNews = CarrierNewsRow & { readonly ofShipment: string };

export const NEWS_COLUMNS = `n.id::text as id, n.reported_by as "reportedBy", n.tracking_number as "trackingNumber", n.tracking_key as "trackingKey",
  n.shipment_id as "shipmentId", n.kind, n.at, n.location, n.detail`;

export interface CreditMemoRow {
  readonly id: string;
  readonly source: string;
  /** Null: parked until its order is known, or of none. */
  readonly orderId: string | null;
  readonly number: string;
  readonly reference: string | null;
  readonly state: CreditMemoRecord['state'];
  readonly paymentState: CreditMemoRecord['paymentState'];
  /** Positive, tax included. */
  readonly total: Decimal;
  readonly tax: Decimal;
  readonly currencyCode: CurrencyCode;
  readonly lines: CreditMemoRecord['lines'];
  readonly postedAt: Instant | null;
  /** By the earliest message that called it posted. */
  readonly creditedAt: Instant | null;
  readonly erpUpdatedAt: Instant;
}

export const MEMO_COLUMNS = `m.id, m.source, m.order_id as "orderId", m.number, m.reference, m.state, m.payment_state as "paymentState", m.total, m.tax,
  m.currency_code as "currencyCode", m.lines, m.posted_at as "postedAt", m.credited_at as "creditedAt", m.erp_updated_at as "erpUpdatedAt"`;
