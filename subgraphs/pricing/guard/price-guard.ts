import type { Log } from '../../../platform/log.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';
import type { RowGate } from '../book/row-gate.ts';
import { keyOf } from '../book/served-table.ts';
import { isGuardedKind, type RecordKind } from './incoming-change.ts';
import { settle, type Settled, type SettleTools } from './settle.ts';
import { dropHeld, findDifferent, holdRemovals, holdRows, isFilled } from './store-incoming.ts';
import { lockGuard, supersede } from './store-parked.ts';

export interface PriceGuardOptions extends SettleTools {
  readonly log: Log;
}

/**
 * Stands between what a source says of prices and what is served. A page's rows that differ are held back; when the pass ends they are
 * judged together by what they would do to prices, and served or parked. While a feed is read whole for the first time nothing is held
 * back: no price of it is served yet.
 */
export function createPriceGuard({ log, ...tools }: PriceGuardOptions): RowGate {
  for (const what of tools.settings.unguarded) log.warn({ setting: 'PRICE_GUARD' }, `the price guard is off for ${what}: any change of the source is served at once`);
  return {
    admit: async (tx, table, rows) => {
      if (!isGuardedKind(table.name) || !(await isFilled(tx, table.feed))) return rows;
      await lockGuard(tx);
      const different = await findDifferent(tx, table, rows);
      const [held, same] = [rows.filter((row) => different.has(keyOf(table, row))), rows.filter((row) => !different.has(keyOf(table, row)))];
      await holdRows(tx, table, held);
      await forget(tx, table, table.name, same.map((row) => keyOf(table, row)));
      return same;
    },
    keep: async (tx, table, passStartedAt) => {
      if (!isGuardedKind(table.name) || !(await isFilled(tx, table.feed))) return { keys: [], gone: 0 };
      await lockGuard(tx);
      return holdRemovals(tx, table, passStartedAt);
    },
    settle: async (tx, table, passStartedAt) => {
      if (!isGuardedKind(table.name)) return;
      await lockGuard(tx);
      const settled = await settle(tx, table, passStartedAt, tools);
      tell(log, table.name, settled);
    },
  };
}

/** The source says what is served: there is nothing to wait for. */
async function forget(tx: Sql, table: MirrorTable, kind: RecordKind, keys: readonly string[]): Promise<void> {
  await dropHeld(tx, table.feed, keys);
  await supersede(tx, kind, keys);
}

function tell(log: Log, kind: RecordKind, { batchId, parked }: Settled): void {
  if (batchId === null) return;
  const reasons = [...new Set(parked.map(({ reason }) => reason))].join(', ');
  log.warn({ kind, batchId, changes: parked.length, reasons }, 'price changes wait for approval, the old prices are served: pendingPriceChanges');
}
