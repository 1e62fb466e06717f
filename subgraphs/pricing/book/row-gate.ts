import type { Sql } from '../../../platform/stores/sql.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';

/** Stands between what a source says and what is served. Called within the transaction of the page, or of the end of the pass. */
export interface RowGate {
  /**
   * Of rows that are about to be written (checked, one per key), those that may be served now. Of the others the old row stays
   * served, and is not removed by the pass.
   */
  readonly admit: <Row extends object>(tx: Sql, table: MirrorTable, rows: readonly Row[]) => Promise<readonly Row[]>;
  /**
   * Keys of rows with `seen_at` before `passStartedAt` that are to stay though a full pass no longer saw them. Asked before
   * they are removed.
   */
  readonly keep: (tx: Sql, table: MirrorTable, passStartedAt: string) => Promise<readonly string[]>;
  /** At the end of every pass: serves of what was held back what may be served. Answers how many rows were removed by that. */
  readonly settle: (tx: Sql, table: MirrorTable, passStartedAt: string) => Promise<number>;
}

/** Nobody stands there. */
export const OPEN_GATE: RowGate = { admit: async (_tx, _table, rows) => rows, keep: async () => [], settle: async () => 0 };
