import type { Decimal } from './decimal.ts';
import type { ChannelCode, LocationCode, Sku } from './ids.ts';
import type { CalendarDate, Instant } from './time.ts';

export interface Location {
  readonly code: LocationCode;
  readonly name: string;
  /** Lower draws first when several locations can serve a line. */
  readonly priority: number;
  readonly active: boolean;
}

/**
 * One absolute stock figure. `onHand` is physical. With basis ON_HAND the ERP's allocations are still to be subtracted;
 * with SELLABLE they are not in `onHand` any more and `allocated` must be zero: nothing is netted twice.
 */
export interface StockLevel {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly quantityBasis: 'ON_HAND' | 'SELLABLE';
  /** May be negative: kept and reported, counts as 0 for sale. */
  readonly onHand: Decimal;
  /** Promised to orders inside the ERP. */
  readonly allocated: Decimal;
  /** Damaged, quarantined, blocked: part of `onHand` nobody may buy. */
  readonly unsellable: Decimal;
  /**
   * Demand of the ERP's own orders due later than today and not in `allocated`, by day. Part of the figure and not a feed
   * of its own: one reading, one `asOf`, so that no order is ever in neither or in both.
   */
  readonly issues?: readonly DatedQuantity[];
  /** When the figure was certainly true: the moment before the ERP was asked. */
  readonly asOf: Instant;
  /** Order among readings of one `asOf`, where the source numbers them; 0 unless told. Later wins. */
  readonly sequence?: number;
  /** Unit the quantities are counted in; the item's own unless told. */
  readonly unit?: string | null;
}

/** What one kit is made of, per one of it. The kit itself has no stock. */
export interface KitComponent {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

/** Another unit an item is sold in. */
export interface UnitConversion {
  /** "BOX" */
  readonly code: string;
  /** How many of the item's own unit one of these is: 12. */
  readonly factor: Decimal;
}

/** What brings goods: from a supplier, from another location (only once planned in the ERP), or from the shop floor. */
export type ReceiptKind = 'PURCHASE' | 'TRANSFER' | 'PRODUCTION';

/** A line of supply on its way: open purchase order or transfer. */
export interface Receipt {
  /** Unique in its source: document and line. */
  readonly reference: string;
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  /** Still to come; zero closes the receipt. */
  readonly openQuantity: Decimal;
  readonly dueOn: CalendarDate;
  readonly updatedAt: Instant | null;
  /** PURCHASE unless told. */
  readonly kind?: ReceiptKind;
  /** Unit `openQuantity` is counted in; the item's own unless told. */
  readonly unit?: string | null;
}

export type AvailabilityStatus = 'IN_STOCK' | 'LOW_STOCK' | 'PREORDER' | 'BACKORDER' | 'OUT_OF_STOCK' | 'UNKNOWN';
export type Freshness = 'LIVE' | 'RECENT' | 'STALE';

export interface BasketLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Unit `quantity` is counted in; the item's own unless given. */
  readonly unit?: string | null;
}

/** Where goods are to go, as far as it decides where they come from. */
export interface ShipTo {
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  /** ISO 3166-2 without the country: "CA". */
  readonly regionCode?: string | null;
  readonly postalCode?: string | null;
}

export interface AvailabilityCheck {
  readonly lines: readonly BasketLine[];
  readonly channel: ChannelCode | null;
  readonly requestedOn: CalendarDate | null;
  /** The caller's own hold: never counts against the caller. */
  readonly holdId: string | null;
  /** Principal subject the hold must belong to; required with `holdId`. */
  readonly owner?: string;
  readonly deadlineMs: number;
  readonly shipTo?: ShipTo | null;
}

export interface SourcedQuantity {
  readonly locationCode: LocationCode;
  readonly quantity: Decimal;
}

export interface DatedQuantity {
  readonly date: CalendarDate;
  readonly quantity: Decimal;
}

/** Evidence an outcome rests on. */
export interface StockEvidence {
  readonly asOf: Instant | null;
  readonly source: string;
  readonly freshness: Freshness;
  /** Whether the ERP's own available-to-promise was heard beside the figures; absent where the ERP has none. */
  readonly nativeAtp?: 'USED' | 'SILENT';
}

/** What a promise rests on: goods that are there, goods on their way, or nothing but the time it takes to get some. */
export type PromiseBasis = 'ON_HAND' | 'INCOMING' | 'LEAD_TIME';

/** What could be had instead: so much by that day, from the locations that serve the asker or from one that does not. */
export interface Alternative {
  readonly date: CalendarDate;
  readonly quantity: Decimal;
  /** Null: from the asker's own locations. */
  readonly locationCode: LocationCode | null;
}

/** For a kit `sources` name its components (`sku`), for anything else they need not. */
export interface LineSource extends SourcedQuantity {
  readonly sku: Sku;
}

/** A vendor's "no" and its silence are different outcomes. */
export type LineOutcome =
  | { readonly kind: 'CONFIRMED'; readonly date: CalendarDate; readonly basis: PromiseBasis; readonly sources: readonly LineSource[] }
  | { readonly kind: 'PARTIAL'; readonly confirmed: Decimal; readonly schedule: readonly DatedQuantity[]; readonly sources: readonly LineSource[] }
  | { readonly kind: 'REJECTED'; readonly reason: RejectionReason; readonly earliest: CalendarDate | null; readonly alternatives: readonly Alternative[] }
  | { readonly kind: 'UNVERIFIED'; readonly policy: SilencePolicy; readonly lastKnown: Decimal | null; readonly accepted: boolean };

/**
 * CHANNEL_EXHAUSTED: there is stock, but it is other channels'. SPLIT_NOT_ALLOWED: there is enough, but not in one place.
 * NOT_SERVED: there is stock, but no location that has it serves the channel or the address.
 */
export type RejectionReason =
  | 'OUT_OF_STOCK' | 'UNKNOWN_SKU' | 'NOT_SELLABLE' | 'INACTIVE' | 'CHANNEL_EXHAUSTED' | 'SPLIT_NOT_ALLOWED' | 'NOT_SERVED';

/** What a channel does when the live check is silent. Never an unflagged yes. */
export type SilencePolicy = 'REFUSE' | 'LEDGER_WITH_SAFETY' | 'BACKORDER';

export interface CheckedLine {
  readonly sku: Sku;
  readonly requested: Decimal;
  readonly outcome: LineOutcome;
  readonly evidence: StockEvidence;
}

export type HoldState = 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';

/** What is taken where. A kit's lines name its components. */
export interface HoldLine {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly quantity: Decimal;
  /** The day from which it is taken; null: from now on, of what is there. */
  readonly dueOn: CalendarDate | null;
}

/** A line as it was asked for, one per SKU, in the item's own unit. */
export interface HeldLine {
  readonly sku: Sku;
  readonly requested: Decimal;
  /** Reserved: less than `requested` only with `allowPartial` or where the policy sells without stock. */
  readonly held: Decimal;
  /** Sold without stock behind it, to be had by `promisedOn`: by lead time, where the policy allows it. */
  readonly backordered: Decimal;
  readonly promisedOn: CalendarDate | null;
}

export interface Hold {
  readonly id: string;
  readonly state: HoldState;
  readonly channel: ChannelCode | null;
  readonly lines: readonly HoldLine[];
  readonly basket: readonly HeldLine[];
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
}

export interface HoldRequest {
  readonly idempotencyKey: string;
  /** Principal subject the key belongs to: two callers' keys never meet. */
  readonly owner: string;
  readonly lines: readonly BasketLine[];
  readonly channel: ChannelCode | null;
  readonly ttlSeconds: number;
  /** Replaces this hold of the same owner in the same transaction. */
  readonly replacesHoldId: string | null;
  /** The day the goods are wanted: then goods due by that day may cover it. Null: now, of what is there. */
  readonly requestedOn?: CalendarDate | null;
  /** Holds of each line what there is, instead of all lines or none. */
  readonly allowPartial?: boolean;
  readonly shipTo?: ShipTo | null;
}

export interface ShortLine {
  readonly sku: Sku;
  readonly requested: Decimal;
  readonly available: Decimal;
  readonly reason: RejectionReason;
}

/** `short`: what a partial hold leaves out. */
export type HoldOutcome =
  | { readonly kind: 'HELD'; readonly hold: Hold; readonly short?: readonly ShortLine[] }
  | { readonly kind: 'SHORT'; readonly lines: readonly ShortLine[] };
