import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hold, HoldOutcome } from '../../../../domain/inventory.ts';
import { addDays, dayOf } from '../../../../domain/time.ts';
import type { Database, Sql } from '../../../../platform/stores/sql.ts';
import { extendHold } from '../../../../subgraphs/inventory/holds/extension.ts';
import { createHoldPlacement, placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { pruneHolds } from '../../../../subgraphs/inventory/holds/pruning.ts';
import { commitHold, expireOverdue, markAccepted, releaseHold } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { applyReceipts } from '../../../../subgraphs/inventory/supply/store-receipts.ts';
import { recordStockPass } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { runUpkeep } from '../../../../subgraphs/inventory/supply/upkeep.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, heldOf, later, receipt, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

const TODAY = dayOf(later(0));
let store: TestDatabase;
const tools = () => toolsOn(store.database);

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('FIRST', 1)]);
});
afterAll(async () => {
  expect(await disagreements(store.database)).toEqual([]);
  await store.drop();
});

const held = (outcome: HoldOutcome): Hold => {
  if (outcome.kind === 'SHORT') throw new Error(`short: ${JSON.stringify(outcome.lines)}`);
  return outcome.hold;
};
const lines = (hold: Hold) => hold.lines.map(({ sku, locationCode, quantity, dueOn }) => `${quantity} ${sku} @ ${locationCode}${dueOn ? ` from ${dueOn}` : ''}`);

/** The store, with every statement of a transaction seen (and perhaps refused) on its way. */
function watched(database: Database, see: (text: string, values: readonly unknown[]) => void): { database: Database; transactions: () => number } {
  let transactions = 0;
  const watch = (tx: Sql): Sql => ({
    query: async (text, values = []) => (see(text, values), tx.query(text, values)),
    run: async (text, values = []) => (see(text, values), tx.run(text, values)),
  });
  return {
    database: { ...database, transaction: (work) => ((transactions += 1), database.transaction((tx) => work(watch(tx)))) },
    transactions: () => transactions,
  };
}

describe('holds that share a transaction', () => {
  it('answers each its own, in few transactions', async () => {
    await stock(store.database, [stockOf('B1', 100), stockOf('B2', 5)]);
    const { database, transactions } = watched(store.database, () => undefined);
    const { placeHold: place } = createHoldPlacement(toolsOn(database));
    const outcomes = await Promise.all(Array.from({ length: 300 }, (_, index) => place(request(index % 3 === 0 ? { B2: 1 } : { B1: 1 }))));
    expect(outcomes.filter((outcome) => outcome.kind === 'HELD')).toHaveLength(105);
    // First come, first served.
    expect(outcomes.slice(0, 15).every((outcome) => outcome.kind === 'HELD')).toBe(true);
    expect(new Set(outcomes.flatMap((outcome) => (outcome.kind === 'HELD' ? outcome.hold.id : []))).size).toBe(105);
    expect(transactions()).toBeLessThan(10);
    expect([await heldOf(store.database, 'B1'), await heldOf(store.database, 'B2')]).toEqual(['100', '5']);
  });

  it('takes one key once, also within a batch, and tells another payload apart', async () => {
    await stock(store.database, [stockOf('SAME', 10)]);
    const { placeHold: place } = createHoldPlacement(tools());
    const asked = request({ SAME: 1 });
    const settled = await Promise.allSettled([asked, asked, { ...asked, ttlSeconds: 60 }, request({ SAME: 2 }), asked].map(place));
    const ids = settled.map((result) => (result.status === 'fulfilled' ? held(result.value).id : (result.reason as { code: string }).code));
    expect(ids[2]).toBe('CONFLICT');
    expect(new Set([ids[0], ids[1], ids[4]]).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
    expect(await heldOf(store.database, 'SAME')).toBe('3');
  });

  it('takes one key once where two processes are asked for different things at once', async () => {
    await stock(store.database, [stockOf('LEFT', 5), stockOf('RIGHT', 5)]);
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [request({ LEFT: 1 }, { ttlSeconds: 60 }), request({ RIGHT: 1 })];
      const settled = await Promise.allSettled([placeHold(tools(), a), placeHold(tools(), { ...b, idempotencyKey: a.idempotencyKey })]);
      expect(settled.map((result) => (result.status === 'fulfilled' ? result.value.kind : (result.reason as { code: string }).code)).sort()).toEqual(['CONFLICT', 'HELD']);
      const winner = settled.find((result) => result.status === 'fulfilled')!;
      await releaseHold(tools(), { holdId: held((winner as PromiseFulfilledResult<HoldOutcome>).value).id, owner: 'shop' });
    }
  });

  it('refuses alone the request the database refuses', async () => {
    await stock(store.database, [stockOf('NEXT', 10)]);
    const poison = request({ NEXT: 1 });
    const { database } = watched(store.database, (text, values) => {
      if (text.startsWith('with placed') && values.some((value) => Array.isArray(value) && value.includes(poison.idempotencyKey))) throw Object.assign(new Error('no such thing'), { code: '22P02' });
    });
    const { placeHold: place } = createHoldPlacement(toolsOn(database));
    const settled = await Promise.allSettled([request({ NEXT: 1 }), poison, request({ NEXT: 2 })].map(place));
    expect(settled.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await heldOf(store.database, 'NEXT')).toBe('3');
  });

  it('tells all of a batch at once where the database is not there', async () => {
    let asked = 0;
    const gone: Database = { ...store.database, transaction: () => ((asked += 1), Promise.reject(new Error('Connection terminated unexpectedly'))) };
    const { placeHold: place } = createHoldPlacement(toolsOn(gone));
    const settled = await Promise.allSettled(Array.from({ length: 10 }, () => place(request({ FIRST: 1 }))));
    expect(settled.every((result) => result.status === 'rejected')).toBe(true);
    expect(asked).toBe(1);
  });

  it('gives every request of a batch that replaces its own hold its goods back, and nobody else', async () => {
    await stock(store.database, [stockOf('MOVE', 6)]);
    const { placeHold: place } = createHoldPlacement(tools());
    const first = held(await place(request({ MOVE: 4 })));
    const [more, twice, other] = await Promise.all([
      place(request({ MOVE: 5 }, { replacesHoldId: first.id })), place(request({ MOVE: 1 }, { replacesHoldId: first.id })), place(request({ MOVE: 1 })),
    ]);
    expect([more.kind, twice.kind, other.kind]).toEqual(['HELD', 'HELD', 'SHORT']);
    expect(await heldOf(store.database, 'MOVE')).toBe('6');
  });

  it('holds 500 lines, and refuses 10,000 without asking the database', async () => {
    const skus = Array.from({ length: 500 }, (_, index) => `L${index}`);
    await stock(store.database, skus.map((sku) => stockOf(sku, 3)));
    expect(held(await placeHold(tools(), request(Object.fromEntries(skus.map((sku) => [sku, 2]))))).lines).toHaveLength(500);
    const { database, transactions } = watched(store.database, () => undefined);
    const many = request(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`L${index}`, 1])));
    await expect(placeHold(toolsOn(database), many)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['lines'] });
    expect(transactions()).toBe(0);
  });
});

describe('what a hold may be', () => {
  it('a part of what was asked for, where that is allowed; its key repeats it', async () => {
    await stock(store.database, [stockOf('PART', 3), stockOf('NONE', 0)]);
    const asked = request({ PART: 5, NONE: 1, GHOST: 1 }, { allowPartial: true });
    const outcome = await placeHold(tools(), asked);
    expect(held(outcome).basket).toEqual([
      { sku: 'GHOST', requested: '1', held: '0', backordered: '0', promisedOn: null },
      { sku: 'NONE', requested: '1', held: '0', backordered: '0', promisedOn: null },
      { sku: 'PART', requested: '5', held: '3', backordered: '0', promisedOn: null },
    ]);
    const short = [
      { sku: 'GHOST', requested: '1', available: '0', reason: 'UNKNOWN_SKU' },
      { sku: 'NONE', requested: '1', available: '0', reason: 'OUT_OF_STOCK' },
      { sku: 'PART', requested: '5', available: '3', reason: 'OUT_OF_STOCK' },
    ];
    expect(outcome).toMatchObject({ kind: 'HELD', short });
    expect(await placeHold(tools(), asked)).toEqual(outcome);
    const nothing = request({ PART: 1, NONE: 1 }, { allowPartial: true });
    const refused = await placeHold(tools(), nothing);
    expect(refused.kind).toBe('SHORT');
    await releaseHold(tools(), { holdId: held(outcome).id, owner: 'shop' });
    expect(await placeHold(tools(), nothing)).toEqual(refused);
  });

  it('for a day: of goods on their way, also where nothing has ever been', async () => {
    await stock(store.database, [stockOf('SOON', 0, { locationCode: 'B' })]);
    const due = addDays(TODAY, 5);
    await store.database.transaction((tx) => applyReceipts(tx, [{ ...receipt('PO-SOON', 'SOON', '8', due) }], later(0)));
    expect((await placeHold(tools(), request({ SOON: 1 }))).kind).toBe('SHORT');
    expect((await placeHold(tools(), request({ SOON: 1 }, { requestedOn: addDays(TODAY, 4) }))).kind).toBe('SHORT');
    const hold = held(await placeHold(tools(), request({ SOON: 6 }, { requestedOn: due })));
    expect(lines(hold)).toEqual([`6 SOON @ A from ${due}`]);
    expect((await placeHold(tools(), request({ SOON: 3 }, { requestedOn: due }))).kind).toBe('SHORT');
    expect(await heldOf(store.database, 'SOON')).toBe('0');
    expect(await store.database.query(`select held_dated::text as dated, as_of = '-infinity' as unread from inventory.stock_level where sku = 'SOON' and location_code = 'A'`))
      .toEqual([{ dated: '6', unread: true }]);
    await expect(placeHold(tools(), request({ SOON: 1 }, { requestedOn: addDays(TODAY, -1) }))).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['requestedDate'] });
    await commitHold(tools(), { holdId: hold.id, owner: 'shop', orderReference: 'SOON-1' });
    await markAccepted(tools(), { orderReference: 'SOON-1', acceptedAt: later(-500) });
    const dated = async () => (await store.database.query<{ dated: string }>(`select sum(held_dated)::text as dated from inventory.stock_level where sku = 'SOON'`))[0]!.dated;
    expect(await dated()).toBe('6');
    await store.database.transaction((tx) => recordStockPass(tx, later(2_000)));
    await runUpkeep(tools());
    expect(await dated()).toBe('0');
  });

  it('of kits: their components, shared with whatever else takes them', async () => {
    await stock(store.database, [stockOf('WHEEL', 5), stockOf('BELL', 2), stockOf('KIT', 0)]);
    await store.database.run(`insert into inventory.kit_component (kit_sku, component_sku, quantity) values ('KIT', 'WHEEL', 2), ('KIT', 'BELL', 1)`);
    const hold = held(await placeHold(tools(), request({ KIT: 2, WHEEL: 1 })));
    expect(lines(hold)).toEqual(['2 BELL @ A', '5 WHEEL @ A']);
    expect(hold.basket).toMatchObject([{ sku: 'KIT', held: '2' }, { sku: 'WHEEL', held: '1' }]);
    expect(await placeHold(tools(), request({ WHEEL: 1 }))).toMatchObject({ kind: 'SHORT' });
    await releaseHold(tools(), { holdId: hold.id, owner: 'shop' });
    const { placeHold: place } = createHoldPlacement(tools());
    const outcomes = await Promise.all([place(request({ KIT: 1 })), place(request({ KIT: 1, WHEEL: 2 })), place(request({ WHEEL: 3 })), place(request({ KIT: 1 }))]);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['HELD', 'SHORT', 'HELD', 'SHORT']);
  });
});

describe('the time a hold has', () => {
  it('is extended once, never shortened, and no longer than a day', async () => {
    await stock(store.database, [stockOf('TIME', 9)]);
    const hold = held(await placeHold(tools(), request({ TIME: 1 })));
    const extend = (ttlSeconds: number, owner = 'shop') => extendHold(tools(), { holdId: hold.id, owner, ttlSeconds });
    for (const bad of [9, 86_401, 10.5]) await expect(extend(bad)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['ttlSeconds'] });
    await expect(extend(86_400)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['ttlSeconds'] });
    expect(await extend(60, 'another')).toBeNull();
    expect((await extend(60))!.expiresAt).toBe(hold.expiresAt);
    await expect(extend(3_600)).rejects.toMatchObject({ code: 'CONFLICT', field: ['holdId'] });
    const longer = held(await placeHold(tools(), request({ TIME: 1 })));
    const extended = await extendHold(tools(), { holdId: longer.id, owner: 'shop', ttlSeconds: 3_600 });
    expect(extended!.expiresAt > longer.expiresAt).toBe(true);
  });

  it('ends in batches, once, whoever sweeps', async () => {
    await stock(store.database, [stockOf('MANY', 2_500)]);
    const { placeHold: place } = createHoldPlacement(tools());
    const holds = await Promise.all(Array.from({ length: 2_100 }, () => place(request({ MANY: 1 }))));
    await store.database.run('update inventory.hold set expires_at = statement_timestamp() where id = any($1::text[])', [holds.map((outcome) => held(outcome).id)]);
    const swept = await Promise.all([1, 2, 3].map(async () => {
      let all = 0;
      for (let count = -1; count !== 0; all += count) count = await expireOverdue(tools());
      return all;
    }));
    expect(swept.reduce((sum, count) => sum + count, 0)).toBe(2_100);
    expect(await heldOf(store.database, 'MANY')).toBe('0');
  }, 30_000);

  it('is remembered for thirty days; the ledger for ever', async () => {
    await stock(store.database, [stockOf('OLD', 9)]);
    const [gone, kept, ordered] = [request({ OLD: 1 }), request({ OLD: 1 }), request({ OLD: 2 })];
    const holds = [held(await placeHold(tools(), gone)), held(await placeHold(tools(), kept)), held(await placeHold(tools(), ordered))];
    await placeHold(tools(), request({ OLD: 100 }));
    await releaseHold(tools(), { holdId: holds[0]!.id, owner: 'shop' });
    await releaseHold(tools(), { holdId: holds[1]!.id, owner: 'shop' });
    await commitHold(tools(), { holdId: holds[2]!.id, owner: 'shop', orderReference: 'OLD-1' });
    const age = (id: string, days: number) => store.database.run(`update inventory.hold set created_at = created_at - $2 * interval '1 day', expires_at = expires_at - $2 * interval '1 day' where id = $1`, [id, days]);
    await age(holds[0]!.id, 31);
    await age(holds[1]!.id, 29);
    await age(holds[2]!.id, 31);
    expect(await pruneHolds(store.database)).toBe(1);
    expect(await store.database.query('select delta::text from inventory.ledger where hold_id = $1 order by delta', [holds[0]!.id])).toEqual([{ delta: '-1' }, { delta: '1' }]);
    expect(held(await placeHold(tools(), kept))).toMatchObject({ id: holds[1]!.id, state: 'RELEASED' });
    expect(held(await placeHold(tools(), gone)).id).not.toBe(holds[0]!.id);
  });
});
