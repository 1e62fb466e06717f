import { openSources } from '../../connectors/open-sources.ts';
import { startJobs } from '../../platform/jobs.ts';
import { lockDataDirectory } from '../../platform/instance-lock.ts';
import { requireFreePort } from '../../platform/port-check.ts';
import { openDatabase, openShared, type OpenOptions } from '../../platform/stores/open.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { takeReplaced } from '../../sandbox/replaced.ts';
import { sampleSeed } from '../../sandbox/seeds/sample.ts';
import { createGateway } from '../gateway.ts';
import { openEmbedded } from './embedded.ts';
import { createProgress } from './progress.ts';
import type { Started, StartOptions } from './start.ts';

const CONNECTIONS = 24;
const PAGES = 'dist/pages';
const SANDBOX_HOST = '127.0.0.1';

/** Everything in one process: store, sandbox vendors, five subgraphs, gateway. */
export async function startEmbedded(options: StartOptions): Promise<Started> {
  const { config, clock, log, teardown, announce } = options;
  announce.say('starting');
  await requirePorts(config);
  teardown.add('lock', lockDataDirectory(config.DATA_DIR));
  const stores = { config, clock, log, applicationName: 'gateway', maxConnections: CONNECTIONS };
  const [database, sandboxUrl] = await openTogether(options, stores);
  const shared = await openShared(stores);
  teardown.add('events', () => shared.eventLog.close());
  teardown.add('values', () => shared.kv.close());
  teardown.add('call budgets', () => shared.budgets.close());
  const sources = await announce.step('connectors', () => openSources({ config, clock, log, sandboxUrl, budgets: shared.budgets }));
  teardown.add('connectors', () => sources.close());
  const jobs = await announce.step('job queue', () => startJobs({ database, log }));
  teardown.add('jobs', () => jobs.stop());
  const progress = createProgress(announce);
  const hosting = await announce.step('subgraphs', () =>
    openEmbedded({ config, database, jobs, ...shared, sources, clock, log, onFeedProgress: progress.report }),
  );
  teardown.add('subgraphs', () => hosting.close());
  if (config.useSandbox && takeReplaced(config.DATA_DIR)) await hosting.resync({ confirmRemovals: true });
  const gateway = await announce.step('gateway', () => createGateway({ config, hosting, clock, log, pagesDirectory: PAGES }));
  teardown.add('gateway', () => gateway.drain());
  await announce.step('catalogue, stock, prices and customers', () => hosting.ready());
  progress.finish();
  const url = await gateway.listen(config.HOST, config.PORT);
  return { gateway, url, sandboxUrl };
}

async function requirePorts({ HOST, PORT, SANDBOX_URL, useSandbox, sandboxPort }: StartOptions['config']): Promise<void> {
  await requireFreePort({ host: HOST, port: PORT, setting: 'PORT' });
  if (useSandbox && !SANDBOX_URL) await requireFreePort({ host: SANDBOX_HOST, port: sandboxPort, setting: 'SANDBOX_PORT' });
}

/** Both at once, and both to their end: what one opened is stopped also when the other fails. */
async function openTogether(options: StartOptions, stores: OpenOptions): Promise<[Database, string | null]> {
  const { config, teardown, announce } = options;
  const opening = announce.step(config.DATABASE_URL ? 'PostgreSQL at DATABASE_URL' : 'embedded PostgreSQL', async () => {
    const { database, stop } = await openDatabase(stores);
    teardown.add('database', stop);
    return database;
  });
  const [database, sandbox] = await Promise.allSettled([opening, openSandbox(options)]);
  if (database.status === 'rejected') throw database.reason;
  if (sandbox.status === 'rejected') throw sandbox.reason;
  return [database.value, sandbox.value];
}

async function openSandbox({ config, clock, log, teardown, announce }: StartOptions): Promise<string | null> {
  if (config.SANDBOX_URL) return config.SANDBOX_URL;
  if (!config.useSandbox) return null;
  return announce.step('sandbox ERP and PIM', async () => {
    const sandbox = await startSandbox({ port: config.sandboxPort, host: SANDBOX_HOST, dataDir: config.DATA_DIR, log, clock, seed: sampleSeed() });
    teardown.add('sandbox', () => sandbox.close());
    return sandbox.url;
  });
}
