import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Odoo 19 started by the reference material's script; spoken to here without our connector. */
export interface RealOdoo {
  readonly url: string;
  readonly database: string;
  readonly apiKey: string;
  call<T>(model: string, method: string, body: object): Promise<T>;
}

/** Null, with the reason printed, where there is none; under CI=true that is an error. */
export async function findRealOdoo(): Promise<RealOdoo | null> {
  const file = join(process.env['ERP_STATE'] ?? join(tmpdir(), 'erp-state'), 'odoo', 'connection.json');
  const connection = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { url: string; database: string; apiKeys: { bot: string } }) : null;
  const alive = connection !== null && (await fetch(`${connection.url}/web/version`).then((answer) => answer.ok, () => false));
  if (!alive) {
    const reason = `no real Odoo at ${file}; start it with erp/odoo/up of the shared folder`;
    if (process.env['CI'] === 'true') throw new Error(reason);
    console.warn(`skipped: ${reason}`);
    return null;
  }
  const { url, database, apiKeys } = connection;
  return {
    url,
    database,
    apiKey: apiKeys.bot,
    call: async <T>(model: string, method: string, body: object) => {
      const response = await fetch(`${url}/json/2/${model}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `bearer ${apiKeys.bot}`, 'x-odoo-database': database },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${model}/${method}: ${response.status} ${text.slice(0, 300)}`);
      return JSON.parse(text) as T;
    },
  };
}

const LOCK_STALE_MS = 300_000;

/**
 * One test file at a time has the real Odoo to itself: some compare its stock with the seed, others move it. A lock left
 * by a killed run is taken over after five minutes.
 */
export async function lockRealOdoo(): Promise<() => void> {
  const lock = join(process.env['ERP_STATE'] ?? join(tmpdir(), 'erp-state'), 'odoo', 'test.lock');
  for (;;) {
    try {
      mkdirSync(lock);
      return () => rmSync(lock, { recursive: true, force: true });
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > LOCK_STALE_MS) rmSync(lock, { recursive: true, force: true });
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
