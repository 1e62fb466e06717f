import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

export interface TokenIssuer {
  /** JWKS_URL, JWT_ISSUER and JWT_AUDIENCE of a gateway that trusts it. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** How often its keys were asked for. */
  readonly asked: () => number;
  /** A valid token with these claims; the second argument breaks it. */
  issue(claims: JWTPayload, fault?: TokenFault): Promise<string>;
  /** Makes a key of this id, and publishes these ids from now on. */
  rotate(kid: string, published: readonly string[]): Promise<void>;
  /** What it answers when it is asked for its keys; null: its keys. SILENT: nothing, ever. */
  behave(answer: { readonly status: number; readonly body: string } | 'SILENT' | null): void;
  close(): Promise<void>;
}

export interface TokenFault {
  readonly issuer?: string;
  readonly audience?: string | string[];
  readonly expiresAt?: number;
  readonly notBefore?: number;
  /** Null: the token names no key. */
  readonly kid?: string | null;
  readonly typ?: string;
  /** Signed by a key that is not published. */
  readonly foreignKey?: boolean;
}

const ISSUER = 'https://issuer.example/';
const AUDIENCE = 'commerce-graph';

/** An identity provider of our own, with its keys on a free port. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const keys = new Map<string, { readonly privateKey: CryptoKey; readonly jwk: JWK }>();
  const makeKey = async (kid: string): Promise<void> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    keys.set(kid, { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } });
  };
  await makeKey('one');
  const foreign = await generateKeyPair('ES256');
  let [published, asked, answer]: [readonly string[], number, Parameters<TokenIssuer['behave']>[0]] = [['one'], 0, null];
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host}`;
    if (request.url === '/.well-known/openid-configuration') return response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
    asked += 1;
    if (answer === 'SILENT') return undefined;
    const { status, body } = answer ?? { status: 200, body: JSON.stringify({ keys: published.map((kid) => keys.get(kid)!.jwk) }) };
    return response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { JWKS_URL: `${url}/keys`, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE },
    url,
    asked: () => asked,
    issue: (claims, { issuer = ISSUER, audience = AUDIENCE, expiresAt, notBefore, kid = 'one', typ, foreignKey = false } = {}) => {
      const token = new SignJWT({ sub: 'somebody', ...claims })
        .setProtectedHeader({ alg: 'ES256', ...(kid !== null && { kid }), ...(typ !== undefined && { typ }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(expiresAt ?? '5 minutes');
      if (notBefore !== undefined) token.setNotBefore(notBefore);
      return token.sign(foreignKey ? foreign.privateKey : (keys.get(kid ?? 'one') ?? keys.get('one')!).privateKey);
    },
    rotate: async (kid, next) => {
      await makeKey(kid);
      published = next;
    },
    behave: (next) => void (answer = next),
    close: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    }),
  };
}
