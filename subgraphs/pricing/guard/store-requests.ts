import type { Sql } from '../../../platform/stores/sql.ts';

/** A decision that was carried out, by the key its caller gave it. A refusal keeps none: it may be asked again. */
export interface KeyedDecision {
  readonly digest: string;
  readonly changeIds: readonly string[];
}

/** Under `lockGuard`, so that of two equal requests the second sees the first. */
export async function readRequest(tx: Sql, actor: string, idempotencyKey: string): Promise<KeyedDecision | null> {
  const [row] = await tx.query<KeyedDecision>('select payload_digest as digest, change_ids as "changeIds" from pricing.guard_request where actor = $1 and idempotency_key = $2', [actor, idempotencyKey]);
  return row ?? null;
}

export const rememberRequest = (tx: Sql, { actor, idempotencyKey, digest, changeIds }: KeyedDecision & { readonly actor: string; readonly idempotencyKey: string }): Promise<number> =>
  tx.run('insert into pricing.guard_request (actor, idempotency_key, payload_digest, change_ids) values ($1, $2, $3, $4::uuid[])', [actor, idempotencyKey, digest, changeIds]);
