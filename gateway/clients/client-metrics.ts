import { Counter, Gauge, type Registry } from 'prom-client';

export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** What the policies around subgraph requests count. Labels are subgraph names and the words written here. */
export interface ClientMetrics {
  breakerTurned(subgraph: string, state: BreakerState): void;
  /** `spent`: it would have been repeated, but too many are. */
  retried(subgraph: string, outcome: 'sent' | 'spent'): void;
  /** `won`: the second request answered first. */
  hedged(subgraph: string, outcome: 'won' | 'lost'): void;
  /** So many requests were answered by one that went out for all of them. */
  shared(subgraph: string, requests: number): void;
  refused(subgraph: string, reason: 'breaker-open' | 'queue-full'): void;
  waiting(subgraph: string, lane: string, requests: number): void;
}

const STATES: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

export function createClientMetrics(registry: Registry): ClientMetrics {
  const registers = [registry];
  const breakers = new Gauge({ name: 'graph_subgraph_breaker', help: 'Breaker of a subgraph: 0 closed, 1 probing, 2 open', labelNames: ['subgraph'], registers });
  const retries = new Counter({ name: 'graph_subrequest_retries_total', help: 'Reads asked again, or not for want of retry budget', labelNames: ['subgraph', 'outcome'], registers });
  const hedges = new Counter({ name: 'graph_subrequest_hedges_total', help: 'Slow reads asked a second time, by whether the second answered first', labelNames: ['subgraph', 'outcome'], registers });
  const shared = new Counter({ name: 'graph_subrequests_shared_total', help: 'Subrequests spared by an equal one', labelNames: ['subgraph'], registers });
  const refusals = new Counter({ name: 'graph_subrequest_refusals_total', help: 'Subrequests not sent, by reason', labelNames: ['subgraph', 'reason'], registers });
  const waiting = new Gauge({ name: 'graph_subrequests_waiting', help: 'Subrequests waiting for room at their subgraph', labelNames: ['subgraph', 'lane'], registers });
  return {
    breakerTurned: (subgraph, state) => breakers.set({ subgraph }, STATES[state]),
    retried: (subgraph, outcome) => retries.inc({ subgraph, outcome }),
    hedged: (subgraph, outcome) => hedges.inc({ subgraph, outcome }),
    shared: (subgraph, requests) => shared.inc({ subgraph }, requests - 1),
    refused: (subgraph, reason) => refusals.inc({ subgraph, reason }),
    waiting: (subgraph, lane, requests) => waiting.set({ subgraph, lane }, requests),
  };
}
