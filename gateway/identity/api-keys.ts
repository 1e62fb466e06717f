import { z } from 'zod';
import { SCOPES, type PrincipalKind, type Scope } from '../../domain/principal.ts';
import { rightsOf, ROLES, trafficOf } from '../../domain/roles.ts';
import { readJsonFile } from '../../platform/config.ts';
import type { Clock } from '../../platform/clock.ts';
import type { KeyIdentity } from './identity.ts';
import { digestOf, openingFor, type Opening } from './key-match.ts';

const keySchema = z.strictObject({
  /** First characters of the key, up to its dot: finds the entry without searching. */
  prefix: z.string().min(4).max(32),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the key\'s SHA-256 in lower-case hex; make one with: npm run key'),
  /** Gives the scopes, the kind and the documents that are not said here. */
  role: z.enum(ROLES).optional(),
  kind: z.enum(['SERVICE', 'OPERATIONS', 'SHOPPER', 'BUYER']).optional(),
  scopes: z.array(z.enum(SCOPES)).optional(),
  documents: z.enum(['ANY', 'TRUSTED']).optional(),
  channel: z.string().nullable().default(null),
  customerNumber: z.string().nullable().default(null),
  companyNumber: z.string().nullable().default(null),
  expiresAt: z.iso.datetime().optional(),
}).check(({ value: { role, scopes }, issues }) => {
  if (role === undefined && scopes === undefined) issues.push({ code: 'custom', path: ['role'], input: role, message: 'name a role, or scopes' });
  const most: readonly Scope[] = role ? rightsOf(role).scopes : SCOPES;
  for (const scope of scopes ?? []) if (!most.includes(scope)) issues.push({ code: 'custom', path: ['scopes'], input: scope, message: `the role ${role} does not have ${scope}` });
});

/** Who sends a key; null: nobody it opens for. @throws Failure UPSTREAM_UNAVAILABLE where nobody can say now */
export type ApiKeys = (key: string) => KeyIdentity | null | Promise<KeyIdentity | null>;

/**
 * Reads hashed API keys from a JSON array. Several entries may carry one prefix: two live keys make a rotation.
 * @throws Error naming the file, the entry and the field.
 */
export function loadApiKeys(path: string, clock: Clock): (key: string) => KeyIdentity | null {
  const parsed = z.array(keySchema).safeParse(readJsonFile(path));
  if (!parsed.success) throw new Error(`${path}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const openings = Map.groupBy(parsed.data.map(openingOf), ({ of }) => of.principal.subject);
  return (key) => {
    const found = openings.get(`key:${key.slice(0, key.indexOf('.'))}`);
    return found ? (openingFor(found, digestOf(key), clock.now())?.of ?? null) : null;
  };
}

function openingOf({ prefix, sha256, role: given, kind, scopes, documents, channel, customerNumber, companyNumber, expiresAt }: z.infer<typeof keySchema>): Opening<KeyIdentity> {
  const role = given ?? null;
  const rights = role === null ? null : rightsOf(role);
  const ownKind: PrincipalKind = kind ?? rights?.kind ?? 'SERVICE';
  const endsAtMs = expiresAt ? Date.parse(expiresAt) : null;
  return {
    hash: Buffer.from(sha256, 'hex'), endsAtMs,
    of: {
      principal: { subject: `key:${prefix}`, kind: ownKind, scopes: scopes ?? rights!.scopes, channel, customerNumber, companyNumber },
      expiresAtMs: endsAtMs, documents: documents ?? rights?.documents ?? 'ANY', role, traffic: trafficOf(ownKind, role === null ? [] : [role]),
    },
  };
}
