import type { PostalAddress } from './customers.ts';
import type { Decimal } from './decimal.ts';
import type { Sku } from './ids.ts';
import type { ErpOrder } from './orders.ts';
import type { CalendarDate } from './time.ts';

/** What an order shall be from now on: absolute, so that sending it twice changes nothing more. */
export interface OrderChange {
  /** Lines that change; quantity 0 cancels the line. */
  readonly lines: readonly { readonly lineNumber: number; readonly sku: Sku; readonly quantity: Decimal }[];
  /** Absent: as it is. */
  readonly shipTo?: PostalAddress;
  /** Absent: as it is; null: no day asked for. */
  readonly requestedOn?: CalendarDate | null;
}

/** How far the ERP's warehouse is with an order. */
export interface PickingProgress {
  /** True once somebody has begun: then the order is the warehouse's. */
  readonly started: boolean;
  /** For people: "WH/OUT/00012 is being picked". Null while nothing has begun. */
  readonly detail: string | null;
  readonly lines: readonly { readonly sku: Sku; readonly picked: Decimal; readonly shipped: Decimal }[];
}

/** Why an ERP would not change an order. */
export type ChangeRefusal = 'PICKING_STARTED' | 'SHIPPED' | 'CANCELLED' | 'OTHER';

/** The ERP's word on a change, read back from the document rather than taken from its answer. */
export type ChangeOutcome =
  | { readonly kind: 'APPLIED'; readonly order: ErpOrder }
  | { readonly kind: 'REFUSED'; readonly reason: ChangeRefusal; readonly detail: string; readonly order: ErpOrder };
