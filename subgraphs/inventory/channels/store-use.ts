import { add, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import type { ChannelAllocation, ChannelShare, ChannelUse } from '../promise/allocation.ts';
import { numeric } from '../promise/position.ts';

/*
 * What counts against whom. Written and decided on under the SKU's lock, like the holds it belongs to. A line counts for
 * the period it was placed in: one that is given back later changes that period's counter, which nobody reads any more,
 * while the goods come back to what is shared out now. So no counter falls below zero, and no goods are lost or doubled.
 */

/** How a SKU is shared out, as `ALLOCATED` reads it. Numerics are text. */
export interface AllocationJson {
  readonly shares: readonly { readonly channel: ChannelCode; readonly kind: 'PERCENT' | 'FIXED'; readonly amount: string; readonly buffer: string }[] | null;
  readonly uses: readonly { readonly channel: ChannelCode; readonly used: string; readonly moved: string }[] | null;
}

/** From where the rule of each SKU comes: the one that lists it, else the one for all. `rows` is a table that goes by `asker`. */
const rulesOf = (rows: string, asker: string): string => `inventory.allocation_rule rule cross join ${rows}
      left join inventory.allocation_sku listed on listed.sku = ${asker}.sku
    where (rule.code = listed.rule_code or (listed.rule_code is null and rule.covers = 'ALL'))`;

/**
 * Part of the statement that reads stock, because both must agree on which holds have expired: common table expressions
 * that end in `allocated (sku, allocation)`, of those SKUs of `asked.skus` that a rule covers. `gone` are the holds that count for
 * nothing: expired, or the caller's own. Without any rule the first step finds nothing and the rest is not begun.
 */
export const ALLOCATED = `covered as materialized (
    select known.sku, rule.code, rule.period from ${rulesOf('unnest((select skus from asked)::text[]) as known(sku)', 'known')}
  ), use_not_counted as (
    select line.sku, line.channel, line.period, sum(line.quantity) as quantity
    from gone cross join lateral (select sku, channel, period, quantity from inventory.channel_use_line where hold_id = gone.id offset 0) line
    where exists (select from covered) and line.sku = any((select skus from asked)::text[])
    group by line.sku, line.channel, line.period
  ), channel_uses as (
    select use.sku, jsonb_agg(jsonb_build_object('channel', use.channel, 'used', (use.used - coalesce(use_not_counted.quantity, 0))::text, 'moved', use.moved::text)) as rows
    from covered join inventory.channel_use use using (sku, period) left join use_not_counted using (sku, channel, period)
    group by use.sku
  ), allocated as (
    select covered.sku, jsonb_build_object('uses', channel_uses.rows,
      'shares', (select jsonb_agg(jsonb_build_object('channel', channel, 'kind', kind, 'amount', amount::text, 'buffer', buffer::text) order by position)
        from inventory.allocation_share where rule_code = covered.code)) as allocation
    from covered left join channel_uses using (sku)
  )`;

export function presentAllocation({ shares, uses }: AllocationJson): ChannelAllocation {
  const useOf = new Map((uses ?? []).map((use) => [use.channel, use]));
  const own = (shares ?? []).map(({ channel, kind, amount, buffer }): ChannelShare => {
    const use = useOf.get(channel);
    useOf.delete(channel);
    const share = kind === 'PERCENT' ? { kind, percent: numeric(amount) } : { kind, quantity: numeric(amount) };
    return { channel, share, buffer: numeric(buffer), used: use ? numeric(use.used) : ZERO, moved: use ? numeric(use.moved) : ZERO };
  });
  const usedWithoutShare = [...useOf.values()].reduce<Decimal>((sum, { used }) => add(sum, numeric(used)), ZERO);
  return { shares: own, usedWithoutShare };
}

/** What a hold that was just placed took off today's goods, by SKU: of a kit its components. */
export interface HoldUse {
  readonly holdId: string;
  readonly channel: ChannelCode | null;
  readonly uses: readonly ChannelUse[];
}

const COUNT = prepared(`
  with taken as (
    select hold_id, sku, channel, sum(quantity) as quantity
    from unnest($1::text[], $2::text[], $3::text[], $4::numeric[]) as taken(hold_id, sku, channel, quantity) group by hold_id, sku, channel
  ), line as (
    insert into inventory.channel_use_line (hold_id, sku, channel, period, quantity)
    select taken.hold_id, taken.sku, taken.channel, rule.period, taken.quantity from ${rulesOf('taken', 'taken')} and taken.quantity > 0
    returning sku, channel, period, quantity
  )
  insert into inventory.channel_use as use (sku, channel, period, used)
  select sku, channel, period, sum(quantity) from line group by sku, channel, period
  on conflict (sku, channel, period) do update set used = use.used + excluded.used`);

/** No channel, where one is stored. */
const NONE = '';

/**
 * Counts new holds against their channels, in the transaction that places them, with the SKUs locked. Without uses (of
 * SKUs that are not allocated the planner reports none) it does nothing.
 */
export async function countUse(tx: Sql, holds: readonly HoldUse[]): Promise<void> {
  const lines = holds.flatMap(({ holdId, channel, uses }) => uses.map(({ sku, quantity }) => ({ holdId, sku, channel: channel ?? NONE, quantity })));
  if (lines.length === 0) return;
  await tx.run(COUNT, [lines.map((line) => line.holdId), lines.map((line) => line.sku), lines.map((line) => line.channel), lines.map((line) => line.quantity)]);
}

/**
 * Part of the statement that ends holds, with their SKUs locked: common table expressions that give back, once, what the
 * holds `$1` count for. Not of orders the ERP has taken (reason `$3` is OFFSET), whose goods are gone.
 */
export const GIVEN_BACK = `use_ended as (
    delete from inventory.channel_use_line where $3 <> 'OFFSET' and hold_id = any($1::text[]) returning sku, channel, period, quantity
  ), given_back as (
    update inventory.channel_use use set used = use.used - ended.quantity
    from (select sku, channel, period, sum(quantity) as quantity from use_ended group by sku, channel, period) ended
    where use.sku = ended.sku and use.channel = ended.channel and use.period = ended.period
  )`;
