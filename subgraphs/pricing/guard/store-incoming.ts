import type { Sql } from '../../../platform/stores/sql.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';
import type { KeptRows } from '../book/row-gate.ts';
import { keyOf } from '../book/served-table.ts';
import { fingerprintOf, REMOVED, type IncomingChange, type RecordKind } from './incoming-change.ts';

/** Whether a full pass of the feed has ever run through: before, no price of it is served. */
export async function isFilled(sql: Sql, feed: string): Promise<boolean> {
  const [row] = await sql.query('select from pricing.feed where name = $1 and last_full_at is not null', [feed]);
  return row !== undefined;
}

/** Keys of the rows that say otherwise than is served. */
export async function findDifferent(tx: Sql, table: MirrorTable, rows: readonly object[]): Promise<ReadonlySet<string>> {
  const { key, schema, name, columns } = table;
  const telling = Object.keys(columns).filter((column) => column !== key && table.quiet?.includes(column) !== true);
  const list = (prefix: string): string => telling.map((column) => `${prefix}${column}`).join(', ');
  const found = await tx.query<{ key: string }>(
    `select i.${key} as key from jsonb_to_recordset($1::jsonb) as i(${Object.entries(columns).map(([column, type]) => `${column} ${type}`).join(', ')})
     left join ${schema}.${name} t on t.${key} = i.${key}
     where t.${key} is null or (${list('t.')}) is distinct from (${list('i.')})`,
    [JSON.stringify(rows)],
  );
  return new Set(found.map((row) => row.key));
}

/** Holds rows back until their pass ends; the same row again changes nothing. */
export async function holdRows(tx: Sql, table: MirrorTable, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const held = rows.map((row) => ({ key: keyOf(table, row), row, fingerprint: fingerprintOf(table, row) }));
  await tx.run(
    `insert into pricing.incoming_change (feed, key, row, fingerprint, seen_at)
     select $1, key, row, fingerprint, clock_timestamp() from jsonb_to_recordset($2::jsonb) as i(key text, row jsonb, fingerprint text)
     on conflict (feed, key) do update set row = excluded.row, fingerprint = excluded.fingerprint, seen_at = excluded.seen_at`,
    [table.feed, JSON.stringify(held)],
  );
}

/** The source says again what is served, or nobody waits for these rows any more. */
export async function dropHeld(tx: Sql, feed: string, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await tx.run('delete from pricing.incoming_change where feed = $1 and key = any($2)', [feed, keys]);
}

/** Rows the source no longer lists, a full pass over. A row it listed but that had to be refused is none of them. */
const UNSEEN = (schema: string, key: string): string => `t.seen_at < $1 and not exists (
       select from ${schema}.feed_reject r where r.feed = $2 and r.key = t.${key} and r.last_seen_at >= $1)`;

/**
 * After a full pass: forgets what earlier passes held back and this one no longer saw, and holds back the removal of the rows it did
 * not see. Answers their keys; those whose removal is parked already are not held back again.
 */
export async function holdRemovals(tx: Sql, { schema, name, feed, key }: MirrorTable, passStartedAt: string): Promise<KeptRows> {
  await tx.run('delete from pricing.incoming_change where feed = $1 and seen_at < $2', [feed, passStartedAt]);
  const known = await tx.query<{ key: string }>(
    `update pricing.parked_change p set seen_count = p.seen_count + 1, last_seen_at = clock_timestamp() from ${schema}.${name} t
     where p.record_kind = $3 and p.key = t.${key} and p.fingerprint = '${REMOVED}' and p.state in ('PENDING', 'REJECTED', 'EXPIRED') and ${UNSEEN(schema, key)} returning p.key`,
    [passStartedAt, feed, name],
  );
  const fresh = await tx.query<{ key: string }>(
    `insert into pricing.incoming_change (feed, key, row, fingerprint, seen_at)
     select $2, t.${key}, null, '${REMOVED}', clock_timestamp() from ${schema}.${name} t where ${UNSEEN(schema, key)} and t.${key} <> all($3::text[])
     on conflict (feed, key) do nothing returning key`,
    [passStartedAt, feed, known.map((row) => row.key)],
  );
  return { keys: [...known, ...fresh].map((row) => row.key), gone: fresh.length };
}

/** Of the pass that is closing. */
export async function isFullPass(sql: Sql, feed: string): Promise<boolean> {
  const [row] = await sql.query(`select from pricing.feed where name = $1 and mode = 'FULL'`, [feed]);
  return row !== undefined;
}

/** What is held back of a feed, beside what is served of it; what has become the same meanwhile is no change. In the order of keys. */
export async function takeHeld(tx: Sql, table: MirrorTable): Promise<readonly IncomingChange[]> {
  const held = await tx.query<{ key: string; row: object | null; fingerprint: string }>(
    'delete from pricing.incoming_change where feed = $1 returning key, row, fingerprint', [table.feed],
  );
  const served = await readServed(tx, table, held.map(({ key }) => key));
  return held
    .map(({ key, row, fingerprint }) => ({ kind: table.name as RecordKind, key, before: served.get(key) ?? null, after: row, fingerprint }) as IncomingChange)
    .filter(({ before, fingerprint }) => fingerprint !== (before === null ? REMOVED : fingerprintOf(table, before)))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function readServed(tx: Sql, { schema, name, key, columns }: MirrorTable, keys: readonly string[]): Promise<ReadonlyMap<string, object>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.query<Record<string, string>>(`select ${Object.keys(columns).join(', ')} from ${schema}.${name} where ${key} = any($1)`, [keys]);
  return new Map(rows.map((row) => [row[key]!, row]));
}

/** The fingerprints of held rows among these: what the source says now of rows that are parked. */
export async function readHeldFingerprints(tx: Sql, feed: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ key: string; fingerprint: string }>('select key, fingerprint from pricing.incoming_change where feed = $1 and key = any($2)', [feed, keys]);
  return new Map(rows.map(({ key, fingerprint }) => [key, fingerprint]));
}
