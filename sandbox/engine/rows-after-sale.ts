import type { DecimalText } from './decimal.ts';
import type { Row } from './table.ts';

/** What packing, carriers and giving money back add to the records of `rows.ts`. */

/** Who drives; `<shipmenttrackingnumber>` in the link stands for the tracking reference. */
export interface Carrier extends Row {
  readonly name: string;
  readonly trackingUrl: string | null;
  /** The service its price is charged as. */
  readonly variantId: number | null;
}

/** A parcel. */
export interface Parcel extends Row {
  readonly name: string;
}

/** Part of a move that is packed, or put elsewhere than the rest of it. A move without any goes loose, where it says. */
export interface MoveLine extends Row {
  readonly moveId: number;
  readonly quantity: DecimalText;
  readonly toLocationId: number;
  readonly parcelId: number | null;
}

export interface CreditMemo extends Row {
  /** Null until posted. */
  readonly name: string | null;
  readonly reference: string | null;
  readonly origin: string | null;
  readonly partyId: number;
  readonly currencyId: number;
  readonly reason: string | null;
  readonly state: 'draft' | 'posted' | 'cancel';
  readonly postedAtMs: number | null;
  /** Given back so far. */
  readonly paid: DecimalText;
}

export interface CreditMemoLine extends Row {
  readonly memoId: number;
  readonly variantId: number | null;
  readonly orderLineId: number | null;
  readonly name: string;
  readonly quantity: DecimalText;
  readonly unitPrice: DecimalText;
  readonly discountPercent: DecimalText;
  readonly taxed: boolean;
  /** Absent: the company's tax where `taxed`. */
  readonly taxIds?: readonly number[];
}

/** An unfinished "which goods come back" form on a shipment. */
export interface ReturnForm extends Row {
  readonly pickingId: number;
}

export interface ReturnFormLine extends Row {
  readonly formId: number;
  readonly moveId: number;
  readonly quantity: DecimalText;
}

/** An unfinished "ship the rest later?" question. */
export interface BackorderForm extends Row {
  readonly pickingIds: readonly number[];
}
