import { Failure, invalidInput } from '../../../domain/failure.ts';
import type { HoldRequest } from '../../../domain/inventory.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { readHolds, type StoredHold } from './store-holds.ts';
import { closeLines } from './store-ledger.ts';

/* A hold that makes way for another of the same owner, in the same transaction. */

/** The holds a batch asks to replace, by id. Read them after the stock: one that expired in between is then not given back twice. */
export function readReplaced(tx: Sql, requests: readonly HoldRequest[]): Promise<ReadonlyMap<string, StoredHold>> {
  return readHolds(tx, [...new Set(requests.flatMap((request) => request.replacesHoldId ?? []))]);
}

/**
 * What the request gives back: null where it replaces nothing, or a hold that has ended already.
 * @throws Failure INVALID_INPUT for a hold that is not the asker's, CONFLICT when an order has it.
 */
export function replacedBy({ owner, replacesHoldId }: HoldRequest, holds: ReadonlyMap<string, StoredHold>): StoredHold | null {
  if (replacesHoldId === null) return null;
  const hold = holds.get(replacesHoldId);
  if (hold?.owner !== owner) throw invalidInput(['replacesHoldId'], 'replacesHoldId is no hold of yours');
  if (hold.state === 'COMMITTED') throw new Failure('CONFLICT', 'the hold to replace belongs to an order by now', { field: ['replacesHoldId'] });
  return hold.state === 'HELD' ? hold : null;
}

/** Ends holds whose place others take. SKUs must be locked. */
export async function giveWay(tx: Sql, holdIds: readonly string[]): Promise<void> {
  if (holdIds.length === 0) return;
  // No look at the expiry: the SKUs are locked, and a hold that ran out just now ends either way.
  await tx.run(`update inventory.hold set state = 'RELEASED' where id = any($1::text[]) and state = 'HELD'`, [holdIds]);
  await closeLines(tx, holdIds.map((holdId) => ({ holdId, sku: null })), 'RELEASED');
}
