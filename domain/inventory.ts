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
  /** When the figure was certainly true: the moment before the ERP was asked. */
  readonly asOf: Instant;
}

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
}

export type AvailabilityStatus = 'IN_STOCK' | 'LOW_STOCK' | 'BACKORDER' | 'OUT_OF_STOCK' | 'UNKNOWN';
export type Freshness = 'LIVE' | 'RECENT' | 'STALE';

export interface BasketLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

export interface AvailabilityCheck {
  readonly lines: readonly BasketLine[];
  readonly channel: ChannelCode | null;
  readonly requestedOn: CalendarDate | null;
  /** The caller's own hold: never counts against the caller. */
  readonly holdId: string | null;
  readonly deadlineMs: number;
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
}

/** A vendor's "no" and its silence are different outcomes. */
export type LineOutcome =
  | { readonly kind: 'CONFIRMED'; readonly date: CalendarDate; readonly sources: readonly SourcedQuantity[] }
  | { readonly kind: 'PARTIAL'; readonly confirmed: Decimal; readonly schedule: readonly DatedQuantity[] }
  | { readonly kind: 'REJECTED'; readonly reason: RejectionReason; readonly earliest: CalendarDate | null }
  | { readonly kind: 'UNVERIFIED'; readonly policy: SilencePolicy; readonly lastKnown: Decimal | null; readonly accepted: boolean };

export type RejectionReason = 'OUT_OF_STOCK' | 'UNKNOWN_SKU' | 'NOT_SELLABLE' | 'INACTIVE';

/** What a channel does when the live check is silent. Never an unflagged yes. */
export type SilencePolicy = 'REFUSE' | 'LEDGER_WITH_SAFETY' | 'BACKORDER';

export interface CheckedLine {
  readonly sku: Sku;
  readonly requested: Decimal;
  readonly outcome: LineOutcome;
  readonly evidence: StockEvidence;
}

export type HoldState = 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';

export interface HoldLine {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly quantity: Decimal;
}

export interface Hold {
  readonly id: string;
  readonly state: HoldState;
  readonly channel: ChannelCode | null;
  readonly lines: readonly HoldLine[];
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
}

export interface ShortLine {
  readonly sku: Sku;
  readonly requested: Decimal;
  readonly available: Decimal;
  readonly reason: RejectionReason;
}

export type HoldOutcome = { readonly kind: 'HELD'; readonly hold: Hold } | { readonly kind: 'SHORT'; readonly lines: readonly ShortLine[] };
