import type { PostalAddress } from './customers.ts';
import type { Decimal } from './decimal.ts';
import type { ChannelCode, LocationCode, Sku } from './ids.ts';
import type { CurrencyCode, Money } from './money.ts';
import type { CalendarDate, Instant } from './time.ts';

export interface NewOrderLine {
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly unitPrice: Money;
  readonly locationCode: LocationCode | null;
}

/** An order on its way to the ERP. */
export interface NewOrder {
  /** Ours, unique for ever; the ERP document is looked up by it before and after create. Letters, digits, _ and - (NetSuite), <= 64. */
  readonly reference: string;
  /** The ERP's id of the customer (see CustomerPort). */
  readonly customerId: string;
  readonly channel: ChannelCode | null;
  readonly currencyCode: CurrencyCode;
  readonly priceListCode: string | null;
  readonly shipTo: PostalAddress | null;
  readonly requestedOn: CalendarDate | null;
  readonly note: string | null;
  readonly lines: readonly NewOrderLine[];
  readonly placedAt: Instant;
}

export type ErpOrderState = 'DRAFT' | 'CONFIRMED' | 'CANCELLED';

/** The ERP's document as it stands. */
export interface ErpOrder {
  readonly id: string;
  readonly number: string;
  /** Our reference as the ERP holds it; null for orders that did not come from here. */
  readonly reference: string | null;
  readonly state: ErpOrderState;
  readonly total: Money | null;
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal; readonly delivered: Decimal }[];
  readonly updatedAt: Instant;
}

export interface PackageTracking {
  readonly trackingNumber: string;
  readonly trackingUrl: string | null;
}

export type ShipmentState = 'PLANNED' | 'SHIPPED' | 'CANCELLED';

export interface ShipmentRecord {
  /** The ERP's id of the shipment. */
  readonly id: string;
  readonly number: string;
  /** The ERP's id of the order it belongs to. */
  readonly orderId: string;
  readonly state: ShipmentState;
  readonly carrier: string | null;
  readonly tracking: readonly PackageTracking[];
  readonly locationCode: LocationCode | null;
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
  readonly shippedAt: Instant | null;
  /** Goods coming back rather than going out. */
  readonly direction: 'OUTBOUND' | 'RETURN';
  readonly updatedAt: Instant;
}

export type OrderState = 'RECEIVED' | 'ACCEPTED_BY_ERP' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'CANCELLED' | 'NEEDS_ATTENTION';
