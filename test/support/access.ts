import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCOPES, type Scope } from '../../domain/principal.ts';
import type { HostingName } from './deployment.ts';

const KEY = 'story.a-key-of-the-stories-that-opens-nothing-else';

const entry = (key: string, scopes: readonly Scope[], kind = 'SERVICE') => ({
  prefix: key.split('.')[0], sha256: createHash('sha256').update(key).digest('hex'), kind, scopes,
});

/** Embedded hosting lets the development principal in; services hosting needs a key. */
export const access = (hosting: HostingName): Record<string, string> => (hosting === 'embedded' ? {} : accessOf({ [KEY]: SCOPES }));

/** Keys and what each may do, in either hosting. A key is "prefix.rest". */
export function accessOf(keys: Readonly<Record<string, readonly Scope[]>>): Record<string, string> {
  const file = join(mkdtempSync(join(tmpdir(), 'ucg-keys-')), 'keys.json');
  writeFileSync(file, JSON.stringify(Object.entries(keys).map(([key, scopes]) => entry(key, scopes))));
  return { API_KEYS_FILE: file };
}

export const credentials = (hosting: HostingName): Record<string, string> => (hosting === 'embedded' ? {} : { 'x-api-key': KEY });
