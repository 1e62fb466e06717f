import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSources } from '../../connectors/open-sources.ts';
import { SCOPES, type Principal } from '../../domain/principal.ts';
import { readSupergraph } from '../../gateway/gateway.ts';
import { openEmbedded } from '../../gateway/hosting/embedded.ts';
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts';
import { createGraph, type Graph } from '../../gateway/graph/graph.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { keepTelemetryHome, readConfig } from '../../platform/config.ts';
import { startJobs } from '../../platform/jobs.ts';
import { silentLog as log } from '../../platform/log.ts';
import { openDatabase, openShared } from '../../platform/stores/open.ts';
import { createTeardown } from '../../platform/teardown.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { sampleSeed } from '../../sandbox/seeds/sample.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { createTestDatabase } from '../support/database.ts';

export interface House {
  readonly server: Graph;
  /** The scope of a new request by a caller with every scope. */
  createScope(): RequestScope;
}

const PRINCIPAL: Principal = { subject: 'bench', kind: 'SERVICE', scopes: SCOPES, channel: null, customerNumber: null, companyNumber: null };
const REQUEST_DEADLINE_MS = 10_000;

/** The whole house but its HTTP door, in this process: five subgraphs on PostgreSQL and the sandbox, sample data. */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  keepTelemetryHome();
  const directory = mkdtempSync(join(tmpdir(), 'ucg-bench-'));
  const teardown = createTeardown(log);
  try {
    teardown.add('folder', () => rmSync(directory, { recursive: true, force: true }));
    const testDatabase = await createTestDatabase();
    teardown.add('server', () => testDatabase.drop());
    const config = readConfig({ DATA_DIR: directory, DATABASE_URL: testDatabase.url, STOCK_POLL_MS: '30000', PRICE_POLL_MS: '30000', CONTENT_POLL_MS: '30000' });
    const stores = { config, clock, log, applicationName: 'bench', maxConnections: 24 };
    const { database, stop } = await openDatabase(stores);
    teardown.add('database', stop);
    const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: null, log, clock, seed: sampleSeed() });
    teardown.add('sandbox', () => sandbox.close());
    const shared = await openShared(stores);
    teardown.add('events', () => shared.eventLog.close());
    teardown.add('call budgets', () => shared.budgets.close());
    const sources = await openSources({ config, clock, log, sandboxUrl: sandbox.url });
    teardown.add('connectors', () => sources.close());
    const jobs = await startJobs({ database, log });
    teardown.add('jobs', () => jobs.stop());
    const hosting = await openEmbedded({ config, database, jobs, ...shared, sources, clock, log });
    teardown.add('subgraphs', () => hosting.close());
    await hosting.ready();
    const server = createGraph({ sdl: readSupergraph(config.SUPERGRAPH), clients: hosting.clients, limits: DEFAULT_LIMITS, cache: null });
    return await work({ server, createScope });
  } finally {
    await teardown.run();
  }
}

const createScope = (): RequestScope => ({
  principal: PRINCIPAL,
  shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null },
  signal: new AbortController().signal,
  deadlineAtMs: clock.now() + REQUEST_DEADLINE_MS,
  traceparent: null,
});
