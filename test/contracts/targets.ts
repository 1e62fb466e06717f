import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSources } from '../../connectors/open-sources.ts';
import { sandboxConnections } from '../../connectors/sandbox-connections.ts';
import { loadSources, type SourcesConfig } from '../../connectors/sources.ts';
import type { CallContext, Connector, List, PageRequest } from '../../domain/connector.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { sampleSeed } from '../../sandbox/seeds/sample.ts';
import { erpSeedFromShared } from '../../sandbox/seeds/shared-seed.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { lockRealOdoo } from '../support/real-odoo.ts';
import { readSeed } from './seed-oracle.ts';

/** One system a port's suite runs against. Suites skip by port and capability, never by this name. */
export interface Target {
  readonly name: string;
  readonly connector: Connector;
  /** The same system with the rights of somebody who books; the connector itself where its user may. */
  readonly bookkeeper: Connector;
  /** The day the seed's relative days count from; null where the system holds something else than the shared seed. */
  readonly seededOn: string | null;
  /** Steers what goes wrong; null where the system is real. */
  readonly sandbox: Sandbox | null;
  /** Somebody who works in the system itself, by its own words; null where the suites know no such words. */
  readonly desk: Desk | null;
}

/** One call of Odoo's /json/2 with the rights of an administrator. @throws Error with what was answered. */
export type Desk = <T>(model: string, method: string, body: object) => Promise<T>;

const deskAt = (url: string, database: string, key: string): Desk => async <T>(model: string, method: string, body: object) => {
  const answer = await fetch(`${url}/json/2/${model}/${method}`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `bearer ${key}`, 'x-odoo-database': database }, body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${model}/${method}: ${answer.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
};

const PROTOCOLS = ['json2', 'jsonrpc'] as const;
const teardown: (() => Promise<void>)[] = [];

/** Everything that is there. What is not is said once; under CI=true it fails. */
export async function openTargets(): Promise<readonly Target[]> {
  const targets = [...(await openRealOdoo()), ...(await openSandboxes())];
  afterAll(async () => {
    for (const stop of teardown.splice(0).reverse()) await stop();
  });
  return targets;
}

interface OdooConnection {
  readonly url: string;
  readonly database: string;
  readonly seededOn: string;
  readonly apiKeys: { readonly bot: string; readonly admin: string };
}

async function openRealOdoo(): Promise<Target[]> {
  const file = join(process.env['ERP_STATE'] ?? join(tmpdir(), 'erp-state'), 'odoo', 'connection.json');
  if (!existsSync(file)) return absent('a real Odoo', `no ${file}; start it with erp/odoo/up of the shared folder`);
  const { url, database, seededOn, apiKeys } = JSON.parse(readFileSync(file, 'utf8')) as OdooConnection;
  const alive = await fetch(`${url}/web/version`).then((answer) => answer.ok, () => false);
  if (!alive || readSeed() === null) return absent('a real Odoo', `${url} does not answer, or its seed.json is missing`);
  const unlock = await lockRealOdoo();
  teardown.push(async () => unlock());
  const settings = { vendor: 'odoo', url, database, quarantineLocation: 'Quarantine' };
  return Promise.all(PROTOCOLS.map(async (protocol) => ({
    name: `Odoo over ${protocol}`,
    connector: await connect({ erp: { ...settings, protocol, login: 'bot', apiKey: apiKeys.bot } }),
    bookkeeper: await connect({ erp: { ...settings, protocol, login: 'admin', apiKey: apiKeys.admin } }),
    seededOn,
    sandbox: null,
    desk: deskAt(url, database, apiKeys.admin),
  })));
}

async function openSandboxes(): Promise<Target[]> {
  const shared = readSeed();
  const erp = shared === null ? sampleSeed().erp : erpSeedFromShared(shared);
  if (shared === null) absent('the shared seed', 'set SHARED_DIR to the folder that holds erp/seed.json');
  const seededOn = shared === null ? null : new Date().toISOString().slice(0, 10);
  const targets = await Promise.all(PROTOCOLS.map(async (protocol) => {
    const sandbox = await startOne({ erp, pim: sampleSeed().pim });
    const settings = sandboxConnections(sandbox.url).connections;
    const connector = await connect({ erp: { ...settings['erp'], vendor: 'odoo', protocol } });
    return { name: `sandbox Odoo over ${protocol}`, connector, bookkeeper: connector, seededOn, sandbox, desk: deskAt(sandbox.url, 'sandbox', 'sandbox-api-key') };
  }));
  const sandbox = await startOne(sampleSeed());
  const sources = await openSources({ config: { secret: () => undefined }, clock: systemClock, log: silentLog, sandboxUrl: sandbox.url });
  teardown.push(() => sources.close());
  const pim = sources.connectors.get('pim') as Connector;
  return [...targets, { name: 'sandbox Akeneo', connector: pim, bookkeeper: pim, seededOn: null, sandbox, desk: null }];
}

async function startOne(seed: Parameters<typeof startSandbox>[0]['seed']): Promise<Sandbox> {
  const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: null, log: silentLog, clock: systemClock, seed });
  teardown.push(() => sandbox.close());
  return sandbox;
}

async function connect(connections: SourcesConfig['connections']): Promise<Connector> {
  const sources = await loadSources({ connections }, { log: silentLog, clock: systemClock, secrets: () => undefined });
  teardown.push(() => sources.close());
  return [...sources.connectors.values()][0] as Connector;
}

function absent(what: string, reason: string): [] {
  if (process.env['CI'] === 'true') describe(what, () => it('is there', () => expect.fail(reason)));
  else console.warn(`skipped: ${what}: ${reason}`);
  return [];
}

export const call = (): CallContext => ({ signal: new AbortController().signal, deadlineAtMs: Date.now() + 30_000 });
export const firstPage: PageRequest = { cursor: null, since: null, limit: 500 };

/** A whole pass, page by page; fails on a rejected row and on a pass that does not end. */
export async function readPass<T>(list: List<T>, limit = 500, since: PageRequest['since'] = null): Promise<T[]> {
  const records: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 500; pages += 1) {
    const page = await list({ cursor, since, limit }, call());
    expect(page.rejected).toEqual([]);
    records.push(...page.records);
    if (page.next === null) return records;
    cursor = page.next;
  }
  return expect.fail('the pass does not end');
}
