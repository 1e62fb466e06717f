import type { CustomerClient } from '../../domain/clients.ts';
import { ANONYMOUS } from '../../domain/principal.ts';
import { isRole, ROLES, type Role } from '../../domain/roles.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import { followAccessChanges } from './access-changes.ts';
import { loadApiKeys, type ApiKeys } from './api-keys.ts';
import { createDoor, DEVELOPMENT, type Door } from './door.ts';
import type { AccessChanges } from './identity.ts';
import { discoverKeys } from './issuer-document.ts';
import { createStoredKeys } from './stored-keys.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** Where API keys are that were made in the graph. */
export interface KeyStore {
  readonly customer: Pick<CustomerClient, 'findApiKeys' | 'noteApiKeyUses'>;
  readonly eventLog: EventLog;
  readonly log: Log;
}

export interface OpenDoor {
  readonly door: Door;
  /** True when callers without credentials are let in as the development principal, so that the start can announce it. */
  readonly development: boolean;
  readonly changes: AccessChanges;
  close(): Promise<void>;
}

/**
 * The door as configured. Only an embedded gateway on a loopback address without any credentials configured lets callers
 * in as the development principal.
 * @param store null: a graph of somebody else's, which keeps no keys
 */
export function openDoor(config: Config, clock: Clock, store: KeyStore | null = null): OpenDoor {
  const tokens = openTokens(config, clock);
  const ofFile = config.API_KEYS_FILE ? loadApiKeys(config.API_KEYS_FILE, clock) : null;
  const stored = store && openStore(store, clock);
  const apiKeys: ApiKeys = (key) => ofFile?.(key) ?? stored?.keys.identify(key) ?? null;
  const development = config.HOSTING === 'embedded' && !tokens && !ofFile && isLoopback(config.HOST);
  return {
    door: createDoor({ tokens, apiKeys, withoutCredentials: development ? DEVELOPMENT : ANONYMOUS }),
    development,
    changes: stored?.changes ?? { onChanged: () => () => undefined },
    close: async () => {
      stored?.changes.close();
      await stored?.keys.close();
    },
  };
}

function openTokens(config: Config, clock: Clock): Tokens | null {
  const { JWKS_URL, OIDC_ISSUER_URL, JWT_ISSUER = OIDC_ISSUER_URL, JWT_AUDIENCE } = config;
  const jwks = JWKS_URL ?? (OIDC_ISSUER_URL && discoverKeys(OIDC_ISSUER_URL));
  if (!jwks) return null;
  return createTokens({
    issuer: JWT_ISSUER!, audience: JWT_AUDIENCE!, jwks, clients: config.JWT_CLIENTS, clockSkewMs: config.JWT_CLOCK_SKEW_MS,
    rolesClaim: config.JWT_ROLES_CLAIM, trustedOnly: config.JWT_TRUSTED_ONLY_ROLES.map(readRole), clock,
  });
}

/** @throws Error at start */
function readRole(text: string): Role {
  if (isRole(text)) return text;
  throw new Error(`JWT_TRUSTED_ONLY_ROLES: there is no role ${JSON.stringify(text)}; there are ${ROLES.join(', ')}`);
}

function openStore({ customer, eventLog, log }: KeyStore, clock: Clock) {
  const keys = createStoredKeys({ customer, clock, log });
  return { keys, changes: followAccessChanges({ eventLog, keys, log }) };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
