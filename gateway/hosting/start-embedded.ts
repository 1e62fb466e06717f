import { openSources } from '../../connectors/open-sources.ts';
import { startJobs } from '../../platform/jobs.ts';
import { lockDataDirectory } from '../../platform/instance-lock.ts';
import { openDatabase, openShared } from '../../platform/stores/open.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { sampleSeed } from '../../sandbox/seeds/sample.ts';
import { createGateway } from '../gateway.ts';
import { openEmbedded } from './embedded.ts';
import { createProgress } from './progress.ts';
import type { Started, StartOptions } from './start.ts';

const CONNECTIONS = 24;
const PAGES = 'dist/pages';

/** Everything in one process: store, sandbox vendors, five subgraphs, gateway. */
export async function startEmbedded(options: StartOptions): Promise<Started> {
  const { config, clock, log, teardown, announce } = options;
  announce.say('starting');
  teardown.add('lock', lockDataDirectory(config.DATA_DIR));
  const stores = { config, clock, log, applicationName: 'gateway', maxConnections: CONNECTIONS };
  const [{ database, stop }, sandboxUrl] = await Promise.all([
    announce.step(config.DATABASE_URL ? 'PostgreSQL at DATABASE_URL' : 'embedded PostgreSQL', () => openDatabase(stores)),
    openSandbox(options),
  ]);
  teardown.add('database', stop);
  const shared = await openShared(stores);
  teardown.add('events', () => shared.eventLog.close());
  teardown.add('values', () => shared.kv.close());
  const sources = await announce.step('connectors', () => openSources({ config, clock, log, sandboxUrl }));
  teardown.add('connectors', () => sources.close());
  const jobs = await announce.step('job queue', () => startJobs({ database, log }));
  teardown.add('jobs', () => jobs.stop());
  const progress = createProgress(announce);
  const hosting = await announce.step('subgraphs', () =>
    openEmbedded({ config, database, jobs, ...shared, sources, clock, log, onFeedProgress: progress.report }),
  );
  teardown.add('subgraphs', () => hosting.close());
  const gateway = await announce.step('gateway', () => createGateway({ config, hosting, clock, log, pagesDirectory: PAGES }));
  teardown.add('gateway', () => gateway.drain());
  await announce.step('catalogue, stock, prices and customers', () => hosting.ready());
  progress.finish();
  const url = await gateway.listen(config.HOST, config.PORT);
  return { gateway, url, sandboxUrl };
}

async function openSandbox({ config, clock, log, teardown, announce }: StartOptions): Promise<string | null> {
  if (config.SANDBOX_URL) return config.SANDBOX_URL;
  if (!config.useSandbox) return null;
  return announce.step('sandbox ERP and PIM', async () => {
    const sandbox = await startSandbox({ port: config.sandboxPort, host: '127.0.0.1', dataDir: config.DATA_DIR, log, clock, seed: sampleSeed() });
    teardown.add('sandbox', () => sandbox.close());
    return sandbox.url;
  });
}
