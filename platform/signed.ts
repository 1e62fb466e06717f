import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';

/**
 * Short-lived statements between processes that share a secret: "<base64url JSON>.<HMAC-SHA256>". Cheaper than a JWT
 * per subrequest, and with nothing to negotiate.
 */
export interface Signer {
  sign(payload: object): string;
  /** The payload, or null when the signature is wrong or the statement has expired. */
  verify(token: string): object | null;
}

export interface SignerOptions {
  /** At least 32 characters. */
  readonly secret: string;
  readonly ttlMs: number;
  readonly clock: Clock;
}

export function createSigner({ secret, ttlMs, clock }: SignerOptions): Signer {
  if (secret.length < 32) throw new Error('the secret shared between gateway and subgraphs needs at least 32 characters');
  const mac = (body: string): Buffer => createHmac('sha256', secret).update(body).digest();
  return {
    sign: (payload) => {
      const body = Buffer.from(JSON.stringify({ exp: clock.now() + ttlMs, payload })).toString('base64url');
      return `${body}.${mac(body).toString('base64url')}`;
    },
    verify: (token) => {
      const [body = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = mac(body);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const { exp, payload } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { exp: number; payload: object };
      return exp >= clock.now() ? payload : null;
    },
  };
}
