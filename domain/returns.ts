import type { Decimal } from './decimal.ts';
import type { Sku } from './ids.ts';
import type { Money } from './money.ts';
import type { Instant } from './time.ts';

/** What becomes of goods that came back. */
export type Disposition = 'RESTOCK' | 'SCRAP' | 'QUARANTINE';

/** A return as the ERP is told of it. */
export interface NewReturn {
  /** Ours, unique for ever; looked up before and after create. Letters, digits, _ and -, <= 64. */
  readonly reference: string;
  /** The ERP's id of the order the goods were shipped for. */
  readonly orderId: string;
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
}

/** The ERP's document of goods on their way back. It also comes by the shipment feed, as a shipment of direction RETURN. */
export interface ErpReturn {
  readonly id: string;
  readonly number: string;
  readonly reference: string | null;
  readonly state: 'EXPECTED' | 'RECEIVED' | 'CANCELLED';
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal; readonly received: Decimal }[];
  readonly updatedAt: Instant;
}

/** What came, and where it goes: several entries for one SKU where it is parted. */
export interface ReceivedLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly disposition: Disposition;
}

export interface NewCreditMemo {
  /** Ours, unique for ever; looked up before and after create. */
  readonly reference: string;
  /** The ERP's id of the order. */
  readonly orderId: string;
  readonly reason: string;
  /** What is credited per SKU, as the ERP prices and taxes the order's own lines. */
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
  /**
   * Beside the lines: shipping given back is positive, a restocking fee negative; `code` is the ERP's charge code. `taxedAs`: the SKU
   * of the order's line it is a part of; absent: taxed as the order's own charge of that code, else as the ERP taxes it.
   */
  readonly charges: readonly { readonly code: string; readonly description: string; readonly amount: Decimal; readonly taxedAs?: Sku }[];
}

/** The ERP's credit memo as it stands. */
export interface CreditMemoRecord {
  readonly id: string;
  readonly number: string;
  /** Our reference; null for those people made in the ERP. */
  readonly reference: string | null;
  /** The ERP's id of the order it gives money back for; null: of none. */
  readonly orderId: string | null;
  readonly state: 'DRAFT' | 'POSTED' | 'CANCELLED';
  readonly paymentState: 'NOT_PAID' | 'PARTLY_PAID' | 'PAID';
  /** Positive, tax included. */
  readonly total: Money;
  /** The tax in it, positive. */
  readonly tax: Money;
  readonly lines: readonly { readonly sku: Sku | null; readonly description: string; readonly quantity: Decimal; readonly total: Money }[];
  readonly postedAt: Instant | null;
  readonly updatedAt: Instant;
}
