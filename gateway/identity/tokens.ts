import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { Failure } from '../../domain/failure.ts';
import { SCOPES, type Principal, type Scope } from '../../domain/principal.ts';
import type { Clock } from '../../platform/clock.ts';

export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer publishes its keys; fetched lazily and again when an unknown key id appears. */
  readonly jwks: string | JWTVerifyGetKey;
  readonly clock: Clock;
}

/** A signed-in caller and the moment the proof ends (epoch milliseconds). */
export interface VerifiedToken {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/**
 * Resolves the principal of a JWT, or null when it is not acceptable. Only asymmetric algorithms.
 * @throws Failure UPSTREAM_UNAVAILABLE when the issuer's keys cannot be read: nobody's token became wrong by that
 */
export type Tokens = (jwt: string) => Promise<VerifiedToken | null>;

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

export function createTokens({ issuer, audience, jwks, clock }: TokenOptions): Tokens {
  const keys = typeof jwks === 'string' ? createRemoteJWKSet(new URL(jwks)) : jwks;
  return async (jwt) => {
    try {
      const { payload } = await jwtVerify(jwt, keys, { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['sub', 'exp'], currentDate: clock.date() });
      return { principal: principalOf(payload), expiresAtMs: payload.exp! * 1000 };
    } catch (error) {
      if (!isSilence(error)) return null;
      throw new Failure('UPSTREAM_UNAVAILABLE', 'the keys of the token issuer cannot be read', { system: 'JWKS', cause: error });
    }
  };
}

/** The issuer did not answer, or not with keys; everything else is wrong with the token. */
const isSilence = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || (error as { code?: unknown }).code === 'ERR_JOSE_GENERIC' ||
  (error instanceof TypeError && error.message === 'fetch failed');

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function principalOf(payload: JWTPayload): Principal {
  const granted = new Set(String(payload['scope'] ?? '').split(' '));
  const customerNumber = text(payload['customer_number']);
  const companyNumber = text(payload['company_number']);
  const scopes: readonly Scope[] = SCOPES.filter((scope) => granted.has(scope));
  const kind = scopes.includes('operations') ? 'OPERATIONS' : companyNumber ? 'BUYER' : customerNumber ? 'SHOPPER' : 'SERVICE';
  return { subject: `jwt:${payload.sub}`, kind, scopes, channel: text(payload['channel']), customerNumber, companyNumber };
}
