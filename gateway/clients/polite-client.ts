import type { Clock } from '../../platform/clock.ts';
import type { SubgraphClient, SubgraphRequest } from '../execution/subgraph-client.ts';
import type { SubgraphClients } from '../execution/fetching/run.ts';
import { breakCircuit } from './breaker.ts';
import { limitConcurrency } from './bulkhead.ts';
import type { ClientMetrics } from './client-metrics.ts';
import { hedgeReads } from './hedge.ts';
import { createLaneOf, type LaneOf } from './lanes.ts';
import { retryReads } from './retry.ts';
import { createShareBudget } from './share-budget.ts';
import { isSameAsker, questionOf } from './shared-question.ts';
import { shareFlights } from './single-flight.ts';
import { limitTime } from './time-limit.ts';

/** How requests to subgraphs behave; each subgraph has a count, a breaker and budgets of its own. */
export interface PoliteSettings {
  /** A read is given so long, then asked again where time is left. */
  readonly timeoutMs: number;
  /** Requests under way at once, to one subgraph. */
  readonly concurrency: number;
  /** Percent of reads that may be asked twice when they take longer than 95 of 100 do; 0: none. */
  readonly hedgingPercent: number;
  readonly clock: Clock;
  /** Uniform in [0, 1); for the jitter of retries. */
  readonly random: () => number;
  readonly metrics: ClientMetrics;
  /** One for all subgraphs of a gateway: what is read for a mutation's answer may be read elsewhere. */
  readonly laneOf: LaneOf;
}

/** Of the places, one in so many is the checkout's alone. */
const RESERVED_PART = 8;
/** For each place, so many may wait in a lane. */
const QUEUED_PER_PLACE = 16;
const RETRY = { attempts: 3, baseDelayMs: 25, maxDelayMs: 250 };
/** Repeats for each read, and repeats that a quiet subgraph may see in a row. */
const RETRY_SHARE = 0.1;
const RETRY_RESERVE = 10;
const HEDGE_RESERVE = 5;
const BREAK_AFTER = 10;
const BREAK_FOR_MS = 1_000;
/** What sharing may add to an answer's time. */
const PATIENCE_MS = 20;

/**
 * The way to one subgraph with everything that keeps it from harming others, and others from harming it. From the outside in: equal
 * questions travel together; what got no answer is asked again; what takes long is asked twice; so many at once; not while it is dead;
 * so long. Waiting for a retry holds no place, waiting for a place is not taken for the subgraph's silence, and every attempt is
 * counted by the breaker. Rejects with `SubgraphFailure` as the client does.
 */
export function politeClient(name: string, client: SubgraphClient, settings: PoliteSettings): SubgraphClient {
  const { timeoutMs, concurrency, hedgingPercent, clock, random, metrics, laneOf } = settings;
  const timed = limitTime(client, { name, timeoutMs, clock });
  const broken = breakCircuit(timed, { name, breakAfter: BREAK_AFTER, breakForMs: BREAK_FOR_MS, clock, metrics });
  const bounded = limitConcurrency(broken, {
    name,
    concurrency,
    reserved: Math.floor(concurrency / RESERVED_PART),
    maxQueued: concurrency * QUEUED_PER_PLACE,
    clock,
    metrics,
  });
  const hedged = hedgingPercent > 0 ? hedgeReads(bounded, { name, budget: createShareBudget(hedgingPercent / 100, HEDGE_RESERVE), clock, metrics }) : bounded;
  const retried = retryReads(hedged, { name, ...RETRY, budget: createShareBudget(RETRY_SHARE, RETRY_RESERVE), clock, random, metrics });
  const shared = shareFlights(retried, { name, questionOf, isSameAsker, patienceMs: PATIENCE_MS, clock, metrics });
  return { execute: (request, call) => shared.execute(written(request), { ...call, lane: laneOf(request, call) }) };
}

/** What tells a question from others is what an HTTP client sends: written once. */
const written = (request: SubgraphRequest): SubgraphRequest =>
  request.operationKind === 'query' && request.variables ? { ...request, variablesText: JSON.stringify(request.variables) } : request;

/** Makes clients polite. The same client is made polite once, so that a new graph over it finds its breaker as it was. */
export interface PoliteClients {
  wrap(clients: SubgraphClients): SubgraphClients;
}

export function createPoliteClients(settings: Omit<PoliteSettings, 'laneOf'>): PoliteClients {
  const laneOf = createLaneOf();
  const known = new WeakMap<SubgraphClient, SubgraphClient>();
  const wrap = (name: string, client: SubgraphClient): SubgraphClient => {
    const polite = known.get(client) ?? politeClient(name, client, { ...settings, laneOf });
    known.set(client, polite);
    return polite;
  };
  return { wrap: (clients) => Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, wrap(name, client)])) };
}
