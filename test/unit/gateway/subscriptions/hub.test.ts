import { GraphQLError, type ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { createDocuments } from '../../../../gateway/documents.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/limits/limits.ts';
import { createMetrics } from '../../../../gateway/metrics.ts';
import { createPreparer } from '../../../../gateway/prepare-operation.ts';
import { createSubscriptionHub } from '../../../../gateway/subscriptions/hub.ts';
import { createSupergraphServer } from '../../../../gateway/supergraph-server.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { SubscriptionDefinition } from '../../../../subgraphs/frame/subscription.ts';
import { composeSmall } from '../../../support/small-supergraph.ts';

interface Event {
  readonly sku: string;
  readonly figure: number;
}

const sdl = composeSmall();
const reader: Principal = { ...ANONYMOUS, subject: 'a', kind: 'SERVICE', scopes: ['availability:read'] };

/** A hub over subgraphs that answer one by one, when the test says so. */
function createBench({ coalesce = true } = {}) {
  const asked: Event[] = [];
  const gates: (() => void)[] = [];
  let listening = 0;
  const client = {
    execute: async ({ event }: { event?: unknown }) => {
      asked.push(event as Event);
      await new Promise<void>((open) => gates.push(open));
      return { data: { stockChanged: { __typename: 'Item', id: (event as Event).sku, name: String((event as Event).figure) } } };
    },
  };
  const server = createSupergraphServer({ sdl, clients: { shop: client, prices: client }, limits: DEFAULT_LIMITS });
  const log = createMemoryEventLog({ clock: systemClock, capacity: 10_000 });
  const definition: SubscriptionDefinition<Event, { skus: string[] }> = {
    field: 'stockChanged', topic: 'stock', matches: ({ sku }, { skus }) => skus.includes(sku), coalesceKey: coalesce ? ({ sku }) => sku : null,
    check: ({ skus }) => {
      if (skus.length === 0) throw new GraphQLError('none');
    },
  };
  const hub = createSubscriptionHub({
    server, definitions: [definition as never], metrics: createMetrics(systemClock), clock: systemClock, log: silentLog, deadlineMs: 5_000,
    eventLog: {
      ...log,
      subscribe: async (topic, onEvent) => {
        const stop = await log.subscribe(topic, onEvent);
        listening += 1;
        return () => {
          listening -= 1;
          stop();
        };
      },
    },
  });
  const prepare = createPreparer(server, createDocuments(server.schema, DEFAULT_LIMITS));
  const open = (skus: string[], principal = reader) =>
    hub.open(prepare({ query: 'subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { id name } }', variables: { skus } }, {
      principal, shopping: { channel: null, locale: null, currencyCode: null }, signal: new AbortController().signal, deadlineAtMs: 0, traceparent: null,
    }));
  const answerNext = async (): Promise<void> => {
    await expect.poll(() => gates.length).toBeGreaterThan(0);
    gates.shift()!();
  };
  return { hub, open, asked, answerNext, happen: (...events: Event[]) => log.append('stock', events), listening: () => listening };
}

const seen = ({ value }: IteratorResult<ExecutionResult>): string => {
  const { id, name } = (value as { data: { stockChanged: { id: string; name: string } } }).data.stockChanged;
  return `${id}=${name}`;
};

describe('the subscription hub', () => {
  it('executes an event once for all who ask the same and may see the same, and not for others', async () => {
    const bench = createBench();
    const [first, second, other] = [await bench.open(['A']), await bench.open(['A']), await bench.open(['A'], { ...reader, subject: 'b' })];
    await bench.happen({ sku: 'A', figure: 1 });
    await bench.answerNext();
    await bench.answerNext();
    expect([seen(await first.next()), seen(await second.next()), seen(await other.next())]).toEqual(['A=1', 'A=1', 'A=1']);
    expect(bench.asked).toHaveLength(2);
    await Promise.all([first, second, other].map((stream) => stream.return!()));
  });

  it('tells changes in order, and those that wait for their turn as one', async () => {
    const bench = createBench();
    const stream = await bench.open(['A', 'B']);
    await bench.happen({ sku: 'A', figure: 1 }, { sku: 'A', figure: 2 }, { sku: 'B', figure: 1 }, { sku: 'C', figure: 1 }, { sku: 'A', figure: 3 });
    const told: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await bench.answerNext();
      told.push(seen(await stream.next()));
    }
    expect(told).toEqual(['A=1', 'A=3', 'B=1']);
    expect(bench.asked.map(({ sku, figure }) => `${sku}${figure}`)).toEqual(['A1', 'A3', 'B1']);
    await stream.return!();
  });

  it('ends streams rather than dropping events that must be told', async () => {
    const bench = createBench({ coalesce: false });
    const stream = await bench.open(['A']);
    await bench.happen(...Array.from({ length: 1_100 }, (_, figure) => ({ sku: 'A', figure })));
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(bench.listening()).toBe(0);
  });

  it('listens while somebody does: also for whoever comes as the last one leaves', async () => {
    const bench = createBench();
    const first = await bench.open(['A']);
    const coming = bench.open(['A']);
    await first.return!();
    const second = await coming;
    await bench.happen({ sku: 'A', figure: 7 });
    await bench.answerNext();
    expect(seen(await second.next())).toBe('A=7');
    await second.return!();
    expect(bench.listening()).toBe(0);
  });

  it('refuses before listening, and opens nothing once it has closed', async () => {
    const bench = createBench();
    await expect(bench.open([])).rejects.toThrow('none');
    const stream = await bench.open(['A']);
    await bench.hub.close();
    expect((await stream.next()).done).toBe(true);
    await expect(bench.open(['A'])).rejects.toThrow('about to stop');
    expect(bench.listening()).toBe(0);
  });
});
