import { compare, decimal, multiply, scaleOf, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import { divideDown, fromFixedPoint, toFixedPoint } from './fixed-point.ts';
import type { DemandLine } from './plan.ts';
import type { ItemInfo, StockPosition } from './position.ts';

const MAX_QUANTITY = decimal('1000000000');

/**
 * Lines in the item's own unit, exact: nothing is rounded. One for each, in order; of a SKU nobody knows as it was asked for.
 * @throws Failure INVALID_INPUT naming the line: a unit the item is not sold in, a fraction its unit forbids.
 */
export function toOwnUnits(lines: readonly BasketLine[], positions: ReadonlyMap<Sku, Pick<StockPosition, 'item'>>): readonly DemandLine[] {
  return lines.map(({ sku, quantity, unit }, index) => {
    const item = positions.get(sku)?.item ?? null;
    if (item === null) return { sku, quantity };
    const path = ['lines', String(index)];
    const converted = convert(sku, item, quantity, unit ?? null, path);
    if (compare(converted, MAX_QUANTITY) > 0) throw invalidInput([...path, 'quantity'], 'quantity must not be above one billion');
    if (scaleOf(converted) > item.quantityDigits) throw invalidInput([...path, 'quantity'], explain(sku, item, quantity, unit ?? null, converted));
    return { sku, quantity: converted };
  });
}

function convert(sku: Sku, { unitCode, units }: ItemInfo, quantity: Decimal, unit: string | null, path: readonly string[]): Decimal {
  if (unit === null || unit === unitCode) return quantity;
  const conversion = units.find(({ code }) => code === unit);
  if (conversion) return multiply(quantity, conversion.factor);
  const known = [unitCode, ...units.map(({ code }) => code)].filter(Boolean).join(', ');
  throw invalidInput([...path, 'unit'], `${JSON.stringify(sku)} is not sold by ${JSON.stringify(unit)}; it is sold by ${known || 'its own unit: leave unit out'}`);
}

function explain(sku: Sku, { quantityDigits, unitCode }: ItemInfo, quantity: Decimal, unit: string | null, converted: Decimal): string {
  const allowed = `quantity of ${JSON.stringify(sku)} may have ${quantityDigits} fraction digits`;
  return unit === null || unit === unitCode ? `${allowed}, not ${scaleOf(converted)}` : `${allowed}; ${quantity} ${unit} are ${converted} ${unitCode || 'of its own unit'}`;
}

/** Whole ones of another unit in a quantity of the item's own. */
export const wholeUnits = (quantity: Decimal, factor: Decimal): Decimal => fromFixedPoint(divideDown(toFixedPoint(quantity), toFixedPoint(factor), 0));
