import { decimal, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { DatedQuantity, KitComponent, SourcedQuantity, UnitConversion } from '../../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import { addCurves, projectAtp, quantityOn, type AtpCurve, type AtpPolicy, type SupplyPosition } from './availability.ts';

export interface ItemInfo {
  readonly quantityDigits: number;
  readonly sellable: boolean;
  readonly active: boolean;
  /** Its own unit; empty where the ERP's list has not told it yet. */
  readonly unitCode: string;
  /** Units it may be ordered in beside its own. */
  readonly units: readonly UnitConversion[];
}

/** One SKU at one active location, as stored. */
export interface LocationPosition extends SupplyPosition {
  readonly locationCode: LocationCode;
  readonly locationName: string;
  /** Instant at which the figure was certainly true; null where only receipts are known. */
  readonly asOf: Instant | null;
  /** Those of the issues that are our own dated holds, which the ERP does not know of. */
  readonly heldDated?: readonly DatedQuantity[];
  /** What the ERP itself would promise, net of our ledger: never more than this is promised from here. */
  readonly atMost?: AtpCurve;
}

/** Everything known of one SKU, locations in the order in which they are drawn on. */
export interface StockPosition {
  readonly sku: Sku;
  /** Null: the ERP's item list does not have this SKU. */
  readonly item: ItemInfo | null;
  readonly locations: readonly LocationPosition[];
  /** What a kit is made of; empty for anything else. A kit's own stock counts for nothing. */
  readonly components: readonly KitComponent[];
}

export const NO_STOCK: SupplyPosition['level'] = { quantityBasis: 'ON_HAND', onHand: ZERO, allocated: ZERO, unsellable: ZERO };

export const isForSale = (item: ItemInfo | null): boolean => item !== null && item.sellable && item.active;

export interface LocationCurve {
  readonly location: LocationPosition;
  readonly curve: AtpCurve;
}

/** ATP by location; empty for an item nobody may buy. */
export function curvesByLocation(position: StockPosition, today: CalendarDate, policy: AtpPolicy): readonly LocationCurve[] {
  if (!isForSale(position.item)) return [];
  return position.locations.map((location) => ({ location, curve: projectAtp(location, today, policy) }));
}

/** ATP over all locations given; nothing, through the horizon, where there are none. */
export function totalCurve(curves: readonly LocationCurve[], today: CalendarDate, policy: AtpPolicy): AtpCurve {
  if (curves.length === 0) return projectAtp({ level: NO_STOCK, held: ZERO, receipts: [], issues: [] }, today, { ...policy, safetyStock: ZERO });
  return addCurves(curves.map(({ curve }) => curve));
}

/** What each location can give on a day. */
export const offersOn = (curves: readonly LocationCurve[], date: CalendarDate): readonly SourcedQuantity[] =>
  curves.map(({ location, curve }) => ({ locationCode: location.locationCode, quantity: quantityOn(curve, date) ?? ZERO }));

/** The oldest figure decides how old the whole is; null where there is none. */
export function oldestAsOf(locations: readonly LocationPosition[]): Instant | null {
  const known = locations.flatMap((location) => location.asOf ?? []).sort();
  return known[0] ?? null;
}

/** PostgreSQL's numeric as text ("5.00") as a Decimal ("5"). */
export const numeric = (text: string): Decimal => decimal(text);

