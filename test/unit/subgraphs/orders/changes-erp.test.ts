import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decimal, ZERO } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import { instant } from '../../../../domain/time.ts';
import { startChangeWorker } from '../../../../subgraphs/orders/changes/worker.ts';
import { readChange, readChangesOfOrders } from '../../../../subgraphs/orders/changes/store.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { ask, booksOf, changeTools, current, documentOf, drive, heldFor, linesOf, placed, submitted } from './changes-world.ts';
import { never } from './fakes.ts';
import { createWorld, principal, until, type World } from './harness.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => {
  expect([booksOf(world, 'A'), booksOf(world, 'B')]).toEqual([1000, 1000]);
});
afterAll(() => world.close());

const inErp = async (lines: Record<string, number>): Promise<OrderRecord> => submitted(world, await placed(world, lines));
/** What the ERP's feed says of the order now. */
const tell = async (order: OrderRecord): Promise<void> => {
  await world.database.transaction((tx) => recordErpOrders(tx, [documentOf(world, order)!], { source: 'erp', at: instant(Date.now()) }));
};
/** The worker, until nothing of the order is left to do. */
async function settled(order: OrderRecord): Promise<void> {
  const worker = await startChangeWorker(changeTools(world));
  await until(async () => (await readChangesOfOrders(world.database, [order.id])).every(({ state, stock }) => state !== 'REQUESTED' && stock !== 'PENDING'), 'every change is settled');
  await worker.stop(1_000);
}

describe('an order the ERP has', () => {
  it('is cancelled there, and follows', async () => {
    const order = await inErp({ A: 3, B: 1 });
    expect((await ask(world, 'CANCEL', order.id, {})).change).toMatchObject({ state: 'APPLIED', amountDifference: '-43.99' });
    expect(documentOf(world, order)!.state).toBe('CANCELLED');
    expect(await current(world, order.id)).toMatchObject({ state: 'CANCELLED', total: '0' });
    expect([heldFor(world, order, 'A'), heldFor(world, order, 'B')]).toEqual([0, 0]);
    const timeline = await readTimelines(world.database, [order.id]);
    expect(timeline.map(({ state }) => state)).toEqual(['RECEIVED', 'ACCEPTED_BY_ERP', 'CANCELLED', 'CANCELLED']);
    expect(timeline.at(-1)!.detail).toBe('3 A cancelled, 1 B cancelled; 43.99 EUR to be refunded, or released from the authorisation');
  });

  it('is made smaller there, and given another address and day', async () => {
    const order = await inErp({ A: 3, B: 1 });
    const { change } = await ask(world, 'AMEND', order.id, { lines: { 1: 1 }, shipTo: { line1: 'Neu 1', city: 'Ulm', countryCode: 'DE' }, requestedDate: null });
    expect(change).toMatchObject({ state: 'APPLIED', appliedAddress: true, appliedDay: true });
    expect(documentOf(world, order)!.lines).toMatchObject([{ sku: 'A', quantity: '1' }, { sku: 'B', quantity: '1' }]);
    expect(world.erp.warehouse.asked.get(order.erpOrderId!)).toMatchObject({ shipTo: { city: 'Ulm' }, requestedOn: null });
    expect(await current(world, order.id)).toMatchObject({ total: '22', shipTo: { city: 'Ulm' }, state: 'ACCEPTED_BY_ERP' });
    // The feed tells the same afterwards: nothing more happens.
    await tell(order);
    expect(await readChangesOfOrders(world.database, [order.id])).toHaveLength(1);
    expect(heldFor(world, order, 'A')).toBe(1);
  });

  it('is refused where the warehouse has begun, and says what to do', async () => {
    const order = await inErp({ A: 5 });
    world.erp.warehouse.pick(order.erpOrderId!, 'A', decimal('3'));
    const { change, userErrors } = await ask(world, 'CANCEL', order.id, {});
    expect(change).toMatchObject({ state: 'REFUSED', refusal: 'PICKING_STARTED', amountDifference: null });
    expect(change!.explanation).toMatch(/^3 of 5 A are picked \(\d\d:\d\d UTC, OUT\/\d+ is being picked\); they will be shipped: return them instead$/);
    expect(userErrors).toMatchObject([{ code: 'TOO_LATE', message: change!.explanation }]);
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('5');
    expect((await readTimelines(world.database, [order.id])).at(-1)!.detail).toContain('nothing was changed: 3 of 5 A are picked');
    expect(heldFor(world, order, 'A')).toBe(5);
    world.erp.warehouse.ship(order.erpOrderId!);
    expect((await ask(world, 'CANCEL', order.id, { lines: { 1: 5 } })).change?.explanation).toMatch(/^3 of 5 A have left .*return them instead$/);
  });

  it('gives what nobody has touched, and keeps the rest', async () => {
    const order = await inErp({ A: 5, B: 2 });
    world.erp.warehouse.pick(order.erpOrderId!, 'A', decimal('5'));
    const { change, userErrors } = await ask(world, 'CANCEL', order.id, {});
    expect(change).toMatchObject({ state: 'PARTLY_APPLIED', refusal: 'PICKING_STARTED', explanation: expect.stringContaining('all of 5 A are picked'), amountDifference: '-21.99' });
    expect(userErrors).toEqual([]);
    expect((await linesOf(world, order.id)).map(({ quantity }) => quantity)).toEqual(['5', '0']);
    expect(documentOf(world, order)!.lines.map(({ quantity }) => quantity)).toEqual(['5', '0']);
    expect([heldFor(world, order, 'A'), heldFor(world, order, 'B')]).toEqual([5, 0]);
    world.erp.warehouse.ship(order.erpOrderId!);
    await tell(order);
    expect((await current(world, order.id)).state).toBe('SHIPPED');
  });

  it('is decided by the ERP when picking begins between the question and the change', async () => {
    const order = await inErp({ A: 5, B: 1 });
    const { change } = await ask(world, 'AMEND', order.id, { lines: { 1: 2 } }, { tap: (moment, method) => {
      if (moment === 'before' && method === 'amendOrder') world.erp.warehouse.pick(order.erpOrderId!, 'A', decimal('5'));
    } });
    expect(change).toMatchObject({ state: 'REFUSED', refusal: 'PICKING_STARTED' });
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('5');
  });

  it('one change at a time; the next begins where the last one ended', async () => {
    const order = await inErp({ A: 9 });
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const first = ask(world, 'AMEND', order.id, { lines: { 1: 5 } }, { tap: async (moment, method) => {
      if (moment !== 'before' || method !== 'amendOrder') return;
      reached.resolve();
      await release.promise;
    } });
    await reached.promise;
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 4 } })).userErrors).toMatchObject([{ code: 'CONFLICT', retryable: true }]);
    release.resolve();
    expect((await first).change?.state).toBe('APPLIED');
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 4 } })).change).toMatchObject({ state: 'APPLIED', lines: [{ from: '5', to: '4' }] });
  });

  it('never says APPLIED where the document does not show it', async () => {
    const order = await inErp({ A: 4 });
    const deaf = world.erp.warehouse.amend.bind(world.erp.warehouse);
    world.erp.warehouse.amend = (id) => ({ kind: 'APPLIED', order: world.erp.warehouse.find(id) });
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 1 } })).change).toMatchObject({ state: 'REFUSED', refusal: 'OTHER', explanation: expect.stringContaining('does not show it') });
    world.erp.warehouse.amend = (id) => ({ kind: 'REFUSED', reason: 'OTHER', detail: 'its transfers do not follow', order: { ...world.erp.warehouse.find(id), lines: [{ sku: 'A', quantity: decimal('1'), delivered: ZERO }] } });
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 1 } })).change).toMatchObject({ state: 'REFUSED', refusal: 'OTHER' });
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('4');
    world.erp.warehouse.amend = deaf;
  });

  it('knows its lines by number where the document keeps them', async () => {
    world.erp.warehouse.numbersLines = true;
    const order = await inErp({ A: 2, B: 3 });
    expect((await ask(world, 'CANCEL', order.id, { lines: { 2: 1 } })).change?.state).toBe('APPLIED');
    expect((await linesOf(world, order.id)).map(({ quantity }) => quantity)).toEqual(['2', '2']);
    world.erp.warehouse.edit(order.erpOrderId!, (line) => ({ ...line, quantity: decimal('1') }));
    await tell(order);
    expect((await linesOf(world, order.id)).map(({ quantity }) => quantity)).toEqual(['1', '1']);
    await settled(order);
    world.erp.warehouse.numbersLines = false;
  });
});

describe('an ERP that does not answer', () => {
  it.each(['before', 'after'] as const)('%s a change has arrived: REQUESTED until it is known, then told', async (moment) => {
    const order = await inErp({ A: 5 });
    let lost = 0;
    const { change } = await ask(world, 'AMEND', order.id, { lines: { 1: 2 } }, { tap: (now, method) => {
      if (now === moment && method === 'amendOrder' && (lost += 1) === 1) throw new Failure('UPSTREAM_TIMEOUT', 'no answer');
    } });
    expect(change!.state).toBe('REQUESTED');
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('5');
    await settled(order);
    expect(await readChange(world.database, change!.id)).toMatchObject({ state: 'APPLIED' });
    expect([(await linesOf(world, order.id))[0]!.quantity, documentOf(world, order)!.lines[0]!.quantity, heldFor(world, order, 'A')]).toEqual(['2', '2', 2]);
    // The first copy may still be on its way: nothing else is changed before it cannot be any more.
    expect((await readChange(world.database, change!.id))!.unsettledUntil).not.toBeNull();
  });

  it('costs the caller the time it gave, not the worker', async () => {
    const order = await inErp({ A: 5 });
    const { change } = await ask(world, 'CANCEL', order.id, {}, { settings: { answerWithinMs: 50 }, tap: (moment, method) => (moment === 'before' && method === 'readPicking' ? never() : undefined) });
    expect(change!.state).toBe('REQUESTED');
    await until(async () => (await readChange(world.database, change!.id))!.attempts > 0, 'the first attempt has given up');
    await settled(order);
    expect(await readChange(world.database, change!.id)).toMatchObject({ state: 'APPLIED' });
    expect(documentOf(world, order)!.state).toBe('CANCELLED');
  });

  it('lets no second change overtake one that may still arrive', async () => {
    const order = await inErp({ A: 5 });
    let lost = 0;
    const { change } = await ask(world, 'AMEND', order.id, { lines: { 1: 2 } }, { settings: { settleAfterSilenceMs: 60_000 }, tap: (now, method) => {
      if (now === 'before' && method === 'amendOrder' && (lost += 1) === 1) throw new Failure('UPSTREAM_TIMEOUT', 'no answer');
    } });
    await drive(world, change!.id);
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 4 } })).userErrors).toMatchObject([{ code: 'CONFLICT', retryable: true, message: expect.stringContaining('may still arrive') }]);
  });

  it('or that is not to be asked waits with what is to be changed', async () => {
    const order = await inErp({ A: 5 });
    await world.database.run(`insert into orders.maintenance_window (id, system, from_at, until_at, reason, created_by, created_at) values (gen_random_uuid(), 'erp', now() - interval '1 second', now() + interval '1 second', 'test', 't', now())`);
    const { change } = await ask(world, 'CANCEL', order.id, {}, { tap: (_moment, method) => {
      if (method === 'cancelOrder' || method === 'findOrder') throw new Error('it was asked');
    } });
    expect(change!.state).toBe('REQUESTED');
    await world.database.run('delete from orders.maintenance_window');
    await settled(order);
    expect((await readChange(world.database, change!.id))!.state).toBe('APPLIED');
  });
});

describe('what people do in the ERP', () => {
  it('to lines is followed: quantity, money, stock, timeline; once, however often it is told', async () => {
    const order = await inErp({ A: 5, B: 2 });
    world.erp.warehouse.edit(order.erpOrderId!, (line) => (line.sku === 'A' ? { ...line, quantity: decimal('3') } : line));
    for (let turn = 0; turn < 3; turn += 1) await tell(order);
    await settled(order);
    expect(await readChangesOfOrders(world.database, [order.id])).toMatchObject([{ owner: 'system:erp', state: 'APPLIED', reason: 'lowered in erp', amountDifference: '-21.99', lines: [{ lineNumber: 1, from: '5', to: '3' }] }]);
    expect([(await linesOf(world, order.id))[0]!.quantity, heldFor(world, order, 'A')]).toEqual(['3', 3]);
    expect((await readTimelines(world.database, [order.id])).at(-1)).toMatchObject({ source: 'erp', detail: expect.stringContaining('2 of 5 A cancelled') });
    world.erp.warehouse.pick(order.erpOrderId!, 'A', decimal('3'));
    world.erp.warehouse.pick(order.erpOrderId!, 'B', decimal('2'));
    world.erp.warehouse.ship(order.erpOrderId!);
    await tell(order);
    expect((await current(world, order.id)).state).toBe('SHIPPED');
  });

  it('to the whole order frees its stock, but for what has left', async () => {
    const order = await inErp({ A: 5 });
    world.erp.warehouse.pick(order.erpOrderId!, 'A', decimal('2'));
    world.erp.warehouse.ship(order.erpOrderId!);
    world.erp.warehouse.cancel(order.erpOrderId!);
    await tell(order);
    await settled(order);
    expect([(await linesOf(world, order.id))[0]!.quantity, heldFor(world, order, 'A'), (await current(world, order.id)).total]).toEqual(['2', 2, '21.99']);
  });

  it('that makes a line larger is the ERP\'s own affair', async () => {
    const order = await inErp({ A: 5 });
    world.erp.warehouse.edit(order.erpOrderId!, (line) => ({ ...line, quantity: decimal('8') }));
    await tell(order);
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('5');
    expect(await readChangesOfOrders(world.database, [order.id])).toEqual([]);
  });

  it('does not make goods of kits or other codes look cancelled', async () => {
    const order = await placed(world, { A: 5 });
    const document = await world.dependencies().ports.port('orders')!.port.createOrder({ reference: order.number, lines: [{ lineNumber: 1, sku: 'A-IN-PARTS', quantity: decimal('10') }] } as never, {} as never);
    await tell(order);
    world.erp.warehouse.edit(document.id, (line) => ({ ...line, quantity: decimal('8') }));
    await tell(order);
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('5');
  });

  it('cannot bring an order to life that was cancelled here: it is cancelled there as well', async () => {
    const order = await placed(world, { A: 5 });
    await ask(world, 'CANCEL', order.id, {});
    // A create from before arrives later than any should.
    await world.dependencies().ports.port('orders')!.port.createOrder({ reference: order.number, lines: [{ lineNumber: 1, sku: 'A', quantity: decimal('5') }] } as never, {} as never);
    await tell(order);
    await settled(order);
    expect(documentOf(world, order)!.state).toBe('CANCELLED');
    expect((await current(world, order.id)).state).toBe('CANCELLED');
    expect((await readTimelines(world.database, [order.id])).map(({ detail }) => detail)).toContainEqual(expect.stringContaining('although the order was cancelled before'));
    expect(heldFor(world, order, 'A')).toBe(0);
  });
});

it('is told to nobody who may not see the order', async () => {
  const order = await inErp({ A: 1 });
  const stranger = principal('stranger', { kind: 'SHOPPER', scopes: ['order:write'], customerNumber: 'C9' });
  expect((await ask(world, 'CANCEL', order.id, {}, { who: stranger })).change).toBeNull();
});
