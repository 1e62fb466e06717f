import type { Item } from '../../../domain/catalog.ts';
import { add, isPositive, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** The SKUs given and the kits they are part of: what an item list can change, to be locked in one go. */
export async function withKitsOf(tx: Sql, skus: readonly Sku[]): Promise<readonly Sku[]> {
  const kits = await tx.query<{ sku: Sku }>('select distinct kit_sku as sku from inventory.kit_component where component_sku = any($1::text[])', [skus]);
  return [...new Set([...skus, ...kits.map((kit) => kit.sku)])];
}

/** Component to quantity, named twice summed. @throws RangeError saying what a kit cannot be made of. */
function componentsOf({ sku, components = [] }: Item): ReadonlyMap<Sku, Decimal> {
  const sums = new Map<Sku, Decimal>();
  for (const { sku: component, quantity } of components) {
    if (component === sku) throw new RangeError('it is a component of itself');
    if (!isPositive(quantity)) throw new RangeError(`it needs ${quantity} of ${JSON.stringify(component)}`);
    sums.set(component, add(sums.get(component) ?? ZERO, quantity));
  }
  return sums;
}

export interface KitRows {
  readonly rows: readonly { readonly kit: Sku; readonly component: Sku; readonly quantity: Decimal }[];
  /** Kits whose recipe makes no sense: kept without components, and so not for sale. */
  readonly senseless: readonly FeedRejection[];
}

/** The recipes of a page of items. */
export function kitRowsOf(items: readonly Item[]): KitRows {
  const senseless: FeedRejection[] = [];
  const rows = items.filter((item) => item.kind === 'KIT').flatMap((item) => {
    try {
      const components = componentsOf(item);
      if (components.size === 0) throw new RangeError('the ERP tells no components of it');
      return [...components].map(([component, quantity]) => ({ kit: item.sku, component, quantity }));
    } catch (error) {
      senseless.push({ key: item.sku, reason: `kit ${JSON.stringify(item.sku)} cannot be sold: ${(error as Error).message}` });
      return [];
    }
  });
  return { rows, senseless };
}

const REPLACE = `with incoming as (
    select * from jsonb_to_recordset($2::jsonb) as i(kit text, component text, quantity numeric)
  ), gone as (
    delete from inventory.kit_component old where old.kit_sku = any($1::text[])
      and not exists (select from incoming where incoming.kit = old.kit_sku and incoming.component = old.component_sku)
    returning old.kit_sku
  ), put as (
    insert into inventory.kit_component as old (kit_sku, component_sku, quantity) select kit, component, quantity from incoming order by kit, component
    on conflict (kit_sku, component_sku) do update set quantity = excluded.quantity where old.quantity <> excluded.quantity
    returning old.kit_sku
  ) select kit_sku as sku from gone union select kit_sku from put`;

/** Replaces the recipes of these items, kits or not. Answers whose recipe changed. */
export async function replaceKits(tx: Sql, skus: readonly Sku[], rows: KitRows['rows']): Promise<readonly Sku[]> {
  return (await tx.query<{ sku: Sku }>(REPLACE, [skus, JSON.stringify(rows)])).map((row) => row.sku);
}

/** Kits of this page with a component neither the item list nor the page has (yet), each with its reason. */
export async function findIncomplete(tx: Sql, rows: KitRows['rows'], page: readonly Sku[]): Promise<readonly FeedRejection[]> {
  if (rows.length === 0) return [];
  const unknown = await tx.query<{ sku: Sku }>(
    `select distinct sku from unnest($1::text[]) as part(sku) where not exists (select from inventory.item_info item where item.sku = part.sku)`,
    [rows.map((row) => row.component)],
  );
  const missing = new Set(unknown.map((row) => row.sku).filter((sku) => !page.includes(sku)));
  const waiting = Map.groupBy(rows.filter((row) => missing.has(row.component)), (row) => row.kit);
  return [...waiting].map(([kit, parts]) => ({
    key: kit, reason: `kit ${JSON.stringify(kit)} cannot be sold yet: the ERP's item list does not have its component ${parts.map((part) => JSON.stringify(part.component)).join(', ')}`,
  }));
}

/** Kits that waited for one of these items and have all their components now: for sale as the ERP says. Answers them. */
export async function completeKits(tx: Sql, arrived: readonly Sku[]): Promise<readonly Sku[]> {
  const completed = await tx.query<{ sku: Sku }>(
    `update inventory.item_info kit set sellable = true
     where kit.sku in (select kit_sku from inventory.kit_component where component_sku = any($1::text[])) and kit.offered and not kit.sellable
       and not exists (
         select from inventory.kit_component part where part.kit_sku = kit.sku
           and not exists (select from inventory.item_info component where component.sku = part.component_sku))
     returning kit.sku`,
    [arrived],
  );
  const skus = completed.map((row) => row.sku);
  if (skus.length > 0) await tx.run(`delete from inventory.feed_reject where feed = 'items' and key = any($1::text[])`, [skus]);
  return skus;
}
