import type { Instant } from '../../../domain/time.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { ListPrice } from '../../../domain/pricing.ts';
import { isUnstorable, mirrorRows } from '../../frame/mirror-table.ts';
import { isOnlyUnpriced } from './price-checks.ts';
import type { RowGate } from './row-gate.ts';
import type { Held } from './mirror.ts';
import { admitRows, SERVED_PRICES } from './served-table.ts';
import { HELD_PRICES, listPriceRow, LIST_PRICES, type ListPriceRow } from './tables.ts';

/**
 * A SKU has one base price: that of the record it is served by, for as long as the source has it, else that of the lowest
 * reference. Which records claim a SKU is known at the end of a pass, so a record that is not the one it is served by waits
 * until then.
 */
export async function holdPrices(tx: Sql, rows: readonly ListPriceRow[]): Promise<Held<ListPriceRow>> {
  const stored = await tx.query<{ sku: string; reference: string }>('select sku, reference from pricing.list_price where sku = any($1)', [rows.map(({ sku }) => sku)]);
  const owners = new Map(stored.map(({ sku, reference }) => [sku, reference]));
  const [ready, waiting] = [rows.filter((row) => owners.get(row.sku) === row.reference), rows.filter((row) => owners.get(row.sku) !== row.reference)];
  const held = await mirrorRows(tx, HELD_PRICES, waiting);
  if (ready.length > 0) await forgetPrices(tx, ready.map(({ reference }) => reference));
  return { ready, held: held.length };
}

const PRICE_COLUMNS = Object.keys(LIST_PRICES.columns).join(', ');

/**
 * An item nobody has priced is an item all the same: a contract may say what it costs. Kept at zero, which is no price, and as
 * nobody's, so that any record with a price may claim it; what was good before stays.
 */
export async function keepUnpriced(tx: Sql, records: readonly ListPrice[]): Promise<void> {
  const rows = records.filter((record) => !isUnstorable(record) && isOnlyUnpriced(record)).map((record) => ({ ...listPriceRow(record), reference: '' }));
  if (rows.length === 0) return;
  await tx.run(
    `insert into pricing.list_price (${PRICE_COLUMNS}, seen_at)
     select distinct on (sku) ${PRICE_COLUMNS}, clock_timestamp()
     from jsonb_to_recordset($1::jsonb) as r(${Object.entries(LIST_PRICES.columns).map(([name, type]) => `${name} ${type}`).join(', ')})
     on conflict (sku) do nothing`,
    [JSON.stringify(rows)],
  );
}

/** SKUs whose record is still there; one that was kept before records had a reference is whoever claims it. */
const IS_OWNED = `exists (select from pricing.list_price p where p.sku = h.sku and p.reference <> ''
  and ($1::timestamptz is null or p.seen_at >= $1 or exists (select from pricing.feed_reject r where r.feed = '${LIST_PRICES.feed}' and r.key = p.sku and r.last_seen_at >= $1)))`;

const COLUMNS = Object.keys(HELD_PRICES.columns).map((name) => `h.${name}`).join(', ');
const BATCH = 1_000;

/**
 * At the end of a pass: serves the lowest reference of each SKU that no record is served by. Of a full pass the start is
 * given: a record it did not see is no longer there. Before what it did not see is removed.
 */
export async function claimPrices(tx: Sql, gate: RowGate, at: Instant, passStartedAt: string | null): Promise<void> {
  if (passStartedAt !== null) await tx.run('delete from pricing.list_price_held where seen_at < $1', [passStartedAt]);
  for (let last = ''; ; ) {
    const rows = await tx.query<ListPriceRow>(
      `select distinct on (h.sku) ${COLUMNS} from pricing.list_price_held h where h.sku > $2 and not ${IS_OWNED} order by h.sku, h.reference collate "C" limit ${BATCH}`,
      [passStartedAt, last],
    );
    if (rows.length === 0) return;
    await admitRows(tx, SERVED_PRICES, gate, rows, at);
    await tx.run('delete from pricing.list_price_held where reference = any($1)', [rows.map(({ reference }) => reference)]);
    last = rows.at(-1)!.sku;
  }
}

/** How `rejectClaims` says it. */
export const CLAIM_PATTERNS: readonly string[] = ['SKU % already has a base price, %'];

/** Records that wait although a pass has ended: somebody else has their SKU. */
export const rejectClaims = (tx: Sql): Promise<readonly FeedRejection[]> =>
  tx.query<FeedRejection>(
    `select h.sku || ' of ' || h.reference as key, 'SKU ' || h.sku || ' already has a base price, that of ' || p.reference || ': give one of the two another SKU, or remove it' as reason
     from pricing.list_price_held h join pricing.list_price p on p.sku = h.sku order by 1`,
  );

export const forgetPrices = (tx: Sql, references: readonly string[]): Promise<number> =>
  tx.run('delete from pricing.list_price_held where reference = any($1)', [references]);
