import type { Sql } from '../../../platform/stores/sql.ts';
import type { GraphUserError } from '../../graph/user-error.ts';

/** The right to place the order of one idempotency key, and the identity the order will have. */
export interface Claim {
  readonly owner: string;
  readonly idempotencyKey: string;
  readonly claimant: string;
  readonly orderId: string;
  readonly orderNumber: string;
}

export interface ClaimRequest extends Claim {
  readonly payloadHash: string;
  readonly leaseMs: number;
  /** A claimant this request has been waiting for: its refusal is this request's answer too. */
  readonly waitedFor: string | null;
}

/** A claim as it was taken. */
export interface TakenClaim extends Claim {
  /** An order of this key from before the key was pruned. */
  readonly placedOrderId: string | null;
}

export interface ClaimRow {
  readonly payloadHash: string;
  readonly state: 'RUNNING' | 'PLACED' | 'REFUSED';
  readonly claimant: string;
  readonly orderId: string;
  readonly refusal: readonly GraphUserError[] | null;
}

/**
 * Takes the key when it is new, when its claimant's lease has run out (kill -9), or when the last answer was a refusal
 * that may have passed (retryable). A taken-over claim keeps the planned order, so that steps already taken under it (the
 * hold above all) are found again; after a refusal a new one is planned. Null: the key is taken.
 */
export async function takeClaim(sql: Sql, request: ClaimRequest): Promise<TakenClaim | null> {
  const [row] = await sql.query<TakenClaim>(
    `insert into orders.claim as c (owner, idempotency_key, payload_hash, state, claimant, lease_until, order_id, order_number)
     values ($1, $2, $3, 'RUNNING', $4, clock_timestamp() + $5 * interval '1 ms', $6, $7)
     on conflict (owner, idempotency_key) do update set state = 'RUNNING', claimant = excluded.claimant, lease_until = excluded.lease_until,
       order_id = case c.state when 'REFUSED' then excluded.order_id else c.order_id end,
       order_number = case c.state when 'REFUSED' then excluded.order_number else c.order_number end, refusal = null
     where c.payload_hash = excluded.payload_hash and (
       (c.state = 'RUNNING' and c.lease_until <= clock_timestamp())
       or (c.state = 'REFUSED' and c.refusal -> 0 -> 'retryable' = 'true' and c.claimant is distinct from $8::uuid))
     returning c.owner, c.idempotency_key as "idempotencyKey", c.claimant, c.order_id as "orderId", c.order_number as "orderNumber",
       (select o.id from orders.sales_order o where o.owner = c.owner and o.idempotency_key = c.idempotency_key) as "placedOrderId"`,
    [request.owner, request.idempotencyKey, request.payloadHash, request.claimant, request.leaseMs, request.orderId, request.orderNumber, request.waitedFor],
  );
  return row ?? null;
}

export async function readClaim(sql: Sql, owner: string, idempotencyKey: string): Promise<ClaimRow | null> {
  const [row] = await sql.query<ClaimRow>(
    `select payload_hash as "payloadHash", state, claimant, order_id as "orderId", refusal from orders.claim where owner = $1 and idempotency_key = $2`,
    [owner, idempotencyKey],
  );
  return row ?? null;
}

const settle = async (sql: Sql, claim: Claim, set: string, values: readonly unknown[]): Promise<boolean> =>
  (await sql.run(`update orders.claim set ${set} where owner = $1 and idempotency_key = $2 and claimant = $3 and state = 'RUNNING'`, [
    claim.owner, claim.idempotencyKey, claim.claimant, ...values,
  ])) === 1;

/** Answers the key with an order; false when the claim was lost to another request meanwhile: nothing may be written. */
export const settlePlaced = (tx: Sql, claim: Claim, orderId: string): Promise<boolean> => settle(tx, claim, `state = 'PLACED', order_id = $4`, [orderId]);

/** Answers the key again with the order it had before it was pruned; false when another request did. */
export const settleEarlier = (sql: Sql, claim: Claim, order: { readonly id: string; readonly payloadHash: string }): Promise<boolean> =>
  settle(sql, claim, `state = 'PLACED', order_id = $4, payload_hash = $5`, [order.id, order.payloadHash]);

/** Answers the key with a refusal; false when the claim was lost. */
export const settleRefused = (sql: Sql, claim: Claim, refusal: readonly GraphUserError[]): Promise<boolean> =>
  settle(sql, claim, `state = 'REFUSED', refusal = $4::jsonb`, [JSON.stringify(refusal)]);

/** Lets the next identical request take over at once: this one broke down with an unknown outcome. */
export const endLease = (sql: Sql, claim: Claim): Promise<boolean> => settle(sql, claim, 'lease_until = clock_timestamp()', []);

/** Forgets keys that nobody has used for so long, at most `limit`; answers how many. Orders keep theirs. */
export const pruneClaims = (sql: Sql, unusedForMs: number, limit: number): Promise<number> =>
  sql.run(
    `delete from orders.claim where (owner, idempotency_key) in (
       select owner, idempotency_key from orders.claim
       where created_at < clock_timestamp() - $1 * interval '1 ms' and lease_until < clock_timestamp() - $1 * interval '1 ms'
       order by created_at limit $2 for update skip locked)`,
    [unusedForMs, limit],
  );
