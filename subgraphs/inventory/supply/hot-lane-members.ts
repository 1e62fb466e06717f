import type { Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { HotMember } from './hot-lane-choice.ts';

/** A SKU of the lane as operations people see it. */
export interface HotMemberStatus {
  readonly sku: Sku;
  readonly unitsPerMinute: number;
  readonly coverMinutes: number;
  readonly holds: number;
  readonly refusals: number;
  readonly enteredAt: Instant;
  /** When the ERP last answered for it; null: not since it came in. */
  readonly refreshedAt: Instant | null;
}

export async function readMemberSkus(sql: Sql): Promise<ReadonlySet<Sku>> {
  return new Set((await sql.query<{ sku: Sku }>('select sku from inventory.hot_lane')).map((row) => row.sku));
}

/** Who is in, nearest to the end first. */
export const readMembers = (sql: Sql): Promise<readonly HotMemberStatus[]> =>
  sql.query<HotMemberStatus>(
    `select sku, units_per_minute as "unitsPerMinute", cover_minutes as "coverMinutes", holds::double precision as holds, refusals::double precision as refusals,
       entered_at as "enteredAt", refreshed_at as "refreshedAt" from inventory.hot_lane order by cover_minutes, units_per_minute desc, sku`,
  );

/** Exactly these are in from now on; who was in before keeps since when. */
export async function replaceMembers(tx: Sql, members: readonly HotMember[]): Promise<void> {
  await tx.run('delete from inventory.hot_lane where sku <> all($1::text[])', [members.map((member) => member.sku)]);
  await tx.run(
    `insert into inventory.hot_lane (sku, units_per_minute, cover_minutes, holds, refusals)
     select sku, "unitsPerMinute", "coverMinutes", holds, refusals from jsonb_to_recordset($1::jsonb)
       as m(sku text, "unitsPerMinute" double precision, "coverMinutes" double precision, holds bigint, refusals bigint)
     on conflict (sku) do update set units_per_minute = excluded.units_per_minute, cover_minutes = excluded.cover_minutes,
       holds = excluded.holds, refusals = excluded.refusals`,
    [JSON.stringify(members)],
  );
}

export const markRefreshed = (sql: Sql, skus: readonly Sku[]): Promise<number> =>
  sql.run('update inventory.hot_lane set refreshed_at = clock_timestamp() where sku = any($1::text[])', [skus]);
