import { greatest, type Decimal } from '../../domain/decimal.ts';
import type { Location, StockLevel } from '../../domain/inventory.ts';
import type { Instant } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { flag, requiredText } from './convert.ts';
import { uncoveredDemand, type DemandSums } from './demand.ts';
import type { OdooWarehouseRow } from './wire.ts';

/** Quants of one product below one warehouse's view location, and what is asked of it, added up (see quants.ts). */
export interface OdooStockSum extends DemandSums {
  readonly sku: string;
  readonly warehouse: string;
  readonly quantity: Decimal;
  /** The part of `quantity` in locations named unsellable. */
  readonly unsellable_quantity: Decimal;
}

const asIs = <T>(label: string) => converter(label, (value: T) => value);

/** stock.quant sums -> StockLevel */
export const stockMap = mapEntity<OdooStockSum, StockLevel, { readonly asOf: Instant }>('StockLevel', ({ from, merge, given, constant }) => ({
  sku: from('sku', asIs('SKU of product_id')),
  locationCode: from('warehouse', asIs('warehouse above location_id')),
  quantityBasis: constant('ON_HAND'),
  onHand: from('quantity', asIs('decimal, sum')),
  allocated: merge(['reserved_quantity', 'due_quantity'], converter('decimal, the larger of both sums', (row: Pick<OdooStockSum, 'reserved_quantity' | 'due_quantity'>) =>
    greatest(row.reserved_quantity, row.due_quantity))),
  unsellable: from('unsellable_quantity', asIs('decimal, sum over `unsellableLocations`')),
  issues: merge(['reserved_quantity', 'due_quantity', 'later_demand'], converter('demand due later by UTC day, less what is reserved for it', uncoveredDemand)),
  asOf: given('our clock before asking', ({ asOf }) => asOf),
  sequence: constant(0),
  unit: constant(null),
}));

/** stock.warehouse -> Location */
export const locationMap = mapEntity<OdooWarehouseRow, Location>('Location', ({ from }) => ({
  code: from('code', requiredText),
  name: from('name', requiredText),
  priority: from('sequence', converter('number, 10 when absent', (sequence: number | undefined) => sequence ?? 10)),
  active: from('active', flag),
}));
