import type { JWTPayload } from 'jose';
import { SCOPES, type Principal } from '../../domain/principal.ts';
import { isRole, kindOf, rightsOf, trafficOf, type Role } from '../../domain/roles.ts';
import type { Identity } from './identity.ts';

export interface ClaimOptions {
  /** Claim that names roles; a path where dots separate names, e.g. realm_access.roles. */
  readonly rolesClaim: string;
  /** Roles whose callers send trusted documents only. */
  readonly trustedOnly: readonly Role[];
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A list of words: as JSON, or separated by spaces. */
const words = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];

/** A claim whose own name has dots, as URLs have, goes before a path. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path.split('.').reduce<unknown>((value, name) => (typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined), payload);
}

/** Who the claims of a verified token say its bearer is. Roles and scopes add up; those we do not know are nothing. */
export function identityOf(payload: JWTPayload, expiresAtMs: number, { rolesClaim, trustedOnly }: ClaimOptions): Identity {
  const roles = words(claimAt(payload, rolesClaim)).filter(isRole);
  const granted = new Set<string>([...words(payload['scope']), ...words(payload['scp']), ...roles.flatMap((role) => rightsOf(role).scopes)]);
  const scopes = SCOPES.filter((scope) => granted.has(scope));
  const numbers = { customerNumber: text(payload['customer_number']), companyNumber: text(payload['company_number']) };
  const principal: Principal = { subject: `jwt:${payload.sub}`, kind: kindOf({ roles, scopes, ...numbers }), scopes, channel: text(payload['channel']), ...numbers };
  const documents = roles.length > 0 && roles.every((role) => trustedOnly.includes(role)) ? 'TRUSTED' : 'ANY';
  return { principal, expiresAtMs, documents, traffic: trafficOf(principal.kind, roles) };
}
