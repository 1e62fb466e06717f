import { requireFreePort } from '../../platform/port-check.ts';
import { openShared } from '../../platform/stores/open.ts';
import { createGateway, readSupergraph } from '../gateway.ts';
import { loadSupergraph } from '../execution/planning/supergraph.ts';
import { openServices } from './services.ts';
import { readUrlPairs } from './subgraph-urls.ts';
import type { Started, StartOptions } from './start.ts';

/** The gateway alone; subgraphs are processes of their own, found at SUBGRAPH_URLS or where the supergraph says. */
export async function startServices({ config, clock, log, teardown, announce }: StartOptions): Promise<Started> {
  await requireFreePort({ host: config.HOST, port: config.PORT, setting: 'PORT' });
  const shared = await announce.step('Redis', () => openShared({ config, clock, log, applicationName: 'gateway', maxConnections: 1 }));
  teardown.add('events', () => shared.eventLog.close());
  teardown.add('values', () => shared.kv.close());
  teardown.add('call budgets', () => shared.budgets.close());
  const hosting = openServices({ config, urls: subgraphUrls(config.SUPERGRAPH, config.SUBGRAPH_URLS), ...shared, clock });
  teardown.add('subgraph connections', () => hosting.close());
  const gateway = await announce.step('gateway', () => createGateway({ config, hosting, clock, log, pagesDirectory: null }));
  teardown.add('gateway', () => gateway.drain());
  const url = await gateway.listen(config.HOST, config.PORT);
  return { gateway, url, sandboxUrl: null };
}

/** "name=url" pairs win over the URLs written in the supergraph. @throws Error for an entry that is no such pair */
function subgraphUrls(supergraph: string, pairs: readonly string[]): Record<string, string> {
  const urls = Object.fromEntries(loadSupergraph(readSupergraph(supergraph)).subgraphs.map(({ name, url }) => [name, url]));
  for (const [name, url] of readUrlPairs(pairs)) {
    if (!(name in urls)) throw new Error(`SUBGRAPH_URLS: the supergraph has no subgraph ${name}; it has ${Object.keys(urls).join(', ')}`);
    urls[name] = url;
  }
  return urls;
}
