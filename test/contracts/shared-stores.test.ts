import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { isCursor, type EventLog, type LoggedEvent } from '../../platform/stores/event-log.ts';
import type { Kv } from '../../platform/stores/kv.ts';
import { createMemoryEventLog } from '../../platform/stores/memory-event-log.ts';
import { createMemoryKv } from '../../platform/stores/memory-kv.ts';
import { createRedisEventLog } from '../../platform/stores/redis-event-log.ts';
import { createRedisKv } from '../../platform/stores/redis-kv.ts';

const url = process.env['REDIS_URL'];
if (!url) console.warn('skipped for Redis: REDIS_URL is not set');

const CAPACITY = 1_000;
const LOGS: readonly { name: string; open: () => Promise<EventLog> }[] = [
  { name: 'in this process', open: async () => createMemoryEventLog({ clock: systemClock, capacity: CAPACITY }) },
  ...(url ? [{ name: 'on Redis', open: () => createRedisEventLog({ url, log: silentLog, capacity: CAPACITY }) }] : []),
];

describe.each(LOGS)('the event log $name', ({ open }) => {
  const topic = `test-${randomUUID()}`;
  const logs: EventLog[] = [];
  const openLog = async (): Promise<EventLog> => {
    const log = await open();
    logs.push(log);
    return log;
  };
  afterAll(() => Promise.all(logs.map((log) => log.close())));

  it('delivers in order, from now on, to everybody, until they leave', async () => {
    const log = await openLog();
    await log.append(topic, [{ n: 0 }]);
    const seen: [LoggedEvent[], LoggedEvent[]] = [[], []];
    const leave = await log.subscribe(topic, (event) => seen[0].push(event));
    await log.subscribe(topic, (event) => seen[1].push(event));
    const cursors = await log.append(topic, Array.from({ length: 50 }, (_, n) => ({ n: n + 1 })));
    await until(() => seen[0].length === 50 && seen[1].length === 50);
    expect(seen[0].map(({ payload }) => payload)).toEqual(Array.from({ length: 50 }, (_, n) => ({ n: n + 1 })));
    expect(seen[0].map(({ cursor }) => cursor)).toEqual(cursors);
    leave();
    await log.append(topic, [{ n: 51 }]);
    await until(() => seen[1].length === 51);
    expect(seen[0]).toHaveLength(50);
  });

  it('takes what is appended and tells everybody else, though one listener fails', async () => {
    const log = await openLog();
    const own = `test-${randomUUID()}`;
    await log.subscribe(own, () => {
      throw new Error('a listener of no manners');
    });
    const seen: unknown[] = [];
    await log.subscribe(own, ({ payload }) => seen.push(payload));
    await expect(log.append(own, ['one'])).resolves.toHaveLength(1);
    await log.append(own, ['two']);
    await until(() => seen.length === 2);
    expect(seen).toEqual(['one', 'two']);
  });

  it('reads on after a cursor, in pages, without a gap', async () => {
    const log = await openLog();
    const own = `test-${randomUUID()}`;
    const cursors = await log.append(own, Array.from({ length: 10 }, (_, n) => n));
    const first = await log.readAfter(own, cursors[2]!, 4);
    expect(first).toEqual({ lagged: false, end: cursors[6], events: [3, 4, 5, 6].map((n) => ({ topic: own, cursor: cursors[n], payload: n })) });
    const rest = await log.readAfter(own, first.events.at(-1)!.cursor, 100);
    expect(rest.events.map(({ payload }) => payload)).toEqual([7, 8, 9]);
    expect(await log.readAfter(own, cursors[9]!, 100)).toEqual({ events: [], end: cursors[9], lagged: false });
  });

  it('tells where it ends: what comes later comes after that, and nothing that was there', async () => {
    const log = await openLog();
    const own = `test-${randomUUID()}`;
    const beginning = await log.position(own);
    expect(isCursor(beginning)).toBe(true);
    await log.append(own, ['one', 'two']);
    const middle = await log.position(own);
    await log.append(own, ['three']);
    expect((await log.readAfter(own, beginning, 10)).events.map(({ payload }) => payload)).toEqual(['one', 'two', 'three']);
    expect(await log.readAfter(own, middle, 10)).toMatchObject({ lagged: false, events: [{ payload: 'three' }] });
  });

  it('knows no cursor of another life of it', async () => {
    const log = await openLog();
    const own = `test-${randomUUID()}`;
    const [cursor] = await log.append(own, ['one', 'two']);
    expect((await log.readAfter(own, cursor!, 10)).lagged).toBe(false);
    expect((await log.readAfter(own, `${cursor!.split('.')[0]}.another`, 10)).lagged).toBe(true);
    expect(['', '1-1', '1-1.', 'x-1.abc', '1-1.abc def'].filter(isCursor)).toEqual([]);
  });

  it('says so when events after the cursor are gone', async () => {
    const log = await openLog();
    const own = `test-${randomUUID()}`;
    const [first] = await log.append(own, [0]);
    for (let batch = 0; batch < 6; batch += 1) await log.append(own, Array.from({ length: CAPACITY / 2 }, (_, n) => n));
    expect((await log.readAfter(own, first!, 10)).lagged).toBe(true);
  });

  it('keeps topics apart', async () => {
    const log = await openLog();
    const [one, two] = [`test-${randomUUID()}`, `test-${randomUUID()}`];
    const seen: unknown[] = [];
    await log.subscribe(one, ({ payload }) => seen.push(payload));
    await log.append(two, ['other']);
    await log.append(one, ['own']);
    await until(() => seen.length > 0);
    expect(seen).toEqual(['own']);
  });
});

const KVS: readonly { name: string; open: () => Promise<Kv> }[] = [
  { name: 'in this process', open: async () => createMemoryKv({ clock: systemClock, capacity: 100 }) },
  ...(url ? [{ name: 'on Redis', open: () => createRedisKv({ url, log: silentLog }) }] : []),
];

describe.each(KVS)('short-lived values $name', ({ open }) => {
  it('come back until they expire or are deleted', async () => {
    const kv = await open();
    const key = randomUUID();
    expect(await kv.get(key)).toBeNull();
    await kv.set(key, 'one', 60_000);
    expect(await kv.get(key)).toBe('one');
    await kv.set(key, 'two', 60_000);
    expect(await kv.get(key)).toBe('two');
    await kv.delete(key);
    expect(await kv.get(key)).toBeNull();
    await kv.set(key, 'brief', 20);
    await new Promise((done) => setTimeout(done, 60));
    expect(await kv.get(key)).toBeNull();
    await kv.close();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 5));
}
