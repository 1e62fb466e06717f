import type { Sku } from '../../../domain/ids.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { LEAVE_COVER_MINUTES, type HotCandidate } from './hot-lane-choice.ts';

/** Demand is measured over this time, in buckets of 15 s. */
const WINDOW_MINUTES = 5;

/** A hold is written this long before its transaction ends, at most: younger ones may not be all there yet. */
const SETTLED_AFTER = `interval '1 second'`;
const BUCKET = (at: string): string => `date_bin('15 seconds', ${at}, 'epoch')`;

// A hold that replaced another is what it added; one that was given back was no sale. What expired was wanted.
const ROLL_UP = `with moved as (
    select ${BUCKET('at')} as bucket_at, sku, sum(delta) as units, count(*) filter (where delta > 0) as holds, 0 as refusals
    from inventory.ledger where at > $1 and at <= $2 and reason in ('HELD', 'RELEASED') group by 1, 2
  ), refused as (
    select ${BUCKET('hold.created_at')} as bucket_at, coalesce(kit.component_sku, line ->> 'sku') as sku, 0 as units, 0 as holds, count(*) as refusals
    from inventory.hold cross join jsonb_array_elements(hold.short_lines) as line left join inventory.kit_component kit on kit.kit_sku = line ->> 'sku'
    where hold.created_at > $1 and hold.created_at <= $2 and hold.short_lines is not null and line ->> 'reason' in ('OUT_OF_STOCK', 'SPLIT_NOT_ALLOWED')
    group by 1, 2
  )
  insert into inventory.demand as demand (bucket_at, sku, units, holds, refusals)
  select bucket_at, sku, sum(units), sum(holds), sum(refusals) from (select * from moved union all select * from refused) as both_kinds
  group by bucket_at, sku
  on conflict (bucket_at, sku) do update set
    units = demand.units + excluded.units, holds = demand.holds + excluded.holds, refusals = demand.refusals + excluded.refusals`;

/** Adds what was held, released and refused since the last time, each once, whichever process measures. */
export async function measureDemand(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    const [span] = await tx.query<{ since: string; until: string }>(
      `insert into inventory.demand_measured as measured (until) values (clock_timestamp() - interval '${WINDOW_MINUTES} minutes')
       on conflict (only_row) do update set until = greatest(measured.until, excluded.until)
       returning until::text as since, (clock_timestamp() - ${SETTLED_AFTER})::text as until`,
    );
    await tx.run(ROLL_UP, [span!.since, span!.until]);
    await tx.run('update inventory.demand_measured set until = greatest(until, $1::timestamptz)', [span!.until]);
    await tx.run(`delete from inventory.demand where bucket_at < clock_timestamp() - interval '${WINDOW_MINUTES} minutes 15 seconds'`);
  });
}

const CANDIDATES = `with wanted as (
    select sku, greatest(sum(units), 0) + sum(refusals) as units, sum(holds) as holds, sum(refusals) as refusals
    from inventory.demand where bucket_at > clock_timestamp() - interval '${WINDOW_MINUTES} minutes'
    group by sku having greatest(sum(units), 0) + sum(refusals) > 0
  ), counted as (
    select wanted.*, wanted.units / ${WINDOW_MINUTES} as per_minute, greatest(0, coalesce((
      select sum(greatest(0, on_hand - unsellable) - case when basis = 'ON_HAND' then allocated else 0 end - held - held_dated)
      from inventory.stock_level stock join inventory.location on location.code = stock.location_code and location.active
      where stock.sku = wanted.sku), 0)) as available
    from wanted join inventory.item_info item on item.sku = wanted.sku and item.active
  )
  select sku, per_minute::double precision as "unitsPerMinute", available::double precision as available,
    holds::double precision as holds, refusals::double precision as refusals
  from counted where available <= per_minute * ${LEAVE_COVER_MINUTES} order by available / per_minute, per_minute desc, sku limit $1`;

/** SKUs in demand that may run out within the time a member may stay, at most `limit`, the nearest first. */
export const readCandidates = (sql: Sql, limit: number): Promise<readonly HotCandidate[]> => sql.query<HotCandidate & { readonly sku: Sku }>(CANDIDATES, [limit]);
