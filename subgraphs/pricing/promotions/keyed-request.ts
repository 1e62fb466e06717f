import { createHash } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { invalid, isStorable, type Refusal } from './refusal.ts';

/** Something a merchant asks for by hand, and the key they gave it. */
export interface KeyedRequest {
  /** Principal's subject. */
  readonly actor: string;
  readonly idempotencyKey: string;
}

const LONGEST_KEY = 255;

export function checkKey({ idempotencyKey }: KeyedRequest): readonly Refusal[] {
  const isUsable = idempotencyKey.trim() !== '' && idempotencyKey.length <= LONGEST_KEY && isStorable(idempotencyKey);
  return isUsable ? [] : [invalid(['idempotencyKey'], `idempotencyKey must have 1 to ${LONGEST_KEY} characters that can be stored`)];
}

const digestOf = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex');

/** True when this request was carried out before; waits for an equal one under way. @throws Failure CONFLICT when its key was used for another */
export async function wasCarriedOut(tx: Sql, { actor, idempotencyKey }: KeyedRequest, payload: unknown): Promise<boolean> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`pricing merchant ${JSON.stringify([actor, idempotencyKey])}`]);
  const [row] = await tx.query<{ payload_digest: string }>('select payload_digest from pricing.merchant_request where actor = $1 and idempotency_key = $2', [actor, idempotencyKey]);
  if (row && row.payload_digest !== digestOf(payload)) throw new Failure('CONFLICT', 'this idempotencyKey was used for another request; use a new key', { field: ['idempotencyKey'] });
  return row !== undefined;
}

/** Keeps the key of what has been carried out. A refusal keeps none: it may be asked again. */
export const rememberRequest = (tx: Sql, { actor, idempotencyKey }: KeyedRequest, payload: unknown, at: Instant): Promise<unknown> =>
  tx.run('insert into pricing.merchant_request (actor, idempotency_key, payload_digest, at) values ($1, $2, $3, $4)', [actor, idempotencyKey, digestOf(payload), at]);
