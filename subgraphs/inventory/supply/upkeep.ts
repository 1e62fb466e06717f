import type { Receipt, StockLevel } from '../../../domain/inventory.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { createClockWatch, type ClockWatchOptions } from './clocks.ts';
import { retryParked } from './parked.ts';
import { placeRows } from './placing.ts';
import { forgetRisen } from './risen.ts';
import { RECEIPT_ROWS, STOCK_ROWS } from './row-kinds.ts';
import { offsetByPass } from './store-offsets.ts';
import { applyReceipts } from './store-receipts.ts';
import { applyStock, keyOfPlace } from './store-stock.ts';

export interface UpkeepOptions extends ClockWatchOptions {
  readonly intervalMs: number;
}

/** One round of what feeds leave behind: orders the last pass contains, receipts that count again, records that waited for their SKU, location or unit. */
export async function runUpkeep({ database, clock }: Pick<UpkeepOptions, 'database' | 'clock'>): Promise<void> {
  const at = instant(clock.now());
  await offsetByPass(database, at);
  await forgetRisen(database, at);
  await retryParked<StockLevel>(database, 'stock', (tx, levels) => applyParkedStock(tx, levels, at));
  await retryParked<Receipt>(database, 'receipts', async (tx, receipts) => {
    await applyReceipts(tx, (await placeRows(tx, receipts, RECEIPT_ROWS)).placed, at);
    return [];
  });
}

/** Answers those whose place may hold what an order took that has left the ledger since: they wait for a newer reading. */
async function applyParkedStock(tx: Sql, levels: readonly StockLevel[], at: Instant): Promise<readonly string[]> {
  const { placed } = await placeRows(tx, levels, STOCK_ROWS);
  return (await applyStock(tx, placed, at)).late.map(keyOfPlace);
}

/** Repeats upkeep. Each step is a transaction of its own, so that no lock is taken out of order within one. */
export function startUpkeep(options: UpkeepOptions): { stop(): Promise<void> } {
  let running = Promise.resolve();
  let busy = false;
  const watchClocks = createClockWatch(options);
  const round = async (): Promise<void> => {
    await watchClocks();
    await runUpkeep(options);
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = round()
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
