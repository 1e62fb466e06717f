import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { announce, outboxDdl, startOutboxRelay, type OutboxRelay } from '../../../platform/outbox.ts';
import type { EventLog } from '../../../platform/stores/event-log.ts';
import { createMemoryEventLog } from '../../../platform/stores/memory-event-log.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

interface Change {
  readonly key: number;
  readonly n: number;
  readonly version: string;
}

const KEYS = 8;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.run('create schema things');
  await test.database.run(outboxDdl('things'));
  await test.database.run('create table things.counter (key integer primary key, n integer not null)');
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.database.run('truncate things.counter');
  await test.database.run('insert into things.counter select key, 0 from generate_series(1, $1::int) as key', [KEYS]);
});

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Counts a key up under its row's lock, announces it, and takes its time before it commits. */
const countUp = (key: number, lingerMs: number): Promise<void> =>
  test.database.transaction(async (tx) => {
    const [row] = await tx.query<{ n: number }>('update things.counter set n = n + 1 where key = $1 returning n', [key]);
    await announce(tx, 'things', [{ topic: 'count', payload: { key, n: row!.n } }]);
    await sleep(lingerMs);
  });

async function relayInto(eventLog: EventLog): Promise<{ relay: OutboxRelay; told: Change[] }> {
  const told: Change[] = [];
  await eventLog.subscribe('count', ({ payload }) => told.push(payload as Change));
  return { relay: await startOutboxRelay({ database: test.database, schema: 'things', eventLog, log: silentLog, pollMs: 1_000 }), told };
}

const memoryLog = (): EventLog => createMemoryEventLog({ clock: systemClock, capacity: 10_000 });

describe('the outbox', () => {
  it('lets nothing behind whose transaction commits after a later one has left', async () => {
    const { relay, told } = await relayInto(memoryLog());
    const slow = countUp(1, 300);
    await sleep(50);
    await countUp(2, 0);
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]!.key).toBe(2);
    await slow;
    await expect.poll(() => told.length).toBe(2);
    expect(told[1]).toMatchObject({ key: 1, n: 1 });
    expect(BigInt(told[1]!.version)).toBeLessThan(BigInt(told[0]!.version));
    await relay.stop();
  });

  it('keeps the order of what shares a lock, whatever runs beside it', async () => {
    const { relay, told } = await relayInto(memoryLog());
    await Promise.all(Array.from({ length: 16 }, async (_, worker) => {
      for (let turn = 0; turn < 25; turn += 1) await countUp(1 + ((worker * 7 + turn * 3) % KEYS), (worker * 5 + turn) % 4);
    }));
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(400);
    for (const [key, changes] of Map.groupBy(told, (change) => change.key)) {
      expect(changes.map(({ n }) => n), `of key ${key}`).toEqual(changes.map((_, index) => index + 1));
      const versions = changes.map(({ version }) => BigInt(version));
      expect(versions.every((version, index) => index === 0 || version > versions[index - 1]!)).toBe(true);
    }
    // Else nothing was tried: transactions must have overtaken each other between id and commit.
    const all = told.map(({ version }) => BigInt(version));
    expect(all.some((version, index) => index > 0 && version < all[index - 1]!)).toBe(true);
    await relay.stop();
  });

  it('tells again rather than not at all where the log fails, each with the version it had', async () => {
    const log = memoryLog();
    let failures = 0;
    // Fails before and after it has taken what it was given, as a connection does.
    const failing: EventLog = {
      ...log,
      append: async (topic, payloads) => {
        const mood = (failures += 1) % 3;
        if (mood === 1) throw new Error('not now');
        const cursors = await log.append(topic, payloads);
        if (mood === 2) throw new Error('taken, but you will never know');
        return cursors;
      },
    };
    const { relay, told } = await relayInto(failing);
    for (let turn = 0; turn < 6; turn += 1) await countUp(1, 0);
    await expect.poll(async () => (await test.database.query('select from things.outbox')).length, { timeout: 20_000 }).toBe(0);
    const once = told.filter((change, index) => told.findIndex(({ version }) => version === change.version) === index);
    expect(once.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    await relay.stop();
  }, 30_000);

  it('leaves one of two relays standing by, and the other goes on where the first stops', async () => {
    const log = memoryLog();
    const [first, second] = [await relayInto(log), await relayInto(log)];
    await Promise.all(Array.from({ length: 50 }, (_, n) => countUp(1 + (n % KEYS), 0)));
    await expect.poll(() => first.told.length).toBe(50);
    await first.relay.stop();
    await countUp(1, 0);
    await expect.poll(() => first.told.length, { timeout: 5_000 }).toBe(51);
    await second.relay.stop();
  });
});
