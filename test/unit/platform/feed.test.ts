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

it('reads everything when a delta would not show what is owed, and asks about that at the beginning of a pass only', async () => {
  const begun: boolean[] = [];
  const { feed, asked } = feedOf([[1], [2]]);
  const owing: Feed<number> = { ...feed, fullEveryMs: 30 * DAY_MS, owesFullPass: async (_runner, { full }) => begun.push(full) === 2 };
  const modes = [await run(owing), await run(owing), await run(owing)].map((report) => report?.mode);
  expect([modes, begun, asked.map(({ since }) => since === null)]).toEqual([['FULL', 'FULL', 'DELTA'], [true, false, false], [true, true, true, true, false, false]]);
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

it('keeps what a source suddenly no longer lists, says so, and lets it go when that is confirmed or mended', async () => {
  const all = Array.from({ length: 50 }, (_, n) => n);
  const remaining = all.slice(0, 24);
  await run(feedOf([all], { hasDelta: false }).feed);
  await expect(run(feedOf([[]], { hasDelta: false }).feed)).rejects.toThrow('listed 0 rows and no longer lists 50 that we have; they are kept');
  await expect(run(feedOf([remaining], { hasDelta: false }).feed)).rejects.toThrow('CONFIRM_REMOVALS=shop.things');
  expect(await things()).toEqual(all);
  expect(await run(feedOf([all], { hasDelta: false }).feed)).toMatchObject({ rowsRemoved: 0 });
  const confirmed = { ...runner, confirmedRemovals: new Set(['shop.things']) };
  expect(await runFeedPass(confirmed, feedOf([remaining], { hasDelta: false }).feed, AbortSignal.timeout(5_000))).toMatchObject({ rowsRemoved: 26 });
  expect(await run(feedOf([all.slice(0, 4)], { hasDelta: false }).feed)).toMatchObject({ rowsRemoved: 20 });
});

it('reads everything anew when the source refuses the cursor of a pass that broke off', async () => {
  await run(feedOf([[1]]).feed);
  const { feed, asked } = feedOf([[2], [3]]);
  const moved: Feed<number> = { ...feed, list: (page, call) => (page.cursor === null ? feed.list(page, call) : Promise.reject(new Error('no such cursor'))) };
  const choosy = { ...runner, isRefusal: (error: unknown) => (error as Error).message === 'no such cursor' };
  await expect(runFeedPass(choosy, moved, AbortSignal.timeout(5_000))).rejects.toThrow('no such cursor');
  expect(await runFeedPass(choosy, feed, AbortSignal.timeout(5_000))).toMatchObject({ mode: 'FULL', resumed: false, rowsIn: 2 });
  expect(asked.at(-2)).toEqual({ cursor: null, since: null });
});

it('gives up on a source that never answers, and lets others have the feed', async () => {
  const { feed } = feedOf([[1]]);
  const hanging: Feed<number> = { ...feed, list: () => new Promise(() => undefined) };
  await expect(runFeedPass({ ...runner, pageTimeoutMs: 20 }, hanging, new AbortController().signal)).rejects.toThrow('no answer within 20 ms');
  const stopping = new AbortController();
  const stopped = runFeedPass(runner, hanging, stopping.signal);
  stopping.abort(new Error('stopping'));
  await expect(stopped).rejects.toThrow('stopping');
  expect(await run(feed)).toMatchObject({ rowsIn: 1 });
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
