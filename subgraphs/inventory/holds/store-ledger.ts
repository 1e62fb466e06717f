import type { Sku } from '../../../domain/ids.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { readFigures, type Figures } from '../changes/announcements.ts';
import { GIVEN_BACK } from '../channels/store-use.ts';
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

const CLOSE = prepared(`with closed as (
    update inventory.hold_line line set open = false from unnest($1::text[], $2::text[]) as due(hold_id, sku)
    where line.hold_id = due.hold_id and (due.sku is null or line.sku = due.sku) and line.open
    returning line.hold_id, line.sku, line.location_code, line.quantity, line.due_on
  ), freed as (
    update inventory.stock_level stock set held = stock.held - place.undated, held_dated = stock.held_dated - place.dated, version = version + 1
    from (
      select sku, location_code, coalesce(sum(quantity) filter (where due_on is null), 0) as undated, coalesce(sum(quantity) filter (where due_on is not null), 0) as dated
      from closed group by sku, location_code
    ) place where stock.sku = place.sku and stock.location_code = place.location_code
  ), ${GIVEN_BACK}
  insert into inventory.ledger (sku, location_code, hold_id, delta, reason)
  select sku, location_code, hold_id, -quantity, $3 from closed`);

/**
 * Takes open lines out of counters and ledger, exactly once: a closed line is not closed again. What was not sold is given
 * back to its channel. SKUs must be locked.
 */
export async function closeLines(tx: Sql, lines: readonly LineSelection[], reason: ReleaseReason): Promise<void> {
  if (lines.length === 0) return;
  await tx.run(CLOSE, [lines.map((line) => line.holdId), lines.map((line) => line.sku), reason]);
}
