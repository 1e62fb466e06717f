import type { Sku } from '../../domain/ids.ts';
import type { Sql } from '../../platform/stores/sql.ts';

/**
 * Locks these SKUs, always in SKU order: whoever changes figures, receipts, holds or their state does this first, so that
 * no two wait for each other in a ring and every decision sees the last one's outcome. The item's row stands for the SKU:
 * one lock whatever the number of locations, and there before any of them has a stock row. A SKU without item can be
 * neither stocked (its rows are parked) nor held. What is to be decided on must be read by a later statement: the one that
 * waited for the lock still sees what was before.
 */
export const lockSkus = (tx: Sql, skus: readonly Sku[]): Promise<unknown> =>
  tx.run('select from inventory.item_info where sku = any($1::text[]) order by sku for no key update', [skus]);
