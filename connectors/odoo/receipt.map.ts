import { ZERO } from '../../domain/decimal.ts';
import type { LocationCode } from '../../domain/ids.ts';
import type { Receipt, ReceiptKind } from '../../domain/inventory.ts';
import { dayOf } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, idOf, instantOf, lookUp, utcInstant } from './convert.ts';
import { skuOfProduct } from './skus.ts';
import type { OdooMany2One, OdooMoveRow, OdooText } from './wire.ts';

export interface ReceiptGiven {
  readonly skus: ReadonlyMap<number, OdooText>;
  readonly warehouseByLocation: ReadonlyMap<number, LocationCode>;
  /** Of locations goods come from otherwise than from a supplier. */
  readonly kindByLocation: ReadonlyMap<number, ReceiptKind>;
}

export const OPEN_MOVE_STATES = ['waiting', 'confirmed', 'partially_available', 'assigned'] as const;

/** A move is received whole or split: the received part turns done, the rest is a new move. So open = all of it. */
const openQuantity = converter('decimal; 0 once done or cancelled', (row: Pick<OdooMoveRow, 'product_qty' | 'state'>) =>
  (OPEN_MOVE_STATES as readonly string[]).includes(row.state) ? decimalOf(row.product_qty) : ZERO,
);

/** stock.move -> Receipt */
export const receiptMap = mapEntity<OdooMoveRow, Receipt, ReceiptGiven>('Receipt', ({ from, merge, constant }) => ({
  reference: from('id', converter('"stock.move:" + id', (id: number) => `stock.move:${id}`)),
  sku: from('product_id', skuOfProduct),
  locationCode: from('location_dest_id', converter('warehouse above the location', (location: OdooMany2One, given: ReceiptGiven) =>
    lookUp(given.warehouseByLocation, location, 'warehouse location'))),
  openQuantity: merge(['product_qty', 'state'], openQuantity),
  dueOn: from('date', converter('UTC day', (date) => dayOf(instantOf(date)))),
  updatedAt: from('write_date', utcInstant),
  kind: from('location_id', converter('TRANSFER out of transit, PRODUCTION off the shop floor, else PURCHASE', (location: OdooMany2One, given: ReceiptGiven) =>
    given.kindByLocation.get(idOf(location)) ?? 'PURCHASE')),
  unit: constant(null),
}));
