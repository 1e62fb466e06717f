import { Failure } from '../../../domain/failure.ts';
import type { Hold, HoldState } from '../../../domain/inventory.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { HoldTools } from './placement.ts';
import { publicHold, readHold, readHoldsOfOrder, readOverdueHolds, skusOf, type StoredHold } from './store-holds.ts';
import { announceDifferences } from '../announcements.ts';
import { closeLines, lockFigures, type ReleaseReason } from './store-ledger.ts';
import { offsetBySnapshots } from '../supply/store-offsets.ts';

/*
 * HELD -> COMMITTED | RELEASED | EXPIRED, COMMITTED -> RELEASED. Every transition locks the hold's stock rows first and
 * is then one statement that compares state and expiry by the database's clock: whoever places a hold on the same rows
 * sees either the state before it or the one after it, never an expired hold that comes back as an order.
 */

type Tools = Pick<HoldTools, 'database' | 'clock'>;

/** Locks what the holds touch, lets `work` change them, announces what became of the figures. */
function changeHolds<T>({ database, clock }: Tools, holds: readonly StoredHold[], work: (tx: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    const skus = skusOf(holds);
    const before = await lockFigures(tx, skus);
    const result = await work(tx);
    await announceDifferences(tx, before, skus, instant(clock.now()));
    return result;
  });
}

async function readOwned(database: Database, holdId: string, owner: string): Promise<StoredHold | null> {
  const hold = await readHold(database, holdId);
  return hold?.owner === owner ? hold : null;
}

/** Ends a hold early; one that has ended already, or belongs to an order, is answered as it is. Null: no such hold of this owner. */
export async function releaseHold(tools: Tools, { holdId, owner }: { readonly holdId: string; readonly owner: string }): Promise<Hold | null> {
  const hold = await readOwned(tools.database, holdId, owner);
  if (!hold) return null;
  await changeHolds(tools, [hold], async (tx) => {
    const [ended] = await tx.query<{ state: HoldState & ReleaseReason }>(
      `update inventory.hold set state = case when expires_at <= statement_timestamp() then 'EXPIRED' else 'RELEASED' end
       where id = $1 and state = 'HELD' returning state`,
      [holdId],
    );
    if (ended) await closeLines(tx, [{ holdId, sku: null }], ended.state);
  });
  const after = await readHold(tools.database, holdId);
  return after && publicHold(after);
}

/**
 * Binds a hold to an order. Null when it has expired or been released meanwhile, or is none of this owner.
 * @throws Failure CONFLICT when another order has it.
 */
export async function commitHold(tools: Tools, request: { readonly holdId: string; readonly owner: string; readonly orderReference: string }): Promise<Hold | null> {
  const hold = await readOwned(tools.database, request.holdId, request.owner);
  if (!hold) return null;
  await changeHolds(tools, [hold], (tx) =>
    tx.run(
      `update inventory.hold set state = 'COMMITTED', order_reference = $2
       where id = $1 and state = 'HELD' and expires_at > statement_timestamp()`,
      [request.holdId, request.orderReference],
    ),
  );
  const after = await readHold(tools.database, request.holdId);
  if (after?.state !== 'COMMITTED') return null;
  if (after.orderReference !== request.orderReference) throw new Failure('CONFLICT', 'this hold belongs to another order', { field: ['holdId'] });
  return publicHold(after);
}

/**
 * Gives a hold more time, once: `ttlSeconds` from now. Null: no such hold of this owner.
 * @throws Failure CONFLICT when it has been extended before, has ended or belongs to an order.
 */
export async function extendHold(tools: Tools, request: { readonly holdId: string; readonly owner: string; readonly ttlSeconds: number }): Promise<Hold | null> {
  const hold = await readOwned(tools.database, request.holdId, request.owner);
  if (!hold) return null;
  const extended = await changeHolds(tools, [hold], (tx) =>
    tx.run(
      `update inventory.hold set expires_at = statement_timestamp() + $2 * interval '1 second', extended_at = statement_timestamp()
       where id = $1 and state = 'HELD' and expires_at > statement_timestamp() and extended_at is null`,
      [request.holdId, request.ttlSeconds],
    ),
  );
  const after = (await readHold(tools.database, request.holdId))!;
  if (extended === 1) return publicHold(after);
  const reason = after.state === 'HELD' ? 'it has been extended before' : `it is ${after.state}`;
  throw new Failure('CONFLICT', `this hold cannot be extended: ${reason}`, { field: ['holdId'] });
}

/** Gives back what an order held, unless the ERP has taken the order: then the ERP's own figures tell. */
export async function cancelCommitted(tools: Tools, { orderReference }: { readonly orderReference: string }): Promise<void> {
  const holds = await readHoldsOfOrder(tools.database, orderReference);
  if (holds.length === 0) return;
  await changeHolds(tools, holds, async (tx) => {
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
  await changeHolds(tools, holds, async (tx) => {
    await tx.run(`update inventory.hold set accepted_at = $2 where order_reference = $1 and state = 'COMMITTED' and accepted_at is null`, [
      request.orderReference, request.acceptedAt,
    ]);
    await offsetBySnapshots(tx, skusOf(holds));
  });
}

const SWEEP_BATCH = 200;

/** Writes down what time has done: releases overdue holds. Answers how many; call again while it answers the batch size. */
export async function expireOverdue(tools: Tools): Promise<number> {
  const overdue = await readOverdueHolds(tools.database, SWEEP_BATCH);
  if (overdue.length === 0) return 0;
  return changeHolds(tools, overdue, async (tx) => {
    const expired = await tx.query<{ holdId: string }>(
      `update inventory.hold set state = 'EXPIRED'
       where id = any($1::text[]) and state = 'HELD' and expires_at <= statement_timestamp() returning id as "holdId"`,
      [overdue.map((hold) => hold.id)],
    );
    await closeLines(tx, expired.map(({ holdId }) => ({ holdId, sku: null })), 'EXPIRED');
    return expired.length;
  });
}
