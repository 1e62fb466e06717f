import type { ApiKeyRecord } from '../../../domain/access-keys.ts';
import { SCOPES, type Scope } from '../../../domain/principal.ts';
import { rightsOf, type DocumentPolicy, type Role } from '../../../domain/roles.ts';
import type { Instant } from '../../../domain/time.ts';

export interface StoredSecret {
  readonly id: string;
  readonly sha256: string;
  readonly createdAt: Instant;
  /** Null: as long as its key. */
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}

export interface StoredKey {
  readonly id: string;
  readonly prefix: string;
  readonly label: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly channel: string | null;
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  readonly documents: DocumentPolicy;
  readonly expiresAt: Instant | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly revokedAt: Instant | null;
  readonly revokedBy: string | null;
  /** Oldest first; also those that have ended. */
  readonly secrets: readonly StoredSecret[];
}

export type KeyState = 'ACTIVE' | 'EXPIRED' | 'REVOKED';

export function stateOf({ revokedAt, expiresAt }: StoredKey, now: Instant): KeyState {
  if (revokedAt !== null) return 'REVOKED';
  return expiresAt !== null && expiresAt <= now ? 'EXPIRED' : 'ACTIVE';
}

export const liveSecrets = ({ secrets }: Pick<StoredKey, 'secrets'>, now: Instant): readonly StoredSecret[] => secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);

/** A role that has lost a scope takes it from its keys; one that has gained a scope gives it to new keys only. */
const scopesInForce = ({ role, scopes }: StoredKey): readonly Scope[] => SCOPES.filter((scope) => scopes.includes(scope) && rightsOf(role).scopes.includes(scope));

/** What the gateway's door is told of a key. */
export const recordOf = (key: StoredKey, now: Instant): ApiKeyRecord => ({
  prefix: key.prefix,
  role: key.role,
  principal: {
    subject: `key:${key.prefix}`, kind: rightsOf(key.role).kind, scopes: scopesInForce(key),
    channel: key.channel, customerNumber: key.customerNumber, companyNumber: key.companyNumber,
  },
  documents: key.documents,
  expiresAt: key.expiresAt,
  secrets: liveSecrets(key, now).map(({ id, sha256, expiresAt }) => ({ id, sha256, expiresAt })),
});
