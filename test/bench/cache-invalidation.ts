import { createCacheMemory, createFetchCache } from '../../gateway/cache/fetch-cache.ts';
import type { FetchCache } from '../../gateway/cache/facts.ts';
import { followInvalidations } from '../../gateway/cache/invalidations.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { createRedisCacheStore } from '../../platform/stores/redis-cache-store.ts';
import { createRedisEventLog } from '../../platform/stores/redis-event-log.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { answering, askOf, entitiesIn, entitiesOf, FACTS_SDL, scopeOf } from '../unit/gateway/cache/facts-graph.ts';
import { percentile, printTable, type BenchOptions, type Outcome } from './report.ts';

/*
 * Two gateway nodes, each with connections and a memory of its own, over a Redis of the bench: how long after an event was
 * handed to the log nobody serves what was before it, and what an answer from the cache costs.
 */

const EVENTS = 500;
const PAGE = Array.from({ length: 24 }, (_, n) => `sku-${n}`);
const BUSY = 50_000_000;

interface BenchNode {
  readonly cache: FetchCache;
  /** Resolves when this node has heard of a change of the tag. */
  heard(tag: string): Promise<void>;
  append(sku: string): Promise<void>;
  close(): Promise<void>;
}

const values = new Map<string, number>();

async function startNode(url: string, maxBytes: number): Promise<BenchNode> {
  const log = await createRedisEventLog({ url, log: silentLog, capacity: 100_000 });
  const invalidations = followInvalidations({ eventLog: log, clock: systemClock, log: silentLog, historyMs: 60_000 });
  await invalidations.followed;
  const store = await createRedisCacheStore({ url, namespace: 'shop', clock: systemClock, log: silentLog, readTimeoutMs: 1_000 });
  const memory = createCacheMemory({ store, invalidations, clock: systemClock, maxBytes, graceMs: 0 });
  const cache = createFetchCache({ sdl: FACTS_SDL, memory });
  while (!cache.open(scopeOf())) await new Promise((done) => setTimeout(done, 20));
  return {
    cache,
    heard: (tag) => new Promise((done) => {
      const stop = invalidations.onInvalidated((tags) => {
        if (tags !== 'ALL' && !tags.includes(tag)) return;
        stop();
        done();
      });
    }),
    append: async (sku) => void (await log.append('stock', [{ type: 'stock.changed', sku }])),
    close: async () => {
      invalidations.close();
      memory.close();
      await log.close();
    },
  };
}

const client = answering((sku) => ({ __typename: 'Thing', value: values.get(sku) ?? 0, part: { name: 'a part of some length' } }));
const scope = scopeOf();

async function read(cache: FetchCache, skus: readonly string[]): Promise<readonly number[]> {
  const session = cache.open(scope);
  if (!session) throw new Error('the cache does not know how current it is');
  const answer = await session.execute(askOf(client, entitiesOf(skus, '__typename value part{name}')));
  return entitiesIn(answer).map((entity) => (entity as { value: number }).value);
}

async function measureInvalidation(nodes: readonly BenchNode[]): Promise<{ readonly times: readonly number[]; readonly overtaken: number }> {
  const times: number[] = [];
  let overtaken = 0;
  for (let event = 0; event < EVENTS; event += 1) {
    const sku = PAGE[event % PAGE.length]!;
    await Promise.all(nodes.map(({ cache }) => read(cache, PAGE)));
    values.set(sku, event + 1);
    const startedAt = performance.now();
    const heard = Promise.all(nodes.map((node) => node.heard(`Stock:${sku}`)));
    await nodes[event % 2]!.append(sku);
    await heard;
    times.push(performance.now() - startedAt);
    for (const { cache } of nodes) if ((await read(cache, [sku]))[0] !== event + 1) overtaken += 1;
  }
  return { times, overtaken };
}

async function microsecondsPerRead(cache: FetchCache, roundMs: number): Promise<number> {
  await read(cache, PAGE);
  await new Promise((done) => setTimeout(done, 100));
  let reads = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < roundMs) {
    await read(cache, PAGE);
    reads += 1;
    // What comes from memory leaves the event loop no turn, and a node that hears nothing does not know how current it is.
    if (reads % 100 === 0) await new Promise((done) => setImmediate(done));
  }
  return ((performance.now() - startedAt) * 1_000) / reads;
}

export async function run({ roundMs }: BenchOptions): Promise<Outcome> {
  if (!hasRedisServer()) return { failures: [] };
  const server = await startRedisServer();
  const nodes = await Promise.all([startNode(server.url, BUSY), startNode(server.url, BUSY)]);
  // Remembers nothing itself: everything comes from Redis.
  const forgetful = await startNode(server.url, 1_000);
  try {
    const { times, overtaken } = await measureInvalidation(nodes);
    const inMs = (value: number): string => `${value.toFixed(2)} ms`;
    printTable(['from handing an event to the log until no node serves what was before it', 'p50', 'p99', 'longest'], [
      [`${EVENTS} events, 2 nodes over Redis`, inMs(percentile(times, 0.5)), inMs(percentile(times, 0.99)), inMs(Math.max(...times))],
    ]);
    const [memory, redis] = [await microsecondsPerRead(nodes[0]!.cache, roundMs), await microsecondsPerRead(forgetful.cache, roundMs)];
    printTable(['24 entities of one request', 'a read'], [['from memory', `${memory.toFixed(0)} us`], ['from Redis, one round trip', `${redis.toFixed(0)} us`]]);
    return { failures: overtaken > 0 ? [`${overtaken} reads were answered with what an event had overtaken`] : [] };
  } finally {
    await Promise.all([...nodes, forgetful].map((node) => node.close()));
    await server.kill();
  }
}
