import { compare, isPositive, type Decimal } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { AvailabilityStatus, PromiseBasis } from '../../../domain/inventory.ts';
import { addDays, type CalendarDate } from '../../../domain/time.ts';
import { stepsOf, type AtpCurve } from './availability.ts';
import { divideDown, fromFixedPoint, toFixedPoint } from './fixed-point.ts';
import { judgeLine, servedLocations } from './judgement.ts';
import type { Supply } from './plan.ts';
import type { InventoryPolicy } from './policy.ts';
import { daysFrom, recipeOf, unitsAt, unitsFor, type Recipe } from './recipe.ts';
import type { Serving } from './serving.ts';
import { openSupply, promisable, type SkuSupply } from './sku-supply.ts';

/* What is shown of one SKU: the same engine as decides checks and holds, asked without a basket. Pure. */

export interface Listing {
  /** Can be taken now, of goods that are there: what a hold would get. */
  readonly now: Decimal;
  readonly status: Exclude<AvailabilityStatus, 'UNKNOWN'>;
  /** What can be promised by when. */
  readonly curve: () => AtpCurve;
  /** Of every location served that knows it, in order. Of a kit: what each has all components for. */
  readonly byLocation: () => readonly LocationListing[];
  /** When so much can be had at the earliest: of stock and receipts, else by lead time where the policy sells by it. Null: never within the horizon. */
  readonly promise: (quantity: Decimal) => { readonly date: CalendarDate; readonly basis: PromiseBasis } | null;
  /** Of a kit: its components, each with what is there for it now and how many kits that makes. Empty for anything else. */
  readonly components: () => readonly ComponentListing[];
  /** Sold by lead time: so many days; null where it is not. */
  readonly leadTimeDays: number | null;
  /** Not to be had before. */
  readonly preorderFrom: CalendarDate | null;
}

export interface LocationListing {
  readonly locationCode: LocationCode;
  readonly now: Decimal;
  readonly status: Exclude<AvailabilityStatus, 'UNKNOWN'>;
}

export interface ComponentListing {
  readonly sku: Sku;
  readonly perUnit: Decimal;
  readonly now: Decimal;
  /** Kits it is enough for. */
  readonly kits: Decimal;
  /** No other component is enough for fewer. */
  readonly limits: boolean;
}

export interface ListingOptions {
  readonly today: CalendarDate;
  readonly policy: InventoryPolicy;
  readonly serving: Serving;
}

const NOTHING: Omit<Listing, 'curve'> = {
  now: '0' as Decimal, status: 'OUT_OF_STOCK', byLocation: () => [], promise: () => null, components: () => [], leadTimeDays: null, preorderFrom: null,
};

/** What there is of a SKU; nothing of one that is unknown or not for sale. */
export function listSku(sku: Sku, { positions, allocations }: Supply, { today, policy, serving }: ListingOptions): Listing {
  const opened = new Map<Sku, SkuSupply | null>();
  const recipe = recipeOf(sku, (part) => {
    const position = positions.get(part);
    if (!opened.has(part)) opened.set(part, position ? openSupply(position, allocations.get(part) ?? null, today, policy) : null);
    return opened.get(part)!;
  });
  const endsOn = addDays(today, policy.atp.horizonDays);
  if (typeof recipe === 'string') return { ...NOTHING, curve: () => ({ steps: [{ date: today, quantity: NOTHING.now }], endsOn }) };
  const together: Serving = { ...serving, splitting: 'LINES' };
  const now = fromFixedPoint(unitsFor(recipe, together, null));
  const curve = once(() => ({ steps: stepsOf(daysFrom(recipe, today), (day) => unitsFor(recipe, together, day)), endsOn }));
  const { backorder, leadTimeDays } = recipe.own.policy;
  return {
    now,
    status: statusOf(recipe, now, curve),
    curve,
    byLocation: () => servedLocations(recipe, serving).map((code) => listLocation(recipe, code, today)),
    promise: (quantity) => promiseOf(recipe, quantity, together, today),
    components: () => (recipe.isKit ? listComponents(recipe, together) : []),
    leadTimeDays: backorder === 'LEAD_TIME' && recipe.notBefore === null ? leadTimeDays : null,
    preorderFrom: recipe.notBefore,
  };
}

function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}

function statusOf({ own, notBefore }: Recipe, now: Decimal, curve: () => AtpCurve): Listing['status'] {
  const { lowStockThreshold, backorder } = own.policy;
  if (isPositive(now)) return compare(now, lowStockThreshold) > 0 ? 'IN_STOCK' : 'LOW_STOCK';
  const later = curve().steps.some((step) => isPositive(step.quantity));
  if (notBefore !== null) return later ? 'PREORDER' : 'OUT_OF_STOCK';
  return later || backorder === 'LEAD_TIME' ? 'BACKORDER' : 'OUT_OF_STOCK';
}

function listLocation(recipe: Recipe, locationCode: LocationCode, today: CalendarDate): LocationListing {
  const here = (day: CalendarDate | null): bigint => (recipe.notBefore !== null && (day === null || day < recipe.notBefore) ? 0n : unitsAt(recipe, locationCode, day));
  const now = fromFixedPoint(here(null));
  return { locationCode, now, status: statusOf(recipe, now, () => ({ steps: stepsOf(daysFrom(recipe, today), here), endsOn: today })) };
}

function promiseOf(recipe: Recipe, quantity: Decimal, serving: Serving, today: CalendarDate): ReturnType<Listing['promise']> {
  const judgement = judgeLine({ recipe, requested: toFixedPoint(quantity), serving, on: null, today });
  if (judgement.kind === 'CONFIRMED') return { date: judgement.date, basis: judgement.basis };
  const date = judgement.kind === 'REJECTED' ? judgement.earliest : (judgement.schedule.find((entry) => entry.quantity === quantity)?.date ?? null);
  return date === null ? null : { date, basis: 'INCOMING' };
}

function listComponents({ parts, quantityDigits }: Recipe, serving: Serving): readonly ComponentListing[] {
  const listed = parts.map(({ supply, perUnit }) => {
    const now = promisable(supply, serving, null);
    return { sku: supply.sku, perUnit, now, kits: divideDown(now, perUnit, quantityDigits) };
  });
  const fewest = listed.reduce((least, { kits }) => (kits < least ? kits : least), listed[0]!.kits);
  return listed.map(({ sku, perUnit, now, kits }) => ({ sku, perUnit: fromFixedPoint(perUnit), now: fromFixedPoint(now), kits: fromFixedPoint(kits), limits: kits === fewest }));
}
