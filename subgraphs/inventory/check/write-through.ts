import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { StockLevel } from '../../../domain/inventory.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import { recordRejections } from '../../../platform/feed.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { applyStockPage } from '../feeds.ts';
import { SCHEMA } from '../schema.sql.ts';
import { completeLevels, type LiveAnswer } from './live-read.ts';

export interface WriteThroughTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Live figures go where the feed's go, by the same rules: an older one changes nothing, what cannot be placed is parked.
 * `storedAt` names the locations we have figures of a SKU for.
 */
export async function writeThrough({ database, clock, log }: WriteThroughTools, live: ReadonlyMap<Sku, LiveAnswer>, storedAt: (sku: Sku) => readonly LocationCode[]): Promise<void> {
  const levels = [...live].flatMap(([sku, answer]): readonly StockLevel[] =>
    answer.kind === 'FIGURES' ? completeLevels(sku, answer.levels, storedAt(sku), answer.askedAt) : []);
  if (levels.length === 0) return;
  const { rejected } = await database.transaction(async (tx) => {
    const applied = await applyStockPage(tx, levels, instant(clock.now()));
    if (applied.rejected.length > 0) await recordRejections(tx, SCHEMA, 'stock', applied.rejected);
    return applied;
  });
  if (rejected.length > 0) log.warn({ rejected }, 'live stock figures could not be placed');
}
