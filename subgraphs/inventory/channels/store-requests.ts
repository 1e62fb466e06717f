import { createHash } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** A write and the key its caller gave it. */
export interface KeyedRequest {
  readonly owner: string;
  readonly idempotencyKey: string;
}

const digestOf = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex');

/**
 * True when this request was carried out before. Waits for one under way.
 * @throws Failure CONFLICT when the key was used for another.
 */
export async function wasCarriedOut(tx: Sql, { owner, idempotencyKey }: KeyedRequest, payload: unknown): Promise<boolean> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`allocation ${owner} ${idempotencyKey}`]);
  const [row] = await tx.query<{ payload_digest: string }>('select payload_digest from inventory.allocation_request where owner = $1 and idempotency_key = $2', [owner, idempotencyKey]);
  if (row && row.payload_digest !== digestOf(payload)) throw new Failure('CONFLICT', 'this idempotencyKey was used for another request; use a new key', { field: ['idempotencyKey'] });
  return row !== undefined;
}

/** Keeps the key of what has been carried out. A refusal keeps none: it may be asked again. */
export const rememberRequest = (tx: Sql, { owner, idempotencyKey }: KeyedRequest, payload: unknown): Promise<unknown> =>
  tx.run('insert into inventory.allocation_request (owner, idempotency_key, payload_digest) values ($1, $2, $3)', [owner, idempotencyKey, digestOf(payload)]);
