import type { Decimal } from './decimal.ts';
import type { LocationCode, Sku } from './ids.ts';
import type { Instant } from './time.ts';

export interface PackageTracking {
  readonly trackingNumber: string;
  readonly trackingUrl: string | null;
}

export interface ShipmentLine {
  readonly sku: Sku;
  /** Asked for before it leaves, really moved after. */
  readonly quantity: Decimal;
  /** Set aside for it in the warehouse; absent: the ERP does not tell. */
  readonly allocated?: Decimal;
}

/** A parcel of a shipment. */
export interface ShipmentPackage {
  /** The ERP's name of the parcel; null where it only knows a tracking number. */
  readonly reference: string | null;
  readonly carrier: string | null;
  readonly trackings: readonly PackageTracking[];
  /** What is in it; empty: the ERP does not tell. */
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
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
  /** Absent or empty: the ERP knows no parcels, `tracking` is all there is. */
  readonly packages?: readonly ShipmentPackage[];
  readonly locationCode: LocationCode | null;
  readonly lines: readonly ShipmentLine[];
  readonly shippedAt: Instant | null;
  /** Goods coming back rather than going out. */
  readonly direction: 'OUTBOUND' | 'RETURN';
  /** The ERP's id of the shipment whose rest this one is; null or absent: none. */
  readonly backorderOf?: string | null;
  /** Our reference of the return it is (see ReturnPort); null or absent: nobody asked for it here. */
  readonly returnReference?: string | null;
  /** The warehouse has its papers; absent: the ERP does not tell. */
  readonly printed?: boolean;
  /** Somebody has begun to pick it; absent: the ERP does not tell. */
  readonly picking?: boolean;
  readonly updatedAt: Instant;
}
