import { Failure } from '../../domain/failure.ts';
import { ANONYMOUS, SCOPES, type Principal } from '../../domain/principal.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Tokens } from './tokens.ts';

export interface Credentials {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
}

export interface Identity {
  readonly principal: Principal;
  /** When the proof ends, epoch milliseconds; null = never within a connection. */
  readonly expiresAtMs: number | null;
  /** Which operations it may send: any text, or trusted documents only. Absent: any. */
  readonly documents?: 'ANY' | 'TRUSTED';
}

/** Everybody who enters, enters here. @throws Failure UNAUTHENTICATED for credentials that are given and wrong, UPSTREAM_UNAVAILABLE when they cannot be verified now. */
export type Door = (credentials: Credentials) => Promise<Identity>;

export interface DoorOptions {
  readonly tokens: Tokens | null;
  readonly apiKeys: ApiKeys | null;
  /** Who a caller without credentials is: the development principal in embedded hosting, else nobody. */
  readonly withoutCredentials: Principal;
}

/** May do everything, on the machine it runs on. Announced at start, never available in services hosting. */
export const DEVELOPMENT: Principal = {
  subject: 'development',
  kind: 'DEVELOPMENT',
  scopes: SCOPES,
  channel: null,
  customerNumber: null,
  companyNumber: null,
};

export function createDoor({ tokens, apiKeys, withoutCredentials = ANONYMOUS }: DoorOptions): Door {
  return async ({ authorization, apiKey }) => {
    if (authorization) {
      const jwt = /^Bearer (\S+)$/i.exec(authorization)?.[1];
      const verified = jwt && tokens ? await tokens(jwt) : null;
      if (!verified) throw new Failure('UNAUTHENTICATED', 'the bearer token is not valid here: wrong issuer, audience, signature or expired');
      return verified;
    }
    if (apiKey) {
      const identity = apiKeys?.(apiKey) ?? null;
      if (!identity) throw new Failure('UNAUTHENTICATED', 'the API key is unknown or expired');
      return identity;
    }
    return { principal: withoutCredentials, expiresAtMs: null };
  };
}
