import { ANONYMOUS } from '../../domain/principal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { loadApiKeys } from './api-keys.ts';
import { createDoor, DEVELOPMENT, type Door } from './door.ts';
import { createTokens } from './tokens.ts';

/**
 * The door as configured. Only an embedded gateway on a loopback address without any credentials configured lets
 * callers in as the development principal; `development` tells that it does, so that the start can announce it.
 */
export function openDoor(config: Config, clock: Clock): { readonly door: Door; readonly development: boolean } {
  const { JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, API_KEYS_FILE } = config;
  const tokens = JWKS_URL ? createTokens({ issuer: JWT_ISSUER!, audience: JWT_AUDIENCE!, jwks: JWKS_URL, clock }) : null;
  const apiKeys = API_KEYS_FILE ? loadApiKeys(API_KEYS_FILE, clock) : null;
  const development = config.HOSTING === 'embedded' && !tokens && !apiKeys && isLoopback(config.HOST);
  return { door: createDoor({ tokens, apiKeys, withoutCredentials: development ? DEVELOPMENT : ANONYMOUS }), development };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
