import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/principal.ts';
import { createBoundedCache, type BoundedCache } from '../execution/bounded-cache.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { CacheScope } from './facts.ts';

/** Who may share what is kept: one short text for each scope of sharing, part of every key. */
export type Audiences = Readonly<Record<CacheScope, string>>;

/**
 * PUBLIC: whoever may see the same in the same channel, locale and currency. PRIVATE: this very caller in this very context. When
 * in doubt more is in it: what is kept twice costs memory, what is shared wrongly shows one buyer another's contract.
 */
export function audiencesOf({ principal, shopping }: Pick<RequestScope, 'principal' | 'shopping'>): Audiences {
  const where = JSON.stringify(shopping);
  let known = audiences.get(principal);
  if (!known) audiences.set(principal, (known = createBoundedCache(MAX_CONTEXTS)));
  let found = known.get(where);
  if (!found) known.set(where, (found = describe({ principal, shopping })));
  return found;
}

/** A caller who is known keeps being the same object, and shops in few contexts. */
const audiences = new WeakMap<Principal, BoundedCache<Audiences>>();
const MAX_CONTEXTS = 50;

function describe({ principal, shopping }: Pick<RequestScope, 'principal' | 'shopping'>): Audiences {
  const scopes = [...principal.scopes].sort();
  const { channel, locale, currencyCode } = shopping;
  let [shared, own]: (string | null)[] = [null, null];
  // Most operations need one of them.
  return {
    get PUBLIC() {
      return (shared ??= digest([principal.kind, scopes, principal.channel, channel, locale, currencyCode]));
    },
    get PRIVATE() {
      return (own ??= digest([Object.entries({ ...principal, scopes }).sort(byName), Object.entries(shopping).sort(byName)]));
    },
  };
}

/** The customers, companies and locations the answer may depend on, as far as the request names them. */
export const buyersOf = ({ principal, shopping }: Pick<RequestScope, 'principal' | 'shopping'>): readonly string[] =>
  [...new Set([principal.customerNumber, principal.companyNumber, shopping.companyLocation])].filter((number) => number !== null);

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const digest = (facts: unknown): string => createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22);
