import { createHash, randomBytes, randomUUID } from 'node:crypto';

export interface NewSecret {
  readonly id: string;
  /** The whole key: shown once, kept nowhere. */
  readonly key: string;
  readonly sha256: string;
}

const PREFIX_BYTES = 10;
const SECRET_BYTES = 32;

/** Chosen here, never by a caller: it is the subject under which its bearer owns orders. */
export const newPrefix = (): string => `ucg_${randomBytes(PREFIX_BYTES).toString('hex')}`;

/** 256 random bits need no slow hash: nobody guesses them, with or without it. */
export function newSecret(prefix: string): NewSecret {
  const key = `${prefix}.${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id: randomUUID(), key, sha256: createHash('sha256').update(key).digest('hex') };
}
