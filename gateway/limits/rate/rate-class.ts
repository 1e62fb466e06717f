import type { Scope } from '../../../domain/principal.ts';
import type { Identity } from '../../identity/door.ts';
import type { RateClass } from './rate-limits.ts';

/** What a key for browsers may do, at most: it is read out of the page by whoever likes, and all shoppers share it. */
const BROWSING: readonly Scope[] = ['catalog:read', 'availability:read', 'price:read'];

/** What kind of caller this is, by what it was proved to be and may do: never by what it says of itself. */
export function rateClassOf({ principal: { kind, scopes }, traffic }: Identity): RateClass {
  const may = (scope: Scope): boolean => scopes.includes(scope);
  const onlyBrowses = (): boolean => scopes.every((scope) => BROWSING.includes(scope));
  if (kind === 'ANONYMOUS') return 'anonymous';
  if (kind === 'DEVELOPMENT') return 'development';
  if (kind === 'BUYER') return 'buyer';
  if (kind === 'SHOPPER') return onlyBrowses() ? 'storefront' : 'shopper';
  if (may('operations')) return 'operations';
  if (kind === 'OPERATIONS') return may('access:admin') ? 'admin' : 'finance';
  if (onlyBrowses()) return 'storefront';
  if (traffic === 'checkout') return 'checkout';
  return may('checkout:write') && may('availability:exact') ? 'marketplace' : 'service';
}

/** Callers that come from anywhere: those of one address share its limit. Servers have limits of their own only. */
export const isFromAnywhere = (rateClass: RateClass): boolean => FROM_ANYWHERE.includes(rateClass);

const FROM_ANYWHERE: readonly RateClass[] = ['anonymous', 'storefront', 'shopper', 'buyer'];
