import { Failure } from '../../../domain/failure.ts';
import type { Hold, HoldState } from '../../../domain/inventory.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { prepared, type Database, type Sql } from '../../../platform/stores/sql.ts';
import { announceDifferences, readFigures } from '../changes/announcements.ts';
import { lockTouched } from '../sku-lock.ts';
import { offsetBySnapshots } from '../supply/store-offsets.ts';
import type { HoldTools } from './hold-tools.ts';
import { publicHold, readHold, readHoldsOfOrder, type StoredHold } from './store-holds.ts';
import { closeLines, type ReleaseReason } from './store-ledger.ts';

/*
 * HELD -> COMMITTED | RELEASED | EXPIRED, COMMITTED -> RELEASED. Every transition locks the hold's SKUs first and is then
 * one statement that compares state and expiry by the database's clock: whoever places a hold on the same SKUs sees
 * either the state before it or the one after it, never an expired hold that comes back as an order.
 */

export type Tools = Pick<HoldTools, 'database' | 'clock'>;

/** Locks what the holds hold, lets `work` end or shrink them, announces what became of the figures. */
export function endHolds<T>({ database, clock }: Tools, holdIds: readonly string[], work: (tx: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    const skus = await lockTouched(tx, [], holdIds);
    const before = await readFigures(tx, skus);
    const result = await work(tx);
    await announceDifferences(tx, before, skus, instant(clock.now()));
    return result;
  });
}

/** Locks what the hold holds while its state changes: it goes on holding the same. */
function keepHold(database: Database, holdId: string, change: (tx: Sql) => Promise<number>): Promise<number> {
  return database.transaction(async (tx) => {
    await lockTouched(tx, [], [holdId]);
    return change(tx);
  });
}

export async function readOwned(database: Database, holdId: string, owner: string): Promise<StoredHold | null> {
  const hold = await readHold(database, holdId);
  return hold?.owner === owner ? hold : null;
}

const RELEASE = prepared(`update inventory.hold set state = case when expires_at <= statement_timestamp() then 'EXPIRED' else 'RELEASED' end
  where id = $1 and state = 'HELD' returning state`);

/** Ends a hold early; one that has ended already, or belongs to an order, is answered as it is. Null: no such hold of this owner. */
export async function releaseHold(tools: Tools, { holdId, owner }: { readonly holdId: string; readonly owner: string }): Promise<Hold | null> {
  const hold = await readOwned(tools.database, holdId, owner);
  if (!hold) return null;
  await endHolds(tools, [holdId], async (tx) => {
    const [ended] = await tx.query<{ state: HoldState & ReleaseReason }>(RELEASE, [holdId]);
    if (ended) await closeLines(tx, [{ holdId, sku: null }], ended.state);
  });
  const after = await readHold(tools.database, holdId);
  return after && publicHold(after);
}

const COMMIT = prepared(`update inventory.hold set state = 'COMMITTED', order_reference = $2
  where id = $1 and state = 'HELD' and expires_at > statement_timestamp()`);

/**
 * Binds a hold to an order. Null when it has expired or been released meanwhile, or is none of this owner.
 * @throws Failure CONFLICT when another order has it.
 */
export async function commitHold(tools: Tools, request: { readonly holdId: string; readonly owner: string; readonly orderReference: string }): Promise<Hold | null> {
  const hold = await readOwned(tools.database, request.holdId, request.owner);
  if (!hold) return null;
  await keepHold(tools.database, request.holdId, (tx) => tx.run(COMMIT, [request.holdId, request.orderReference]));
  const after = await readHold(tools.database, request.holdId);
  if (after?.state !== 'COMMITTED') return null;
  if (after.orderReference !== request.orderReference) throw new Failure('CONFLICT', 'this hold belongs to another order', { field: ['holdId'] });
  return publicHold(after);
}

const EXTEND = prepared(`update inventory.hold set extended_at = statement_timestamp(),
    expires_at = greatest(expires_at, statement_timestamp() + $2::integer * interval '1 second')
  where id = $1 and state = 'HELD' and expires_at > statement_timestamp() and extended_at is null
    and statement_timestamp() + $2::integer * interval '1 second' <= created_at + $3::integer * interval '1 second'`);

/**
 * Gives a hold more time, once: `ttlSeconds` from now, never less than it has, at most `lifeSeconds` since it was made.
 * Answers whether it did.
 */
export const extendOnce = async (database: Database, holdId: string, ttlSeconds: number, lifeSeconds: number): Promise<boolean> =>
  (await keepHold(database, holdId, (tx) => tx.run(EXTEND, [holdId, ttlSeconds, lifeSeconds]))) === 1;

/** Gives back what an order held, unless the ERP has taken the order: then the ERP's own figures tell. */
export async function cancelCommitted(tools: Tools, { orderReference }: { readonly orderReference: string }): Promise<void> {
  const holds = await readHoldsOfOrder(tools.database, orderReference);
  if (holds.length === 0) return;
  await endHolds(tools, holds.map((hold) => hold.id), async (tx) => {
    const released = await tx.query<{ holdId: string }>(
      `update inventory.hold set state = 'RELEASED' where order_reference = $1 and state = 'COMMITTED' and accepted_at is null returning id as "holdId"`,
      [orderReference],
    );
    await closeLines(tx, released.map(({ holdId }) => ({ holdId, sku: null })), 'CANCELLED');
  });
}

/** Notes when the ERP took the order, and lets go at once where later snapshots are here already. The first instant stands. */
export async function markAccepted(tools: Tools, request: { readonly orderReference: string; readonly acceptedAt: Instant }): Promise<void> {
  const holds = await readHoldsOfOrder(tools.database, request.orderReference);
  if (holds.length === 0) return;
  await endHolds(tools, holds.map((hold) => hold.id), async (tx) => {
    await tx.run(`update inventory.hold set accepted_at = $2 where order_reference = $1 and state = 'COMMITTED' and accepted_at is null`, [
      request.orderReference, request.acceptedAt,
    ]);
    await offsetBySnapshots(tx, [...new Set(holds.flatMap((hold) => hold.lines.map((line) => line.sku)))]);
  });
}

/** How many end in one transaction: whoever wants the same SKU waits that long. */
const SWEEP_BATCH = 1_000;

const OVERDUE = prepared(`select id from inventory.hold where state = 'HELD' and expires_at <= statement_timestamp() order by expires_at limit ${SWEEP_BATCH}`);

const EXPIRE = prepared(`update inventory.hold set state = 'EXPIRED'
  where id = any($1::text[]) and state = 'HELD' and expires_at <= statement_timestamp() returning id`);

/** Writes down what time has done: releases overdue holds. Answers how many; others may be left while it is not zero. */
export async function expireOverdue(tools: Tools): Promise<number> {
  const overdue = await tools.database.query<{ id: string }>(OVERDUE);
  if (overdue.length === 0) return 0;
  const ids = overdue.map((row) => row.id);
  return endHolds(tools, ids, async (tx) => {
    const expired = await tx.query<{ id: string }>(EXPIRE, [ids]);
    await closeLines(tx, expired.map(({ id }) => ({ holdId: id, sku: null })), 'EXPIRED');
    return expired.length;
  });
}
