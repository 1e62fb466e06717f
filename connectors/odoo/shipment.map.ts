import type { PackageTracking, ShipmentRecord, ShipmentState } from '../../domain/orders.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, optionalInstant, reference, requiredText, textOrNull, utcInstant } from './convert.ts';
import { skuOfProduct } from './skus.ts';
import type { OdooPickingMoveRow, OdooPickingRow, OdooText } from './wire.ts';

export interface ShipmentGiven {
  readonly skus: ReadonlyMap<number, OdooText>;
  readonly moves: ReadonlyMap<number, readonly OdooPickingMoveRow[]>;
  readonly warehouseByLocation: ReadonlyMap<number, string>;
}

const stateOf = converter('done = SHIPPED, cancel = CANCELLED, else PLANNED', (state: string): ShipmentState =>
  state === 'done' ? 'SHIPPED' : state === 'cancel' ? 'CANCELLED' : 'PLANNED',
);

type TrackingColumns = Pick<OdooPickingRow, 'carrier_tracking_ref' | 'carrier_tracking_url'>;

/**
 * `carrier_tracking_ref` is a comma-joined list. `carrier_tracking_url` is one URL, or JSON `[[number, url], …]` where
 * the carrier made several packages (addons/stock_delivery: `json.loads(self.carrier_tracking_url)`).
 */
export function trackingOf(row: TrackingColumns): readonly PackageTracking[] {
  const numbers = (textOrNull(row.carrier_tracking_ref) ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '');
  const urls = urlsOf(textOrNull(row.carrier_tracking_url));
  const known = typeof urls === 'string' ? new Map<string, string>() : urls;
  const all = [...new Set([...numbers, ...known.keys()])];
  return all.map((trackingNumber) => ({ trackingNumber, trackingUrl: typeof urls === 'string' ? urls : (known.get(trackingNumber) ?? null) }));
}

function urlsOf(text: string | null): string | ReadonlyMap<string, string> {
  if (text === null) return new Map();
  if (!text.trimStart().startsWith('[')) return text;
  try {
    const pairs = JSON.parse(text) as unknown;
    if (!Array.isArray(pairs)) return new Map();
    return new Map(pairs.flatMap((pair: unknown) => (Array.isArray(pair) && pair.length >= 2 ? [[String(pair[0]), String(pair[1])] as const] : [])));
  } catch {
    return text;
  }
}

/** What left (or came back) once done, what is asked for before; the column of the done quantity changed its name in 17. */
const movedQuantity = converter('decimal; done quantity once done', (row: Pick<OdooPickingMoveRow, 'state' | 'product_uom_qty' | 'quantity' | 'quantity_done'>) =>
  decimalOf(row.state === 'done' ? (row.quantity ?? row.quantity_done) : row.product_uom_qty),
);

type ShipmentLine = ShipmentRecord['lines'][number];

/** stock.move -> ShipmentRecord.lines */
export const shipmentLineMap = mapEntity<OdooPickingMoveRow, ShipmentLine, ShipmentGiven>('ShipmentRecord.lines', ({ from, merge }) => ({
  sku: from('product_id', skuOfProduct),
  quantity: merge(['state', 'product_uom_qty', 'quantity', 'quantity_done'], movedQuantity),
}));

type Route = Pick<OdooPickingRow, 'picking_type_code' | 'location_id' | 'location_dest_id'>;

const locationOf = converter('warehouse it leaves or comes back to; null for drop shipments', (row: Route, given: ShipmentGiven) => {
  const location = row.picking_type_code === 'incoming' ? row.location_dest_id : row.location_id;
  return location === false ? null : (given.warehouseByLocation.get(location[0]) ?? null);
});

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
  direction: from('picking_type_code', converter('incoming = RETURN, else OUTBOUND', (code: string) => (code === 'incoming' ? 'RETURN' : 'OUTBOUND'))),
  updatedAt: from('write_date', utcInstant),
}));
