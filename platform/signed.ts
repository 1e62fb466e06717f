import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';

/**
 * Short-lived statements between processes that share a secret: "<base64url JSON>.<HMAC-SHA256>". Cheaper than a JWT
 * per subrequest, and with nothing to negotiate.
 */
export interface Signer {
  sign(payload: object): string;
  /** The same, or a statement of an equal payload that was signed within the last second. */
  signShared(payload: object): string;
  /** The payload, or null when the signature is wrong or the statement has expired. Shared by those who hold the same statement: never change it. */
  verify(token: string): object | null;
}

export interface SignerOptions {
  /** At least 32 characters. */
  readonly secret: string;
  readonly ttlMs: number;
  readonly clock: Clock;
}

interface Statement {
  readonly exp: number;
  readonly payload: object;
}

/** Signing and verifying cost as much as the rest of a small request; the statements of a second are few. */
const SHARED_FOR_MS = 1_000;
const MAX_SHARED = 10_000;

export function createSigner({ secret, ttlMs, clock }: SignerOptions): Signer {
  if (secret.length < 32) throw new Error('the secret shared between gateway and subgraphs needs at least 32 characters');
  const mac = (body: string): Buffer => createHmac('sha256', secret).update(body).digest();
  const signed = recent<string>(clock);
  const verified = recent<Statement>(clock);
  const sign = (payloadText: string): string => {
    const body = Buffer.from(`{"exp":${clock.now() + ttlMs},"payload":${payloadText}}`).toString('base64url');
    return `${body}.${mac(body).toString('base64url')}`;
  };
  return {
    sign: (payload) => sign(JSON.stringify(payload)),
    signShared: (payload) => {
      const text = JSON.stringify(payload);
      return signed(text, () => sign(text))!;
    },
    verify: (token) => {
      const statement = verified(token, () => readStatement(token, mac));
      return statement !== null && statement.exp >= clock.now() ? statement.payload : null;
    },
  };
}

function readStatement(token: string, mac: (body: string) => Buffer): Statement | null {
  const [body = '', signature = ''] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Statement;
}

/** What was made of a text within the last second. Null is not kept: nobody fills this with what is refused. */
function recent<Value>(clock: Clock): (text: string, make: () => Value | null) => Value | null {
  const values = new Map<string, Value>();
  let sinceMs = 0;
  return (text, make) => {
    const nowMs = clock.monotonic();
    if (nowMs - sinceMs >= SHARED_FOR_MS || values.size >= MAX_SHARED) {
      values.clear();
      sinceMs = nowMs;
    }
    const known = values.get(text);
    if (known !== undefined) return known;
    const made = make();
    if (made !== null) values.set(text, made);
    return made;
  };
}
