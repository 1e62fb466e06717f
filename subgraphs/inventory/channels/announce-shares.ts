import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceSupply } from '../changes/announcements.ts';

/** Announces that what channels may take of these SKUs has changed: what there is in all has not. */
export async function announceShares(tx: Sql, skus: readonly Sku[], at: Instant): Promise<void> {
  const places = await tx.query<{ sku: Sku; locationCode: LocationCode }>(
    'select sku, location_code as "locationCode" from inventory.stock_level where sku = any($1::text[]) order by sku, location_code', [skus]);
  await announceSupply(tx, places, at);
}
