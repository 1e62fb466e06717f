import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { ANY_CODE, type CodeKind, type CodeMapping, type CodeNeed } from './code-map.ts';
import type { FirstMapping } from './codes-file.ts';

const COLUMNS = `m.system, m.kind, m.ours, m.theirs, m.detail, m.updated_by as "updatedBy", m.updated_at as "updatedAt"`;
const RECORD = `(system text, kind text, ours text, theirs text, detail jsonb, "updatedBy" text, "updatedAt" timestamptz)`;

/** The rows that decide about these codes, and the built-in ones nobody has overruled. */
export const readMappings = (sql: Sql, system: string, needs: readonly CodeNeed[], builtIn: readonly CodeMapping[]): Promise<readonly CodeMapping[]> =>
  sql.query<CodeMapping>(
    `with wanted as (
       select kind, ours from jsonb_to_recordset($2::jsonb) as n(kind text, ours text)
       union select kind, '${ANY_CODE}' from jsonb_to_recordset($2::jsonb) as n(kind text)),
     stored as (select ${COLUMNS} from orders.code_map m join wanted w using (kind, ours) where m.system = $1)
     select * from stored
     union all select b.* from jsonb_to_recordset($3::jsonb) as b${RECORD}
     join wanted w using (kind, ours)
     where b.system = $1 and not exists (select from stored s where (s.kind, s.ours) = (b.kind, b.ours))`,
    [system, JSON.stringify(needs), JSON.stringify(builtIn)],
  );

/** Every row of a kind. */
export const readMappingsOfKind = (sql: Sql, system: string, kind: CodeKind): Promise<readonly CodeMapping[]> =>
  sql.query<CodeMapping>(`select ${COLUMNS} from orders.code_map m where m.system = $1 and m.kind = $2 order by m.ours`, [system, kind]);

export interface MappingPage {
  readonly system: string;
  /** Null: all. */
  readonly kind: CodeKind | null;
  readonly after: { readonly kind: string; readonly ours: string } | null;
  readonly limit: number;
}

/** By kind and our code; built-in rows among them. */
export const listMappings = (sql: Sql, { system, kind, after, limit }: MappingPage, builtIn: readonly CodeMapping[]): Promise<readonly CodeMapping[]> =>
  sql.query<CodeMapping>(
    `select ${COLUMNS} from (
       select system, kind, ours, theirs, detail, updated_by, updated_at from orders.code_map where system = $1
       union all select b.* from jsonb_to_recordset($5::jsonb) as b${RECORD}
       where b.system = $1 and not exists (select from orders.code_map s where (s.system, s.kind, s.ours) = (b.system, b.kind, b.ours))) m
     where ($2::text is null or m.kind = $2) and ($3::text is null or (m.kind, m.ours) > ($3, $4)) order by m.kind, m.ours limit $6`,
    [system, kind, after?.kind ?? null, after?.ours ?? null, JSON.stringify(builtIn), limit],
  );

/** Answers what was there before, held until the transaction ends. */
export async function lockMapping(tx: Sql, system: string, { kind, ours }: CodeNeed): Promise<CodeMapping | null> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [JSON.stringify([system, kind, ours])]);
  const [row] = await tx.query<CodeMapping>(`select ${COLUMNS} from orders.code_map m where (m.system, m.kind, m.ours) = ($1, $2, $3)`, [system, kind, ours]);
  return row ?? null;
}

export async function writeMapping(tx: Sql, { system, kind, ours, theirs, detail, updatedBy, updatedAt }: CodeMapping): Promise<void> {
  await tx.run(
    `insert into orders.code_map (system, kind, ours, theirs, detail, updated_by, updated_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (system, kind, ours) do update set theirs = excluded.theirs, detail = excluded.detail, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [system, kind, ours, theirs, JSON.stringify(detail), updatedBy, updatedAt],
  );
}

export async function deleteMapping(tx: Sql, system: string, { kind, ours }: CodeNeed): Promise<void> {
  await tx.run('delete from orders.code_map where (system, kind, ours) = ($1, $2, $3)', [system, kind, ours]);
}

/** The first contents: what people changed stays as they left it. Answers how many rows are new. */
export const insertFirstMappings = (sql: Sql, mappings: readonly FirstMapping[], at: Instant): Promise<number> =>
  sql.run(
    `insert into orders.code_map (system, kind, ours, theirs, detail, updated_by, updated_at)
     select f.system, f.kind, f.ours, f.theirs, f.detail, 'ORDER_CODES_FILE', $2::timestamptz
     from jsonb_to_recordset($1::jsonb) as f(system text, kind text, ours text, theirs text, detail jsonb)
     on conflict do nothing`,
    [JSON.stringify(mappings), at],
  );

/** Matches orders that ask for attention because of this code; of '*': because of any code of its kind. */
const waitsFor = ({ kind, ours }: CodeNeed): string => JSON.stringify([ours === ANY_CODE ? { kind } : { kind, ours }]);

export async function countOrdersWaiting(sql: Sql, need: CodeNeed): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::int as count from orders.sales_order where submission = 'ATTENTION' and attention_detail @> $1::jsonb`,
    [waitsFor(need)],
  );
  return row!.count;
}

/** The oldest of them. */
export const readOrdersWaiting = async (sql: Sql, need: CodeNeed, limit: number): Promise<readonly string[]> =>
  (await sql.query<{ id: string }>(
    `select id from orders.sales_order where submission = 'ATTENTION' and attention_detail @> $1::jsonb order by placed_at, id limit $2`,
    [waitsFor(need), limit],
  )).map(({ id }) => id);
