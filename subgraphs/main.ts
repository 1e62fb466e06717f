import { Registry, collectDefaultMetrics } from 'prom-client';
import { openSources } from '../connectors/open-sources.ts';
import { systemClock } from '../platform/clock.ts';
import { requireConfig } from '../platform/config.ts';
import { startJobs } from '../platform/jobs.ts';
import { createLog } from '../platform/log.ts';
import { partMetrics } from '../platform/metrics.ts';
import { createSigner } from '../platform/signed.ts';
import { openDatabase, openShared } from '../platform/stores/open.ts';
import { startTracing } from '../platform/telemetry.ts';
import { createTeardown, onStopSignal } from '../platform/teardown.ts';
import { isSubgraphName, readSubgraphUrls } from './addresses.ts';
import { SUBGRAPH_NAMES, type SubgraphName } from './frame/module.ts';
import { createRemoteClients } from './frame/remote-clients.ts';
import { createServiceHost } from './frame/service-host.ts';
import { serveVendorRoutes } from './frame/vendor-routes.ts';
import { loadSubgraph } from './roster.ts';

const STATEMENT_TTL_MS = 60_000;
const CONNECTIONS = 15;

/** One subgraph as a service: `npm run subgraph -- inventory`. The composition root of its process. */
async function main(name: SubgraphName): Promise<void> {
  const clock = systemClock;
  const config = requireConfig();
  const log = createLog({ level: config.LOG_LEVEL, name });
  const teardown = createTeardown(log);
  onStopSignal(() => teardown.run());
  teardown.add('traces', await startTracing({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, sampleRatio: config.TRACE_SAMPLE_RATIO, serviceName: name }));
  try {
    const stores = { config, clock, log, applicationName: name, maxConnections: CONNECTIONS };
    const { database, stop } = await openDatabase(stores);
    teardown.add('database', stop);
    const { eventLog, kv, budgets } = await openShared(stores);
    teardown.add('events', () => eventLog.close());
    teardown.add('values', () => kv.close());
    teardown.add('call budgets', () => budgets.close());
    const sources = await openSources({ config, clock, log, sandboxUrl: config.SANDBOX_URL ?? null, budgets });
    teardown.add('connectors', () => sources.close());
    const jobs = await startJobs({ database, log });
    teardown.add('jobs', () => jobs.stop());
    const signer = createSigner({ secret: config.SUBGRAPH_SECRET!, ttlMs: STATEMENT_TTL_MS, clock });
    const urls = readSubgraphUrls(config.SUBGRAPH_URLS);
    const clients = createRemoteClients(urls, signer, config.REQUEST_DEADLINE_MS);
    const module = await loadSubgraph(name);
    const subgraph = await module.create({ config, database, eventLog, jobs, ports: sources, clients, clock, log, troubles: budgets.troubles });
    teardown.add('subgraph', () => subgraph.stop());
    await subgraph.start();
    const host = createServiceHost({
      subgraph,
      signer,
      clock,
      log,
      maxDeadlineMs: config.REQUEST_DEADLINE_MS,
      metrics: processMetrics(),
      extend: (app) => serveVendorRoutes(app, sources, subgraph),
    });
    teardown.add('HTTP', () => host.close());
    const url = await host.listen({ host: config.HOST, port: Number(new URL(urls[name]).port) });
    process.stdout.write(`${name} ready at ${url}/graphql\n`);
  } catch (error) {
    await teardown.run();
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

function processMetrics(): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return () => Registry.merge([registry, partMetrics]).metrics();
}

const [, , asked = ''] = process.argv;
if (isSubgraphName(asked)) await main(asked);
else {
  process.stderr.write(`usage: npm run subgraph -- ${SUBGRAPH_NAMES.join(' | ')}\n`);
  process.exit(2);
}
