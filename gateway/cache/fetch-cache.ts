import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { createBoundedCache } from '../execution/bounded-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SharedCacheStore } from '../../platform/stores/cache-store.ts';
import { audiencesOf } from './audience.ts';
import { CachedFetch, type FetchTools } from './cached-fetch.ts';
import { readCacheRules } from './cache-rules.ts';
import { UNCOUNTED, type CacheMeter } from './cache-meter.ts';
import { FactSheet } from './fact-sheet.ts';
import type { CachedAsk, CacheSession, FetchCache, Invalidations, OperationCacheFacts } from './facts.ts';
import { compileFetchPolicy, type FetchPolicy } from './fetch-policy.ts';
import { createFlights, type Flights } from './flights.ts';
import type { Lifetime } from './lifetime.ts';
import { createRecentWriters, type RecentWriters } from './recent-writers.ts';
import { openSlots } from './slots.ts';
import { createTiers, type Tiers } from './tiers.ts';

/** What is kept, for all versions of the graph: their policies differ, what was answered does not. */
export interface CacheMemory {
  readonly tiers: Tiers;
  readonly flights: Flights;
  readonly invalidations: Invalidations;
  readonly meter: CacheMeter;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly writers: RecentWriters;
  close(): void;
}

export interface CacheMemoryOptions {
  /** Null: this process keeps for itself. */
  readonly store: SharedCacheStore | null;
  readonly invalidations: Invalidations;
  readonly clock: Clock;
  readonly maxBytes: number;
  /** How long beyond its lifetime a part may stand in for a silent subgraph; 0: not at all. */
  readonly graceMs: number;
  readonly meter?: CacheMeter;
}

export function createCacheMemory({ store, invalidations, clock, maxBytes, graceMs, meter = UNCOUNTED }: CacheMemoryOptions): CacheMemory {
  const tiers = createTiers({ store, invalidations, maxBytes });
  return { tiers, flights: createFlights(), invalidations, meter, clock, graceMs, writers: createRecentWriters(clock), close: () => tiers.close() };
}

/** Texts of subgraph requests whose policies are remembered. */
const MAX_POLICIES = 4_000;

/** The cache as one version of the supergraph has it: lifetimes and tags are read from its full SDL. */
export function createFetchCache({ sdl, memory }: { readonly sdl: string; readonly memory: CacheMemory }): FetchCache {
  const rules = readCacheRules(sdl);
  const policies = createBoundedCache<{ readonly policy: FetchPolicy | null }>(MAX_POLICIES);
  const policyOf = (service: string, text: string, id: string): FetchPolicy | null => {
    const key = `${service} ${id}`;
    let known = policies.get(key);
    if (!known) policies.set(key, (known = { policy: compileFetchPolicy(rules, service, text) }));
    return known.policy;
  };
  const factsOf = new WeakMap<QueryPlan, OperationCacheFacts>();
  return {
    open: (scope) => {
      const mark = memory.invalidations.mark();
      if (mark === null || memory.writers.includes(scope)) return null;
      const sheet = new FactSheet(mark, memory.clock.now);
      return new Session({ ...memory, now: memory.clock.now, scope, audiences: audiencesOf(scope), sheet }, policyOf);
    },
    noteWrite: (scope) => memory.writers.note(scope),
    operationFacts: ({ queryPlan }) => {
      let facts = factsOf.get(queryPlan);
      if (!facts) factsOf.set(queryPlan, (facts = operationFactsOf(queryPlan, (service, text) => compileFetchPolicy(rules, service, text))));
      return facts;
    },
  };
}

type PolicyOf = (service: string, text: string, id: string) => FetchPolicy | null;

class Session implements CacheSession {
  readonly #tools: FetchTools;
  readonly #policyOf: PolicyOf;

  constructor(tools: FetchTools, policyOf: PolicyOf) {
    this.#tools = tools;
    this.#policyOf = policyOf;
  }

  execute(ask: CachedAsk) {
    const { invalidations, audiences, meter, sheet } = this.#tools;
    const policy = ask.request.operationKind === 'query' ? this.#policyOf(ask.service, ask.request.query, ask.request.documentId) : null;
    const slots = policy?.keeps && invalidations.mark() !== null ? openSlots(policy, ask.request, audiences) : null;
    if (slots?.some(({ key }) => key !== null)) return new CachedFetch(this.#tools, ask, policy!, slots).answer();
    sheet.noteFailed();
    meter.count(ask.service, 'bypass', 'subgraph', slots?.length ?? 1);
    ask.onAsked();
    return ask.client.execute(ask.request, ask.call);
  }

  stale() {
    return this.#tools.sheet.stale();
  }

  facts() {
    return this.#tools.sheet.facts();
  }
}

const UNCACHEABLE: OperationCacheFacts = { cacheable: false, scope: 'PUBLIC', maxAgeMs: 0 };

function operationFactsOf({ node }: QueryPlan, policyOf: (service: string, text: string) => FetchPolicy | null): OperationCacheFacts {
  const lifetimes: Lifetime[] = [];
  const isRead = (one: PlanNode): boolean => {
    switch (one.kind) {
      case 'Fetch': {
        const policy = one.operationKind === 'query' ? policyOf(one.serviceName, one.operation) : null;
        lifetimes.push(...(policy?.lifetimes ?? []));
        return policy !== null && policy.lifetimes.every(({ maxAgeMs }) => maxAgeMs > 0);
      }
      case 'Flatten':
        return isRead(one.node);
      case 'Sequence':
      case 'Parallel':
        return one.nodes.every(isRead);
      case 'Condition':
        return (!one.ifClause || isRead(one.ifClause)) && (!one.elseClause || isRead(one.elseClause));
      default:
        return false;
    }
  };
  if (!node || node.kind === 'Subscription' || !isRead(node) || lifetimes.length === 0) return UNCACHEABLE;
  return {
    cacheable: true,
    scope: lifetimes.some(({ scope }) => scope === 'PRIVATE') ? 'PRIVATE' : 'PUBLIC',
    maxAgeMs: Math.min(...lifetimes.map(({ maxAgeMs }) => maxAgeMs)),
  };
}
