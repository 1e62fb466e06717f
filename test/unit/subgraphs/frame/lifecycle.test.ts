import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Feed } from '../../../../platform/feed.ts';
import { feedDdl } from '../../../../platform/feed.ts';
import { outboxDdl, announce } from '../../../../platform/outbox.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { createLifecycle } from '../../../../subgraphs/frame/lifecycle.ts';
import type { SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';

let store: TestDatabase;
let passes = 0;
let broken = false;

beforeAll(async () => {
  store = await createTestDatabase();
  await store.database.run(`create schema shop; ${outboxDdl('shop')}; ${feedDdl('shop')}`);
});
afterAll(() => store.drop());

const feed: Feed = {
  name: 'things', pageSize: 10, intervalMs: 60_000, fullEveryMs: 60_000, hasDelta: false,
  list: async () => {
    if (broken) throw new Error('the ERP is on fire');
    return { records: [(passes += 1)], rejected: [], next: null, watermark: null, total: null };
  },
  apply: async (tx) => {
    await announce(tx, 'shop', [{ topic: 'things', payload: { passes } }]);
    return { changed: 1 };
  },
};

const eventLog = createMemoryEventLog({ clock: systemClock, capacity: 10 });
const start = () => {
  const dependencies = { config: readConfig({}), database: store.database, eventLog, clock: systemClock, log: silentLog } as unknown as SubgraphDependencies;
  return createLifecycle({ dependencies, schema: 'shop', feeds: [feed], flows: { items: 'things' } });
};
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 10));
};

it('is not ready before a pass, then is, moves events, wakes on a hint, and tells in sentences what is wrong', async () => {
  const lifecycle = start();
  expect(await lifecycle.health()).toEqual({ ok: false, reasons: ['feed shop.things has not completed a pass yet'] });
  const seen: unknown[] = [];
  await eventLog.subscribe('things', (event) => seen.push(event.payload));
  await lifecycle.start();
  await lifecycle.ready();
  expect(await lifecycle.health()).toEqual({ ok: true, reasons: [] });
  await until(() => seen.length === 1);
  lifecycle.wake('items');
  await until(() => passes === 2);
  broken = true;
  lifecycle.wake('items');
  await until(async () => (await lifecycle.health()).reasons.length > 0);
  // An ERP that is away makes figures stale; it does not take the page away.
  expect((await lifecycle.health()).ok).toBe(true);
  expect(await lifecycle.feeds()).toMatchObject([{ name: 'things', mode: 'FULL', lastError: 'the ERP is on fire', rejected: [] }]);
  expect((await lifecycle.health()).reasons[0]).toMatch(/^feed shop\.things last succeeded at .*Z; its last attempt at .*Z failed: the ERP is on fire$/);
  await lifecycle.stop();
});

it('is ready at once in a later run, though the ERP is silent now', async () => {
  const lifecycle = start();
  await lifecycle.ready();
  await lifecycle.stop();
});

it('tells whoever waits that it was stopped before', async () => {
  await store.database.run('delete from shop.feed');
  const lifecycle = start();
  const waiting = lifecycle.ready();
  await lifecycle.stop();
  await expect(waiting).rejects.toThrow('shop was stopped before every feed had completed a pass');
});

it('reads whole when asked to what it reads by delta otherwise, and again when the first attempt fails', async () => {
  const asked: (string | null)[] = [];
  let retired = 0;
  let failing = false;
  const delta: Feed = {
    ...feed, name: 'delta', intervalMs: 20, fullEveryMs: 86_400_000, hasDelta: true,
    list: async ({ since }) => {
      if (failing && since === null) {
        failing = false;
        throw new Error('not now');
      }
      asked.push(since);
      return { records: [], rejected: [], next: null, watermark: '2026-01-01T00:00:00Z', total: null };
    },
    finishFullPass: async () => (retired += 1),
  };
  const dependencies = { config: readConfig({}), database: store.database, eventLog, clock: systemClock, log: silentLog } as unknown as SubgraphDependencies;
  const lifecycle = createLifecycle({ dependencies, schema: 'shop', feeds: [delta], flows: {} });
  await lifecycle.start();
  await until(() => asked.length >= 3);
  expect([asked[0], asked[1] === null, retired]).toEqual([null, false, 1]);
  failing = true;
  lifecycle.resync({ confirmRemovals: false });
  await until(() => retired === 2);
  await until(() => asked.at(-1) !== null);
  await lifecycle.stop();
});
