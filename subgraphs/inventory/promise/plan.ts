import type { Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { HeldLine, HoldLine, LineOutcome, ShipTo } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { ChannelAllocation, ChannelUse } from './allocation.ts';
import type { StockPosition } from './position.ts';

/*
 * How a basket is judged: the same code decides what a check answers, what a hold takes and what a listing shows. Pure.
 */

/** Everything one decision needs, read in one go: of the SKUs asked and of their components. */
export interface Supply {
  readonly positions: ReadonlyMap<Sku, StockPosition>;
  /** Only of SKUs that are allocated to channels. */
  readonly allocations: ReadonlyMap<Sku, ChannelAllocation>;
}

/** A line in the item's own unit, see units.ts. */
export interface DemandLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

export interface BasketQuestion {
  readonly lines: readonly DemandLine[];
  readonly channel: ChannelCode | null;
  readonly shipTo: ShipTo | null;
  /** The day it is wanted; null: now, of what is there (goods on their way cover nothing). */
  readonly on: CalendarDate | null;
}

export interface PlannedLine {
  readonly sku: Sku;
  readonly requested: Decimal;
  readonly outcome: Exclude<LineOutcome, { kind: 'UNVERIFIED' }>;
  /** What a hold of it takes, where: of a kit its components. Empty when nothing can be had. */
  readonly takes: readonly HoldLine[];
  readonly held: HeldLine;
}

/** Judges baskets one after the other against one supply; what is taken is gone for those after. */
export interface BasketPlanner {
  /** One answer per line, in order. Lines of one SKU and kits that share components share the stock, first come first served. Takes nothing. */
  plan(question: BasketQuestion): readonly PlannedLine[];
  /**
   * From here on these goods are taken (by this channel); a negative quantity gives back, for a hold that makes way for
   * another. Answers what counts against the channel: of SKUs shared out among channels what it took off today's goods.
   */
  take(lines: readonly HoldLine[], channel: ChannelCode | null): readonly ChannelUse[];
}
