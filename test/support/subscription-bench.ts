import { getOperationAST, GraphQLError, type ExecutionResult } from 'graphql';
import { ANONYMOUS, type Principal } from '../../domain/principal.ts';
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import { createSubscriptionHub } from '../../gateway/subscriptions/hub.ts';
import { createGraphSource } from '../../gateway/graph/graph-source.ts';
import { createGraph } from '../../gateway/graph/graph.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import { createMemoryEventLog } from '../../platform/stores/memory-event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import { noPricing } from './no-pricing.ts';
import { composeSmall } from './small-supergraph.ts';

export interface BenchEvent {
  readonly sku: string;
  /** -1 in a snapshot. */
  readonly figure: number;
}

interface Arguments {
  readonly skus: string[];
}

export const reader: Principal = { ...ANONYMOUS, subject: 'a', kind: 'SERVICE', scopes: ['availability:read'] };

export interface BenchOptions {
  readonly coalesce?: boolean;
  readonly eventLog?: EventLog;
  /** Subgraphs answer one by one, when the test says so. */
  readonly gated?: boolean;
  readonly slowAfterMs?: number;
  readonly clock?: Clock;
  /** How things are, where events are missing and none are coalesced. */
  readonly restate?: readonly BenchEvent[];
}

const sdl = composeSmall();

/** A hub over subgraphs that answer with the event they were given. */
export function createSubscriptionBench({ coalesce = true, gated = false, eventLog: log = createMemoryEventLog({ clock: systemClock, capacity: 10_000 }), restate, ...more }: BenchOptions = {}) {
  const asked: (BenchEvent & { readonly cursor: string })[] = [];
  const gates: (() => void)[] = [];
  let listening = 0;
  const client = {
    execute: async ({ event }: { event?: unknown }) => {
      const { sku, figure, cursor } = event as (typeof asked)[number];
      asked.push({ sku, figure, cursor });
      if (gated) await new Promise<void>((open) => gates.push(open));
      return { data: { stockChanged: { __typename: 'Item', id: sku, name: `${figure} ${cursor}` } } };
    },
  };
  const graph = createGraph({ sdl, clients: { shop: client, prices: client }, limits: DEFAULT_LIMITS, cache: null });
  const definition: SubscriptionDefinition<BenchEvent, Arguments> = {
    field: 'stockChanged', topic: 'stock', channelOf: null,
    matches: () => true,
    ...(restate && { restate: async () => restate }),
    coalescing: coalesce ? { keyOf: ({ sku }) => sku, merge: (_earlier, later) => later, snapshot: (sku) => ({ sku, figure: -1 }) } : null,
    follow: async ({ skus }) => ({ includes: ({ sku }) => skus.includes(sku), keys: () => skus, close: () => undefined }),
    check: ({ skus }) => {
      if (skus.length === 0) throw new GraphQLError('none');
    },
  };
  const graphs = createGraphSource(graph);
  const hub = createSubscriptionHub({
    graphs, definitions: [definition as never], catalog: { readCategorySkus: async () => null }, pricing: noPricing, metrics: createMetrics(systemClock), clock: systemClock, log: silentLog, deadlineMs: 5_000, ...more,
    eventLog: {
      ...log,
      subscribe: async (topic, onEvent, onLost) => {
        const stop = await log.subscribe(topic, onEvent, onLost);
        listening += 1;
        return () => {
          listening -= 1;
          stop();
        };
      },
    },
  });
  const source = 'subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { id name } }';
  const document = graph.documents.read(source);
  const operation = getOperationAST(document)!;
  const open = (skus: string[], after: string | null = null, principal = reader) => {
    const scope = { principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: new AbortController().signal, deadlineAtMs: 0, traceparent: null };
    const caller = { identity: { principal, expiresAtMs: null }, address: '127.0.0.1', requestId: 'bench', transport: 'websocket' as const };
    return hub.open({ source, document, operation, variables: { skus }, scope, caller, graph, cost: 1, label: 'other' }, after);
  };
  /** Lets the subgraph answer once it has been asked. */
  const answerNext = async (): Promise<void> => {
    while (gates.length === 0) await new Promise((done) => setTimeout(done, 1));
    gates.shift()!();
  };
  return { hub, open, asked, graphs, client, answerNext, eventLog: log, happen: (...events: BenchEvent[]) => log.append('stock', events), listening: () => listening };
}

export interface Seen {
  readonly sku: string;
  readonly figure: number;
  readonly cursor: string;
}

/** What a result of the bench tells; its error code where it tells none. */
export function seen({ value }: IteratorResult<ExecutionResult>): Seen | string {
  const { data, errors } = value as { data: { stockChanged: { id: string; name: string } } | null; errors?: readonly GraphQLError[] };
  if (!data) return String(errors?.[0]?.extensions['code']);
  const [figure = '', cursor = ''] = data.stockChanged.name.split(' ');
  return { sku: data.stockChanged.id, figure: Number(figure), cursor };
}
