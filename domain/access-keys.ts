import type { Principal } from './principal.ts';
import type { DocumentPolicy, Role } from './roles.ts';
import type { Instant } from './time.ts';

/** One of the at most two secrets of a key: the second is there while the first is being replaced. */
export interface ApiKeySecretRecord {
  readonly id: string;
  /** SHA-256 of the whole key, lower-case hex. The key itself is nowhere. */
  readonly sha256: string;
  /** Null: as long as the key. */
  readonly expiresAt: Instant | null;
}

/** What the gateway's door needs of a key that was not revoked. */
export interface ApiKeyRecord {
  readonly prefix: string;
  readonly role: Role;
  /** Who its bearer is; the subject stays the same when the key is rotated. */
  readonly principal: Principal;
  readonly documents: DocumentPolicy;
  readonly expiresAt: Instant | null;
  readonly secrets: readonly ApiKeySecretRecord[];
}

export interface ApiKeyUse {
  readonly secretId: string;
  readonly at: Instant;
}

/** The form of a key: a public prefix, a dot, and what only its bearer knows. */
export const API_KEY = /^([A-Za-z0-9][A-Za-z0-9_-]{3,31})\.[\w-]{20,128}$/;
