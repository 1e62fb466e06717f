import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export interface TokenIssuer {
  /** JWKS_URL, JWT_ISSUER and JWT_AUDIENCE of a gateway that trusts it. */
  readonly env: Readonly<Record<string, string>>;
  /** A valid token with these claims; the second argument breaks it. */
  issue(claims: JWTPayload, fault?: TokenFault): Promise<string>;
  close(): Promise<void>;
}

export interface TokenFault {
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: number;
  readonly kid?: string;
  /** Signed by a key that is not published. */
  readonly foreignKey?: boolean;
}

const ISSUER = 'https://issuer.example/';
const AUDIENCE = 'commerce-graph';

/** An identity provider of our own, with its keys on a free port. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const [{ privateKey, publicKey }, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] });
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(keys));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    env: { JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE },
    issue: (claims, { issuer = ISSUER, audience = AUDIENCE, expiresAt, kid = 'one', foreignKey = false } = {}) =>
      new SignJWT({ sub: 'somebody', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(expiresAt ?? '5 minutes')
        .sign(foreignKey ? foreign.privateKey : privateKey),
    close: () => new Promise((done) => server.close(() => done())),
  };
}
