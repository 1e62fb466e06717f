import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HoldOutcome, HoldRequest } from '../../domain/inventory.ts';
import { silentLog } from '../../platform/log.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { createHoldPlacement, placeHold, type HoldPlacement } from '../../subgraphs/inventory/holds/placement.ts';
import { commitHold, expireOverdue, releaseHold } from '../../subgraphs/inventory/holds/transitions.ts';
import { readSupply } from '../../subgraphs/inventory/supply/store-positions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { disagreements, heldOf, request, stock, stockOf, toolsOn } from '../unit/subgraphs/inventory/inventory-fixture.ts';

let store: TestDatabase;
let processes: Database[] = [];
let placements: HoldPlacement[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  processes = await Promise.all([1, 2, 3, 4].map((n) => openPostgres({ url: store.url, maxConnections: 8, applicationName: `process ${n}`, log: silentLog })));
  placements = processes.map((database) => createHoldPlacement(toolsOn(database)));
  await stock(store.database, [stockOf('HOT', 50), stockOf('ONCE', 10), stockOf('X', 40), stockOf('Y', 40), stockOf('Z', 40), stockOf('LAST', 1), stockOf('DIES', 5)]);
});
afterAll(async () => {
  await Promise.all(processes.map((database) => database.close()));
  await store.drop();
});

const tools = (index: number) => toolsOn(processes[index % processes.length]!);
const place = (index: number, asked: HoldRequest): Promise<HoldOutcome> => placements[index % placements.length]!.placeHold(asked);

describe('holds under real concurrency', () => {
  it('400 buyers for 50 units over four processes: 50 hold one, nobody holds air', async () => {
    const outcomes = await Promise.all(Array.from({ length: 400 }, (_, index) => place(index, request({ HOT: 1 }))));
    expect(outcomes.filter((outcome) => outcome.kind === 'HELD')).toHaveLength(50);
    const short = outcomes.find((outcome) => outcome.kind === 'SHORT');
    expect(short).toEqual({ kind: 'SHORT', lines: [{ sku: 'HOT', requested: '1', available: '0', reason: 'OUT_OF_STOCK' }] });
    expect(await heldOf(store.database, 'HOT')).toBe('50');
    expect(await disagreements(store.database)).toEqual([]);
  }, 60_000);

  it('forty times the same key at once: one hold, one answer', async () => {
    const same = request({ ONCE: 2 });
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, index) => place(index, same)));
    expect(new Set(outcomes.map((outcome) => (outcome.kind === 'HELD' ? outcome.hold.id : 'short'))).size).toBe(1);
    expect(await heldOf(store.database, 'ONCE')).toBe('2');
  }, 60_000);

  it('baskets in every order, replaced, released and committed at once: no deadlock, books agree', async () => {
    const orders = [['X', 'Y', 'Z'], ['Z', 'Y', 'X'], ['Y', 'X'], ['Z', 'X'], ['Y', 'Z']];
    const shop = async (index: number): Promise<void> => {
      const owner = `shopper ${index}`;
      const basket = (quantity: number) => Object.fromEntries(orders[index % orders.length]!.map((sku) => [sku, quantity]));
      const first = await place(index, request(basket(1), { owner }));
      if (first.kind === 'SHORT') return;
      const second = await place(index + 1, request(basket(2), { owner, replacesHoldId: first.hold.id }));
      const holdId = second.kind === 'HELD' ? second.hold.id : first.hold.id;
      if (index % 3 === 0) await releaseHold(tools(index + 2), { holdId, owner });
      if (index % 3 === 1) await commitHold(tools(index + 2), { holdId, owner, orderReference: `order-${index}` });
    };
    await Promise.all(Array.from({ length: 80 }, (_, index) => shop(index)));
    expect(await disagreements(store.database)).toEqual([]);
    for (const sku of ['X', 'Y', 'Z']) expect(Number(await heldOf(store.database, sku))).toBeLessThanOrEqual(40);
  }, 60_000);

  it('an expired hold blocks nobody, although nothing has swept it, and never becomes an order', async () => {
    const first = await place(0, request({ LAST: 1 }));
    if (first.kind === 'SHORT') throw new Error('the first buyer should get it');
    expect((await place(1, request({ LAST: 1 }))).kind).toBe('SHORT');
    await store.database.run(`update inventory.hold set expires_at = clock_timestamp() where id = $1`, [first.hold.id]);
    expect((await readSupply(store.database, ['LAST'])).positions.get('LAST')!.locations[0]!.held).toBe('0');
    const [committed, second] = await Promise.all([
      commitHold(tools(2), { holdId: first.hold.id, owner: 'shop', orderReference: 'late' }),
      place(3, request({ LAST: 1 })),
    ]);
    expect(committed).toBeNull();
    expect(second.kind).toBe('HELD');
    expect(await expireOverdue(tools(0))).toBe(1);
    expect(await expireOverdue(tools(1))).toBe(0);
    expect(await heldOf(store.database, 'LAST')).toBe('1');
    expect(await disagreements(store.database)).toEqual([]);
  }, 60_000);

  it('commit races the next buyer for the last unit at the very expiry: one of them has it, never both', async () => {
    for (let round = 0; round < 15; round += 1) {
      const sku = `RACE-${round}`;
      await stock(store.database, [stockOf(sku, 1)]);
      const first = await place(0, request({ [sku]: 1 }));
      if (first.kind === 'SHORT') throw new Error('the first buyer should get it');
      await store.database.run(`update inventory.hold set expires_at = clock_timestamp() + interval '6 milliseconds' where id = $1`, [first.hold.id]);
      const [committed, ...others] = await Promise.all([
        commitHold(tools(1), { holdId: first.hold.id, owner: 'shop', orderReference: `race-${round}` }),
        ...[2, 3, 4, 5].map((index) => place(index, request({ [sku]: 1 }))),
      ]);
      const winners = others.filter((outcome) => outcome.kind === 'HELD').length + (committed ? 1 : 0);
      expect(winners).toBeLessThanOrEqual(1);
    }
    while ((await expireOverdue(tools(0))) > 0);
    expect(await disagreements(store.database)).toEqual([]);
  }, 60_000);

  it('a connection killed midway leaves nothing behind, and its key is free for the retry', async () => {
    const victim = await openPostgres({ url: store.url, maxConnections: 1, applicationName: 'victim', log: silentLog });
    let unlock = (): void => undefined;
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((done) => (locked = done));
    const blocker = store.database.transaction(async (tx) => {
      await tx.query(`select from inventory.stock_level where sku = 'DIES' for update`);
      locked();
      await new Promise<void>((done) => (unlock = done));
    });
    await isLocked;
    const asked = request({ DIES: 3 });
    const dying = placeHold(toolsOn(victim), asked).then(() => 'answered', () => 'died');
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim' and wait_event_type = 'Lock'`;
    while ((await store.database.query(kill)).length === 0) await new Promise((done) => setTimeout(done, 10));
    expect(await dying).toBe('died');
    unlock();
    await blocker;
    expect(await heldOf(store.database, 'DIES')).toBe('0');
    expect((await place(0, asked)).kind).toBe('HELD');
    expect(await heldOf(store.database, 'DIES')).toBe('3');
    expect(await disagreements(store.database)).toEqual([]);
    await victim.close();
  }, 60_000);
});
