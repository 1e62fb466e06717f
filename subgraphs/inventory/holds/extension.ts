import { Failure, invalidInput } from '../../../domain/failure.ts';
import type { Hold } from '../../../domain/inventory.ts';
import { checkTtl, MAX_TTL_SECONDS } from '../promise/input-checks.ts';
import { publicHold, readHold, type StoredHold } from './store-holds.ts';
import { extendOnce, readOwned, type Tools } from './transitions.ts';

/** No hold lives longer, extended or not. */
const LIFE_SECONDS = MAX_TTL_SECONDS;

/**
 * Gives a hold more time, once: `ttlSeconds` from now, and never less than it has. Null: no such hold of this owner.
 * @throws Failure INVALID_INPUT for a time to live that is none, or would make it older than a day; CONFLICT when it has
 * been extended before, has ended or belongs to an order.
 */
export async function extendHold(tools: Tools, { holdId, owner, ttlSeconds }: { readonly holdId: string; readonly owner: string; readonly ttlSeconds: number }): Promise<Hold | null> {
  checkTtl(ttlSeconds);
  const before = await readOwned(tools.database, holdId, owner);
  if (!before) return null;
  const extended = await extendOnce(tools.database, holdId, ttlSeconds, LIFE_SECONDS);
  const after = (await readHold(tools.database, holdId))!;
  if (extended) return publicHold(after);
  throw refusal(after);
}

function refusal({ state, extendedAt, createdAt }: StoredHold): Failure {
  const conflict = (reason: string): Failure => new Failure('CONFLICT', `this hold cannot be extended: ${reason}`, { field: ['holdId'] });
  if (state !== 'HELD') return conflict(`it is ${state}`);
  if (extendedAt !== null) return conflict('it has been extended before');
  return invalidInput(['ttlSeconds'], `a hold lives no longer than ${LIFE_SECONDS} seconds from ${createdAt}; ask for fewer`);
}
