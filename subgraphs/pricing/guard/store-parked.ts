import { randomUUID } from 'node:crypto';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { IncomingChange, RecordKind } from './incoming-change.ts';
import type { ParkedChange, ParkedDraft, ParkedState } from './parked-change.ts';

const PARKED_COLUMNS = `p.id, p.batch_id as "batchId", p.source, p.record_kind as "recordKind", p.key, p.price_list_code as "priceListCode", p.before, p.after,
  p.fingerprint, p.reason, p.direction, trim_scale(p.largest_percent) as "largestPercent", p.sku_count as "skuCount", p.examples, p.state, p.parked_at as "parkedAt",
  p.expires_at as "expiresAt", p.seen_count as "seenCount", p.last_seen_at as "lastSeenAt", p.decided_by as "decidedBy", p.decided_at as "decidedAt", p.note`;

/** Those that keep an old row served. */
const STANDING = `state in ('PENDING', 'REJECTED', 'EXPIRED')`;

/** One at a time decides what is served: passes of all price feeds, and people. Until the transaction ends. */
export const lockGuard = (tx: Sql): Promise<unknown> => tx.query(`select pg_advisory_xact_lock(hashtextextended('price guard', 4))`);

/** The source says again what is served: what was parked of these rows is no more. */
export async function supersede(tx: Sql, kind: RecordKind, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.run(`update pricing.parked_change set state = 'SUPERSEDED' where record_kind = $1 and key = any($2) and ${STANDING}`, [kind, keys]);
}

/** New rows that were parked, and that a full pass no longer saw. */
export const supersedeVanished = (tx: Sql, kind: RecordKind, seen: readonly string[]): Promise<number> =>
  tx.run(`update pricing.parked_change set state = 'SUPERSEDED' where record_kind = $1 and before is null and key <> all($2::text[]) and ${STANDING}`, [kind, seen]);

/** Of these changes those that are parked already, as they are: they have been seen once more. The parked ones of the others are superseded. */
export async function recognise(tx: Sql, kind: RecordKind, changes: readonly IncomingChange[]): Promise<ReadonlySet<string>> {
  if (changes.length === 0) return new Set();
  const rows = await tx.query<{ key: string; known: boolean }>(
    `update pricing.parked_change p set
       state = case when p.fingerprint = i.fingerprint then p.state else 'SUPERSEDED' end,
       seen_count = p.seen_count + case when p.fingerprint = i.fingerprint then 1 else 0 end,
       last_seen_at = case when p.fingerprint = i.fingerprint then clock_timestamp() else p.last_seen_at end
     from jsonb_to_recordset($2::jsonb) as i(key text, fingerprint text)
     where p.record_kind = $1 and p.key = i.key and p.${STANDING} returning p.key, p.fingerprint = i.fingerprint as known`,
    [kind, JSON.stringify(changes.map(({ key, fingerprint }) => ({ key, fingerprint })))],
  );
  return new Set(rows.filter(({ known }) => known).map(({ key }) => key));
}

/** Writes one batch: what one pass parked. Answers its id. */
export async function park(tx: Sql, source: string, drafts: readonly ParkedDraft[], expiryMs: number): Promise<string> {
  const batchId = randomUUID();
  await tx.run(
    `insert into pricing.parked_change (batch_id, source, record_kind, key, price_list_code, sku, before, after, fingerprint, reason, direction, largest_percent, sku_count, examples, expires_at)
     select $1, $2, "recordKind", key, "priceListCode", sku, before, after, fingerprint, reason, direction, "largestPercent", "skuCount", examples, clock_timestamp() + $4 * interval '1 millisecond'
     from jsonb_to_recordset($3::jsonb) as d("recordKind" text, key text, "priceListCode" text, sku text, before jsonb, after jsonb, fingerprint text, reason text,
       direction text, "largestPercent" numeric, "skuCount" int, examples jsonb)`,
    [batchId, source, JSON.stringify(drafts), expiryMs],
  );
  return batchId;
}

/** Locked until the transaction ends, in a fixed order. */
export const lockParked = (tx: Sql, by: { readonly ids: readonly string[] } | { readonly batchId: string }): Promise<readonly (ParkedChange & { readonly isOver: boolean })[]> =>
  tx.query(
    `select ${PARKED_COLUMNS}, p.expires_at <= clock_timestamp() as "isOver" from pricing.parked_change p
     where ${'ids' in by ? 'p.id = any($1::uuid[])' : `p.batch_id = $1::uuid and p.state = 'PENDING'`} order by p.id for update`,
    ['ids' in by ? by.ids : by.batchId],
  );

export const readParked = (sql: Sql, ids: readonly string[]): Promise<readonly ParkedChange[]> =>
  sql.query<ParkedChange>(`select ${PARKED_COLUMNS} from pricing.parked_change p where p.id = any($1::uuid[]) order by p.parked_at, p.id`, [ids]);

export const settleParked = (tx: Sql, ids: readonly string[], state: Extract<ParkedState, 'APPROVED' | 'REJECTED'>, actor: string, note: string | null): Promise<number> =>
  tx.run('update pricing.parked_change set state = $2, decided_by = $3, note = $4, decided_at = clock_timestamp() where id = any($1::uuid[])', [ids, state, actor, note]);

export interface ParkedFilter {
  readonly source: string | null;
  readonly priceListCode: string | null;
  readonly sku: string | null;
  readonly batchId: string | null;
  readonly state: ParkedState;
}

const FITS = `p.state = $1 and ($2::text is null or p.source = $2) and ($3::text is null or p.price_list_code = $3)
  and ($4::text is null or p.sku = $4 or p.examples @> jsonb_build_array(jsonb_build_object('sku', $4::text))) and ($5::uuid is null or p.batch_id = $5::uuid)`;
const parametersOf = ({ state, source, priceListCode, sku, batchId }: ParkedFilter): readonly unknown[] => [state, source, priceListCode, sku, batchId];

/** Whoever has waited longest first. */
export const listParked = (sql: Sql, filter: ParkedFilter, after: { readonly at: Instant; readonly id: string } | null, limit: number): Promise<readonly ParkedChange[]> =>
  sql.query<ParkedChange>(
    `select ${PARKED_COLUMNS} from pricing.parked_change p where ${FITS}
       and ($6::timestamptz is null or (date_trunc('milliseconds', p.parked_at), p.id) > ($6, $7::uuid))
     order by date_trunc('milliseconds', p.parked_at), p.id limit $8`,
    [...parametersOf(filter), after?.at ?? null, after?.id ?? null, limit],
  );

export async function countParked(sql: Sql, filter: ParkedFilter): Promise<number> {
  const [row] = await sql.query<{ count: number }>(`select count(*)::int as count from pricing.parked_change p where ${FITS}`, parametersOf(filter));
  return row!.count;
}

/** Those nobody has decided on in time, by the database's clock. */
export const expireParked = (tx: Sql): Promise<readonly { readonly id: string; readonly recordKind: RecordKind; readonly key: string }[]> =>
  tx.query(`update pricing.parked_change set state = 'EXPIRED', decided_at = clock_timestamp() where state = 'PENDING' and expires_at <= clock_timestamp() returning id, record_kind as "recordKind", key`);

export interface ParkedStanding {
  readonly state: Extract<ParkedState, 'PENDING' | 'REJECTED' | 'EXPIRED'>;
  readonly count: number;
  readonly oldest: Instant;
}

/** How many old rows are served because of what, and since when. */
export const readStanding = (sql: Sql): Promise<readonly ParkedStanding[]> =>
  sql.query<ParkedStanding>(`select state, count(*)::int as count, min(parked_at) as oldest from pricing.parked_change where ${STANDING} group by state order by state`);
