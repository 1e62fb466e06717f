import type { ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraph } from '../../../../gateway/graph/graph.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/limits/limits.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import type { EventLog } from '../../../../platform/stores/event-log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { composeProof } from '../../../proof/subscriptions/supergraph.ts';
import { composeSmall } from '../../../support/small-supergraph.ts';
import { createSubscriptionBench, seen } from '../../../support/subscription-bench.ts';

const MANY = 2_000;

/** What is shared for a moment is shared however slow the machine is. */
const stillClock = () => manualClock(systemClock.now());

/** A log that can be made to forget what was not read, and says so, as a Redis does that has restarted. */
function forgetfulLog() {
  let log = createMemoryEventLog({ clock: systemClock, capacity: 10_000 });
  const listeners = new Set<{ readonly topic: string; readonly onEvent: Parameters<EventLog['subscribe']>[1]; readonly onLost: () => void }>();
  let reads = 0;
  const eventLog: EventLog = {
    ...log,
    append: (...given) => log.append(...given),
    readAfter: (...given) => {
      reads += 1;
      return log.readAfter(...given);
    },
    readBefore: (...given) => log.readBefore(...given),
    position: (topic) => log.position(topic),
    subscribe: async (topic, onEvent, onLost = () => undefined) => {
      const listener = { topic, onEvent, onLost };
      listeners.add(listener);
      await log.subscribe(topic, onEvent);
      return () => void listeners.delete(listener);
    },
  };
  const forget = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done, 2));
    log = createMemoryEventLog({ clock: systemClock, capacity: 10_000 });
    for (const { topic, onEvent } of listeners) await log.subscribe(topic, onEvent);
    for (const { onLost } of listeners) onLost();
  };
  return { eventLog, forget, reads: () => reads };
}

const laggedOf = ({ value }: IteratorResult<ExecutionResult>): unknown => (value as ExecutionResult).extensions?.['lagged'];

describe('a group of subscribers', () => {
  it('executes an event once for two thousand, and once more for whoever is in another group', async () => {
    const bench = createSubscriptionBench({ clock: stillClock() });
    const streams = await Promise.all(Array.from({ length: MANY }, () => bench.open(['A'])));
    const other = await bench.open(['A', 'B']);
    expect(bench.listening()).toBe(2);
    for (const figure of [1, 2, 3]) {
      const next = [...streams, other].map((stream) => stream.next());
      await bench.happen({ sku: 'A', figure });
      expect(new Set((await Promise.all(next)).map((result) => JSON.stringify(seen(result)))).size).toBe(1);
      expect(bench.asked).toHaveLength(2 * figure);
    }
    await Promise.all([...streams, other].map((stream) => stream.return!()));
    expect(bench.listening()).toBe(0);
  });

  it('reads and executes once for two thousand who resume from one place', async () => {
    const { eventLog, reads } = forgetfulLog();
    const bench = createSubscriptionBench({ eventLog, coalesce: false, clock: stillClock() });
    const [cursor] = await bench.happen({ sku: 'A', figure: 1 });
    for (const figure of [2, 3]) await bench.happen({ sku: 'A', figure });
    const streams = await Promise.all(Array.from({ length: MANY }, () => bench.open(['A'], cursor)));
    for (const figure of [2, 3]) expect(new Set((await Promise.all(streams.map((stream) => stream.next()))).map((result) => (seen(result) as { figure: number }).figure))).toEqual(new Set([figure]));
    expect(bench.asked).toHaveLength(2);
    expect(reads()).toBeLessThan(20);
    await Promise.all(streams.map((stream) => stream.return!()));
  });

  it('tells after a loss how things are, executed once for all, and between which places events may be missing', async () => {
    const { eventLog, forget } = forgetfulLog();
    const bench = createSubscriptionBench({ eventLog, clock: stillClock() });
    const streams = await Promise.all(Array.from({ length: MANY }, () => bench.open(['A', 'B'])));
    const [from] = await bench.happen({ sku: 'A', figure: 1 });
    await Promise.all(streams.map((stream) => stream.next()));
    await forget();
    const snapshots = [await Promise.all(streams.map((stream) => stream.next())), await Promise.all(streams.map((stream) => stream.next()))];
    expect(snapshots.flat().every((result) => (seen(result) as { figure: number }).figure === -1)).toBe(true);
    expect(bench.asked).toHaveLength(3);
    const to = await eventLog.position('stock');
    expect(snapshots.map(([first]) => laggedOf(first!))).toEqual([{ from, to }, { from, to }]);
    const next = streams.map((stream) => stream.next());
    await bench.happen({ sku: 'A', figure: 2 });
    const [first] = await Promise.all(next);
    expect(seen(first!)).toMatchObject({ figure: 2 });
    expect(laggedOf(first!)).toBeUndefined();
    await Promise.all(streams.map((stream) => stream.return!()));
  });

  it('tells where each event counts how the one thing is that is followed, then what the log still has', async () => {
    const { eventLog, forget } = forgetfulLog();
    const bench = createSubscriptionBench({ eventLog, coalesce: false, restate: [{ sku: 'A', figure: 70 }] });
    const stream = await bench.open(['A']);
    const [from] = await bench.happen({ sku: 'A', figure: 1 });
    await stream.next();
    await forget();
    await bench.happen({ sku: 'A', figure: 2 });
    const restated = await stream.next();
    expect(seen(restated)).toMatchObject({ figure: 70, cursor: from });
    expect(laggedOf(restated)).toMatchObject({ from });
    expect(seen(await stream.next())).toMatchObject({ figure: 2 });
    await stream.return!();
  });

  it('knows an event that the log has once before and once after the place where somebody resumes', async () => {
    const bench = createSubscriptionBench({ coalesce: false });
    const change = (version: string) => ({ sku: 'A', figure: Number(version), version });
    const cursors = await bench.happen(change('1'), change('2'), change('3'));
    await bench.happen(change('2'), change('3'), change('4'));
    const stream = await bench.open(['A'], cursors[2]);
    expect(seen(await stream.next())).toMatchObject({ figure: 4 });
    await stream.return!();
  });
});

describe('a subscriber who is too slow', () => {
  it('is ended with the place to resume from, and misses nothing there', async () => {
    const bench = createSubscriptionBench({ coalesce: false, slowAfterMs: 60 });
    const [slow, quick] = [await bench.open(['A']), await bench.open(['A'])];
    const first = slow.next();
    const figures: number[] = [];
    const keepUp = (async () => {
      while (figures.length < 1_000) figures.push((seen(await quick.next()) as { figure: number }).figure);
    })();
    for (let figure = 0; figure < 1_000; figure += 1) await bench.happen({ sku: 'A', figure });
    await keepUp;
    expect(figures).toEqual(Array.from({ length: 1_000 }, (_, figure) => figure));
    const { cursor } = seen(await first) as { cursor: string };
    await expect.poll(() => slow.next().then(() => 'told', (error: { extensions: object }) => error.extensions)).toEqual({ code: 'SLOW_CONSUMER', retryable: true, resumeAfter: expect.any(String) });
    expect((await slow.next()).done).toBe(true);
    const again = await bench.open(['A'], cursor);
    expect(seen(await again.next())).toMatchObject({ figure: 1 });
    await Promise.all([again.return!(), quick.return!()]);
    expect(bench.listening()).toBe(0);
  });
});

describe('a graph that is replaced under subscribers', () => {
  it('answers the next event, or ends them with the reason and the place to resume from', async () => {
    const bench = createSubscriptionBench();
    const stream = await bench.open(['A']);
    const later = { execute: async () => ({ data: { stockChanged: { __typename: 'Item', id: 'A', name: '99 later' } } }) };
    const next = stream.next();
    bench.graphs.replace(createGraph({ sdl: composeSmall(), clients: { shop: later, prices: later }, limits: DEFAULT_LIMITS, cache: null }));
    const [cursor] = await bench.happen({ sku: 'A', figure: 1 });
    expect(seen(await next)).toMatchObject({ figure: 99 });
    bench.graphs.replace(createGraph({ sdl: composeProof(), clients: {}, limits: DEFAULT_LIMITS, cache: null }));
    await bench.happen({ sku: 'A', figure: 2 });
    await expect(stream.next()).rejects.toMatchObject({ message: expect.stringContaining('The graph has changed'), extensions: { code: 'INVALID_INPUT', reason: 'GRAPH_CHANGED', resumeAfter: cursor } });
    expect((await stream.next()).done).toBe(true);
    expect(bench.listening()).toBe(0);
  });
});
