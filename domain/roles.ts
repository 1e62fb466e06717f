import type { PrincipalKind, Scope } from './principal.ts';

/** What callers are, by their business with the graph. */
export const ROLES = ['storefront', 'shopper', 'buyer', 'marketplace', 'checkout', 'service', 'finance', 'operations', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Who gives way to whom under load: browsing is shed first. */
export type TrafficClass = 'browsing' | 'checkout' | 'service' | 'operations';

/** Which operations a caller may send: any text, or trusted documents only. */
export type DocumentPolicy = 'ANY' | 'TRUSTED';

export interface RoleRights {
  /** The most that whoever has the role may do; a key may have less. */
  readonly scopes: readonly Scope[];
  readonly kind: PrincipalKind;
  readonly documents: DocumentPolicy;
  readonly traffic: TrafficClass;
}

const BROWSE = ['catalog:read', 'availability:read', 'price:read'] as const satisfies readonly Scope[];
const SHOP = [...BROWSE, 'checkout:write', 'order:read', 'order:write', 'customer:read'] as const satisfies readonly Scope[];

/** Least privilege: what the business of the role needs, and no more. Several roles add up. */
const RIGHTS: { readonly [R in Role]: RoleRights } = {
  // Its key is in every browser that opens the shop: it is nobody in particular, and sends what was registered for it.
  storefront: { scopes: BROWSE, kind: 'SHOPPER', documents: 'TRUSTED', traffic: 'browsing' },
  shopper: { scopes: SHOP, kind: 'SHOPPER', documents: 'ANY', traffic: 'browsing' },
  buyer: { scopes: SHOP, kind: 'BUYER', documents: 'ANY', traffic: 'browsing' },
  marketplace: { scopes: [...BROWSE, 'availability:exact', 'checkout:write', 'order:read', 'order:write'], kind: 'SERVICE', documents: 'ANY', traffic: 'service' },
  checkout: { scopes: [...BROWSE, 'checkout:write', 'order:read'], kind: 'SERVICE', documents: 'ANY', traffic: 'checkout' },
  service: { scopes: [...BROWSE, 'availability:exact', 'order:read', 'order:read:all', 'fulfilment:write'], kind: 'SERVICE', documents: 'ANY', traffic: 'service' },
  // Who approves a price is not who changes it: that is operations.
  finance: { scopes: ['catalog:read', 'price:read', 'price:approve', 'order:read', 'order:read:all', 'finance:read', 'customer:read', 'customer:read:all'], kind: 'OPERATIONS', documents: 'ANY', traffic: 'operations' },
  operations: {
    scopes: [...BROWSE, 'availability:exact', 'price:write', 'order:read', 'order:read:all', 'order:write', 'fulfilment:write', 'customer:read', 'customer:read:all', 'operations'],
    kind: 'OPERATIONS', documents: 'ANY', traffic: 'operations',
  },
  // Decides who may do what, and needs nothing else for it.
  admin: { scopes: ['access:admin'], kind: 'OPERATIONS', documents: 'ANY', traffic: 'operations' },
};

export const rightsOf = (role: Role): RoleRights => RIGHTS[role];

export const isRole = (text: unknown): text is Role => (ROLES as readonly unknown[]).includes(text);

/** Roles whose callers shop for themselves: nobody who says to be one acts for others. */
const PEOPLE: readonly Role[] = ['storefront', 'shopper', 'buyer'];

export interface KindFacts {
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
}

/** What kind of caller the claims of a token make. */
export function kindOf({ roles, scopes, customerNumber, companyNumber }: KindFacts): PrincipalKind {
  if (scopes.includes('operations') || roles.some((role) => RIGHTS[role].kind === 'OPERATIONS')) return 'OPERATIONS';
  if (companyNumber !== null) return 'BUYER';
  if (customerNumber !== null || (roles.length > 0 && roles.every((role) => PEOPLE.includes(role)))) return 'SHOPPER';
  return 'SERVICE';
}

const BY_KIND: { readonly [K in PrincipalKind]: TrafficClass } = { ANONYMOUS: 'browsing', SHOPPER: 'browsing', BUYER: 'browsing', SERVICE: 'service', OPERATIONS: 'operations', DEVELOPMENT: 'operations' };

/** The lane of a caller: that of its only role, else of its kind. */
export const trafficOf = (kind: PrincipalKind, roles: readonly Role[]): TrafficClass => (roles.length === 1 ? RIGHTS[roles[0]!].traffic : BY_KIND[kind]);
