import type { Sku } from '../../../domain/ids.ts';
import type { RejectionReason } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { divideDown, FIXED_ONE, multiplyFixed, smaller, toFixedPoint } from './fixed-point.ts';
import { promisable, stockAt, type SkuSupply } from './sku-supply.ts';
import type { Serving } from './serving.ts';
import type { LocationCode } from '../../../domain/ids.ts';

/** What one of a SKU is made of: of itself, or of a kit's components. */
export interface Recipe {
  readonly sku: Sku;
  /** The SKU itself: its policy and unit. */
  readonly own: SkuSupply;
  readonly parts: readonly Part[];
  readonly isKit: boolean;
  readonly quantityDigits: number;
  /** The latest day before which some part must not leave; null: none. */
  readonly notBefore: CalendarDate | null;
}

export interface Part {
  readonly supply: SkuSupply;
  readonly perUnit: bigint;
}

/** The recipe of a SKU, or why it cannot be had at all: nobody knows it, it is not sold, or a component is missing. */
export function recipeOf(sku: Sku, supplyOf: (sku: Sku) => SkuSupply | null): Recipe | RejectionReason {
  const own = supplyOf(sku);
  const item = own?.position.item;
  if (!own || !item) return 'UNKNOWN_SKU';
  if (!item.active) return 'INACTIVE';
  if (!item.sellable) return 'NOT_SELLABLE';
  const isKit = own.position.components.length > 0;
  const parts = isKit ? partsOf(own, supplyOf) : [{ supply: own, perUnit: FIXED_ONE }];
  if (parts === null) return 'NOT_SELLABLE';
  const notBefore = [own, ...parts.map((part) => part.supply)].reduce<CalendarDate | null>((latest, { preorderFrom }) =>
    preorderFrom !== null && (latest === null || preorderFrom > latest) ? preorderFrom : latest, null);
  return { sku, own, parts, isKit, quantityDigits: item.quantityDigits, notBefore };
}

/** Null where a component is unknown or inactive. One that is not sold by itself is still part of a kit. */
function partsOf({ position }: SkuSupply, supplyOf: (sku: Sku) => SkuSupply | null): readonly Part[] | null {
  const parts: Part[] = [];
  for (const { sku, quantity } of position.components) {
    const supply = supplyOf(sku);
    if (!supply?.position.item?.active) return null;
    parts.push({ supply, perUnit: toFixedPoint(quantity) });
  }
  return parts;
}

/** How many can be promised for a day from all locations served together, cut to the digits of its unit. */
export function unitsFor({ parts, quantityDigits }: Recipe, serving: Serving, on: CalendarDate | null): bigint {
  let units: bigint | null = null;
  for (const { supply, perUnit } of parts) {
    const possible = divideDown(promisable(supply, serving, on), perUnit, quantityDigits);
    units = units === null ? possible : smaller(units, possible);
  }
  return units!;
}

/** How many one location has everything for, whatever shares and preorders say. */
export function unitsAt({ parts, quantityDigits }: Recipe, locationCode: LocationCode, on: CalendarDate | null): bigint {
  let units: bigint | null = null;
  for (const { supply, perUnit } of parts) {
    const possible = divideDown(stockAt(supply, locationCode, on), perUnit, quantityDigits);
    units = units === null ? possible : smaller(units, possible);
  }
  return units!;
}

export const needsOf = ({ parts }: Recipe, units: bigint): { readonly sku: Sku; readonly quantity: bigint }[] =>
  parts.map(({ supply, perUnit }) => ({ sku: supply.sku, quantity: multiplyFixed(units, perUnit) }));

/** Days from `from` on at which any part's figure changes, ascending. */
export function daysFrom({ parts }: Recipe, from: CalendarDate): readonly CalendarDate[] {
  const days = new Set<CalendarDate>([from]);
  for (const { supply } of parts) {
    for (const { days: moving } of supply.projections.values()) for (const day of moving) if (day > from) days.add(day);
    if (supply.preorderFrom !== null && supply.preorderFrom > from) days.add(supply.preorderFrom);
  }
  return [...days].sort();
}
