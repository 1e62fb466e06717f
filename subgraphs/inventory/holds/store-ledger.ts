import type { Sku } from '../../../domain/ids.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { readFigures, type Figures } from '../announcements.ts';
import { lockSkus } from '../sku-lock.ts';

export type ReleaseReason = 'RELEASED' | 'EXPIRED' | 'CANCELLED' | 'OFFSET';

/** Locks these SKUs and reads what could be sold of them before anything is changed, for `announceDifferences`. */
export async function lockFigures(tx: Sql, skus: readonly Sku[]): Promise<Figures> {
  await lockSkus(tx, skus);
  return readFigures(tx, skus);
}

/** Lines to take out: all of a hold's, or those of one SKU. */
export interface LineSelection {
  readonly holdId: string;
  readonly sku: Sku | null;
}

/** Takes open lines out of counters and ledger, exactly once: a closed line is not closed again. Rows must be locked. */
export async function closeLines(tx: Sql, lines: readonly LineSelection[], reason: ReleaseReason): Promise<void> {
  if (lines.length === 0) return;
  await tx.run(
    `with closed as (
       update inventory.hold_line line set open = false from jsonb_to_recordset($1::jsonb) as due("holdId" text, sku text)
       where line.hold_id = due."holdId" and (due.sku is null or line.sku = due.sku) and line.open
       returning line.hold_id, line.sku, line.location_code, line.quantity
     ), freed as (
       update inventory.stock_level stock set held = stock.held - sums.quantity, version = version + 1
       from (select sku, location_code, sum(quantity) as quantity from closed group by sku, location_code) sums
       where stock.sku = sums.sku and stock.location_code = sums.location_code
     )
     insert into inventory.ledger (sku, location_code, hold_id, delta, reason)
     select sku, location_code, hold_id, -quantity, $2 from closed`,
    [JSON.stringify(lines), reason],
  );
}
