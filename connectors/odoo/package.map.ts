import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { ShipmentPackage } from '../../domain/shipments.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, requiredText } from './convert.ts';
import { skuOfProduct } from './skus.ts';
import { trackingOfPackage, type TrackingColumns } from './tracking.ts';
import type { OdooMoveLineRow, OdooPackageRow } from './wire-after-sale.ts';
import type { OdooPickingRow, OdooText } from './wire.ts';

export interface PackageGiven {
  readonly skus: ReadonlyMap<number, OdooText>;
  /** The transfer the parcel leaves with. */
  readonly transfer: TrackingColumns & Pick<OdooPickingRow, 'carrier_id'>;
  /** Lines of the transfer that are packed. */
  readonly packed: readonly OdooMoveLineRow[];
}

type PackageLine = ShipmentPackage['lines'][number];

/** stock.move.line -> ShipmentPackage.lines; the column of the quantity changed its name in 17. */
export const packageLineMap = mapEntity<OdooMoveLineRow, PackageLine, Pick<PackageGiven, 'skus'>>('ShipmentPackage.lines', ({ from, merge }) => ({
  sku: from('product_id', skuOfProduct),
  quantity: merge(['quantity', 'qty_done'], converter('decimal', (row: Pick<OdooMoveLineRow, 'quantity' | 'qty_done'>) => decimalOf(row.quantity ?? row.qty_done))),
}));

const idOfPackage = (line: Pick<OdooMoveLineRow, 'result_package_id'>): number => (line.result_package_id === false ? 0 : line.result_package_id[0]);

function contentOf(id: number, given: PackageGiven): readonly PackageLine[] {
  const sums = new Map<Sku, Decimal>();
  for (const line of given.packed.filter((one) => idOfPackage(one) === id)) {
    const { sku, quantity } = packageLineMap.map(line, given);
    sums.set(sku, add(sums.get(sku) ?? ZERO, quantity));
  }
  return [...sums].map(([sku, quantity]) => ({ sku, quantity }));
}

const isOnlyParcel = ({ packed }: PackageGiven): boolean => new Set(packed.map(idOfPackage)).size === 1;

/** stock.package (stock.quant.package until 18), as far as it goes with one transfer -> ShipmentPackage */
export const packageMap = mapEntity<OdooPackageRow, ShipmentPackage, PackageGiven>('ShipmentPackage', ({ from, given }) => ({
  reference: from('name', requiredText),
  carrier: given('the transfer\'s carrier', ({ transfer }) => (transfer.carrier_id ? transfer.carrier_id[1] : null)),
  trackings: from('name', converter('of the transfer: all for its only parcel, else the one the parcel is named by', (name: string, around: PackageGiven) =>
    trackingOfPackage(around.transfer, { name, isOnly: isOnlyParcel(around) }))),
  lines: from('id', converter('stock.move.line rows packed into it, one a SKU', contentOf)),
}));

/** Parcels of one transfer, by name. */
export function packagesOf(packages: ReadonlyMap<number, OdooPackageRow>, given: PackageGiven): readonly ShipmentPackage[] {
  const ids = [...new Set(given.packed.map(idOfPackage))];
  return ids.flatMap((id) => packages.get(id) ?? []).map((row) => packageMap.map(row, given));
}
