import type { Sql } from '../../../platform/stores/sql.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';

/** Stands between what a source says and what is served. Called within the transaction of the page, or of the end of the pass. */
export interface RowGate {
  /**
   * Of rows that are about to be written (checked, one per key), those that may be served now. Of the others the old row stays
   * served, and is not removed by the pass.
   */
  readonly admit: <Row extends object>(tx: Sql, table: MirrorTable, rows: readonly Row[]) => Promise<readonly Row[]>;
  /** Of rows with `seen_at` before `passStartedAt` those that are to stay though a full pass no longer saw them. Asked before they are removed. */
  readonly keep: (tx: Sql, table: MirrorTable, passStartedAt: string) => Promise<KeptRows>;
  /** At the end of every pass, full or not: serves what of all that was held back may be served. */
  readonly settle: (tx: Sql, table: MirrorTable, passStartedAt: string) => Promise<void>;
}

export interface KeptRows {
  readonly keys: readonly string[];
  /** How many of them are gone only since this pass: as good as removed where a source that lost most of its rows is to be noticed. */
  readonly gone: number;
}

/** Nobody stands there. */
export const OPEN_GATE: RowGate = { admit: async (_tx, _table, rows) => rows, keep: async () => ({ keys: [], gone: 0 }), settle: async () => undefined };
