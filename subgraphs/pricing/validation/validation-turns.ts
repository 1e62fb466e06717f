import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** A buyer's prices are compared at most so often. */
const TURN_MS = 60_000;

export type Turn<Answer> = { readonly kind: 'YOURS' } | { readonly kind: 'KEPT'; readonly answer: Answer } | { readonly kind: 'UNDER_WAY' };

interface TurnRow {
  readonly idempotency_key: string;
  readonly answer: unknown;
}

const CLAIM = `insert into pricing.price_validation as v (buyer_key, idempotency_key, started_at) values ($1, $2, $3)
  on conflict (buyer_key) do update set idempotency_key = excluded.idempotency_key, started_at = excluded.started_at, answer = null
    where v.started_at <= $4 and (v.idempotency_key <> excluded.idempotency_key or v.answer is null)
  returning buyer_key`;

/** Takes the buyer's turn, among all processes; else what was answered last. One that died with its turn gives it back after `TURN_MS`. */
export async function claimTurn<Answer>(sql: Sql, buyerKey: string, idempotencyKey: string, at: Instant): Promise<Turn<Answer>> {
  const before = new Date(Date.parse(at) - TURN_MS).toISOString();
  const claimed = await sql.query(CLAIM, [buyerKey, idempotencyKey, at, before]);
  if (claimed.length > 0) return { kind: 'YOURS' };
  const [row] = await sql.query<TurnRow>('select idempotency_key, answer from pricing.price_validation where buyer_key = $1', [buyerKey]);
  return row === undefined || row.answer === null ? { kind: 'UNDER_WAY' } : { kind: 'KEPT', answer: row.answer as Answer };
}

export async function keepAnswer(tx: Sql, buyerKey: string, answer: object): Promise<void> {
  await tx.run('update pricing.price_validation set answer = $2 where buyer_key = $1', [buyerKey, JSON.stringify(answer)]);
}

/** Nothing came of it: the next caller may try at once. */
export async function giveBackTurn(sql: Sql, buyerKey: string): Promise<void> {
  await sql.run('delete from pricing.price_validation where buyer_key = $1 and answer is null', [buyerKey]);
}
