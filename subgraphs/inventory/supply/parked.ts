import type { FeedRejection } from '../../../platform/feed.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';

/** A record that cannot be placed yet. */
export interface ParkedRecord<T> extends FeedRejection {
  readonly record: T;
}

/** Keeps refused records whole: a delta would not list them again when what they wait for arrives. */
export async function park<T>(tx: Sql, feed: string, records: readonly ParkedRecord<T>[]): Promise<void> {
  if (records.length === 0) return;
  await tx.run(
    `insert into inventory.parked (feed, key, record)
     select distinct on (key) $1, key, record from jsonb_to_recordset($2::jsonb) as r(key text, record jsonb) order by key
     on conflict (feed, key) do update set record = excluded.record, seen_at = clock_timestamp()`,
    [feed, JSON.stringify(records)],
  );
}

const BATCH = 1_000;

const PLACEABLE = `select parked.key, parked.record from inventory.parked
  join inventory.item_info item on item.sku = parked.record ->> 'sku'
  join inventory.location place on place.code = parked.record ->> 'locationCode'
  where parked.feed = $1 order by parked.key limit ${BATCH} for update of parked`;

/** Applies parked records whose SKU and location are known by now and strikes them off the list of rejections. */
export async function retryParked<T>(database: Database, feed: string, apply: (tx: Sql, records: readonly T[]) => Promise<unknown>): Promise<number> {
  return database.transaction(async (tx) => {
    // Locked until they are struck off: a newer version must not be parked and lost in between.
    const placeable = await tx.query<{ key: string; record: T }>(PLACEABLE, [feed]);
    if (placeable.length === 0) return 0;
    const keys = placeable.map((row) => row.key);
    await apply(tx, placeable.map((row) => row.record));
    await tx.run('delete from inventory.parked where feed = $1 and key = any($2::text[])', [feed, keys]);
    await tx.run('delete from inventory.feed_reject where feed = $1 and key = any($2::text[])', [feed, keys]);
    return placeable.length;
  });
}

/** After a full pass: what it no longer listed needs no place any more. */
export async function forgetUnseenParked(tx: Sql, feed: string, passStartedAt: string): Promise<void> {
  await tx.run('delete from inventory.parked where feed = $1 and seen_at < $2', [feed, passStartedAt]);
}
