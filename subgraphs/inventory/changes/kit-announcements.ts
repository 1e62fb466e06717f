import { compare, decimal, divide, least, round, type Decimal } from '../../../domain/decimal.ts';
import type { StockChanged } from '../../../domain/events.ts';
import type { Sku } from '../../../domain/ids.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { ON_HAND } from '../on-hand.sql.ts';

interface Part {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly sellable: Decimal;
}

const KITS_OF = prepared('select distinct kit_sku as sku from inventory.kit_component where component_sku = any($1::text[]) order by kit_sku');

/** Two transactions that touch different parts of a kit take turns from here to their commit, so that its versions grow. */
const TAKE_TURNS = `select pg_advisory_xact_lock(hashtext('inventory kits'), bucket)
  from (select distinct abs(hashtext(sku) % 64) as bucket from unnest($1::text[]) as kit(sku) order by bucket) as turns`;

const PARTS = `select kit.kit_sku as sku, jsonb_agg(jsonb_build_object('sku', kit.component_sku, 'quantity', kit.quantity::text, 'sellable', trim_scale(total.sellable)::text)) as parts
  from inventory.kit_component kit join inventory.item_info item on item.sku = kit.kit_sku and item.sellable and item.active
    cross join lateral (
      select coalesce(sum(${ON_HAND}), 0) as sellable from inventory.stock_level stock
        join inventory.item_info part on part.sku = stock.sku and part.sellable and part.active
        join inventory.location location on location.code = stock.location_code and location.active
      where stock.sku = kit.component_sku
    ) as total
  where kit.kit_sku = any($1::text[]) group by kit.kit_sku order by kit.kit_sku`;

/** The kits that have any of these as a part. */
export const readKitsOf = async (tx: Sql, parts: readonly Sku[]): Promise<readonly Sku[]> =>
  (await tx.query<{ sku: Sku }>(KITS_OF, [parts])).map((row) => row.sku);

/**
 * What changes of parts mean for the kits made of them: none where another part is what there is too little of. Call last,
 * with the parts locked and written: locks of kits are taken after all others. `known`: the kits of these parts and perhaps of others.
 */
export async function kitChanges(tx: Sql, changes: readonly StockChanged[], known?: readonly Sku[]): Promise<readonly StockChanged[]> {
  const kits = known ?? (await readKitsOf(tx, changes.map((change) => change.sku)));
  if (kits.length === 0) return [];
  await tx.query(TAKE_TURNS, [kits]);
  const bySku = new Map(changes.map((change) => [change.sku, change]));
  const rows = await tx.query<{ sku: Sku; parts: readonly Part[] }>(PARTS, [kits]);
  return rows.flatMap(({ sku, parts }) => {
    const own = parts.flatMap((part) => bySku.get(part.sku) ?? []);
    const sellableAfter = kitsFrom(parts);
    const sellableBefore = kitsFrom(parts.map((part) => ({ ...part, sellable: bySku.get(part.sku)?.sellableBefore ?? part.sellable })));
    // Where a part changes for later days only, so may the kit.
    const isNews = compare(sellableBefore, sellableAfter) !== 0 || own.some((change) => compare(change.sellableBefore, change.sellableAfter) === 0);
    return isNews ? [{ ...own[0]!, sku, locationCodes: [...new Set(own.flatMap((change) => change.locationCodes))], sellableBefore, sellableAfter }] : [];
  });
}

/** A kit has parts, else there would be no row of it. */
const kitsFrom = (parts: readonly Part[]): Decimal =>
  parts.map(({ sellable, quantity }) => round(divide(decimal(sellable), decimal(quantity)), 0, 'DOWN')).reduce(least);
