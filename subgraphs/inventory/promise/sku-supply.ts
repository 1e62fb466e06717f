import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { createChannelLimits, type ChannelAllocation, type ChannelLimits } from './allocation.ts';
import { larger, smaller, toFixedPoint } from './fixed-point.ts';
import { itemPolicyOf, type InventoryPolicy, type ItemPolicy } from './policy.ts';
import type { StockPosition } from './position.ts';
import { atpNow, atpOn, overheldFrom, project, takeFrom, type Projection } from './projection.ts';
import type { Serving } from './serving.ts';

/** One SKU while baskets are judged: projections computed once, what is taken subtracted. */
export interface SkuSupply {
  readonly sku: Sku;
  readonly position: StockPosition;
  readonly policy: ItemPolicy;
  readonly projections: ReadonlyMap<LocationCode, Projection>;
  /** Not to be had before; null: a preorder is none (any more). */
  readonly preorderFrom: CalendarDate | null;
  /** How much of it may still be promised before that day; null: no limit but stock. */
  preorderLeft: bigint | null;
  readonly today: CalendarDate;
  /** Null: everybody may take all of it. */
  readonly limits: ChannelLimits | null;
  /** Taken off today's goods for earlier lines of the basket that is being judged. */
  pending: bigint;
}

export function openSupply(position: StockPosition, allocation: ChannelAllocation | null, today: CalendarDate, policy: InventoryPolicy): SkuSupply {
  const own = itemPolicyOf(policy, position.sku);
  const preorder = own.preorder !== null && today < own.preorder.availableFrom ? own.preorder : null;
  // A kit is made of what its components have.
  const projections = new Map(position.components.length > 0 ? [] : position.locations.map((location) => [location.locationCode, project(location, today, own.atp)]));
  const supply: Omit<SkuSupply, 'limits'> = {
    sku: position.sku,
    position,
    policy: own,
    projections,
    today,
    preorderFrom: preorder?.availableFrom ?? null,
    preorderLeft: preorder === null || preorder.limit === null ? null : toFixedPoint(preorder.limit) - promisedAlready(position),
    pending: 0n,
  };
  const limits = allocation && createChannelLimits(allocation, everywhere(projections, today), position.item?.quantityDigits ?? 0);
  return Object.assign(supply, { limits });
}

/** Everything promised of an item that nobody has got yet counts against the limit of its preorder. */
function promisedAlready({ locations }: StockPosition): bigint {
  let promised = 0n;
  for (const { level, held, issues } of locations) {
    promised += toFixedPoint(held) + (level.quantityBasis === 'ON_HAND' ? toFixedPoint(level.allocated) : 0n);
    for (const { quantity } of issues) promised += toFixedPoint(quantity);
  }
  return promised;
}

/** Locations of the SKU that may be drawn on, in order of preference. */
export const locationsOf = ({ projections }: SkuSupply, { locations, strategy }: Serving): readonly LocationCode[] => {
  const known = [...projections.keys()];
  if (locations === null) return known;
  return strategy === 'PRIORITY' ? known.filter((code) => locations.includes(code)) : locations.filter((code) => projections.has(code));
};

/** What one location has for a day; null: now, of goods that are there. */
export function stockAt({ projections }: SkuSupply, locationCode: LocationCode, on: CalendarDate | null): bigint {
  const projection = projections.get(locationCode);
  if (!projection) return 0n;
  return on === null ? atpNow(projection) : atpOn(projection, on);
}

/**
 * What all locations served have for a day, whoever may sell it. Locations are added, not netted, but for what our own
 * holds exceed a location by: those are served from the others, so what all have together is less by it.
 */
export function stockOf({ projections, today }: Pick<SkuSupply, 'projections' | 'today'>, { locations }: Pick<Serving, 'locations'>, on: CalendarDate | null): bigint {
  let served = 0n;
  let total = 0n;
  for (const [code, projection] of projections) {
    const here = on === null ? atpNow(projection) : atpOn(projection, on);
    if (locations === null || locations.includes(code)) served += here;
    total += here - overheldFrom(projection, on ?? today);
  }
  return larger(0n, smaller(served, total));
}

/** What is there and can be sold, over all locations. Goods due today are on their way like others. */
export const everywhere = (projections: SkuSupply['projections'], today: CalendarDate): bigint => stockOf({ projections, today }, { locations: null }, null);

/** What may be promised of it for a day: preorders not before theirs and up to their limit, a channel up to its share. */
export function promisable(supply: SkuSupply, serving: Serving, on: CalendarDate | null): bigint {
  const { preorderFrom, preorderLeft } = supply;
  if (preorderFrom !== null && (on === null || on < preorderFrom)) return 0n;
  // Promised beyond the stock it is booked at a location: there must be one.
  if (preorderFrom !== null && preorderLeft !== null) return locationsOf(supply, serving).length === 0 ? 0n : larger(0n, preorderLeft);
  return withinShare(supply, serving, on, stockOf(supply, serving, on));
}

/** A channel's share is of today's goods; of those that come later it may take all. */
function withinShare(supply: SkuSupply, serving: Serving, on: CalendarDate | null, stock: bigint): bigint {
  const { limits } = supply;
  if (limits === null) return stock;
  const today = stockOf(supply, serving, null);
  const limit = larger(0n, limits.limit(serving.channel, today + supply.pending) - supply.pending);
  return on === null ? smaller(stock, limit) : larger(0n, stock - (today - limit));
}

/**
 * Takes a quantity (gives it back where negative) at a location, from a day or from now on. Answers what that took off
 * today's goods where channels share them, which is what counts against a channel.
 */
export function takeAt(supply: SkuSupply, locationCode: LocationCode, quantity: bigint, dueOn: CalendarDate | null): bigint {
  const before = supply.limits === null ? 0n : everywhere(supply.projections, supply.today);
  const projection = supply.projections.get(locationCode);
  if (projection) takeFrom(projection, quantity, dueOn);
  if (supply.preorderLeft !== null) supply.preorderLeft -= quantity;
  return supply.limits === null ? 0n : before - everywhere(supply.projections, supply.today);
}
