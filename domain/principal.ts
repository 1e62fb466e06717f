/** What a caller may do. Least privilege: a storefront needs the first three, nobody needs all. */
export const SCOPES = [
  'catalog:read',
  'availability:read',
  /** Exact quantities; without it quantities are capped. */
  'availability:exact',
  'price:read',
  /** Promotions and minimum advertised prices. */
  'price:write',
  /** Changes of prices that were parked for a person to look at. */
  'price:approve',
  'checkout:write',
  'order:read',
  /** Orders of every customer, not only one's own. */
  'order:read:all',
  /** Amend and cancel orders one may see, and ask for their return. */
  'order:write',
  /** Carriers' news of parcels. */
  'fulfilment:write',
  /** Margins and what goods cost. */
  'finance:read',
  'customer:read',
  'customer:read:all',
  'operations',
  /** Make, rotate and revoke API keys: whoever holds it decides what every other caller may do. */
  'access:admin',
] as const;

export type Scope = (typeof SCOPES)[number];

export type PrincipalKind = 'ANONYMOUS' | 'DEVELOPMENT' | 'SHOPPER' | 'BUYER' | 'SERVICE' | 'OPERATIONS';

/** Who asks. Built at the gateway's door, forwarded signed, checked again in every subgraph. */
export interface Principal {
  /** Stable id: token subject or API key id. */
  readonly subject: string;
  readonly kind: PrincipalKind;
  readonly scopes: readonly Scope[];
  /** Sales channel the caller is bound to; null = may name one. */
  readonly channel: string | null;
  /** ERP customer number of the shopper or buyer, where known. */
  readonly customerNumber: string | null;
  /** ERP customer number of the company the buyer acts for. */
  readonly companyNumber: string | null;
}

export const ANONYMOUS: Principal = {
  subject: 'anonymous',
  kind: 'ANONYMOUS',
  scopes: [],
  channel: null,
  customerNumber: null,
  companyNumber: null,
};

export const hasScope = (principal: Principal, scope: Scope): boolean => principal.scopes.includes(scope);

/** True when one of the alternatives is held whole: the meaning of `@requiresScopes(scopes: [[...], [...]])`. */
export const satisfiesScopes = (principal: Principal, alternatives: readonly (readonly string[])[]): boolean =>
  alternatives.some((all) => all.every((scope) => (principal.scopes as readonly string[]).includes(scope)));

/** Who a cached or grouped answer may be shared with: equal audiences see equal answers. */
export function audienceOf(principal: Principal): string {
  const { kind, channel, customerNumber, companyNumber, scopes } = principal;
  return [kind, channel ?? '', customerNumber ?? '', companyNumber ?? '', [...scopes].sort().join(' ')].join('|');
}
