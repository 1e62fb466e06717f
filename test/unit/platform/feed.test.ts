import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { feedDdl, runFeedPass, type Feed, type FeedPage, type FeedRunner } from '../../../platform/feed.ts';
import { readFeedStatus } from '../../../platform/feed-status.ts';
import { silentLog } from '../../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const DAY_MS = 86_400_000;
const clock = manualClock(Date.parse('2026-01-01T00:00:00Z'));
let store: TestDatabase;
let runner: FeedRunner;

beforeAll(async () => {
  store = await createTestDatabase();
  await store.database.run(`create schema shop; ${feedDdl('shop')}; create table shop.thing (id int primary key, seen_at timestamptz not null)`);
  runner = { database: store.database, schema: 'shop', clock, log: silentLog, pageTimeoutMs: 5_000 };
});
beforeEach(() => store.database.run('truncate shop.feed, shop.feed_reject, shop.thing'));
afterAll(() => store?.drop());

/** Pages of numbers; `asked` tells what the source was asked for. */
function feedOf(pages: readonly (readonly number[])[], more: Partial<Feed<number>> = {}) {
  const asked: { cursor: string | null; since: string | null }[] = [];
  const feed: Feed<number> = {
    name: 'things', pageSize: 10, intervalMs: 1_000, fullEveryMs: DAY_MS, hasDelta: true,
    list: async ({ cursor, since }): Promise<FeedPage<number>> => {
      asked.push({ cursor, since });
      const page = Number(cursor ?? 0);
      const last = page + 1 >= pages.length;
      return { records: pages[page] ?? [], rejected: [], next: last ? null : String(page + 1), watermark: '2026-01-01T00:00:00.000Z', total: null };
    },
    apply: async (tx, records) => {
      for (const id of records) await tx.run('insert into shop.thing values ($1, clock_timestamp()) on conflict (id) do update set seen_at = excluded.seen_at', [id]);
      return { changed: records.length };
    },
    finishFullPass: (tx, passStartedAt) => tx.run('delete from shop.thing where seen_at < $1', [passStartedAt]),
    ...more,
  };
  return { feed, asked };
}

const things = async (): Promise<number[]> => (await store.database.query<{ id: number }>('select id from shop.thing order by id')).map(({ id }) => id);
const run = (feed: Feed<number>) => runFeedPass(runner, feed, new AbortController().signal);

it('reads everything once, then only what changed, then everything again when a day has passed', async () => {
  const { feed, asked } = feedOf([[1, 2], [3]]);
  expect(await run(feed)).toMatchObject({ mode: 'FULL', rowsIn: 3 });
  expect(await run(feed)).toMatchObject({ mode: 'DELTA' });
  expect(asked[2]).toEqual({ cursor: null, since: '2026-01-01T00:00:00.000Z' });
  clock.advance(Date.now() - clock.now() + 2 * DAY_MS);
  expect(await run(feed)).toMatchObject({ mode: 'FULL' });
});

it('goes on where it broke off, with what was committed', async () => {
  let broken = true;
  const { feed, asked } = feedOf([[1], [2], [3]], {});
  const breaking: Feed<number> = { ...feed, list: (page, call) => (broken && page.cursor === '2' ? Promise.reject(new Error('the line went dead')) : feed.list(page, call)) };
  await expect(run(breaking)).rejects.toThrow('the line went dead');
  expect(await things()).toEqual([1, 2]);
  broken = false;
  expect(await run(breaking)).toMatchObject({ mode: 'FULL', resumed: true, rowsIn: 1 });
  expect(asked.map(({ cursor }) => cursor)).toEqual([null, '1', '2']);
  expect(await things()).toEqual([1, 2, 3]);
});

it('commits a page with its checkpoint or not at all', async () => {
  const { feed } = feedOf([[1], [2]]);
  const failing: Feed<number> = {
    ...feed,
    apply: async (tx, records) => {
      await feed.apply(tx, records);
      if (records.includes(2)) throw new Error('no room');
      return { changed: 1 };
    },
  };
  await expect(run(failing)).rejects.toThrow('no room');
  expect(await things()).toEqual([1]);
  expect((await readFeedStatus(store.database, 'shop'))[0]).toMatchObject({ unfinished: true, passRows: 1, lastSuccessAt: null });
});

it('removes after a full pass what the source no longer has', async () => {
  await run(feedOf([[1, 2, 3]], { hasDelta: false }).feed);
  expect(await run(feedOf([[1, 3]], { hasDelta: false }).feed)).toMatchObject({ rowsRemoved: 1 });
  expect(await things()).toEqual([1, 3]);
});

it('keeps every refused row with its reason, until a full pass no longer meets it', async () => {
  let refuses = true;
  const { feed } = feedOf([[1, 2]], { hasDelta: false });
  const choosy: Feed<number> = {
    ...feed,
    apply: async () => ({ changed: 1, rejected: refuses ? [{ key: '2', reason: 'no such unit' }] : [] }),
  };
  await run(choosy);
  expect((await readFeedStatus(store.database, 'shop'))[0]).toMatchObject({ rejectedNow: 1, rejected: [{ key: '2', reason: 'no such unit' }] });
  refuses = false;
  await run(choosy);
  expect((await readFeedStatus(store.database, 'shop'))[0]).toMatchObject({ rejectedNow: 0, rowsRejected: 1 });
});

it('is run by one process at a time', async () => {
  let enter: () => void = () => undefined;
  let leave: () => void = () => undefined;
  const entered = new Promise<void>((done) => (enter = done));
  const left = new Promise<void>((done) => (leave = done));
  const { feed } = feedOf([[1]]);
  const slow: Feed<number> = {
    ...feed,
    list: async (page, call) => {
      enter();
      await left;
      return feed.list(page, call);
    },
  };
  const first = run(slow);
  await entered;
  expect(await run(feed)).toBeNull();
  leave();
  expect(await first).toMatchObject({ mode: 'FULL' });
});
