import type { Sku } from '../../domain/ids.ts';
import { prepared, type Sql } from '../../platform/stores/sql.ts';

const LOCK = prepared('select sku from inventory.item_info where sku = any($1::text[]) order by sku for no key update');

// What kits are made of is read by the statement that locks: a kit that has changed by then is noticed by who plans.
const LOCK_TOUCHED = prepared(`select sku from inventory.item_info where sku in (
    select unnest($1::text[])
    union select component_sku from inventory.kit_component where kit_sku = any($1::text[])
    union select sku from inventory.hold_line where hold_id = any($2::text[])
  ) order by sku for no key update`);

/**
 * Locks these SKUs, always in SKU order: whoever changes figures, receipts, holds or their state does this first, so that
 * no two wait for each other in a ring and every decision sees the last one's outcome. The item's row stands for the SKU:
 * one lock whatever the number of locations, and there before any of them has a stock row. A SKU without item can be
 * neither stocked (its rows are parked) nor held. What is to be decided on must be read by a later statement: the one that
 * waited for the lock still sees what was before.
 */
export const lockSkus = (tx: Sql, skus: readonly Sku[]): Promise<unknown> => tx.run(LOCK, [skus]);

/** Locks these SKUs, the components of those that are kits, and what these holds hold, in one go. Answers what is locked, in order. */
export async function lockTouched(tx: Sql, skus: readonly Sku[], holdIds: readonly string[]): Promise<readonly Sku[]> {
  return (await tx.query<{ sku: Sku }>(LOCK_TOUCHED, [skus, holdIds])).map((row) => row.sku);
}
