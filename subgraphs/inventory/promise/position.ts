import { decimal, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { DatedQuantity, KitComponent, UnitConversion } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import type { AtpCurve, SupplyPosition } from './supply-position.ts';

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

/** The oldest figure decides how old the whole is; null where there is none. */
export function oldestAsOf(locations: readonly LocationPosition[]): Instant | null {
  const known = locations.flatMap((location) => location.asOf ?? []).sort();
  return known[0] ?? null;
}

/** PostgreSQL's numeric as text ("5.00") as a Decimal ("5"). */
export const numeric = (text: string): Decimal => decimal(text);

