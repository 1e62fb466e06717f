import type { Item } from '../../../domain/catalog.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Location } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import { announceSwitched } from '../changes/announcements.ts';
import { lockSkus } from '../sku-lock.ts';
import type { Difference } from './differences.ts';
import { completeKits, findIncomplete, kitRowsOf, replaceKits, withKitsOf } from './store-kits.ts';

/** Writes locations; one that opens or closes changes what can be sold of everything it stocks. */
export async function applyLocations(tx: Sql, locations: readonly Location[], at: Instant): Promise<{ readonly changed: number }> {
  const written = await tx.query<{ code: string; changed: boolean; switched: boolean }>(
    `with incoming as (
       select distinct on (code) * from jsonb_to_recordset($1::jsonb) as i(code text, name text, priority integer, active boolean) order by code
     ), old as (select location.* from inventory.location join incoming using (code)
     ), written as (
       insert into inventory.location (code, name, priority, active) select code, name, priority, active from incoming
       on conflict (code) do update set name = excluded.name, priority = excluded.priority, active = excluded.active, seen_at = clock_timestamp()
       returning code, name, priority, active
     )
     select code, (old.name, old.priority, old.active) is distinct from (written.name, written.priority, written.active) as changed,
       old.active is distinct from written.active as switched
     from written left join old using (code)`,
    [JSON.stringify(locations)],
  );
  await announceSwitched(tx, { locationCodes: written.filter((row) => row.switched).map((row) => row.code) }, at);
  return { changed: written.filter((row) => row.changed).length };
}

/** A location the ERP no longer lists is closed: nothing is sold from it, its figures are kept. */
export async function closeUnseenLocations(tx: Sql, passStartedAt: string, at: Instant): Promise<number> {
  const closed = await tx.query<{ code: string }>('update inventory.location set active = false where seen_at < $1 and active returning code', [passStartedAt]);
  await announceSwitched(tx, { locationCodes: closed.map((row) => row.code) }, at);
  return closed.length;
}

export interface AppliedItems {
  readonly changed: number;
  readonly rejected: readonly FeedRejection[];
  readonly differences: readonly Difference[];
}

const TOLD = (row: string): string => `concat_ws(' ', 'digits', ${row}.quantity_digits, 'unit', ${row}.unit_code, ${row}.units, 'offered', ${row}.offered, 'active', ${row}.active)`;

// `withheld`: kits that cannot be sold whatever the ERP says.
const ITEMS = `with incoming as (
    select distinct on (sku) i.*, i.offered and not sku = any($2::text[]) as sellable
    from jsonb_to_recordset($1::jsonb) as i(sku text, quantity_digits smallint, offered boolean, active boolean, unit_code text, units jsonb) order by sku
  ), old as (select item.* from inventory.item_info item join incoming using (sku)
  ), written as (
    insert into inventory.item_info (sku, quantity_digits, offered, sellable, active, unit_code, units)
    select sku, quantity_digits, offered, sellable, active, unit_code, units from incoming order by sku
    on conflict (sku) do update set quantity_digits = excluded.quantity_digits, offered = excluded.offered, sellable = excluded.sellable,
      active = excluded.active, unit_code = excluded.unit_code, units = excluded.units, seen_at = clock_timestamp()
  )
  select sku, (old.sellable and old.active) is distinct from (incoming.sellable and incoming.active) as status,
    case when old.sku is not null then ${TOLD('old')} end as stored, ${TOLD('incoming')} as told
  from incoming left join old using (sku)
  where (old.quantity_digits, old.offered, old.sellable, old.active, old.unit_code, old.units)
    is distinct from (incoming.quantity_digits, incoming.offered, incoming.sellable, incoming.active, incoming.unit_code, incoming.units)`;

interface ChangedItem extends Omit<Difference, 'key'> {
  readonly sku: Sku;
  readonly status: boolean;
}

/**
 * Writes which SKUs exist, may be sold, in which units, how finely their quantity may be cut, and what kits are made of.
 * A kit with a component the item list does not have is not for sale until it has.
 */
export async function applyItems(tx: Sql, items: readonly Item[], at: Instant): Promise<AppliedItems> {
  if (items.length === 0) return { changed: 0, rejected: [], differences: [] };
  const skus = [...new Set(items.map((item) => item.sku))];
  await lockSkus(tx, await withKitsOf(tx, skus));
  const { rows, senseless } = kitRowsOf(items);
  const recipes = await replaceKits(tx, skus, rows);
  const withheld = [...senseless, ...(await findIncomplete(tx, rows, skus))];
  const changed = await tx.query<ChangedItem>(ITEMS, [JSON.stringify(items.map(rowOf)), withheld.map(({ key }) => key)]);
  const completed = await completeKits(tx, skus);
  await announceSwitched(tx, { skus: [...new Set([...changed.filter((row) => row.status).map((row) => row.sku), ...completed])] }, at);
  const differences = changed.filter(({ stored, told }) => stored !== told).map(({ sku, stored, told }) => ({ key: sku, stored, told }));
  return { changed: new Set([...changed.map((row) => row.sku), ...recipes]).size, rejected: withheld, differences };
}

const rowOf = ({ sku, quantityDigits, sellable, active, unitCode, units = [] }: Item): object =>
  ({ sku, quantity_digits: quantityDigits, offered: sellable, active, unit_code: unitCode, units: units.map(({ code, factor }) => ({ code, factor })) });

/** An item the ERP no longer lists cannot be sold; it is kept, for the orders and holds that name it. */
export async function deactivateUnseenItems(tx: Sql, passStartedAt: string, at: Instant): Promise<number> {
  // In SKU order, as every lock on items is.
  const gone = await tx.query<{ sku: Sku }>(
    `update inventory.item_info item set active = false
     from (select sku from inventory.item_info where seen_at < $1 and active order by sku for no key update) unseen
     where item.sku = unseen.sku returning item.sku`,
    [passStartedAt],
  );
  await announceSwitched(tx, { skus: gone.map((row) => row.sku) }, at);
  return gone.length;
}
