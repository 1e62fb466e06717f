import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../platform/clock.ts';
import { readIssuerDocument } from './issuer-document.ts';

export interface KeySetOptions {
  /** Where the issuer publishes its keys. */
  readonly locate: () => Promise<string>;
  readonly clock: Clock;
}

/** Read anew after this; a token meanwhile is verified by what is known. */
const FRESH_MS = 60_000;
/** Keys older than this are not used before the issuer was asked again: nobody may have called for hours. */
const WAIT_AFTER_MS = 120_000;
/** How long keys outlive an issuer that is away. */
const GRACE_MS = 24 * 3_600_000;
/** Whoever makes up key ids makes us ask this often, not more. */
const COOLDOWN_MS = 5_000;

interface Held {
  readonly select: JWTVerifyGetKey;
  readonly readAtMs: number;
}

/**
 * The issuer's keys, kept: an unknown key id makes it ask again, and an issuer that is down, slow or talks nonsense leaves
 * the keys it had. The answer rejects with Failure UPSTREAM_UNAVAILABLE where nobody can say whether a key is good.
 */
export function createKeySet(options: KeySetOptions): JWTVerifyGetKey {
  const { clock } = options;
  let held: Held | null = null;
  let failure: Failure | null = null;
  let askedAtMs = -Infinity;
  let asking: Promise<void> | null = null;

  const ask = (): Promise<void> => {
    askedAtMs = clock.monotonic();
    asking ??= readKeys(options)
      .then((keys) => {
        [held, failure] = [{ select: createLocalJWKSet(keys), readAtMs: clock.monotonic() }, null];
      })
      .catch((cause: unknown) => {
        failure = new Failure('UPSTREAM_UNAVAILABLE', 'the keys of the token issuer cannot be read', { system: 'JWKS', cause });
      })
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  const mayAsk = (): boolean => asking !== null || clock.monotonic() - askedAtMs >= COOLDOWN_MS;
  const ageMs = (): number => (held === null ? Infinity : clock.monotonic() - held.readAtMs);
  const select: JWTVerifyGetKey = async (header, token) => {
    if (held === null || ageMs() > GRACE_MS) throw failure ?? new Failure('UPSTREAM_UNAVAILABLE', 'the keys of the token issuer cannot be read', { system: 'JWKS' });
    return held.select(header, token);
  };
  return async (header, token) => {
    if (ageMs() > FRESH_MS && mayAsk()) {
      const asked = ask();
      if (ageMs() > WAIT_AFTER_MS) await asked;
    }
    try {
      return await select(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (mayAsk()) await ask();
      // While its issuer cannot be asked, a key that is not known may be a new one.
      if (failure !== null) throw failure;
      return select(header, token);
    }
  };
}

const SIGNING = new Set(['RSA', 'EC', 'OKP']);

/** @throws when the answer holds no key that a signature could be verified with */
async function readKeys({ locate }: KeySetOptions): Promise<JSONWebKeySet> {
  const { keys } = (await readIssuerDocument(await locate())) as { keys?: unknown };
  const usable = (Array.isArray(keys) ? keys : []).filter((key: unknown) => {
    const { kty, use } = (key ?? {}) as { kty?: unknown; use?: unknown };
    return SIGNING.has(kty as string) && (use === undefined || use === 'sig');
  });
  if (usable.length === 0) throw new Error('the answer holds no key to verify with');
  return { keys: usable as JSONWebKeySet['keys'] };
}
