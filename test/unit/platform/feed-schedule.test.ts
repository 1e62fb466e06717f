import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import { feedDdl, type Feed, type FeedRunner } from '../../../platform/feed.ts';
import { startFeeds } from '../../../platform/feed-schedule.ts';
import { silentLog } from '../../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let store: TestDatabase;
let runner: FeedRunner;
beforeAll(async () => {
  store = await createTestDatabase();
  await store.database.run(`create schema shop; ${feedDdl('shop')}`);
  runner = { database: store.database, schema: 'shop', clock: systemClock, log: silentLog, pageTimeoutMs: 60_000 };
});
afterAll(() => store.drop());

/** Never comes round by itself while a test runs. */
const AN_HOUR = 3_600_000;

it('a hint that meets another process at the feed is heard when that one is done, not at the next turn', async () => {
  const reading = Promise.withResolvers<void>();
  const mayGoOn = Promise.withResolvers<void>();
  const heard = Promise.withResolvers<void>();
  const feedOf = (list: () => Promise<void>): Feed => ({
    name: 'things', pageSize: 10, intervalMs: AN_HOUR, fullEveryMs: AN_HOUR, hasDelta: true, apply: async () => ({ changed: 0 }),
    list: async () => {
      await list();
      return { records: [], rejected: [], next: null, watermark: '2026-01-01T00:00:00.000Z', total: 0 };
    },
  });
  const other = startFeeds(runner, [feedOf(async () => {
    reading.resolve();
    await mayGoOn.promise;
  })]);
  await reading.promise;
  const asked: string[] = [];
  const told = startFeeds(runner, [feedOf(async () => {
    asked.push('asked');
    heard.resolve();
  })]);
  await told.ready;
  told.wake('things');
  await new Promise((done) => setTimeout(done, 300));
  expect(asked).toEqual([]);
  mayGoOn.resolve();
  await heard.promise;
  await told.stop();
  await other.stop();
});

it('a pass after a hint is begun as one, so that it may look further than a pass by the clock', async () => {
  const begun: boolean[] = [];
  const heard = Promise.withResolvers<void>();
  const schedule = startFeeds(runner, [{
    name: 'hinted things', pageSize: 10, intervalMs: AN_HOUR, fullEveryMs: AN_HOUR, hasDelta: true, apply: async () => ({ changed: 0 }),
    list: async () => ({ records: [], rejected: [], next: null, watermark: '2026-01-01T00:00:00.000Z', total: 0 }),
    owesFullPass: async (_runner, { hinted }) => {
      begun.push(hinted);
      if (hinted) heard.resolve();
      return false;
    },
  }]);
  await schedule.ready;
  schedule.wake('hinted things');
  await heard.promise;
  await schedule.stop();
  expect(begun).toEqual([false, true]);
});
