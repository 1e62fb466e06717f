import { compare, type Decimal } from '../../domain/decimal.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { LocationCode, Sku } from '../../domain/ids.ts';
import type { AvailabilityStatus, StockEvidence } from '../../domain/inventory.ts';
import type { InventoryContext } from './loaders.ts';
import { listSku, type Listing } from './promise/listing.ts';
import type { Supply } from './promise/plan.ts';
import type { ItemInfo, LocationPosition, StockPosition } from './promise/position.ts';
import { servingOf, type Serving } from './promise/serving.ts';

/** What the fields of Availability are read from. Quantities are exact in here; presenting caps them. */
export interface AvailabilityView extends Omit<Listing, 'status'> {
  readonly item: ItemInfo;
  readonly status: AvailabilityStatus;
  /** Where the figures lie, of a kit its components'. */
  readonly stocked: readonly LocationPosition[];
  readonly evidence: StockEvidence;
}

/**
 * As the request's channel may sell it. Null for a SKU the ERP does not have.
 * @throws Failure INVALID_INPUT for a location there is not, and for a channel that is not configured where channels are.
 */
export async function viewAvailability({ book, supplies, locations, feeds, scope }: InventoryContext, sku: Sku, locationCode: LocationCode | null): Promise<AvailabilityView | null> {
  const [supply, state] = await Promise.all([supplies.load(sku), feeds()]);
  if (locationCode !== null && !(await locations()).some((location) => location.code === locationCode)) {
    throw invalidInput(['locationCode'], `there is no location ${JSON.stringify(locationCode)}; see locations`);
  }
  const position = supply.positions.get(sku);
  if (!position?.item) return null;
  const serving = at(servingOf(book.policy, scope.shopping.channel, null), locationCode);
  const listing = listSku(sku, supply, { today: book.today(), policy: book.policy, serving });
  const stocked = stockedAt(position, supply, serving);
  // A figure without any reading behind it is no statement about stock.
  const unread = state.stockFinishedAt === null && stocked.every((location) => location.asOf === null);
  return { ...listing, item: position.item, status: unread ? 'UNKNOWN' : listing.status, stocked, evidence: book.evidenceOf(stocked, state) };
}

const at = (serving: Serving, locationCode: LocationCode | null): Serving => {
  if (locationCode === null) return serving;
  return { ...serving, locations: serving.locations === null || serving.locations.includes(locationCode) ? [locationCode] : [] };
};

/** Where the figures lie that a SKU is judged by: of a kit its components'. */
function stockedAt({ sku, components }: StockPosition, { positions }: Supply, serving: Serving): readonly LocationPosition[] {
  const stocked = components.length === 0 ? [sku] : components.map((component) => component.sku);
  const all = stocked.flatMap((part) => positions.get(part)?.locations ?? []);
  return serving.locations === null ? all : all.filter((location) => serving.locations!.includes(location.locationCode));
}

/** What a kit is made of; nothing for anything else. */
export const componentsOf = async ({ supplies }: InventoryContext, sku: Sku): Promise<readonly Sku[]> =>
  ((await supplies.load(sku)).positions.get(sku)?.components ?? []).map((component) => component.sku);

export const isCapped = (context: InventoryContext, quantity: Decimal): boolean => compare(context.show(quantity), quantity) !== 0;

/** Null when nothing is known of any of them. */
export async function isAnyInStock(context: InventoryContext, skus: readonly Sku[]): Promise<boolean | null> {
  const views = (await Promise.all(skus.map((sku) => viewAvailability(context, sku, null)))).filter((view) => view !== null && view.status !== 'UNKNOWN');
  return views.length === 0 ? null : views.some((view) => view !== null && view.now !== '0');
}
