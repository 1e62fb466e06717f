import { createHash } from 'node:crypto';
import type { Sql } from './stores/sql.ts';

/** DDL of an audit table; part of a migration of the schema that owns it. `detail` is text: its hash is of exactly these letters. */
export const auditDdl = (schema: string): string => `
  create table ${schema}.audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null,
    previous_hash text not null,
    hash text not null
  );
  create index audit_subject on ${schema}.audit (subject, id);`;

export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  /** Principal subject, or the part of this house that acted by itself. */
  readonly actor: string;
  /** What was done: "order.retry". */
  readonly action: string;
  /** What it was done to: an order's number. */
  readonly subject: string;
  /** Free of secrets, card numbers and whole addresses. */
  readonly detail: Readonly<Record<string, unknown>>;
}

interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly previous_hash: string;
  readonly hash: string;
}

export interface StoredAuditEntry extends AuditEntry {
  readonly id: string;
}

const FIRST = '0'.repeat(64);

type Hashed = Pick<AuditRow, 'at' | 'actor' | 'action' | 'subject' | 'detail'>;

const hashOf = (previous: string, { at, actor, action, subject, detail }: Hashed): string =>
  createHash('sha256').update(JSON.stringify([previous, new Date(at).toISOString(), actor, action, subject, detail])).digest('hex');

/**
 * Writes the entry in the caller's transaction, chained to the one before by its hash: one entry at a time, so write it last.
 */
export async function writeAudit(tx: Sql, schema: string, entry: AuditEntry): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`audit ${schema}`]);
  const [last] = await tx.query<{ hash: string }>(`select hash from ${schema}.audit order by id desc limit 1`);
  const previous = last?.hash ?? FIRST;
  const row = { ...entry, detail: JSON.stringify(entry.detail) };
  await tx.run(
    `insert into ${schema}.audit (at, actor, action, subject, detail, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.at, row.actor, row.action, row.subject, row.detail, previous, hashOf(previous, row)],
  );
}

/** The subject's entries, oldest first. */
export async function readAudit(sql: Sql, schema: string, subject: string): Promise<readonly StoredAuditEntry[]> {
  const rows = await sql.query<AuditRow>(`select * from ${schema}.audit where subject = $1 order by id`, [subject]);
  return rows.map(({ id, at, actor, action, detail }) => ({ id, at, actor, action, subject, detail: JSON.parse(detail) as Record<string, unknown> }));
}

const PAGE = 1_000;

/** The id of the first entry that was changed, or follows one that was removed; null: none was. */
export async function findBrokenAudit(sql: Sql, schema: string): Promise<string | null> {
  let [previous, after] = [FIRST, '0'];
  for (;;) {
    const rows = await sql.query<AuditRow>(`select * from ${schema}.audit where id > $1 order by id limit ${PAGE}`, [after]);
    for (const row of rows) {
      if (row.previous_hash !== previous || row.hash !== hashOf(previous, row)) return row.id;
      [previous, after] = [row.hash, row.id];
    }
    if (rows.length < PAGE) return null;
  }
}
