import type { ApiKeyUse } from '../../../domain/access-keys.ts';
import type { Instant } from '../../../domain/time.ts';
import { instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import type { KeyState, StoredKey, StoredSecret } from './stored-key.ts';

type Times = 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'revokedAt';
type Row = Omit<StoredKey, Times | 'secrets'> & { readonly [T in Exclude<Times, 'lastUsedAt'>]: string | null } & {
  readonly secrets: readonly (Omit<StoredSecret, Times> & { readonly [T in Exclude<Times, 'revokedAt'>]: string | null })[];
};

const COLUMNS = `k.id, k.prefix, k.label, k.role, k.scopes, k.channel, k.customer_number as "customerNumber", k.company_number as "companyNumber", k.documents,
  k.expires_at as "expiresAt", k.created_at as "createdAt", k.created_by as "createdBy", k.revoked_at as "revokedAt", k.revoked_by as "revokedBy",
  (select jsonb_agg(jsonb_build_object('id', s.id, 'sha256', s.sha256, 'createdAt', s.created_at, 'expiresAt', s.expires_at, 'lastUsedAt', s.last_used_at) order by s.created_at, s.expires_at, s.id)
   from customer.api_key_secret s where s.key_id = k.id) as secrets`;

const moment = (value: string | null): Instant | null => (value === null ? null : instant(value));

const keyOf = ({ secrets, ...row }: Row): StoredKey => ({
  ...row, expiresAt: moment(row.expiresAt), createdAt: instant(row.createdAt!), revokedAt: moment(row.revokedAt),
  secrets: secrets.map((secret) => ({ ...secret, createdAt: instant(secret.createdAt!), expiresAt: moment(secret.expiresAt), lastUsedAt: moment(secret.lastUsedAt) })),
});

/** By prefix, those that were not revoked. */
export async function findLiveKeys(sql: Sql, prefixes: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
  const rows = await sql.query<Row>(prepared(`select ${COLUMNS} from customer.api_key k where k.prefix = any($1::text[]) and k.revoked_at is null`), [prefixes]);
  return new Map(rows.map((row) => [row.prefix, keyOf(row)]));
}

export async function readKey(sql: Sql, id: string): Promise<StoredKey | null> {
  const [row] = await sql.query<Row>(`select ${COLUMNS} from customer.api_key k where k.id = $1`, [id]);
  return row ? keyOf(row) : null;
}

/** As it is once nobody else is changing it. */
export async function lockKey(tx: Sql, id: string): Promise<StoredKey | null> {
  await tx.query('select from customer.api_key where id = $1 for update', [id]);
  return readKey(tx, id);
}

export interface KeyListing {
  readonly state: KeyState | null;
  readonly role: string | null;
  readonly channel: string | null;
  readonly now: Instant;
  /** Strictly older than it; null: from the newest. */
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

const STATE = `case when k.revoked_at is not null then 'REVOKED' when k.expires_at <= $4 then 'EXPIRED' else 'ACTIVE' end`;

/** Newest first. */
export async function listKeys(sql: Sql, { state, role, channel, now, after, limit }: KeyListing): Promise<readonly StoredKey[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from customer.api_key k
     where ($1::text is null or k.role = $1) and ($2::text is null or k.channel = $2) and ($3::text is null or ${STATE} = $3)
       and ($5::timestamptz is null or (k.created_at, k.id) < ($5, $6::uuid))
     order by k.created_at desc, k.id desc limit $7`,
    [role, channel, state, now, after?.at ?? null, after?.id ?? null, limit],
  );
  return rows.map(keyOf);
}

export async function insertKey(tx: Sql, key: Omit<StoredKey, 'revokedAt' | 'revokedBy' | 'secrets'>): Promise<void> {
  await tx.run(
    `insert into customer.api_key (id, prefix, label, role, scopes, channel, customer_number, company_number, documents, expires_at, created_at, created_by)
     values ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $10, $11, $12)`,
    [key.id, key.prefix, key.label, key.role, key.scopes, key.channel, key.customerNumber, key.companyNumber, key.documents, key.expiresAt, key.createdAt, key.createdBy],
  );
}

export async function insertSecret(tx: Sql, keyId: string, { id, sha256 }: Pick<StoredSecret, 'id' | 'sha256'>, createdAt: Instant): Promise<void> {
  await tx.run('insert into customer.api_key_secret (id, key_id, sha256, created_at) values ($1, $2, $3, $4)', [id, keyId, sha256, createdAt]);
}

/** Those that live longer end then. */
export async function endSecrets(tx: Sql, keyId: string, at: Instant): Promise<void> {
  await tx.run('update customer.api_key_secret set expires_at = $2 where key_id = $1 and (expires_at is null or expires_at > $2)', [keyId, at]);
}

export async function markRevoked(tx: Sql, id: string, by: string, at: Instant): Promise<void> {
  await tx.run('update customer.api_key set revoked_at = $3, revoked_by = $2 where id = $1', [id, by, at]);
}

/** In the order of the ids, so that two gateways do not wait for each other. */
export async function noteUses(sql: Sql, uses: readonly ApiKeyUse[]): Promise<void> {
  await sql.run(
    `with used as (
       select s.id, max(u.at) as at from jsonb_to_recordset($1::jsonb) as u("secretId" uuid, at timestamptz)
       join customer.api_key_secret s on s.id = u."secretId" group by s.id
     ), held as (select s.id from customer.api_key_secret s join used on used.id = s.id order by s.id for update of s)
     update customer.api_key_secret s set last_used_at = greatest(s.last_used_at, used.at) from used join held on held.id = used.id where s.id = used.id`,
    [JSON.stringify(uses)],
  );
}
