import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { isFailureCode } from '../domain/failure.ts';
import type { SubgraphClient } from './execution/subgraph-client.ts';
import { SubgraphFailure } from './execution/subgraph-client.ts';
import { createClientMetrics, type ClientMetrics } from './clients/client-metrics.ts';
import { createLimitMetrics, type LimitMetrics } from './limits/limit-metrics.ts';
import type { Clock } from '../platform/clock.ts';
import type { CacheMeter } from './cache/cache-meter.ts';
import { partMetrics } from '../platform/metrics.ts';

export interface GatewayMetrics {
  operationEnded(end: OperationEnd): void;
  /** The same client, counted and timed. */
  measured(subgraph: string, client: SubgraphClient): SubgraphClient;
  /** What the policies around subgraph requests count. */
  readonly clients: ClientMetrics;
  /** What rate limits and lanes count. */
  readonly limits: LimitMetrics;
  readonly subscriptions: { opened(field: string): void; closed(field: string): void; delivered(field: string): void; dropped(field: string): void };
  readonly cache: CacheMeter;
  exposition(): Promise<string>;
}

export interface OperationEnd {
  readonly kind: string;
  /** Name of a trusted document's operation, or "other". */
  readonly operation: string;
  readonly transport: string;
  readonly code: string | undefined;
  readonly seconds: number;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A subgraph of somebody else's may make up codes; a label may not. */
const boundedCode = (code: string | undefined): string => (code === undefined ? 'none' : isFailureCode(code) ? code : 'other');

/** Prometheus metrics of the gateway. Labels are bounded: operation kinds, failure codes, subgraphs, root fields. */
export function createMetrics(clock: Clock): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const operations = new Counter({ name: 'graph_operations_total', help: 'Operations answered, by kind, transport and first error code', labelNames: ['kind', 'transport', 'code'], registers });
  const durations = new Histogram({ name: 'graph_operation_seconds', help: 'Time to answer an operation, by kind and trusted document', labelNames: ['kind', 'operation'], buckets: SECONDS, registers });
  const subrequests = new Counter({ name: 'graph_subrequests_total', help: 'Requests to subgraphs, by outcome', labelNames: ['subgraph', 'outcome'], registers });
  const subrequestSeconds = new Histogram({ name: 'graph_subrequest_seconds', help: 'Time a subgraph took', labelNames: ['subgraph'], buckets: SECONDS, registers });
  const open = new Gauge({ name: 'graph_subscriptions_open', help: 'Subscriptions open now', labelNames: ['field'], registers });
  const events = new Counter({ name: 'graph_subscription_events_total', help: 'Events sent to or coalesced for subscribers', labelNames: ['field', 'outcome'], registers });
  const cacheParts = new Counter({ name: 'graph_cache_parts_total', help: 'Parts of answers (entities, root fields), by what became of them and where they came from', labelNames: ['subgraph', 'outcome', 'tier'], registers });
  return {
    cache: { count: (subgraph, outcome, tier, parts) => cacheParts.inc({ subgraph, outcome, tier }, parts) },
    operationEnded: ({ kind, operation, transport, code, seconds }) => {
      operations.inc({ kind, transport, code: boundedCode(code) });
      durations.observe({ kind, operation }, seconds);
    },
    measured: (subgraph, client) => ({
      execute: async (request, call) => {
        const startedAt = clock.monotonic();
        try {
          const answer = await client.execute(request, call);
          subrequests.inc({ subgraph, outcome: answer.errors?.length ? 'errors' : 'ok' });
          return answer;
        } catch (error) {
          subrequests.inc({ subgraph, outcome: error instanceof SubgraphFailure ? error.code : 'INTERNAL' });
          throw error;
        } finally {
          subrequestSeconds.observe({ subgraph }, (clock.monotonic() - startedAt) / 1000);
        }
      },
    }),
    clients: createClientMetrics(registry),
    limits: createLimitMetrics(registry),
    subscriptions: {
      opened: (field) => open.inc({ field }),
      closed: (field) => open.dec({ field }),
      delivered: (field) => events.inc({ field, outcome: 'delivered' }),
      dropped: (field) => events.inc({ field, outcome: 'coalesced' }),
    },
    exposition: () => Registry.merge([registry, partMetrics]).metrics(),
  };
}
