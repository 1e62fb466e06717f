import type { Item, ProductContent, VariantContent } from '../../domain/catalog.ts';
import type { FeedRejection } from '../../platform/feed.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { fingerprint, storableJson } from './fingerprint.ts';
import { SCHEMA } from './schema.sql.ts';

/** A table that keeps a source's records as they were said. */
export interface SourceTable<T> {
  readonly table: string;
  readonly key: string;
  readonly keyOf: (record: T) => string;
  /** Columns beside the key: type and value. */
  readonly columns: Readonly<Record<string, { readonly type: string; readonly of: (record: T) => unknown }>>;
}

/** `system` prefixes the ERP's groups: a template id "42" is not the PIM's product "42". */
export const itemTable = (system: string): SourceTable<Item> => ({
  table: 'item',
  key: 'sku',
  keyOf: (item) => item.sku,
  columns: {
    group_code: { type: 'text', of: (item) => `${system}:${item.groupCode}` },
    active: { type: 'boolean', of: (item) => item.active },
    record: { type: 'json', of: (item) => item },
  },
});

export const productContentTable: SourceTable<ProductContent> = {
  table: 'product_content',
  key: 'code',
  keyOf: (content) => content.productCode,
  columns: { enabled: { type: 'boolean', of: (content) => content.enabled }, record: { type: 'json', of: (content) => content } },
};

export const variantContentTable: SourceTable<VariantContent> = {
  table: 'variant_content',
  key: 'sku',
  keyOf: (content) => content.sku,
  columns: {
    product_code: { type: 'text', of: (content) => content.productCode },
    enabled: { type: 'boolean', of: (content) => content.enabled },
    record: { type: 'json', of: (content) => content },
  },
};

export interface StoredPage<T> {
  /** Every key of the page. */
  readonly keys: readonly string[];
  /** Records that are new or differ from what was stored. */
  readonly changed: readonly T[];
  readonly rejected: readonly FeedRejection[];
}

/** Stores one page, idempotently; unchanged rows are only marked as seen. */
export async function storePage<T extends object>(tx: Sql, source: SourceTable<T>, records: readonly T[]): Promise<StoredPage<T>> {
  const byKey = new Map(records.map((record) => [source.keyOf(record), record]));
  const keys = [...byKey.keys()];
  const name = `${SCHEMA}.${source.table}`;
  const known = await tx.query<{ key: string; fingerprint: string }>(`select ${source.key} as key, fingerprint from ${name} where ${source.key} = any($1)`, [keys]);
  const prints = new Map(known.map((row) => [row.key, row.fingerprint]));
  const rows = [...byKey].map(([key, record]) => ({ key, record, print: fingerprint(record) }));
  const changed = rows.filter(({ key, print }) => prints.get(key) !== print);
  await upsert(tx, source, changed);
  await tx.run(`update ${name} set seen_at = clock_timestamp() where ${source.key} = any($1)`, [keys]);
  return { keys, changed: changed.map(({ record }) => record), rejected: repeated(records.map(source.keyOf)) };
}

async function upsert<T>(tx: Sql, { table, key, columns }: SourceTable<T>, rows: readonly { key: string; record: T; print: string }[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns);
  const typed = names.map((name) => `${name} ${columns[name]!.type}`).join(', ');
  const page = rows.map((row) => ({ key: row.key, print: row.print, ...Object.fromEntries(names.map((name) => [name, columns[name]!.of(row.record)])) }));
  await tx.run(
    `insert into ${SCHEMA}.${table} (${key}, fingerprint, seen_at, ${names.join(', ')})
     select key, print, clock_timestamp(), ${names.join(', ')} from json_to_recordset($1::json) as r(key text, print text, ${typed})
     on conflict (${key}) do update set fingerprint = excluded.fingerprint, ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [storableJson(page)],
  );
}

function repeated(keys: readonly string[]): FeedRejection[] {
  const seen = new Set<string>();
  const twice = new Set(keys.filter((key) => seen.size === seen.add(key).size));
  return [...twice].map((key) => ({ key, reason: 'occurs more than once in one page; the last record counts' }));
}

/**
 * Deletes what a full pass did not see and answers the keys. A row whose record was unreadable this time is not gone:
 * it keeps its last readable state. Connectors name rejected rows by key or "<kind>:<key>".
 */
export async function deleteUnseen(tx: Sql, table: string, key: string, feed: string, passStartedAt: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `delete from ${SCHEMA}.${table} t where seen_at < $1 and not exists
       (select from ${SCHEMA}.feed_reject r where r.feed = $2 and (r.key = t.${key} or right(r.key, length(t.${key}) + 1) = ':' || t.${key}) and r.last_seen_at >= $1 and r.reason not like 'waiting:%')
     returning ${key} as key`,
    [passStartedAt, feed],
  );
  return rows.map((row) => row.key);
}
