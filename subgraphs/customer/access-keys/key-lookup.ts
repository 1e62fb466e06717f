import type { ApiKeyRecord, ApiKeyUse } from '../../../domain/access-keys.ts';
import { instant } from '../../../domain/time.ts';
import { invalidInput } from '../../../domain/failure.ts';
import { findLiveKeys, noteUses } from './store-keys.ts';
import { recordOf } from './stored-key.ts';
import type { KeyTools } from './key-desk.ts';

const MOST = 500;

/** In the order of the prefixes; null: no such key, or revoked. @throws Failure INVALID_INPUT beyond 500 */
export async function findApiKeys({ database, clock }: Pick<KeyTools, 'database' | 'clock'>, prefixes: readonly string[]): Promise<readonly (ApiKeyRecord | null)[]> {
  if (prefixes.length > MOST) throw invalidInput(['prefixes'], `at most ${MOST} prefixes at once`);
  const found = await findLiveKeys(database, prefixes);
  const now = instant(clock.now());
  return prefixes.map((prefix) => {
    const key = found.get(prefix);
    return key ? recordOf(key, now) : null;
  });
}

/** @throws Failure INVALID_INPUT beyond 500 */
export async function noteApiKeyUses({ database }: Pick<KeyTools, 'database'>, uses: readonly ApiKeyUse[]): Promise<void> {
  if (uses.length > MOST) throw invalidInput(['uses'], `at most ${MOST} uses at once`);
  if (uses.length > 0) await noteUses(database, uses);
}
