import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Receipt } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceSupply } from '../changes/announcements.ts';
import { lockSkus } from '../sku-lock.ts';
import type { Difference } from './differences.ts';

interface Touched {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
}

export interface AppliedReceipts {
  readonly changed: number;
  readonly differences: readonly Difference[];
}

const FIGURES = (row: string): string => `(${row}.sku, ${row}.location_code, ${row}.open_quantity, ${row}.due_on, ${row}.kind)`;
const TOLD = (row: string): string => `concat_ws(' ', ${row}.sku, '@', ${row}.location_code, trim_scale(${row}.open_quantity), ${row}.due_on, ${row}.kind)`;

// An older version never overwrites a newer one, but shows that the line is there. A closed line nobody knew is no news.
const WRITE = `with incoming as (
    select distinct on (reference) i.reference, i.sku, i."locationCode" as location_code, i."openQuantity" as open_quantity, i."dueOn" as due_on,
      i."updatedAt" as updated_at, coalesce(i.kind, 'PURCHASE') as kind
    from jsonb_to_recordset($1::jsonb) as i(reference text, sku text, "locationCode" text, "openQuantity" numeric, "dueOn" date, "updatedAt" timestamptz, kind text)
    order by reference, "updatedAt" desc nulls last
  ), judged as (
    select incoming.*, old.reference is not null and coalesce(incoming.updated_at < old.updated_at, false) as older,
      old.reference is null or ${FIGURES('incoming')} is distinct from ${FIGURES('old')} as differs,
      old.sku as old_sku, old.location_code as old_location_code, case when old.reference is not null then ${TOLD('old')} end as stored
    from incoming left join inventory.receipt old using (reference)
  ), touched as (
    update inventory.receipt set seen_at = clock_timestamp(), updated_at = case when older then receipt.updated_at else judged.updated_at end
    from judged where receipt.reference = judged.reference and (older or not differs)
  ), written as (
    insert into inventory.receipt (reference, sku, location_code, open_quantity, due_on, updated_at, kind)
    select reference, sku, location_code, open_quantity, due_on, updated_at, kind from judged where differs and not older order by reference
    on conflict (reference) do update set sku = excluded.sku, location_code = excluded.location_code, open_quantity = excluded.open_quantity,
      due_on = excluded.due_on, updated_at = excluded.updated_at, kind = excluded.kind, seen_at = clock_timestamp()
  )
  select reference as key, sku, location_code as "locationCode", old_sku as "oldSku", old_location_code as "oldLocationCode", stored, ${TOLD('judged')} as told
  from judged where differs and not older`;

interface WrittenReceipt extends Touched, Difference {
  readonly oldSku: Sku | null;
  readonly oldLocationCode: LocationCode | null;
}

/** Writes open supply, by the reference of its line: locks, writes what is newer, announces the SKUs it was and is of. */
export async function applyReceipts(tx: Sql, receipts: readonly Receipt[], at: Instant): Promise<AppliedReceipts> {
  if (receipts.length === 0) return { changed: 0, differences: [] };
  const known = await tx.query<{ sku: Sku }>('select sku from inventory.receipt where reference = any($1::text[])', [receipts.map((receipt) => receipt.reference)]);
  await lockSkus(tx, [...new Set([...receipts, ...known].map((row) => row.sku))]);
  const rows = await tx.query<WrittenReceipt>(WRITE, [JSON.stringify(receipts)]);
  const before = rows.flatMap(({ oldSku, oldLocationCode }) => (oldSku === null ? [] : [{ sku: oldSku, locationCode: oldLocationCode! }]));
  await announceSupply(tx, [...rows, ...before], at);
  return { changed: rows.length, differences: rows.map(({ key, stored, told }) => ({ key, stored, told })) };
}

/** Supply the ERP no longer lists has arrived or was called off. Answers how much of it was still open to us. */
export async function dropUnseenReceipts(tx: Sql, passStartedAt: string, at: Instant): Promise<number> {
  const unseen = await tx.query<{ sku: Sku }>('select distinct sku from inventory.receipt where seen_at < $1', [passStartedAt]);
  if (unseen.length === 0) return 0;
  await lockSkus(tx, unseen.map((row) => row.sku));
  const dropped = await tx.query<Touched & { open: boolean }>(
    'delete from inventory.receipt where seen_at < $1 returning sku, location_code as "locationCode", open_quantity > 0 as open',
    [passStartedAt],
  );
  // What a delta has told to be closed is no loss.
  const gone = dropped.filter((row) => row.open);
  await announceSupply(tx, gone, at);
  return gone.length;
}
