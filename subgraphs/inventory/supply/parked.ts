import type { FeedRejection } from '../../../platform/feed.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';

/** A record that cannot be placed yet. */
export interface ParkedRecord<T> extends FeedRejection {
  readonly record: T;
}

/** Keeps refused records whole: a delta would not list them again when what they wait for arrives. The later reading stays. */
export async function park<T>(tx: Sql, feed: string, records: readonly ParkedRecord<T>[]): Promise<void> {
  if (records.length === 0) return;
  await tx.run(
    `insert into inventory.parked (feed, key, record)
     select distinct on (key) $1, key, record from jsonb_to_recordset($2::jsonb) as r(key text, record jsonb) order by key, record ->> 'asOf' desc
     on conflict (feed, key) do update set seen_at = clock_timestamp(),
       record = case when excluded.record ->> 'asOf' < parked.record ->> 'asOf' then parked.record else excluded.record end`,
    [feed, JSON.stringify(records)],
  );
}

const BATCH = 1_000;

const PLACEABLE = `select parked.key, parked.record from inventory.parked
  join inventory.item_info item on item.sku = parked.record ->> 'sku'
  join inventory.location place on place.code = parked.record ->> 'locationCode'
  where parked.feed = $1 and (parked.record ->> 'unit' is null or parked.record ->> 'unit' = item.unit_code
    or item.units @> jsonb_build_array(jsonb_build_object('code', parked.record ->> 'unit')))
  order by parked.key limit ${BATCH} for update of parked`;

/**
 * Applies parked records whose SKU, location and unit are known by now and strikes them off the list of rejections.
 * `apply` answers the keys of those it could not take.
 */
export async function retryParked<T>(database: Database, feed: string, apply: (tx: Sql, records: readonly T[]) => Promise<readonly string[]>): Promise<number> {
  return database.transaction(async (tx) => {
    // Locked until they are struck off: a newer version must not be parked and lost in between.
    const placeable = await tx.query<{ key: string; record: T }>(PLACEABLE, [feed]);
    if (placeable.length === 0) return 0;
    const refused = new Set(await apply(tx, placeable.map((row) => row.record)));
    await strikeOff(tx, feed, placeable.map((row) => row.key).filter((key) => !refused.has(key)));
    return placeable.length - refused.size;
  });
}

/** What has been placed waits no longer, and is no rejection any more. */
export async function strikeOff(tx: Sql, feed: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  // Mostly none is: cheaper asked once than a thousand times.
  const [parked] = await tx.query<{ any: boolean }>('select exists (select from inventory.parked where feed = $1) as any', [feed]);
  if (parked?.any !== true) return;
  const struck = await tx.query<{ key: string }>('delete from inventory.parked where feed = $1 and key = any($2::text[]) returning key', [feed, keys]);
  if (struck.length > 0) await tx.run('delete from inventory.feed_reject where feed = $1 and key = any($2::text[])', [feed, struck.map(({ key }) => key)]);
}

/** After a full pass: what it no longer listed needs no place any more. */
export async function forgetUnseenParked(tx: Sql, feed: string, passStartedAt: string): Promise<void> {
  await tx.run('delete from inventory.parked where feed = $1 and seen_at < $2', [feed, passStartedAt]);
}
