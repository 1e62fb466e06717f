import DataLoader from 'dataloader';
import { least, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Location } from '../../domain/inventory.ts';
import { hasScope } from '../../domain/principal.ts';
import type { GraphContext, RequestScope } from '../frame/module.ts';
import type { InventoryBook } from './inventory-book.ts';
import type { Supply } from './promise/plan.ts';
import type { FeedState } from './supply/store-positions.ts';

/** What one request shares: each figure is read once, all SKUs of a turn in one statement. */
export interface InventoryContext extends GraphContext {
  readonly book: InventoryBook;
  /** Has the SKU asked and, where it is a kit, its components. */
  readonly supplies: DataLoader<Sku, Supply>;
  readonly locations: () => Promise<readonly Location[]>;
  readonly feeds: () => Promise<FeedState>;
  /** Whether this caller may see exact quantities. */
  readonly isExact: boolean;
  /** The quantity this caller may see. */
  readonly show: (quantity: Decimal) => Decimal;
}

export function createInventoryContext(book: InventoryBook, scope: RequestScope): InventoryContext {
  const isExact = hasScope(scope.principal, 'availability:exact');
  let locations: Promise<readonly Location[]> | null = null;
  let feeds: Promise<FeedState> | null = null;
  return {
    scope,
    book,
    supplies: new DataLoader((skus) => book.readSupplies(skus)),
    locations: () => (locations ??= book.readLocations()),
    feeds: () => (feeds ??= book.readFeedState()),
    isExact,
    show: (quantity) => (isExact ? quantity : least(quantity, book.policy.quantityCap)),
  };
}
