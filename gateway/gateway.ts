import { readFileSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { openTokenBuckets } from '../platform/stores/open.ts';
import { isTracing } from '../platform/telemetry.ts';
import { loadSubscriptions } from '../subgraphs/roster.ts';
import { openCache, type OpenCache } from './cache/open-cache.ts';
import { createPoliteClients } from './clients/polite-client.ts';
import type { SubgraphClients } from './execution/fetching/run.ts';
import { createGraph, type Graph } from './graph/graph.ts';
import { createGraphSource } from './graph/graph-source.ts';
import { createPolicies } from './graph/rules/policies.ts';
import type { Hosting } from './hosting/hosting.ts';
import { readEdge } from './http/edge/edge.ts';
import { createGatewayServer, type GatewayServer } from './http/server.ts';
import { openDoor } from './identity/open-door.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { openLimits } from './limits/open-limits.ts';
import { createMetrics, type GatewayMetrics } from './metrics.ts';
import { createRollout } from './rollout/rollout.ts';
import { openTrustedDocuments } from './trusted-documents/open.ts';
import { tracedClient } from './traces.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly hosting: Hosting;
  readonly clock: Clock;
  readonly log: Log;
  readonly pagesDirectory: string | null;
}

export interface Gateway extends GatewayServer {
  /** True when callers without credentials are let in as the development principal. */
  readonly development: boolean;
}

/** Puts the gateway together over a hosting. @throws Error naming what is wrong with the supergraph or its subgraphs */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, hosting, clock, log, pagesDirectory } = options;
  const metrics = createMetrics(clock);
  const cache = await openCache({ config, eventLog: hosting.eventLog, clock, log, meter: metrics.cache });
  const build = createGraphBuilder(options, metrics, cache);
  const read = (): string => readSupergraph(config.SUPERGRAPH);
  const graphs = createGraphSource(build(read()));
  const documents = await openTrustedDocuments({ config, graphs, clock, log });
  const rollout = createRollout({ graphs, read, build, trusted: documents.live, clock, log, pollMs: config.SUPERGRAPH_POLL_MS });
  const { door, development, changes, close: closeDoor } = openDoor(config, clock, hosting.customer && { customer: hosting.customer, eventLog: hosting.eventLog, log });
  const buckets = await openTokenBuckets(options);
  const limits = openLimits({ config, buckets, metrics: metrics.limits, clock, door });
  const server = await createGatewayServer({
    graphs,
    hosting,
    definitions: await loadSubscriptions(),
    door: limits.door,
    limits: DEFAULT_LIMITS,
    metrics,
    clock,
    log,
    deadlineMs: config.REQUEST_DEADLINE_MS,
    drainTimeoutMs: config.DRAIN_TIMEOUT_MS,
    drainDelayMs: config.DRAIN_DELAY_MS,
    slowOperationMs: config.SLOW_OPERATION_MS,
    metricsToken: config.METRICS_TOKEN,
    development,
    corsOrigins: config.CORS_ORIGINS,
    pagesDirectory,
    explorer: config.HOSTING === 'embedded',
    checkpoints: limits.checkpoints,
    mistakes: limits.mistakes,
    edge: readEdge(config, log),
    accessChanges: changes,
    streams: { inAll: config.MAX_STREAMS, perAddress: config.MAX_STREAMS_PER_ADDRESS, perPrincipal: config.MAX_STREAMS_PER_PRINCIPAL },
    trusted: documents.live,
    changing: { documents, rollout },
    answers: cache.answers,
    sharedMaxAgeMs: config.SHARED_MAX_AGE_MS,
  });
  const drain = async (): Promise<void> => {
    rollout.close();
    documents.live.close();
    await server.drain();
    await closeDoor();
    await buckets.close();
    cache.close();
  };
  return { ...server, drain, development };
}

/** How every version of the graph is made of its SDL. Clients of subgraphs that stay are the same in all of them. */
function createGraphBuilder({ config, hosting, clock }: GatewayOptions, metrics: GatewayMetrics, cache: OpenCache): (sdl: string) => Graph {
  const policies = createPolicies(config.POLICIES);
  const polite = createPoliteClients({
    timeoutMs: Math.min(config.SUBGRAPH_TIMEOUT_MS, config.REQUEST_DEADLINE_MS), concurrency: config.SUBGRAPH_CONCURRENCY, hedgingPercent: config.SUBGRAPH_HEDGING, clock, random: Math.random, metrics: metrics.clients,
  });
  const told = (clients: SubgraphClients): SubgraphClients =>
    Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, metrics.measured(name, isTracing() ? tracedClient(name, client) : client)]));
  return (sdl) => createGraph({ sdl, clients: (subgraphs) => told(polite.wrap(hosting.connect(subgraphs))), limits: DEFAULT_LIMITS, policies, cache: cache.of(sdl), overrideLabels: config.OVERRIDE_LABELS });
}

export function readSupergraph(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`SUPERGRAPH: cannot read ${path}; run npm run schema, or name another supergraph file`, { cause });
  }
}
