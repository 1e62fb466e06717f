import { Failure } from '../../domain/failure.ts';
import { ANONYMOUS, SCOPES, type Principal } from '../../domain/principal.ts';
import type { ApiKeys } from './api-keys.ts';
import { combine } from './combined.ts';
import type { Identity } from './identity.ts';
import type { Tokens } from './tokens.ts';

export type { AccessChanges, Identity } from './identity.ts';

export interface Credentials {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
  /** Where they come from, for whoever limits wrong ones. */
  readonly address?: string;
}

/** Everybody who enters, enters here. @throws Failure UNAUTHENTICATED for credentials that are given and wrong, FORBIDDEN for a key and a token that contradict each other, UPSTREAM_UNAVAILABLE when they cannot be verified now. */
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
  const readToken = async (authorization: string): Promise<Identity> => {
    const jwt = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    const verified = jwt && tokens ? await tokens(jwt) : null;
    if (!verified) throw new Failure('UNAUTHENTICATED', 'the bearer token is not valid here: wrong issuer, audience, signature or expired');
    return verified;
  };
  const readKey = async (key: string): Promise<Identity> => {
    const identity = apiKeys ? await apiKeys(key) : null;
    if (!identity) throw new Failure('UNAUTHENTICATED', 'the API key is unknown, revoked or expired');
    return identity;
  };
  const stranger: Identity = { principal: withoutCredentials, expiresAtMs: null };
  return async ({ authorization, apiKey }) => {
    if (!authorization) return apiKey ? readKey(apiKey) : stranger;
    const token = await readToken(authorization);
    return apiKey ? combine(await readKey(apiKey), token) : token;
  };
}
