import type { Sku } from '../../../domain/ids.ts';
import type { HeldLine } from '../../../domain/inventory.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { numeric } from '../promise/position.ts';
import type { OpenLine, Recipe, Reduction, ReducibleHold } from './reduction-plan.ts';

/** True the first time: the key is then used up, with the transaction it is used in. */
export const claimReduction = async (tx: Sql, orderReference: string, key: string): Promise<boolean> =>
  (await tx.run('insert into inventory.reduction (order_reference, key) values ($1, $2) on conflict do nothing', [orderReference, key])) === 1;

const REDUCIBLE = prepared(`select hold.id, hold.basket,
    (select jsonb_agg(jsonb_build_object('sku', sku, 'locationCode', location_code, 'quantity', quantity::text, 'dueOn', due_on) order by sku, location_code)
     from inventory.hold_line where hold_id = hold.id and open) as lines
  from inventory.hold where order_reference = $1 and state = 'COMMITTED' order by created_at desc, id desc`);

/** What the order still has, the latest hold first. SKUs must be locked. */
export async function readReducible(tx: Sql, orderReference: string): Promise<readonly ReducibleHold[]> {
  const rows = await tx.query<{ id: string; basket: readonly HeldLine[]; lines: readonly OpenLine[] | null }>(REDUCIBLE, [orderReference]);
  return rows.map(({ id, basket, lines }) => ({ id, basket, lines: (lines ?? []).map((line) => ({ ...line, quantity: numeric(line.quantity) })) }));
}

/** What these SKUs are made of; empty for what is no kit. */
export async function readRecipes(tx: Sql, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, readonly Recipe[]>> {
  const rows = await tx.query<{ kit: Sku; component: Sku; quantity: string }>(
    'select kit_sku as kit, component_sku as component, quantity from inventory.kit_component where kit_sku = any($1::text[]) order by component_sku', [skus],
  );
  return Map.groupBy(rows.map((row) => ({ ...row, quantity: numeric(row.quantity) })), (row) => row.kit);
}

// A channel is given back what the hold no longer takes: it never counts for more than what is left.
const REDUCE = prepared(`with cut as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::numeric[]) as c(hold_id, sku, location_code, quantity)
  ), reduced as (
    update inventory.hold_line line set open = line.quantity > cut.quantity,
      quantity = case when line.quantity > cut.quantity then line.quantity - cut.quantity else line.quantity end
    from cut where line.hold_id = cut.hold_id and line.sku = cut.sku and line.location_code = cut.location_code and line.open
    returning line.hold_id, line.sku, line.location_code, line.due_on, case when line.open then line.quantity else 0 end as left_over, cut.quantity
  ), freed as (
    update inventory.stock_level stock set held = stock.held - place.undated, held_dated = stock.held_dated - place.dated, version = version + 1
    from (
      select sku, location_code, coalesce(sum(quantity) filter (where due_on is null), 0) as undated, coalesce(sum(quantity) filter (where due_on is not null), 0) as dated
      from reduced group by sku, location_code
    ) place where stock.sku = place.sku and stock.location_code = place.location_code
  ), remaining as (
    select hold_id, sku, sum(left_over) + coalesce((
      select sum(line.quantity) from inventory.hold_line line where line.hold_id = reduced.hold_id and line.sku = reduced.sku and line.open
        and not exists (select from cut where cut.hold_id = line.hold_id and cut.sku = line.sku and cut.location_code = line.location_code)), 0) as quantity
    from reduced group by hold_id, sku
  ), less_use as (
    select use.hold_id, use.sku, use.channel, use.period, use.quantity - remaining.quantity as quantity
    from inventory.channel_use_line use join remaining using (hold_id, sku) where use.quantity > remaining.quantity
  ), use_ended as (
    delete from inventory.channel_use_line use using remaining where use.hold_id = remaining.hold_id and use.sku = remaining.sku and remaining.quantity = 0
  ), use_reduced as (
    update inventory.channel_use_line use set quantity = remaining.quantity from remaining
    where use.hold_id = remaining.hold_id and use.sku = remaining.sku and remaining.quantity > 0 and use.quantity > remaining.quantity
  ), given_back as (
    update inventory.channel_use use set used = use.used - less.quantity
    from (select sku, channel, period, sum(quantity) as quantity from less_use group by sku, channel, period) less
    where use.sku = less.sku and use.channel = less.channel and use.period = less.period
  )
  insert into inventory.ledger (sku, location_code, hold_id, delta, reason)
  select sku, location_code, hold_id, -quantity, 'REDUCED' from reduced`);

const REBASKET = prepared(`update inventory.hold set basket = smaller.basket,
    state = case when accepted_at is null and not exists (select from inventory.hold_line line where line.hold_id = hold.id and line.open) then 'RELEASED' else state end
  from unnest($1::text[], $2::jsonb[]) as smaller(id, basket) where hold.id = smaller.id and hold.state = 'COMMITTED'`);

/**
 * Writes a reduction into lines, counters, channels and ledger. A hold without anything left ends, unless the ERP has the
 * order: then it is settled like any other. SKUs must be locked since before the reduction was planned.
 */
export async function writeReduction(tx: Sql, { cuts, baskets }: Reduction): Promise<void> {
  if (cuts.length > 0) {
    await tx.run(REDUCE, [cuts.map((cut) => cut.holdId), cuts.map((cut) => cut.sku), cuts.map((cut) => cut.locationCode), cuts.map((cut) => cut.quantity)]);
  }
  if (baskets.length > 0) await tx.run(REBASKET, [baskets.map(({ holdId }) => holdId), baskets.map(({ basket }) => JSON.stringify(basket))]);
}
