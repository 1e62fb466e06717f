import type { Config } from '../../platform/config.ts';
import { createHttpClient } from '../clients/transport/http-client.ts';
import type { SubgraphClients } from '../execution/fetching/run.ts';
import type { Hosting } from './hosting.ts';
import { createHttpConnections } from './http-connections.ts';
import { readUrlPairs } from './subgraph-urls.ts';

/** Our five are here wherever a supergraph says they are; other subgraphs are asked over HTTP, and told nothing about the caller. */
export function openForeign(config: Pick<Config, 'REQUEST_DEADLINE_MS' | 'SUBGRAPH_CONCURRENCY' | 'SUBGRAPH_URLS'>, own: SubgraphClients): Pick<Hosting, 'connect' | 'close'> {
  const timeoutMs = config.REQUEST_DEADLINE_MS;
  const connections = createHttpConnections({
    idleMs: timeoutMs,
    open: ({ name, url }) => createHttpClient({ name, url, timeoutMs, connections: config.SUBGRAPH_CONCURRENCY, createHeaders: () => ({}) }),
  });
  const told = readUrlPairs(config.SUBGRAPH_URLS);
  return {
    connect: (subgraphs) => {
      const others = subgraphs.filter(({ name }) => !Object.hasOwn(own, name)).map(({ name, url }) => ({ name, url: told.get(name) ?? url }));
      const named = subgraphs.flatMap(({ name }) => (Object.hasOwn(own, name) ? [[name, own[name]!] as const] : []));
      return { ...Object.fromEntries(named), ...connections.connect(others) };
    },
    close: () => connections.close(),
  };
}
