import { readFileSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { isTracing } from '../platform/telemetry.ts';
import { loadSubscriptions } from '../subgraphs/roster.ts';
import type { Hosting } from './hosting/hosting.ts';
import { createGatewayServer, type GatewayServer } from './http/server.ts';
import { openDoor } from './identity/open-door.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { createMetrics } from './metrics.ts';
import { createGraph } from './graph/graph.ts';
import { createGraphSource } from './graph/graph-source.ts';
import { createPolicies } from './graph/rules/policies.ts';
import { createTrustedDocuments } from './trusted-documents/trusted-documents.ts';
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
export async function createGateway({ config, hosting, clock, log, pagesDirectory }: GatewayOptions): Promise<Gateway> {
  const metrics = createMetrics(clock);
  const clients = Object.fromEntries(Object.entries(hosting.clients).map(([name, client]) => [name, metrics.measured(name, isTracing() ? tracedClient(name, client) : client)]));
  const graphs = createGraphSource(createGraph({ sdl: readSupergraph(config.SUPERGRAPH), clients, limits: DEFAULT_LIMITS, policies: createPolicies(config.POLICIES), cache: null }));
  const { door, development } = openDoor(config, clock);
  const gateway = await createGatewayServer({
    graphs,
    hosting,
    definitions: await loadSubscriptions(),
    door,
    limits: DEFAULT_LIMITS,
    metrics,
    clock,
    log,
    deadlineMs: config.REQUEST_DEADLINE_MS,
    drainTimeoutMs: config.DRAIN_TIMEOUT_MS,
    slowOperationMs: config.SLOW_OPERATION_MS,
    metricsToken: config.METRICS_TOKEN,
    development,
    corsOrigins: config.CORS_ORIGINS,
    pagesDirectory,
    explorer: config.HOSTING === 'embedded',
    checkpoints: [],
    trusted: createTrustedDocuments('none', []),
    answers: null,
    sharedMaxAgeMs: config.SHARED_MAX_AGE_MS,
  });
  return { ...gateway, development };
}

export function readSupergraph(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`SUPERGRAPH: cannot read ${path}; run npm run schema, or name another supergraph file`, { cause });
  }
}
