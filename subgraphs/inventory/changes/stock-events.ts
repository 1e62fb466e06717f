import { compare, isPositive, type Decimal } from '../../../domain/decimal.ts';
import type { StockChanged } from '../../../domain/events.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import { itemPolicyOf, type InventoryPolicy } from '../promise/policy.ts';

/** What is there today, by the thresholds of the policy. Whether more is on its way only a projection tells. */
export type TodayStatus = 'IN_STOCK' | 'LOW_STOCK' | 'OUT_OF_STOCK';

/** `stock.changed` as it leaves the outbox. */
export interface RelayedStockChange extends StockChanged {
  /** Grows with every change of the SKU: its place in the outbox, taken while the SKU was locked. Digits. */
  readonly version: string;
  readonly statusBefore: TodayStatus;
  readonly statusAfter: TodayStatus;
}

/** How a SKU is, where it is not known what has happened to it. */
export interface StockSnapshot {
  readonly type: 'stock.snapshot';
  readonly sku: Sku;
  readonly at: Instant;
  /** Where something changed since; empty = not known. */
  readonly locationCodes: readonly LocationCode[];
  /** Of the latest change that was merged into it. */
  readonly version: string | null;
}

export type StockEvent = RelayedStockChange | StockSnapshot;

const statusToday = (sellable: Decimal, lowStockThreshold: Decimal): TodayStatus => {
  if (!isPositive(sellable)) return 'OUT_OF_STOCK';
  return compare(sellable, lowStockThreshold) > 0 ? 'IN_STOCK' : 'LOW_STOCK';
};

/** Adds what the thresholds say, by the policy in force when the event leaves: whoever announces needs no policy. */
export function withStatuses(event: StockChanged & { readonly version: string }, policy: InventoryPolicy): RelayedStockChange {
  const { lowStockThreshold } = itemPolicyOf(policy, event.sku);
  return { ...event, statusBefore: statusToday(event.sellableBefore, lowStockThreshold), statusAfter: statusToday(event.sellableAfter, lowStockThreshold) };
}

export const crossesThreshold = (event: StockEvent): boolean => event.type === 'stock.changed' && event.statusBefore !== event.statusAfter;

/** Two changes of one SKU told as one: the later, from where the earlier started. What was not known before stays so. */
export function mergeStock(earlier: StockEvent, later: StockEvent): StockEvent {
  if (later.type === 'stock.snapshot') return later;
  const locationCodes = [...new Set([...earlier.locationCodes, ...later.locationCodes])];
  if (earlier.type === 'stock.snapshot') return { ...earlier, at: later.at, version: later.version, locationCodes };
  return { ...later, locationCodes, sellableBefore: earlier.sellableBefore, statusBefore: earlier.statusBefore };
}
