import type { Principal, Scope } from '../../../domain/principal.ts';
import type { Identity } from '../../identity/door.ts';
import type { RateClass } from './rate-limits.ts';

/** What a key for browsers may do, at most: it is read out of the page by whoever likes, and all shoppers share it. */
const BROWSING: readonly Scope[] = ['catalog:read', 'availability:read', 'price:read'];

/** An identity is asked of for every operation on its connection. */
const classes = new WeakMap<Identity, RateClass>();

/** What kind of caller this is, by what it was proved to be and may do: never by what it says of itself. */
export function rateClassOf(identity: Identity): RateClass {
  const known = classes.get(identity);
  if (known) return known;
  const found = findClass(identity);
  classes.set(identity, found);
  return found;
}

function findClass({ principal, traffic }: Identity): RateClass {
  const { kind, scopes } = principal;
  if (kind === 'ANONYMOUS') return 'anonymous';
  if (kind === 'DEVELOPMENT') return 'development';
  if (kind === 'BUYER') return 'buyer';
  if (kind === 'SHOPPER') return onlyBrowses(principal) ? 'storefront' : 'shopper';
  if (scopes.includes('operations')) return 'operations';
  if (kind === 'OPERATIONS') return scopes.includes('access:admin') ? 'admin' : 'finance';
  if (onlyBrowses(principal)) return 'storefront';
  if (traffic === 'checkout') return 'checkout';
  return scopes.includes('checkout:write') && scopes.includes('availability:exact') ? 'marketplace' : 'service';
}

function onlyBrowses({ scopes }: Principal): boolean {
  for (const scope of scopes) if (!BROWSING.includes(scope)) return false;
  return true;
}

/** Callers that come from anywhere: those of one address share its limit. Servers have limits of their own only. */
export const isFromAnywhere = (rateClass: RateClass): boolean => FROM_ANYWHERE.includes(rateClass);

const FROM_ANYWHERE: readonly RateClass[] = ['anonymous', 'storefront', 'shopper', 'buyer'];
