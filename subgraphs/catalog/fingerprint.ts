import { createHash } from 'node:crypto';

/** Equal records have equal fingerprints. `updatedAt` does not count: vendors touch it without changing anything. */
export function fingerprint(record: object): string {
  const text = JSON.stringify(record, (key, value: unknown) => (key === 'updatedAt' ? undefined : value));
  return createHash('sha1').update(text).digest('base64url');
}

const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

/** JSON that PostgreSQL stores: it has neither NUL nor half of a surrogate pair, which vendor texts sometimes carry. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!UNSTORABLE.test(text)) return text;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.replaceAll('\0', '').toWellFormed() : part));
}
