import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hold, HoldOutcome } from '../../../../domain/inventory.ts';
import { instant } from '../../../../domain/time.ts';
import { silentLog } from '../../../../platform/log.ts';
import { startExpiryTimer } from '../../../../subgraphs/inventory/holds/expiry.ts';
import { placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { cancelCommitted, commitHold, markAccepted, releaseHold } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { applyReceipts, dropUnseenReceipts } from '../../../../subgraphs/inventory/supply/store-receipts.ts';
import { applyStock, recordStockPass } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { runUpkeep } from '../../../../subgraphs/inventory/supply/upkeep.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, heldOf, item, later, receipt, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

let store: TestDatabase;
const tools = () => toolsOn(store.database);

beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(async () => {
  expect(await disagreements(store.database)).toEqual([]);
  await store.drop();
});

const held = (outcome: HoldOutcome): Hold => {
  if (outcome.kind === 'SHORT') throw new Error(`short: ${JSON.stringify(outcome.lines)}`);
  return outcome.hold;
};
const apply = (...levels: ReturnType<typeof stockOf>[]) => store.database.transaction((tx) => applyStock(tx, levels, later(0)));
const events = async (): Promise<unknown[]> => (await store.database.query<{ payload: { sku: string } }>('delete from inventory.outbox returning payload')).map((row) => row.payload.sku);

describe('placing a hold', () => {
  it('holds all lines or none, and explains each short one', async () => {
    await stock(store.database, [stockOf('P1', 5), stockOf('P2', 1)]);
    const outcome = await placeHold(tools(), request({ P1: 5, P2: 2, NOPE: 1 }));
    expect(outcome).toEqual({
      kind: 'SHORT',
      lines: [
        { sku: 'NOPE', requested: '1', available: '0', reason: 'UNKNOWN_SKU' },
        { sku: 'P2', requested: '2', available: '1', reason: 'OUT_OF_STOCK' },
      ],
    });
    expect(await heldOf(store.database, 'P1')).toBe('0');
  });

  it('takes one location where one suffices, else the first by priority and the rest', async () => {
    await stock(store.database, [stockOf('S', 3), stockOf('S', 9, { locationCode: 'B' })]);
    expect(held(await placeHold(tools(), request({ S: 4 }))).lines).toEqual([{ sku: 'S', locationCode: 'B', quantity: '4', dueOn: null }]);
    expect(held(await placeHold(tools(), request({ S: 7 }))).lines).toEqual([
      { sku: 'S', locationCode: 'A', quantity: '3', dueOn: null }, { sku: 'S', locationCode: 'B', quantity: '4', dueOn: null },
    ]);
  });

  it('does not promise goods on their way', async () => {
    await stock(store.database, [stockOf('R', 1)]);
    await store.database.transaction((tx) => applyReceipts(tx, [receipt('PO-1', 'R', '50', later(86_400_000).slice(0, 10))], later(0)));
    expect((await placeHold(tools(), request({ R: 2 }))).kind).toBe('SHORT');
  });

  it('answers the same key with the same hold, another payload with CONFLICT, another owner independently', async () => {
    await stock(store.database, [stockOf('K', 10)]);
    const asked = request({ K: 2 });
    const first = held(await placeHold(tools(), asked));
    expect(held(await placeHold(tools(), { ...asked, lines: [{ sku: 'K', quantity: '1' as never }, { sku: 'K', quantity: '1' as never }] })).id).toBe(first.id);
    await expect(placeHold(tools(), { ...asked, ttlSeconds: 60 })).rejects.toMatchObject({ code: 'CONFLICT', field: ['idempotencyKey'] });
    expect(held(await placeHold(tools(), { ...asked, owner: 'another' })).id).not.toBe(first.id);
    expect(await heldOf(store.database, 'K')).toBe('4');
  });

  it("replaces the shopper's own hold, which never counts against them; keeps it when refused", async () => {
    await stock(store.database, [stockOf('O', 5)]);
    const first = held(await placeHold(tools(), request({ O: 4 })));
    expect((await placeHold(tools(), request({ O: 6 }, { replacesHoldId: first.id }))).kind).toBe('SHORT');
    expect(await heldOf(store.database, 'O')).toBe('4');
    const second = held(await placeHold(tools(), request({ O: 5 }, { replacesHoldId: first.id })));
    expect(await heldOf(store.database, 'O')).toBe('5');
    expect(await releaseHold(tools(), { holdId: first.id, owner: 'shop' })).toMatchObject({ state: 'RELEASED' });
    await expect(placeHold(tools(), request({ O: 1 }, { replacesHoldId: second.id, owner: 'thief' }))).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['replacesHoldId'] });
  });

  it('refuses unusable input naming the field', async () => {
    await stock(store.database, [stockOf('F', 5)]);
    const refusal = (field: string[]) => ({ code: 'INVALID_INPUT', field });
    await expect(placeHold(tools(), request({ F: 0 }))).rejects.toMatchObject(refusal(['lines', '0', 'quantity']));
    await expect(placeHold(tools(), request({ F: '0.5' }))).rejects.toMatchObject(refusal(['lines', '0', 'quantity']));
    await expect(placeHold(tools(), request({ F: '1000000001' }))).rejects.toMatchObject(refusal(['lines', '0', 'quantity']));
    await expect(placeHold(tools(), request({}))).rejects.toMatchObject(refusal(['lines']));
    await expect(placeHold(tools(), request(Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`F${n}`, 1]))))).rejects.toMatchObject(refusal(['lines']));
    await expect(placeHold(tools(), request({ F: 1 }, { ttlSeconds: 9 }))).rejects.toMatchObject(refusal(['ttlSeconds']));
    await expect(placeHold(tools(), request({ F: 1 }, { idempotencyKey: '' }))).rejects.toMatchObject(refusal(['idempotencyKey']));
  });

  it('refuses what no system can store, as bad input', async () => {
    for (const bad of ['A\0', '\ud83d']) {
      await expect(placeHold(tools(), request({ [bad]: 1 }))).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['lines', '0', 'sku'] });
      await expect(placeHold(tools(), request({ A: 1 }, { idempotencyKey: bad }))).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['idempotencyKey'] });
    }
  });

  it('lets weights be cut as finely as their unit says', async () => {
    await stock(store.database, [stockOf('KG', '2.5')]);
    await store.database.transaction((tx) => applyItems(tx, [item('KG', { quantityDigits: 3 })], later(0)));
    expect(held(await placeHold(tools(), request({ KG: '0.125' }))).lines[0]!.quantity).toBe('0.125');
    expect(await heldOf(store.database, 'KG')).toBe('0.125');
  });
});

describe('the life of a hold', () => {
  it('is released once, committed to one order, and given back when that is cancelled', async () => {
    await stock(store.database, [stockOf('L', 10)]);
    const released = held(await placeHold(tools(), request({ L: 1 })));
    for (const _ of [1, 2]) expect(await releaseHold(tools(), { holdId: released.id, owner: 'shop' })).toMatchObject({ state: 'RELEASED' });
    expect(await releaseHold(tools(), { holdId: released.id, owner: 'another' })).toBeNull();
    expect(await commitHold(tools(), { holdId: released.id, owner: 'shop', orderReference: 'O-1' })).toBeNull();

    const kept = held(await placeHold(tools(), request({ L: 3 })));
    for (const _ of [1, 2]) expect(await commitHold(tools(), { holdId: kept.id, owner: 'shop', orderReference: 'O-2' })).toMatchObject({ state: 'COMMITTED' });
    await expect(commitHold(tools(), { holdId: kept.id, owner: 'shop', orderReference: 'O-3' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await releaseHold(tools(), { holdId: kept.id, owner: 'shop' })).toMatchObject({ state: 'COMMITTED' });
    expect(await heldOf(store.database, 'L')).toBe('3');
    await cancelCommitted(tools(), { orderReference: 'O-2' });
    await cancelCommitted(tools(), { orderReference: 'O-2' });
    expect(await heldOf(store.database, 'L')).toBe('0');
  });

  it('ends by the timer, which says so', async () => {
    await stock(store.database, [stockOf('T', 4)]);
    const hold = held(await placeHold(tools(), request({ T: 4 })));
    await store.database.run(`update inventory.hold set expires_at = clock_timestamp() + interval '150 milliseconds' where id = $1`, [hold.id]);
    await events();
    const timer = startExpiryTimer(tools(), silentLog);
    while ((await heldOf(store.database, 'T')) !== '0') await new Promise((done) => setTimeout(done, 10));
    await timer.stop();
    expect(await events()).toEqual(['T']);
    const [late] = await store.database.query<{ in_time: boolean }>(
      `select at >= expires_at as in_time from inventory.ledger join inventory.hold on hold.id = hold_id where hold_id = $1 and reason = 'EXPIRED'`, [hold.id],
    );
    expect(late!.in_time).toBe(true);
  });

  it('keeps a ledger nobody can rewrite', async () => {
    await expect(store.database.run('delete from inventory.ledger')).rejects.toThrow('append-only');
    await expect(store.database.run('update inventory.ledger set delta = 1')).rejects.toThrow('append-only');
  });
});

describe('stock snapshots and what they contain', () => {
  it('never lets an older one overwrite a newer one, and announces only what changed for buyers', async () => {
    await stock(store.database, [stockOf('V', 5)]);
    await events();
    expect(await apply(stockOf('V', 9, { asOf: later(-60_000) }))).toMatchObject({ changed: 0 });
    expect(await apply(stockOf('V', 7, { allocated: '2' as never, asOf: later(1) }))).toMatchObject({ changed: 0 });
    expect(await events()).toEqual([]);
    expect(await apply(stockOf('V', 8, { asOf: later(2) }))).toMatchObject({ changed: 1 });
    expect(await events()).toEqual(['V']);
  });

  it('keeps supply a full pass lists in an older version than ours, as an ERP restored from a backup does', async () => {
    await stock(store.database, [stockOf('P', 1)]);
    const line = receipt('PO-9', 'P', '50', later(86_400_000).slice(0, 10));
    await store.database.transaction((tx) => applyReceipts(tx, [{ ...line, updatedAt: later(0) }], later(0)));
    const [pass] = await store.database.query<{ at: string }>('select clock_timestamp() as at');
    await new Promise((done) => setTimeout(done, 5));
    await store.database.transaction((tx) => applyReceipts(tx, [{ ...line, openQuantity: '70' as never, updatedAt: later(-60_000) }], later(0)));
    await store.database.transaction((tx) => dropUnseenReceipts(tx, pass!.at, later(0)));
    expect(await store.database.query(`select open_quantity::text from inventory.receipt where reference = 'PO-9'`)).toEqual([{ open_quantity: '50' }]);
  });

  const order = async (sku: string, reference: string, acceptedAt: ReturnType<typeof later> | null): Promise<void> => {
    const hold = held(await placeHold(tools(), request({ [sku]: 2 })));
    await commitHold(tools(), { holdId: hold.id, owner: 'shop', orderReference: reference });
    if (acceptedAt) await markAccepted(tools(), { orderReference: reference, acceptedAt });
  };

  it('subtracts an order until every location was read after its acceptance, then leaves the ledger once', async () => {
    await stock(store.database, [stockOf('W', 10), stockOf('W', 10, { locationCode: 'B' })]);
    await order('W', 'W-1', null);
    await apply(stockOf('W', 10, { asOf: later(0) }), stockOf('W', 10, { locationCode: 'B', asOf: later(0) }));
    expect(await heldOf(store.database, 'W')).toBe('2');
    await markAccepted(tools(), { orderReference: 'W-1', acceptedAt: later(0) });
    await apply(stockOf('W', 10, { asOf: later(10) }));
    expect(await heldOf(store.database, 'W')).toBe('2');
    await events();
    // The ERP took it from the other location: the first reading alone proves nothing.
    await apply(stockOf('W', 10, { asOf: later(2_000) }));
    expect(await heldOf(store.database, 'W')).toBe('2');
    await apply(stockOf('W', 10, { locationCode: 'B', allocated: '2' as never, asOf: later(2_000) }));
    await apply(stockOf('W', 10, { locationCode: 'B', allocated: '2' as never, asOf: later(3_000) }));
    expect(await heldOf(store.database, 'W')).toBe('0');
    expect(await store.database.query(`select delta::text, reason from inventory.ledger where sku = 'W' order by id`)).toEqual([
      { delta: '2', reason: 'HELD' }, { delta: '-2', reason: 'OFFSET' },
    ]);
  });

  it('announces nothing when the ERP allocates exactly what we held', async () => {
    await stock(store.database, [stockOf('N', 10)]);
    await order('N', 'N-1', later(0));
    await events();
    await apply(stockOf('N', 10, { allocated: '2' as never, asOf: later(2_000) }));
    expect(await heldOf(store.database, 'N')).toBe('0');
    expect(await events()).toEqual([]);
  });

  it('lets go at once when the acceptance is told after the snapshot, and by a delta pass that lists nothing', async () => {
    await stock(store.database, [stockOf('D', 10, { asOf: later(-1_000) }), stockOf('E', 10, { asOf: later(-9_000) })]);
    await order('D', 'D-1', later(-3_000));
    expect(await heldOf(store.database, 'D')).toBe('0');
    await order('E', 'E-1', later(-5_000));
    await store.database.transaction((tx) => recordStockPass(tx, later(-6_000)));
    await runUpkeep(tools());
    expect(await heldOf(store.database, 'E')).toBe('2');
    await store.database.transaction((tx) => recordStockPass(tx, later(-3_000)));
    await runUpkeep(tools());
    await runUpkeep(tools());
    expect(await heldOf(store.database, 'E')).toBe('0');
  });

  it('keeps an order while the clocks of the machines leave open whether a reading contains it', async () => {
    await stock(store.database, [stockOf('SKEW', 10)]);
    // Read just before the acceptance by a machine whose clock is 400 ms ahead: dated after it, and without the order.
    const acceptedAt = later(0);
    await order('SKEW', 'SKEW-1', acceptedAt);
    await apply(stockOf('SKEW', 10, { asOf: instant(Date.parse(acceptedAt) + 400) }));
    await store.database.transaction((tx) => recordStockPass(tx, instant(Date.parse(acceptedAt) + 400)));
    await runUpkeep(tools());
    expect(await heldOf(store.database, 'SKEW')).toBe('2');
    await apply(stockOf('SKEW', 10, { allocated: '2' as never, asOf: instant(Date.parse(acceptedAt) + 1_001) }));
    expect(await heldOf(store.database, 'SKEW')).toBe('0');
  });

  it('leaves a cancelled order to the ERP once the ERP has it', async () => {
    await stock(store.database, [stockOf('C', 10)]);
    await order('C', 'C-1', later(5_000));
    await cancelCommitted(tools(), { orderReference: 'C-1' });
    expect(await heldOf(store.database, 'C')).toBe('2');
  });
});
