import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Money } from '../../../domain/money.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** Who appeared since rules were last read whole. */
export interface Newcomers {
  readonly skus: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
}

export async function readNewcomers(sql: Sql): Promise<Newcomers> {
  const rows = await sql.query<{ kind: 'LIST' | 'SKU'; key: string }>('select kind, key from pricing.guard_newcomer');
  const keysOf = (kind: 'LIST' | 'SKU'): ReadonlySet<string> => new Set(rows.filter((row) => row.kind === kind).map(({ key }) => key));
  return { skus: keysOf('SKU'), lists: keysOf('LIST') };
}

/** What they cost first is no change. */
export async function welcome(tx: Sql, kind: 'LIST' | 'SKU', keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await tx.run('insert into pricing.guard_newcomer (kind, key) select $1, key from unnest($2::text[]) as n(key) on conflict do nothing', [kind, keys]);
}

/** A pass that began after they appeared has read their rules: from now on what changes is a change. */
export const settleNewcomers = (tx: Sql, passStartedAt: string): Promise<number> => tx.run('delete from pricing.guard_newcomer where born_at <= $1', [passStartedAt]);

/** A price that is no more, and what it was asked for. */
export interface LostPrice {
  readonly sku: Sku;
  /** Null: the base price. */
  readonly listCode: string | null;
  readonly quantity: Decimal;
  readonly unitCode: string | null;
  readonly price: Money;
}

export const lostKey = ({ sku, listCode, quantity, unitCode }: Omit<LostPrice, 'price'>): string => JSON.stringify([sku, listCode ?? '', quantity, unitCode ?? '']);

export async function readLost(sql: Sql, skus: readonly Sku[]): Promise<readonly LostPrice[]> {
  const rows = await sql.query<{ sku: string; price_list_code: string; quantity: Decimal; unit_code: string; amount: Decimal; currency_code: string }>(
    `select sku, price_list_code, trim_scale(quantity) as quantity, unit_code, trim_scale(amount) as amount, currency_code from pricing.lost_price where sku = any($1)`, [skus],
  );
  return rows.map((row) => ({
    sku: row.sku, listCode: row.price_list_code || null, quantity: row.quantity, unitCode: row.unit_code || null,
    price: { amount: row.amount, currencyCode: row.currency_code },
  }));
}

export async function rememberLost(tx: Sql, lost: readonly LostPrice[]): Promise<void> {
  if (lost.length === 0) return;
  await tx.run(
    `insert into pricing.lost_price (sku, price_list_code, quantity, unit_code, amount, currency_code)
     select sku, list, quantity, unit, amount, currency from jsonb_to_recordset($1::jsonb) as l(sku text, list text, quantity numeric, unit text, amount numeric, currency text)
     on conflict (sku, price_list_code, quantity, unit_code) do update set amount = excluded.amount, currency_code = excluded.currency_code, lost_at = excluded.lost_at`,
    [JSON.stringify(lost.map(({ sku, listCode, quantity, unitCode, price }) => ({ sku, list: listCode ?? '', quantity, unit: unitCode ?? '', amount: price.amount, currency: price.currencyCode })))],
  );
}

/** They have a price again. */
export async function forgetLost(tx: Sql, found: readonly Omit<LostPrice, 'price'>[]): Promise<void> {
  if (found.length === 0) return;
  await tx.run(
    `delete from pricing.lost_price l using jsonb_to_recordset($1::jsonb) as f(sku text, list text, quantity numeric, unit text)
     where (l.sku, l.price_list_code, l.quantity, l.unit_code) = (f.sku, f.list, f.quantity, f.unit)`,
    [JSON.stringify(found.map(({ sku, listCode, quantity, unitCode }) => ({ sku, list: listCode ?? '', quantity, unit: unitCode ?? '' })))],
  );
}

/** How many SKUs there are. */
export async function countCatalogue(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>('select count(*)::int as count from pricing.list_price');
  return row!.count;
}

/** SKUs whose price has moved without approval within the window, by the database's clock. */
export const readMoved = async (sql: Sql, windowMs: number): Promise<readonly Sku[]> =>
  (await sql.query<{ sku: string }>(`select sku from pricing.guard_moved where moved_at > clock_timestamp() - $1 * interval '1 millisecond'`, [windowMs])).map(({ sku }) => sku);

export async function rememberMoved(tx: Sql, skus: Iterable<Sku>, windowMs: number): Promise<void> {
  await tx.run(`delete from pricing.guard_moved where moved_at <= clock_timestamp() - $1 * interval '1 millisecond'`, [windowMs]);
  await tx.run(
    `insert into pricing.guard_moved (sku, moved_at) select distinct sku, clock_timestamp() from unnest($1::text[]) as m(sku)
     on conflict (sku) do update set moved_at = excluded.moved_at`,
    [[...skus]],
  );
}
