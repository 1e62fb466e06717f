import { multiply, ONE, type Decimal } from '../../../domain/decimal.ts';
import type { ListPrice } from '../../../domain/pricing.ts';

type Units = Pick<ListPrice, 'unitCode' | 'units'>;

/** How many of the item's own unit one of these is; null: it is not sold in it. `unitCode` null is the item's own. */
export function unitFactor({ unitCode: own, units }: Units, unitCode: string | null): Decimal | null {
  if (unitCode === null || unitCode === own) return ONE;
  return units.find(({ code }) => code === unitCode)?.factor ?? null;
}

/** The quantity in the item's own unit, exactly; null: it is not sold in the unit (UNKNOWN_UNIT). */
export function inOwnUnit(listPrice: Units, quantity: Decimal, unitCode: string | null): Decimal | null {
  const factor = unitFactor(listPrice, unitCode);
  return factor === null ? null : multiply(quantity, factor);
}
