import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import type { EventLog } from '../../../../platform/stores/event-log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { createRedisEventLog } from '../../../../platform/stores/redis-event-log.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../../../support/redis-server.ts';
import { createSubscriptionBench, seen, type Seen } from '../../../support/subscription-bench.ts';

/** Appends while a subscriber takes some, leaves, and comes back where it was: the script says who moves when. */
const SCRIPT = fc.array(fc.oneof(
  { weight: 4, arbitrary: fc.record({ append: fc.array(fc.constantFrom('A', 'B', 'C', 'OTHER'), { minLength: 1, maxLength: 12 }) }) },
  { weight: 4, arbitrary: fc.constant('take' as const) },
  { weight: 1, arbitrary: fc.constant('reconnect' as const) },
), { minLength: 1, maxLength: 60 });

const SKUS = ['A', 'B', 'C'];

async function play(coalesce: boolean, script: readonly ('take' | 'reconnect' | { readonly append: readonly string[] })[], eventLog: EventLog, topic?: string) {
  const log: EventLog = topic === undefined ? eventLog : onTopic(eventLog, topic);
  const nodes = [createSubscriptionBench({ coalesce, eventLog: log }), createSubscriptionBench({ coalesce, eventLog: log })];
  const happened: { readonly sku: string; readonly figure: number }[] = [];
  const told: Seen[] = [];
  let node = 0;
  let stream = await nodes[0]!.open(SKUS);
  const appends: Promise<unknown>[] = [];
  const pending = () => coalesce
    ? SKUS.some((sku) => (happened.findLast((event) => event.sku === sku)?.figure ?? 0) > (told.findLast((event) => event.sku === sku)?.figure ?? 0))
    : happened.filter(({ sku }) => SKUS.includes(sku)).length > told.length;
  const take = async (): Promise<void> => {
    const result = seen(await stream.next());
    if (typeof result === 'string') throw new Error(result);
    told.push(result);
  };
  for (const step of script) {
    if (step === 'take') {
      if (pending()) await take();
    } else if (step === 'reconnect') {
      await stream.return!();
      node = 1 - node;
      // Whoever has had nothing yet has nowhere to resume from: it begins at what it knows of.
      stream = await nodes[node]!.open(SKUS, told.at(-1)?.cursor ?? (await firstPosition));
    } else {
      const events = step.append.map((sku) => ({ sku, figure: happened.push({ sku, figure: happened.length + 1 }) }));
      // Not awaited: it runs beside what comes next.
      appends.push(nodes[0]!.happen(...events));
    }
  }
  await Promise.all(appends);
  while (pending()) await take();
  await stream.return!();
  return { happened: happened.filter(({ sku }) => SKUS.includes(sku)), told };
}

let firstPosition: Promise<string>;
const onTopic = (log: EventLog, topic: string): EventLog => ({
  ...log,
  append: (_topic, payloads) => log.append(topic, payloads),
  readAfter: (_topic, cursor, limit) => log.readAfter(topic, cursor, limit),
  position: () => log.position(topic),
  subscribe: (_topic, onEvent, onLost) => log.subscribe(topic, onEvent, onLost),
});

describe.each([{ where: 'in this process' }, ...(hasRedisServer() ? [{ where: 'on Redis' }] : [])])('a subscription resumed $where', ({ where }) => {
  let server: RedisServer | null = null;
  let logs: EventLog;
  beforeAll(async () => {
    if (where !== 'on Redis') return;
    server = await startRedisServer();
    logs = await createRedisEventLog({ url: server.url, log: silentLog, capacity: 10_000 });
  });
  afterAll(async () => {
    await logs?.close();
    await server?.kill();
  });
  const freshLog = (): { log: EventLog; topic: string | undefined } =>
    server ? { log: logs, topic: randomUUID() } : { log: createMemoryEventLog({ clock: systemClock, capacity: 10_000 }), topic: undefined };
  // The reader on Redis waits up to 200 ms at a turn.
  const numRuns = where === 'on Redis' ? 12 : 100;

  it('tells every change once and in order, whoever appends meanwhile and whichever node it comes back to', async () => {
    await fc.assert(fc.asyncProperty(SCRIPT, async (script) => {
      const { log, topic } = freshLog();
      firstPosition = log.position(topic ?? 'stock');
      await firstPosition;
      const { happened, told } = await play(false, script, log, topic);
      expect(told.map(({ sku, figure }) => ({ sku, figure }))).toEqual(happened);
    }), { numRuns });
  });

  it('tells the latest of each thing, never an older one after a newer one, never one twice', async () => {
    await fc.assert(fc.asyncProperty(SCRIPT, async (script) => {
      const { log, topic } = freshLog();
      firstPosition = log.position(topic ?? 'stock');
      await firstPosition;
      const { happened, told } = await play(true, script, log, topic);
      for (const sku of SKUS) {
        const figures = told.filter((event) => event.sku === sku).map(({ figure }) => figure);
        expect(figures).toEqual([...new Set(figures)].sort((a, b) => a - b));
        expect(figures.at(-1)).toBe(happened.findLast((event) => event.sku === sku)?.figure);
      }
    }), { numRuns });
  });
});

describe('a subscriber who comes back too late', () => {
  const keep = 10;
  const trimmed = async (coalesce: boolean) => {
    const bench = createSubscriptionBench({ coalesce, eventLog: createMemoryEventLog({ clock: systemClock, capacity: keep }) });
    const [cursor] = await bench.happen({ sku: 'A', figure: 1 });
    for (let figure = 2; figure < 50; figure += 1) await bench.happen({ sku: 'A', figure });
    return { bench, cursor: cursor! };
  };

  it('is told once how everything it follows is, then what happens', async () => {
    const { bench, cursor } = await trimmed(true);
    const stream = await bench.open(['A', 'B'], cursor);
    const snapshots = [seen(await stream.next()), seen(await stream.next())] as Seen[];
    expect(snapshots.map(({ sku, figure }) => [sku, figure])).toEqual([['A', -1], ['B', -1]]);
    await bench.happen({ sku: 'B', figure: 50 });
    expect(seen(await stream.next())).toMatchObject({ sku: 'B', figure: 50 });
    await stream.return!();
    // Whoever leaves before the last snapshot is told of all of them again.
    const again = await bench.open(['A', 'B'], snapshots[0]!.cursor);
    expect(seen(await again.next())).toMatchObject({ sku: 'A', figure: -1 });
    await again.return!();
    const complete = await bench.open(['A', 'B'], snapshots[1]!.cursor);
    expect(seen(await complete.next())).toMatchObject({ sku: 'B', figure: 50 });
    await complete.return!();
  });

  it('is told that events are missing where each counts, then all that are left', async () => {
    const { bench, cursor } = await trimmed(false);
    const stream = await bench.open(['A'], cursor);
    expect(seen(await stream.next())).toBe('LAGGED');
    const left = seen(await stream.next()) as Seen;
    expect(left.figure).toBeGreaterThan(2);
    expect(seen(await stream.next())).toMatchObject({ figure: left.figure + 1 });
    await stream.return!();
  });

  it('is told so as well when the log has begun anew', async () => {
    const { bench: before } = await trimmed(true);
    const cursor = await before.eventLog.position('stock');
    await new Promise((done) => setTimeout(done, 2));
    const after = createSubscriptionBench();
    const stream = await after.open(['A'], cursor);
    expect(seen(await stream.next())).toMatchObject({ sku: 'A', figure: -1 });
    await stream.return!();
  });
});

describe.skipIf(!hasRedisServer())('subscribers while Redis is killed', () => {
  it('are told how things are when it comes back empty, and everything after that', async () => {
    const server = await startRedisServer();
    const eventLog = await createRedisEventLog({ url: server.url, log: silentLog, capacity: 1_000 });
    const [coalescing, each] = [createSubscriptionBench({ eventLog }), createSubscriptionBench({ eventLog, coalesce: false })];
    const [latest, every] = [await coalescing.open(['A', 'B']), await each.open(['A'])];
    const happen = async (figure: number): Promise<void> => {
      while (!(await eventLog.append('stock', [{ sku: 'A', figure }]).then(() => true, () => false))) await new Promise((done) => setTimeout(done, 20));
    };
    await happen(1);
    expect([seen(await latest.next()), seen(await every.next())]).toMatchObject([{ figure: 1 }, { figure: 1 }]);
    await server.kill();
    await server.start();
    await happen(2);
    const snapshots = [seen(await latest.next()), seen(await latest.next())] as Seen[];
    expect(new Set(snapshots.map(({ sku }) => sku))).toEqual(new Set(['A', 'B']));
    expect(seen(await every.next())).toBe('LAGGED');
    expect(seen(await every.next())).toMatchObject({ figure: 2 });
    await happen(3);
    expect(seen(await every.next())).toMatchObject({ figure: 3 });
    await Promise.all([latest.return!(), every.return!()]);
    await eventLog.close();
    await server.kill();
  });
});
