import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../../platform/clock.ts';
import { AkeneoError, unprocessable } from './answers.ts';

/** Not secret: the sandbox listens on the loopback address and holds invented data. */
const akeneoCredentials = { clientId: 'sandbox', secret: 'sandbox-secret', username: 'bot', password: 'bot-password' } as const;

const accessMs = 3600 * 1000;
const refreshMs = 14 * 24 * 3600 * 1000;

export interface Tokens {
  /** The client id the request's bearer token was given to. Throws AkeneoError 401. */
  connectionOf(request: FastifyRequest): string;
  /** Makes every token given so far useless, to rehearse re-authentication. */
  revokeAll(): void;
}

interface Grant { readonly clientId: string; readonly expiresAtMs: number }

/** Adds `POST /api/oauth/v1/token` (password and refresh_token grants) to the face. Tokens live in memory. */
export function registerTokens(app: FastifyInstance, clock: Clock): Tokens {
  const access = new Map<string, Grant>();
  const refresh = new Map<string, Grant>();
  let issued = 0;
  const mint = (kind: string): string => createHash('sha256').update(`${kind}:${(issued += 1)}:${clock.now()}`).digest('base64url');
  app.post('/api/oauth/v1/token', (request) => {
    const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    const clientId = clientOf(request, body);
    if (body['grant_type'] === 'refresh_token') spend(refresh, String(body['refresh_token']), clock.now());
    else checkPassword(body);
    const [token, again] = [mint('access'), mint('refresh')];
    access.set(token, { clientId, expiresAtMs: clock.now() + accessMs });
    refresh.set(again, { clientId, expiresAtMs: clock.now() + refreshMs });
    return { access_token: token, expires_in: accessMs / 1000, token_type: 'bearer', scope: null, refresh_token: again };
  });
  return {
    connectionOf: (request) => {
      const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
      if (bearer === undefined) throw new AkeneoError(401, 'Authentication is required');
      const grant = access.get(bearer);
      if (grant === undefined) throw new AkeneoError(401, 'The access token provided is invalid.');
      if (grant.expiresAtMs <= clock.now()) throw new AkeneoError(401, 'The access token provided has expired.');
      return grant.clientId;
    },
    revokeAll: () => {
      access.clear();
      refresh.clear();
    },
  };
}

/** By Basic header, or in the body as the OAuth library of the PIM also takes it. */
function clientOf(request: FastifyRequest, body: Readonly<Record<string, unknown>>): string {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [id, secret] = basic === undefined ? [body['client_id'], body['client_secret']] : Buffer.from(basic, 'base64').toString('utf8').split(':');
  if (id === akeneoCredentials.clientId && secret === akeneoCredentials.secret) return id;
  throw unprocessable('Parameter "client_id" is missing or does not match any client, or secret is invalid');
}

function checkPassword(body: Readonly<Record<string, unknown>>): void {
  if (body['grant_type'] !== 'password') throw unprocessable('Parameter "grant_type" is missing or invalid');
  if (body['username'] === akeneoCredentials.username && body['password'] === akeneoCredentials.password) return;
  throw unprocessable('No user found for the given username and password');
}

/** A refresh token works once. */
function spend(tokens: Map<string, Grant>, token: string, nowMs: number): void {
  const grant = tokens.get(token);
  tokens.delete(token);
  if (grant === undefined || grant.expiresAtMs <= nowMs) throw unprocessable('Refresh token is invalid or has expired');
}
