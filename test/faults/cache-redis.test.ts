import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCacheMemory, createFetchCache } from '../../gateway/cache/fetch-cache.ts';
import { followInvalidations } from '../../gateway/cache/invalidations.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import { createRedisCacheStore } from '../../platform/stores/redis-cache-store.ts';
import { createRedisEventLog } from '../../platform/stores/redis-event-log.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.ts';
import { answering, askOf, entitiesIn, entitiesOf, FACTS_SDL, scopeOf } from '../unit/gateway/cache/facts-graph.ts';

/** Two nodes over a Redis that is killed, slow, full and restarted; a store of record that is none of that. */
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await pause(20);
};

interface Node {
  readonly log: EventLog;
  /** Whether what is kept is used now. */
  isCurrent(): boolean;
  read(sku: string): Promise<number>;
  /** Times the subgraph was asked. */
  asked: number;
  close(): Promise<void>;
}

/** Values of record, and what has been announced of them and not yet left. */
const values = new Map<string, number>();
const outbox: string[] = [];

async function startNode(url: string): Promise<Node> {
  const log = await createRedisEventLog({ url, log: silentLog, capacity: 10_000 });
  const invalidations = followInvalidations({ eventLog: log, clock: systemClock, log: silentLog, historyMs: 60_000 });
  await invalidations.followed;
  const store = await createRedisCacheStore({ url, namespace: 'shop', clock: systemClock, log: silentLog, readTimeoutMs: 100 });
  const memory = createCacheMemory({ store, invalidations, clock: systemClock, maxBytes: 1_000_000, graceMs: 60_000 });
  const cache = createFetchCache({ sdl: FACTS_SDL, memory });
  const node: Node = {
    log, asked: 0,
    isCurrent: () => cache.open(scopeOf()) !== null,
    read: async (sku) => {
      const client = answering((one) => ({ value: values.get(one) ?? 0 }));
      const onAsked = (): void => void (node.asked += 1);
      const request = entitiesOf([sku], 'value');
      const session = cache.open(scopeOf());
      if (!session) onAsked();
      const answer = await (session ? session.execute(askOf(client, request, { onAsked })) : client.execute(request, askOf(client, request).call));
      return (entitiesIn(answer)[0] as { value: number }).value;
    },
    close: async () => {
      invalidations.close();
      memory.close();
      await log.close();
    },
  };
  return node;
}

describe.skipIf(!hasRedisServer())('the cache over a Redis that fails', () => {
  let server: RedisServer;
  let admin: Redis;
  let a: Node;
  let b: Node;
  let relay: NodeJS.Timeout;
  let relaying = false;
  const commit = (sku: string): number => {
    values.set(sku, (values.get(sku) ?? 0) + 1);
    outbox.push(sku);
    return values.get(sku)!;
  };
  const bothRead = async (sku: string): Promise<readonly number[]> => Promise.all([a.read(sku), b.read(sku)]);
  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.url, { maxRetriesPerRequest: null });
    admin.on('error', () => undefined);
    [a, b] = [await startNode(server.url), await startNode(server.url)];
    relay = setInterval(() => {
      if (relaying || outbox.length === 0) return;
      relaying = true;
      const batch = [...outbox];
      void a.log.append('stock', batch.map((sku) => ({ type: 'stock.changed', sku })))
        .then(() => outbox.splice(0, batch.length), () => undefined)
        .finally(() => (relaying = false));
    }, 10);
  });
  beforeEach(async () => {
    await until(() => a.isCurrent() && b.isCurrent() && outbox.length === 0);
  });
  afterAll(async () => {
    clearInterval(relay);
    await Promise.all([a.close(), b.close()]);
    admin.disconnect();
    await server.kill();
  });

  it('one node finds what the other has asked for; after a change neither tells what was before', async () => {
    expect(await a.read('shared')).toBe(0);
    await until(async () => (await admin.keys('cache:*')).length > 0);
    const asked = b.asked;
    expect(await b.read('shared')).toBe(0);
    expect(b.asked).toBe(asked);
    for (let turn = 0; turn < 20; turn += 1) {
      const value = commit('shared');
      await until(async () => (await bothRead('shared')).every((read) => read === value));
      // Once overtaken, what was before never comes back.
      for (let again = 0; again < 5; again += 1) expect(await bothRead('shared')).toEqual([value, value]);
    }
  });

  it('a node that starts later may use what is kept, judged by what the log says of the time before', async () => {
    await a.read('early');
    await a.read('changed');
    const value = commit('changed');
    await until(async () => outbox.length === 0 && (await a.read('changed')) === value);
    await until(async () => (await admin.keys('cache:*')).length > 1);
    const late = await startNode(server.url);
    await until(() => late.isCurrent());
    expect(await late.read('changed')).toBe(value);
    expect(await late.read('early')).toBe(0);
    await until(async () => (await late.read('early')) === 0);
    expect(late.asked).toBeLessThanOrEqual(1);
    await late.close();
  });

  it('killed: nothing kept is used once its word is old, everybody is answered; back again, it helps again', { timeout: 60_000 }, async () => {
    await bothRead('killed');
    await server.kill();
    const value = commit('killed');
    await until(() => !a.isCurrent() && !b.isCurrent());
    expect(await bothRead('killed')).toEqual([value, value]);
    const last = commit('killed');
    expect(await bothRead('killed')).toEqual([last, last]);
    await server.start();
    await until(() => a.isCurrent() && b.isCurrent() && outbox.length === 0);
    await until(async () => (await bothRead('killed')).every((read) => read === last));
    const asked = a.asked;
    await until(async () => (await a.read('killed')) === last && (await a.read('killed')) === last);
    expect(a.asked).toBeLessThanOrEqual(asked + 1);
  });

  it('restarted with what it held before: what another life of the log says nothing of is not used', { timeout: 60_000 }, async () => {
    await bothRead('restored');
    await until(async () => (await admin.keys('cache:*')).length > 0);
    const kept = await Promise.all((await admin.keys('cache:*')).map(async (key) => [key, (await admin.get(key))!] as const));
    await server.kill();
    const value = commit('restored');
    outbox.splice(0);
    await server.start();
    for (const [key, text] of kept) await admin.set(key, text, 'PX', 60_000);
    // Until they have met the new life they may take the last word of the old one for current, a second at most.
    await until(async () => (await bothRead('restored')).every((read) => read === value));
    await until(() => a.isCurrent() && b.isCurrent());
    for (let again = 0; again < 5; again += 1) expect(await bothRead('restored')).toEqual([value, value]);
  });

  it('slow: whoever asks is answered by the subgraph, and nothing kept is used once its word is old', { timeout: 60_000 }, async () => {
    await bothRead('slow');
    await admin.client('PAUSE', 4_000);
    const value = commit('slow');
    await bothRead('other');
    await until(() => !a.isCurrent() && !b.isCurrent());
    expect(await bothRead('slow')).toEqual([value, value]);
    await until(() => a.isCurrent() && b.isCurrent() && outbox.length === 0);
    await until(async () => (await bothRead('slow')).every((read) => read === value));
  });

  it('full: events cannot leave, so nothing kept is used, though Redis still answers readers', { timeout: 60_000 }, async () => {
    await bothRead('full');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await admin.config('SET', 'maxmemory', '1');
    const value = commit('full');
    await until(() => !a.isCurrent() && !b.isCurrent());
    expect(outbox).not.toEqual([]);
    expect(await bothRead('full')).toEqual([value, value]);
    await admin.config('SET', 'maxmemory', '0');
    await until(() => a.isCurrent() && b.isCurrent() && outbox.length === 0);
    await until(async () => (await bothRead('full')).every((read) => read === value));
  });
});
