import type { Migration } from '../../platform/stores/migrate.ts';
import { stockHoldsAndFeeds } from './migrations/0001-stock-holds-and-feeds.ts';
import { kitsUnitsAndDates } from './migrations/0002-kits-units-and-dates.ts';
import { holdsInBatches } from './migrations/0003-holds-in-batches.ts';
import { readingsClocksAndReconciliation } from './migrations/0004-readings-clocks-and-reconciliation.ts';
import { channelAllocation } from './migrations/0005-channel-allocation.ts';
import { hotLane } from './migrations/0006-hot-lane.ts';
import { receiptsNotYetReadAgain } from './migrations/0007-receipts-not-yet-read-again.ts';
import { reducedHolds } from './migrations/0008-reduced-holds.ts';

export const SCHEMA = 'inventory';

/** In the order in which they are applied; one that is released is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  stockHoldsAndFeeds, kitsUnitsAndDates, holdsInBatches, readingsClocksAndReconciliation, channelAllocation, hotLane, receiptsNotYetReadAgain, reducedHolds,
];
