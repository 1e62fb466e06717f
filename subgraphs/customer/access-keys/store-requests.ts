import { createHash } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** A change of keys, and the key of idempotency its caller gave it. */
export interface KeyedRequest {
  /** Principal's subject. */
  readonly actor: string;
  readonly idempotencyKey: string;
}

const digestOf = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex');

/**
 * The API key this request made or changed before; null: it was never carried out. Waits for an equal one under way.
 * @throws Failure CONFLICT when its key was used for another request
 */
export async function findEarlier(tx: Sql, { actor, idempotencyKey }: KeyedRequest, payload: unknown): Promise<string | null> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`customer access ${JSON.stringify([actor, idempotencyKey])}`]);
  const [row] = await tx.query<{ digest: string; keyId: string }>('select payload_digest as digest, key_id as "keyId" from customer.access_request where actor = $1 and idempotency_key = $2', [actor, idempotencyKey]);
  if (row && row.digest !== digestOf(payload)) throw new Failure('CONFLICT', 'this idempotencyKey was used for another request; use a new key', { field: ['idempotencyKey'] });
  return row?.keyId ?? null;
}

/** A refusal keeps no key: it may be asked again. */
export const rememberRequest = (tx: Sql, { actor, idempotencyKey }: KeyedRequest, payload: unknown, keyId: string, at: Instant): Promise<number> =>
  tx.run('insert into customer.access_request (actor, idempotency_key, payload_digest, key_id, at) values ($1, $2, $3, $4, $5)', [actor, idempotencyKey, digestOf(payload), keyId, at]);
