import type { Receipt, StockLevel } from '../../../domain/inventory.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { applyReceipts } from './store-items.ts';
import { offsetByPass } from './store-offsets.ts';
import { applyStock } from './store-stock.ts';
import { retryParked } from './parked.ts';

export interface UpkeepOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
}

/** One round of what feeds leave behind: orders the last pass contains, records that waited for their SKU or location. */
export async function runUpkeep({ database, clock }: Pick<UpkeepOptions, 'database' | 'clock'>): Promise<void> {
  const at = instant(clock.now());
  await offsetByPass(database, at);
  await retryParked<StockLevel>(database, 'stock', (tx, levels) => applyStock(tx, levels, at));
  await retryParked<Receipt>(database, 'receipts', (tx, receipts) => applyReceipts(tx, receipts, at));
}

/** Repeats upkeep. Each step is a transaction of its own, so that no lock is taken out of order within one. */
export function startUpkeep(options: UpkeepOptions): { stop(): Promise<void> } {
  let running = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = runUpkeep(options)
      .catch((error: Error) => options.log.warn({ error: error.message }, 'inventory upkeep failed; it is tried again'))
      .finally(() => (busy = false));
  }, options.intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
