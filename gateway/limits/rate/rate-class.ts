import type { Principal, Scope } from '../../../domain/principal.ts';
import type { RateClass } from './rate-limits.ts';

/** What a key for browsers may do, at most: it is read out of the page by whoever likes. */
const BROWSING: readonly Scope[] = ['catalog:read', 'availability:read', 'price:read'];

/** What kind of caller this is, by what it may do: never by what it says of itself. */
export function rateClassOf({ kind, scopes }: Principal): RateClass {
  if (kind === 'ANONYMOUS') return 'anonymous';
  if (kind === 'DEVELOPMENT') return 'development';
  if (kind === 'SHOPPER') return 'shopper';
  if (kind === 'BUYER') return 'buyer';
  if (scopes.includes('access:admin')) return 'admin';
  if (kind === 'OPERATIONS' || scopes.includes('operations')) return 'operations';
  if (scopes.includes('checkout:write')) return 'checkout';
  if (scopes.includes('finance:read')) return 'finance';
  return scopes.every((scope) => BROWSING.includes(scope)) ? 'storefront' : 'service';
}

/** Callers that come from anywhere: those of one address share its limit. Servers have limits of their own only. */
export const isFromAnywhere = (rateClass: RateClass): boolean => FROM_ANYWHERE.includes(rateClass);

const FROM_ANYWHERE: readonly RateClass[] = ['anonymous', 'storefront', 'shopper', 'buyer'];
