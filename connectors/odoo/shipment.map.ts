import type { ShipmentRecord, ShipmentState } from '../../domain/shipments.ts';
import type { Instant } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, flag, instantOf, optionalInstant, optionalReference, reference, requiredText, textOrNull } from './convert.ts';
import { packagesOf } from './package.map.ts';
import { skuOfProduct } from './skus.ts';
import { trackingOf } from './tracking.ts';
import type { OdooMoveLineRow, OdooPackageRow } from './wire-after-sale.ts';
import type { OdooPickingMoveRow, OdooPickingRow, OdooText } from './wire.ts';

export interface ShipmentGiven {
  readonly skus: ReadonlyMap<number, OdooText>;
  readonly moves: ReadonlyMap<number, readonly OdooPickingMoveRow[]>;
  /** Packed lines by transfer. */
  readonly packed: ReadonlyMap<number, readonly OdooMoveLineRow[]>;
  readonly packages: ReadonlyMap<number, OdooPackageRow>;
  readonly warehouseByLocation: ReadonlyMap<number, string>;
}

const stateOf = converter('done = SHIPPED, cancel = CANCELLED, else PLANNED', (state: string): ShipmentState =>
  state === 'done' ? 'SHIPPED' : state === 'cancel' ? 'CANCELLED' : 'PLANNED',
);

/** What left (or came back) once done, what is asked for before; the column of the done quantity changed its name in 17. */
const movedQuantity = converter('decimal; done quantity once done', (row: Pick<OdooPickingMoveRow, 'state' | 'product_uom_qty' | 'quantity' | 'quantity_done'>) =>
  decimalOf(row.state === 'done' ? (row.quantity ?? row.quantity_done) : row.product_uom_qty),
);

const isClosed = (state: string): boolean => state === 'done' || state === 'cancel';

/** Nothing is set aside any more for what has gone. */
const reservedQuantity = converter('decimal; absent once done or cancelled', (row: Pick<OdooPickingMoveRow, 'state' | 'quantity' | 'reserved_availability'>) =>
  isClosed(row.state) ? undefined : decimalOf(row.quantity ?? row.reserved_availability),
);

type ShipmentLine = ShipmentRecord['lines'][number];

/** stock.move -> ShipmentRecord.lines */
export const shipmentLineMap = mapEntity<OdooPickingMoveRow, ShipmentLine, ShipmentGiven>('ShipmentRecord.lines', ({ from, merge }) => ({
  sku: from('product_id', skuOfProduct),
  quantity: merge(['state', 'product_uom_qty', 'quantity', 'quantity_done'], movedQuantity),
  allocated: merge(['state', 'quantity', 'reserved_availability'], reservedQuantity),
}));

type Route = Pick<OdooPickingRow, 'picking_type_code' | 'location_id' | 'location_dest_id'>;

const locationOf = converter('warehouse it leaves or comes back to; null for drop shipments', (row: Route, given: ShipmentGiven) => {
  const location = row.picking_type_code === 'incoming' ? row.location_dest_id : row.location_id;
  return location === false ? null : (given.warehouseByLocation.get(location[0]) ?? null);
});

/** Until 16 a quantity done is what a picker wrote; from 17 on the moves carry a flag, and a quantity may as well be a reservation. */
const hasBegun = ({ state, picked, quantity_done: done }: OdooPickingMoveRow): boolean => !isClosed(state) && (picked ?? (done ?? 0) > 0);

const OURS = /^[A-Za-z0-9_-]{1,64}$/;

/** What a return's origin says if it is a reference of ours: never "Return of MAIN/OUT/00012", never the order's number. */
export const returnReferenceOf = (row: Pick<OdooPickingRow, 'picking_type_code' | 'origin' | 'sale_id'>): string | null => {
  const origin = textOrNull(row.origin);
  const isOrder = row.sale_id !== false && row.sale_id[1] === origin;
  return origin !== null && row.picking_type_code === 'incoming' && !isOrder && OURS.test(origin) ? origin : null;
};

/** A reservation or a parcel changes the shipment and not its transfer's own write date. */
const lastWritten = converter('UTC instant, the latest of transfer, moves and packed lines', ({ id, write_date }: Pick<OdooPickingRow, 'id' | 'write_date'>, given: ShipmentGiven): Instant =>
  [write_date, ...[...(given.moves.get(id) ?? []), ...(given.packed.get(id) ?? [])].map((row) => row.write_date)].map(instantOf).reduce((last, at) => (at > last ? at : last)));

/** stock.picking of a sale order -> ShipmentRecord */
export const shipmentMap = mapEntity<OdooPickingRow, ShipmentRecord, ShipmentGiven>('ShipmentRecord', ({ from, merge }) => ({
  id: from('id', converter('id as text', (id: number) => String(id))),
  number: from('name', requiredText),
  orderId: from('sale_id', reference),
  state: from('state', stateOf),
  carrier: from('carrier_id', converter('label or null', (carrier) => (carrier ? carrier[1] : null))),
  tracking: merge(['carrier_tracking_ref', 'carrier_tracking_url'], converter('one entry a package', trackingOf)),
  locationCode: merge(['picking_type_code', 'location_id', 'location_dest_id'], locationOf),
  lines: from('id', converter('stock.move rows, cancelled ones left out', (id: number, given: ShipmentGiven) =>
    (given.moves.get(id) ?? []).filter(({ state }) => state !== 'cancel').map((move) => shipmentLineMap.map(move, given)))),
  shippedAt: from('date_done', optionalInstant),
  packages: merge(['id', 'carrier_id', 'carrier_tracking_ref', 'carrier_tracking_url'], converter('stock.package of packed lines', (transfer, given: ShipmentGiven) =>
    packagesOf(given.packages, { skus: given.skus, transfer, packed: given.packed.get(transfer.id) ?? [] }))),
  backorderOf: from('backorder_id', optionalReference),
  returnReference: merge(['picking_type_code', 'origin', 'sale_id'], converter('origin of an incoming transfer, where it is a reference', returnReferenceOf)),
  printed: from('printed', flag),
  picking: from('id', converter('a move is picked (until 16: done in part), nothing closed', (id: number, given: ShipmentGiven) => (given.moves.get(id) ?? []).some(hasBegun))),
  direction: from('picking_type_code', converter('incoming = RETURN, else OUTBOUND', (code: string) => (code === 'incoming' ? 'RETURN' : 'OUTBOUND'))),
  updatedAt: merge(['id', 'write_date'], lastWritten),
}));
