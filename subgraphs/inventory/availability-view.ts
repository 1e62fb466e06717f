import { compare, type Decimal } from '../../domain/decimal.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { LocationCode, Sku } from '../../domain/ids.ts';
import type { AvailabilityStatus, StockEvidence } from '../../domain/inventory.ts';
import { quantityToday, statusOf, type AtpCurve } from './promise/availability.ts';
import type { InventoryContext } from './loaders.ts';
import { curvesByLocation, totalCurve, type LocationCurve } from './promise/position.ts';

/** What the fields of Availability are read from. Quantities are exact in here; presenting caps them. */
export interface AvailabilityView {
  readonly curve: AtpCurve;
  readonly curves: readonly LocationCurve[];
  readonly status: AvailabilityStatus;
  readonly evidence: StockEvidence;
}

/**
 * Null for a SKU the ERP does not have.
 * @throws Failure INVALID_INPUT for a location there is not.
 */
export async function viewAvailability({ book, positions, locations, feeds }: InventoryContext, sku: Sku, locationCode: LocationCode | null): Promise<AvailabilityView | null> {
  const [position, state] = await Promise.all([positions.load(sku), feeds()]);
  if (locationCode !== null && !(await locations()).some((location) => location.code === locationCode)) {
    throw invalidInput(['locationCode'], `there is no location ${JSON.stringify(locationCode)}; see locations`);
  }
  if (position.item === null) return null;
  const chosen = locationCode === null ? position.locations : position.locations.filter((location) => location.locationCode === locationCode);
  const { atp, lowStockThreshold } = book.policy;
  const curves = curvesByLocation({ ...position, locations: chosen }, book.today(), atp);
  const curve = totalCurve(curves, book.today(), atp);
  // A figure without any reading behind it is no statement about stock.
  const unread = state.stockFinishedAt === null && chosen.every((location) => location.asOf === null);
  return { curve, curves, status: unread ? 'UNKNOWN' : statusOf(curve, lowStockThreshold), evidence: book.evidenceOf(chosen, state) };
}

export const isCapped = (context: InventoryContext, quantity: Decimal): boolean => compare(context.show(quantity), quantity) !== 0;

/** Null when nothing is known of any of them. */
export async function isAnyInStock(context: InventoryContext, skus: readonly Sku[]): Promise<boolean | null> {
  const views = (await Promise.all(skus.map((sku) => viewAvailability(context, sku, null)))).filter((view) => view !== null && view.status !== 'UNKNOWN');
  return views.length === 0 ? null : views.some((view) => view !== null && quantityToday(view.curve) !== '0');
}
