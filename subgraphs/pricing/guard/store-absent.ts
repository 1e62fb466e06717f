import type { Sku } from '../../../domain/ids.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { LIST_PRICES } from '../book/tables.ts';
import { namedSkus } from './reach.ts';
import type { IncomingChange } from './incoming-change.ts';

const NAMES = Object.keys(LIST_PRICES.columns).join(', ');
const TYPES = Object.entries(LIST_PRICES.columns).map(([name, type]) => `${name} ${type}`).join(', ');

/** Keeps the items that are no longer sold as they were, and forgets those that are sold again. Answers those that are sold for the first time. */
export async function rememberAbsent(tx: Sql, changes: readonly Pick<IncomingChange, 'key' | 'before' | 'after'>[]): Promise<readonly Sku[]> {
  const [gone, back] = [changes.filter(({ after }) => after === null), changes.filter(({ before }) => before === null)];
  const returned = back.length === 0 ? [] : await tx.query<{ sku: string }>('delete from pricing.absent_item where sku = any($1) returning sku', [back.map(({ key }) => key)]);
  if (gone.length > 0) await keepAbsent(tx, gone);
  const known = new Set(returned.map(({ sku }) => sku));
  return back.flatMap(({ key }) => (known.has(key) ? [] : [key]));
}

async function keepAbsent(tx: Sql, gone: readonly Pick<IncomingChange, 'key' | 'before'>[]): Promise<void> {
  await tx.run(
    `insert into pricing.absent_item (sku, row) select key, before from jsonb_to_recordset($1::jsonb) as g(key text, before jsonb)
     on conflict (sku) do update set row = excluded.row`,
    [JSON.stringify(gone.map(({ key, before }) => ({ key, before })))],
  );
}

/**
 * Puts items that are not sold at present, and that these changes name, back for as long as the changes are looked at: what they would
 * cost is compared as if they were sold, so that they cannot come back at another price. Answers them; the caller takes them away again.
 */
export async function reviveAbsent(tx: Sql, changes: readonly IncomingChange[]): Promise<ReadonlySet<Sku>> {
  const named = [...new Set(changes.flatMap((change) => (change.kind === 'price_rule' ? (namedSkus(change) ?? []) : [])))];
  if (named.length === 0) return new Set();
  const rows = await tx.query<{ sku: string }>(
    `insert into pricing.list_price (${NAMES}, seen_at)
     select ${NAMES.split(', ').map((name) => `r.${name}`).join(', ')}, clock_timestamp() from pricing.absent_item a cross join lateral jsonb_to_record(a.row) as r(${TYPES})
     where a.sku = any($1) on conflict (sku) do nothing returning sku`,
    [named],
  );
  return new Set(rows.map(({ sku }) => sku));
}

export async function removeRevived(tx: Sql, skus: ReadonlySet<Sku>): Promise<void> {
  if (skus.size > 0) await tx.run('delete from pricing.list_price where sku = any($1)', [[...skus]]);
}

/** Rules of items that are not sold go with them: nobody is asked about each. */
export const goesWithItem = (change: IncomingChange, absent: ReadonlySet<Sku>): boolean =>
  change.kind === 'price_rule' && change.after === null && (namedSkus(change)?.every((sku) => absent.has(sku)) ?? false);
