import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { SCOPES, type Principal, type Scope } from '../../domain/principal.ts';

export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer publishes its keys; fetched lazily and again when an unknown key id appears. */
  readonly jwks: string | JWTVerifyGetKey;
}

/** A signed-in caller and the moment the proof ends (epoch milliseconds). */
export interface VerifiedToken {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/** Resolves the principal of a JWT, or null when it is not acceptable. Only asymmetric algorithms. */
export type Tokens = (jwt: string) => Promise<VerifiedToken | null>;

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export function createTokens({ issuer, audience, jwks }: TokenOptions): Tokens {
  const keys = typeof jwks === 'string' ? createRemoteJWKSet(new URL(jwks)) : jwks;
  return async (jwt) => {
    try {
      const { payload } = await jwtVerify(jwt, keys, { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['sub', 'exp'] });
      return { principal: principalOf(payload), expiresAtMs: payload.exp! * 1000 };
    } catch {
      return null;
    }
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function principalOf(payload: JWTPayload): Principal {
  const granted = new Set(String(payload['scope'] ?? '').split(' '));
  const customerNumber = text(payload['customer_number']);
  const companyNumber = text(payload['company_number']);
  const scopes: readonly Scope[] = SCOPES.filter((scope) => granted.has(scope));
  const kind = scopes.includes('operations') ? 'OPERATIONS' : companyNumber ? 'BUYER' : customerNumber ? 'SHOPPER' : 'SERVICE';
  return { subject: `jwt:${payload.sub}`, kind, scopes, channel: text(payload['channel']), customerNumber, companyNumber };
}
