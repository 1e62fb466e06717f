import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { announceSupply } from '../changes/announcements.ts';
import { lockSkus } from '../sku-lock.ts';

/*
 * Stock and receipts are read one after the other. Goods that came in between would be there twice: in the stock that was
 * read after, and among the receipts that were read before. So where stock has risen, receipts count for nothing until a
 * pass of receipts has ended that began later than the reading: too little is promised for a moment, never too much.
 */

/** A place whose figures rose at a reading that no pass of receipts is known to be later than. `risen` is a row of inventory.risen. */
export const NOT_READ_AGAIN = `risen.as_of + (select inventory.clock_margin()) >= (select started_at from inventory.receipt_pass)`;

/** Remembers that a pass of receipts begun then has ended. */
export async function recordReceiptPass(tx: Sql, passStartedAt: string): Promise<void> {
  await tx.run(
    `insert into inventory.receipt_pass (started_at) values ($1)
     on conflict (only_row) do update set started_at = greatest(receipt_pass.started_at, excluded.started_at)`,
    [passStartedAt],
  );
}

const READ_AGAIN = `select risen.sku, risen.location_code as "locationCode" from inventory.risen where not ${NOT_READ_AGAIN} order by risen.sku limit 5000`;

const FORGET = `delete from inventory.risen using unnest($1::text[], $2::text[]) as place(sku, location_code)
  where risen.sku = place.sku and risen.location_code = place.location_code and not ${NOT_READ_AGAIN}`;

const EXPECTED = `select distinct receipt.sku, receipt.location_code as "locationCode"
  from unnest($1::text[], $2::text[]) as place(sku, location_code) join inventory.receipt using (sku, location_code) where open_quantity > 0`;

interface Place {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
}

/** After a pass of receipts: forgets the places whose receipts have been read again, and tells where some count once more. */
export async function forgetRisen(database: Database, at: Instant): Promise<void> {
  const places = await database.query<Place>(READ_AGAIN);
  if (places.length === 0) return;
  const columns = [places.map((place) => place.sku), places.map((place) => place.locationCode)];
  await database.transaction(async (tx) => {
    await lockSkus(tx, [...new Set(columns[0])]);
    await tx.run(FORGET, columns);
    await announceSupply(tx, await tx.query<Place>(EXPECTED, columns), at);
  });
}
