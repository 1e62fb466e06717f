import type { Item } from '../../../domain/catalog.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Location, Receipt } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceSupply, announceSwitched } from '../announcements.ts';

interface Touched {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
}

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

/** Writes which SKUs exist, may be sold, and how finely their quantity may be cut. */
export async function applyItems(tx: Sql, items: readonly Item[], at: Instant): Promise<{ readonly changed: number }> {
  const rows = items.map(({ sku, quantityDigits, sellable, active }) => ({ sku, quantity_digits: quantityDigits, sellable, active }));
  const changed = await tx.query<{ sku: Sku; status: boolean }>(
    `with incoming as (
       select distinct on (sku) * from jsonb_to_recordset($1::jsonb) as i(sku text, quantity_digits smallint, sellable boolean, active boolean) order by sku
     ), old as (select item.* from inventory.item_info item join incoming using (sku)
     ), written as (
       insert into inventory.item_info (sku, quantity_digits, sellable, active) select sku, quantity_digits, sellable, active from incoming order by sku
       on conflict (sku) do update set quantity_digits = excluded.quantity_digits, sellable = excluded.sellable, active = excluded.active,
         seen_at = clock_timestamp()
       returning sku, quantity_digits, sellable, active
     )
     select sku, (old.sellable and old.active) is distinct from (written.sellable and written.active) as status
     from written left join old using (sku)
     where (old.quantity_digits, old.sellable, old.active) is distinct from (written.quantity_digits, written.sellable, written.active)`,
    [JSON.stringify(rows)],
  );
  await announceSwitched(tx, { skus: changed.filter((row) => row.status).map((row) => row.sku) }, at);
  return { changed: changed.length };
}

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

/** Writes open supply. An older version of a line (by `updatedAt`, where told) never overwrites a newer one, but shows that the line is there. */
export async function applyReceipts(tx: Sql, receipts: readonly Receipt[], at: Instant): Promise<{ readonly changed: number }> {
  const changed = await tx.query<Touched>(
    `with incoming as (
       select distinct on (reference) * from jsonb_to_recordset($1::jsonb) as i(reference text, sku text, "locationCode" text,
         "openQuantity" numeric, "dueOn" date, "updatedAt" timestamptz) order by reference, "updatedAt" desc nulls last
     ), old as (select receipt.* from inventory.receipt join incoming using (reference)
     ), written as (
       insert into inventory.receipt as receipt (reference, sku, location_code, open_quantity, due_on, updated_at)
       select reference, sku, "locationCode", "openQuantity", "dueOn", "updatedAt" from incoming order by reference
       on conflict (reference) do update set seen_at = clock_timestamp(), (sku, location_code, open_quantity, due_on, updated_at) = (select
         case when older then receipt.sku else excluded.sku end, case when older then receipt.location_code else excluded.location_code end,
         case when older then receipt.open_quantity else excluded.open_quantity end, case when older then receipt.due_on else excluded.due_on end,
         case when older then receipt.updated_at else excluded.updated_at end
         from (select coalesce(excluded.updated_at < receipt.updated_at, false) as older) as age)
       returning reference, sku, location_code, open_quantity, due_on
     ), really as (
       select written.sku, written.location_code, old.sku as old_sku, old.location_code as old_location_code from written left join old using (reference)
       where (old.sku, old.location_code, old.open_quantity, old.due_on)
         is distinct from (written.sku, written.location_code, written.open_quantity, written.due_on)
     )
     select sku, location_code as "locationCode" from really union select old_sku, old_location_code from really where old_sku is not null`,
    [JSON.stringify(receipts)],
  );
  await announceSupply(tx, changed, at);
  return { changed: changed.length };
}

/** Supply the ERP no longer lists has arrived or was called off. Answers how much of it was still open to us. */
export async function dropUnseenReceipts(tx: Sql, passStartedAt: string, at: Instant): Promise<number> {
  const dropped = await tx.query<Touched & { open: boolean }>(
    'delete from inventory.receipt where seen_at < $1 returning sku, location_code as "locationCode", open_quantity > 0 as open',
    [passStartedAt],
  );
  // What a delta has told to be closed is no loss.
  const gone = dropped.filter((row) => row.open);
  await announceSupply(tx, gone, at);
  return gone.length;
}
