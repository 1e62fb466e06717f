import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { reduceCommitted } from '../../../../subgraphs/inventory/holds/reduction.ts';
import { planReduction, type ReducibleHold } from '../../../../subgraphs/inventory/holds/reduction-plan.ts';
import { readHold } from '../../../../subgraphs/inventory/holds/store-holds.ts';
import { cancelCommitted, commitHold, markAccepted } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { applyStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, heldOf, item, later, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

let store: TestDatabase;
let serial = 0;
const tools = () => toolsOn(store.database);

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('A', 100), stockOf('A', 50, { locationCode: 'B' }), stockOf('B', 100)]);
});
afterAll(async () => {
  expect(await disagreements(store.database)).toEqual([]);
  await store.drop();
});

/** A committed order of these goods; answers its reference and its hold. */
async function order(lines: Record<string, number>, orderReference = `SO-${(serial += 1)}`): Promise<{ orderReference: string; holdId: string }> {
  const outcome = await placeHold(tools(), request(lines));
  if (outcome.kind !== 'HELD') throw new Error('there should have been enough');
  await commitHold(tools(), { holdId: outcome.hold.id, owner: 'shop', orderReference });
  return { orderReference, holdId: outcome.hold.id };
}
const reduce = (orderReference: string, lines: Record<string, number>, key = `k${(serial += 1)}`): Promise<void> =>
  reduceCommitted(tools(), { orderReference, key, lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity: decimal(quantity) })) });

describe('an order that becomes smaller', () => {
  it('gives back that much, once per key, and the books agree', async () => {
    const before = Number(await heldOf(store.database, 'A'));
    const { orderReference, holdId } = await order({ A: 5, B: 2 });
    await Promise.all(Array.from({ length: 8 }, () => reduce(orderReference, { A: 2 }, 'once')));
    expect(Number(await heldOf(store.database, 'A'))).toBe(before + 3);
    await reduce(orderReference, { A: 1 }, 'again');
    expect(Number(await heldOf(store.database, 'A'))).toBe(before + 2);
    expect(await disagreements(store.database)).toEqual([]);
    expect((await readHold(store.database, holdId))!.basket).toMatchObject([{ sku: 'A', requested: '2', held: '2' }, { sku: 'B', requested: '2', held: '2' }]);
    await cancelCommitted(tools(), { orderReference });
    expect(Number(await heldOf(store.database, 'A'))).toBe(before);
    expect((await readHold(store.database, holdId))!.state).toBe('RELEASED');
  });

  it('ends its hold when nothing is left, and gives back no more than it has', async () => {
    const { orderReference, holdId } = await order({ B: 4 });
    await reduce(orderReference, { B: 9, A: 3 });
    expect((await readHold(store.database, holdId))!.state).toBe('RELEASED');
    expect(await disagreements(store.database)).toEqual([]);
  });

  it('of two holds gives from the later one first', async () => {
    const first = await order({ B: 4 });
    const second = await order({ B: 2 }, first.orderReference);
    await reduce(first.orderReference, { B: 3 });
    expect((await readHold(store.database, second.holdId))!.state).toBe('RELEASED');
    expect((await readHold(store.database, first.holdId))!.lines).toMatchObject([{ sku: 'B', quantity: '3' }]);
    await cancelCommitted(tools(), first);
  });

  it('is not counted twice with what the ERP frees, before or after its figures contain the order', async () => {
    await stock(store.database, [stockOf('C', 10)]);
    const { orderReference } = await order({ C: 6 });
    await markAccepted(tools(), { orderReference, acceptedAt: later(-500) });
    await reduce(orderReference, { C: 2 });
    expect(await heldOf(store.database, 'C')).toBe('4');
    // The ERP's figures have the smaller order now, and ours leaves.
    await store.database.transaction((tx) => applyStock(tx, [stockOf('C', 10, { allocated: decimal('4'), asOf: later(60_000) })], later(60_000)));
    expect(await heldOf(store.database, 'C')).toBe('0');
    await reduce(orderReference, { C: 1 });
    expect(await heldOf(store.database, 'C')).toBe('0');
    expect(await disagreements(store.database)).toEqual([]);
  });

  it('refuses to grow by less than nothing', async () => {
    await expect(reduce('SO-none', { A: -1 })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['lines', '0', 'quantity'] });
  });

  it('gives back the components of a kit', async () => {
    await stock(store.database, [stockOf('BODY', 20), stockOf('WHEEL', 40)]);
    await store.database.transaction(async (tx) => {
      await applyItems(tx, [item('BIKE', { kind: 'KIT', components: [{ sku: 'BODY', quantity: decimal('1') }, { sku: 'WHEEL', quantity: decimal('2') }] })], later(0));
    });
    const { orderReference, holdId } = await order({ BIKE: 3, WHEEL: 1 });
    expect([await heldOf(store.database, 'BODY'), await heldOf(store.database, 'WHEEL')]).toEqual(['3', '7']);
    await reduce(orderReference, { BIKE: 2 });
    expect([await heldOf(store.database, 'BODY'), await heldOf(store.database, 'WHEEL')]).toEqual(['1', '3']);
    await reduce(orderReference, { WHEEL: 1 });
    expect([await heldOf(store.database, 'BODY'), await heldOf(store.database, 'WHEEL')]).toEqual(['1', '2']);
    // Whatever it is made of by now, the last one frees all.
    await store.database.run(`update inventory.kit_component set quantity = 1 where kit_sku = 'BIKE'`);
    await reduce(orderReference, { BIKE: 1 });
    expect([await heldOf(store.database, 'BODY'), await heldOf(store.database, 'WHEEL')]).toEqual(['0', '0']);
    expect((await readHold(store.database, holdId))!.state).toBe('RELEASED');
  });

  it('gives its channel back what it took from it', async () => {
    await stock(store.database, [stockOf('SHARED', 10)]);
    await store.database.run(`insert into inventory.allocation_rule (code, name, covers, period_hours, period, began_at, evaluated_at, updated_at, updated_by) values ('r', 'r', 'LISTED', 24, 1, now(), now(), now(), 't')`);
    await store.database.run(`insert into inventory.allocation_share (rule_code, channel, kind, amount, position) values ('r', 'web', 'FIXED', 6, 1)`);
    await store.database.run(`insert into inventory.allocation_sku (sku, rule_code) values ('SHARED', 'r')`);
    const outcome = await placeHold(tools(), request({ SHARED: 5 }, { channel: 'web' }));
    await commitHold(tools(), { holdId: outcome.kind === 'HELD' ? outcome.hold.id : '', owner: 'shop', orderReference: 'SO-channel' });
    const used = async (): Promise<unknown> => store.database.query('select trim_scale(used)::text as used from inventory.channel_use');
    expect(await used()).toEqual([{ used: '5' }]);
    await reduce('SO-channel', { SHARED: 2 });
    expect(await used()).toEqual([{ used: '3' }]);
    await reduce('SO-channel', { SHARED: 3 });
    expect(await used()).toEqual([{ used: '0' }]);
  });
});

describe('what is given back', () => {
  it('is what was asked for or all there is, and never below nothing', () => {
    const line = fc.record({ locationCode: fc.constantFrom('X', 'Y', 'Z'), quantity: fc.integer({ min: 1, max: 9 }), dueOn: fc.constantFrom(null, '2026-01-01', '2026-02-01') });
    fc.assert(fc.property(fc.array(fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: (one) => one.locationCode }), { minLength: 1, maxLength: 3 }), fc.nat(40), (holds, wanted) => {
      const reducible = holds.map((lines, index): ReducibleHold => ({ id: `${index}`, basket: [], lines: lines.map((one) => ({ ...one, sku: 'S', quantity: String(one.quantity) as Decimal, dueOn: one.dueOn as never })) }));
      const total = holds.flat().reduce((sum, one) => sum + one.quantity, 0);
      const { cuts } = planReduction(reducible, [{ sku: 'S', quantity: decimal(wanted) }], new Map());
      expect(cuts.reduce((sum, cut) => sum + Number(cut.quantity), 0)).toBe(Math.min(total, wanted));
      for (const cut of cuts) expect(Number(cut.quantity)).toBeLessThanOrEqual(Number(reducible.find((hold) => hold.id === cut.holdId)!.lines.find((one) => one.locationCode === cut.locationCode)!.quantity));
    }));
  });
});
