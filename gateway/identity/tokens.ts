import { createHash } from 'node:crypto';
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Identity } from './identity.ts';
import { createKeySet } from './jwks.ts';
import { identityOf, type ClaimOptions } from './token-claims.ts';

export interface TokenOptions extends Partial<ClaimOptions> {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer publishes its keys, by URL or found out; or the keys. */
  readonly jwks: string | (() => Promise<string>) | { readonly keys: JWTVerifyGetKey };
  /** `azp` or `client_id` of the applications whose tokens are taken; none: of any. */
  readonly clients?: readonly string[];
  /** By how much the issuer's clock may differ from ours. */
  readonly clockSkewMs?: number;
  readonly clock: Clock;
}

/**
 * Resolves the identity of a JWT, or null when it is not acceptable. Only asymmetric algorithms. A token that was verified
 * is believed for a minute, or until it ends.
 * @throws Failure UPSTREAM_UNAVAILABLE when the issuer's keys cannot be read: nobody's token became wrong by that
 */
export type Tokens = (jwt: string) => Promise<Identity | null>;

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
/** What an access token may call itself (RFC 9068); a logout token or a proof of possession is signed by the same keys. */
const TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']);
const MAX_LENGTH = 8_192;
const VERIFIED_FOR_MS = 60_000;
const MAX_VERIFIED = 10_000;

interface Verified {
  readonly identity: Identity;
  readonly untilMs: number;
}

export function createTokens(options: TokenOptions): Tokens {
  const { clock } = options;
  const verify = createVerifier(options);
  const verified = new LRUCache<string, Verified>({ max: MAX_VERIFIED });
  return async (jwt) => {
    if (jwt.length > MAX_LENGTH) return null;
    const digest = createHash('sha256').update(jwt).digest('base64');
    const known = verified.get(digest);
    if (known && clock.monotonic() < known.untilMs && clock.now() < known.identity.expiresAtMs!) return known.identity;
    const identity = await verify(jwt);
    if (identity) verified.set(digest, { identity, untilMs: clock.monotonic() + VERIFIED_FOR_MS });
    else verified.delete(digest);
    return identity;
  };
}

function createVerifier(options: TokenOptions): Tokens {
  const { issuer, audience, jwks, clients = [], clockSkewMs = 0, rolesClaim = 'roles', trustedOnly = [], clock } = options;
  const keys = keysOf(jwks, clock);
  return async (jwt) => {
    try {
      const { payload, protectedHeader } = await jwtVerify(jwt, keys, {
        issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['sub', 'exp'], currentDate: clock.date(), clockTolerance: clockSkewMs / 1_000,
      });
      if (!TYPES.has(protectedHeader.typ?.toLowerCase()) || !isOfClient(payload, clients)) return null;
      return identityOf(payload, payload.exp! * 1_000 + clockSkewMs, { rolesClaim, trustedOnly });
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      if (error instanceof Failure) throw error;
      throw new Failure('UPSTREAM_UNAVAILABLE', 'the token issuer publishes a key that cannot be used', { system: 'JWKS', cause: error });
    }
  };
}

const keysOf = (jwks: TokenOptions['jwks'], clock: Clock): JWTVerifyGetKey => {
  if (typeof jwks === 'object') return jwks.keys;
  return createKeySet({ locate: typeof jwks === 'string' ? () => Promise.resolve(jwks) : jwks, clock });
};

/** A token for several audiences is one application's all the same: where it says whose, that must be one we know. */
const isOfClient = (payload: Readonly<Record<string, unknown>>, clients: readonly string[]): boolean =>
  clients.length === 0 || clients.includes(String(payload['azp'] ?? payload['client_id'] ?? ''));
