import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAudit } from '../../../../platform/audit.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import { readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import { ask, booksOf, CLERK, current, documentOf, drive, heldFor, linesOf, placed, submissionTools, submitted } from './changes-world.ts';
import { createWorld, principal, until, type World } from './harness.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => {
  world.prices.unitPrice = decimal('10.995');
  expect([booksOf(world, 'A'), booksOf(world, 'B'), booksOf(world, 'LAST')]).toEqual([1000, 1000, 1]);
});
afterAll(() => world.close());

describe('an order that is ours alone', () => {
  it('is made smaller at once: lines, total, stock, timeline, audit; and that is what the ERP gets', async () => {
    const order = await placed(world, { A: 5, B: 2 });
    const { change, userErrors } = await ask(world, 'CANCEL', order.id, { lines: { 1: 3 }, reason: 'too many' });
    expect(userErrors).toEqual([]);
    expect(change).toMatchObject({ state: 'APPLIED', reason: 'too many', amountDifference: '-32.99', outcome: [{ lineNumber: 1, quantity: '2' }], refusal: null });
    expect(await linesOf(world, order.id)).toMatchObject([{ quantity: '2', orderedQuantity: '5', lineTotal: '21.99' }, { quantity: '2', lineTotal: '21.99' }]);
    expect(await current(world, order.id)).toMatchObject({ total: '43.98', revision: order.revision + 1, state: 'RECEIVED', submission: 'PENDING' });
    expect(heldFor(world, order, 'A')).toBe(2);
    expect((await readTimelines(world.database, [order.id])).at(-1)).toMatchObject({ source: 'graph', detail: '3 of 5 A cancelled; 32.99 EUR to be refunded, or released from the authorisation' });
    expect(await readAudit(world.database, 'orders', order.number)).toMatchObject([{ actor: 'storefront', action: 'order.change.applied' }]);
    await submitted(world, order);
    expect(documentOf(world, order)!.lines).toMatchObject([{ sku: 'A', quantity: '2' }, { sku: 'B', quantity: '2' }]);
  });

  it('is cancelled whole, costs nothing, and is never sent', async () => {
    const order = await placed(world, { A: 5 }, { externalOrderId: 'X-cancelled' });
    expect((await ask(world, 'CANCEL', order.id, {})).change).toMatchObject({ state: 'APPLIED', amountDifference: '-54.98' });
    expect(await current(world, order.id)).toMatchObject({ state: 'CANCELLED', submission: 'CANCELLED', total: '0' });
    await submitOrder(submissionTools(world), { orderId: order.id, attempt: 0 });
    expect(documentOf(world, order)).toBeUndefined();
    expect(heldFor(world, order, 'A')).toBe(0);
    expect((await ask(world, 'CANCEL', order.id, {})).userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
  });

  it('takes another address and day along', async () => {
    const order = await placed(world, { A: 1 });
    const { change } = await ask(world, 'AMEND', order.id, { shipTo: { line1: 'Neue Str. 1', city: 'Bonn', countryCode: 'de' }, requestedDate: '2999-01-01' as never });
    expect(change).toMatchObject({ state: 'APPLIED', appliedAddress: true, appliedDay: true, amountDifference: '0' });
    expect(await current(world, order.id)).toMatchObject({ shipTo: { city: 'Bonn', countryCode: 'DE' }, requestedOn: '2999-01-01' });
    await ask(world, 'AMEND', order.id, { requestedDate: null });
    expect((await current(world, order.id)).requestedOn).toBeNull();
  });

  it('is not sent as it was by who read it before', async () => {
    const order = await placed(world, { A: 4 });
    const looked = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    const sending = submitOrder(submissionTools(world, async (moment, method) => {
      if (moment !== 'after' || method !== 'findOrder') return;
      looked.resolve();
      await changed.promise;
    }), { orderId: order.id, attempt: 0 });
    await looked.promise;
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 1 } })).change).toMatchObject({ state: 'APPLIED' });
    changed.resolve();
    await sending;
    expect(documentOf(world, order)).toBeUndefined();
    await submitted(world, order);
    expect(documentOf(world, order)!.lines).toMatchObject([{ quantity: '1' }]);
  });

  it('waits for a create nobody answered, and is changed wherever it turns out to be', async () => {
    for (const arrives of [true, false]) {
      const order = await placed(world, { A: 4 });
      await world.database.run(`update orders.sales_order set unsettled_until = now() + interval '300 milliseconds' where id = $1`, [order.id]);
      const { change } = await ask(world, 'CANCEL', order.id, { lines: { 1: 1 } });
      expect(change).toMatchObject({ state: 'REQUESTED' });
      if (arrives) await world.dependencies().ports.port('orders')!.port.createOrder({ reference: order.number, lines: [{ lineNumber: 1, sku: 'A', quantity: decimal('4') }] } as never, {} as never);
      await until(async () => {
        await drive(world, change!.id).catch(() => undefined);
        return (await linesOf(world, order.id))[0]!.quantity === '3';
      }, 'the change is through');
      expect(documentOf(world, order)?.lines[0]?.quantity).toBe(arrives ? '3' : undefined);
      expect((await current(world, order.id)).erpOrderId === null).toBe(!arrives);
    }
  });
});

describe('a key', () => {
  it('answers the same change, to everybody who asks at once, and refuses another', async () => {
    const order = await placed(world, { A: 9 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(world, 'CANCEL', order.id, { idempotencyKey: `dup-${order.id}`, lines: { 1: 2 } })));
    expect(new Set(answers.map(({ change }) => change!.id)).size).toBe(1);
    for (const { change, userErrors } of answers) expect([change!.state, userErrors]).toEqual(['APPLIED', []]);
    expect((await linesOf(world, order.id))[0]!.quantity).toBe('7');
    expect((await ask(world, 'CANCEL', order.id, { idempotencyKey: `dup-${order.id}`, lines: { 1: 3 } })).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['idempotencyKey'] }]);
    const other = await placed(world, { A: 9 });
    expect((await ask(world, 'CANCEL', other.id, { idempotencyKey: `dup-${order.id}`, lines: { 1: 2 } })).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    expect(heldFor(world, order, 'A')).toBe(7);
  });

  it('answers a whole cancellation again after it has cancelled', async () => {
    const order = await placed(world, { A: 2 });
    const input = { idempotencyKey: `whole-${order.id}` };
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(world, 'CANCEL', order.id, input)));
    expect(answers.map(({ change }) => change?.state)).toEqual(Array(10).fill('APPLIED'));
  });
});

describe('what is not taken up', () => {
  it('names every field at fault', async () => {
    const order = await placed(world, { A: 2, B: 3 });
    const wrong = await ask(world, 'AMEND', order.id, { idempotencyKey: '', lines: { 1: -1 }, shipTo: { line1: 'x' }, reason: '4111 1111 1111 1111' });
    expect(wrong.userErrors.map(({ field }) => field.join('.'))).toEqual(expect.arrayContaining(['idempotencyKey', 'lines.0.quantity', 'shipTo.city', 'shipTo.countryCode', 'reason']));
    expect((await ask(world, 'CANCEL', order.id, { lines: { 1: 3 } })).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['lines', '0', 'quantity'] }]);
    expect((await ask(world, 'CANCEL', order.id, { lines: { 9: null } })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['lines', '0', 'lineNumber'] }]);
    expect((await ask(world, 'AMEND', order.id, {})).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 2 } })).userErrors).toMatchObject([{ code: 'CONFLICT', message: expect.stringContaining('nothing would change') }]);
    expect(await current(world, order.id)).toMatchObject({ revision: order.revision });
    await ask(world, 'CANCEL', order.id, {});
  });

  it('is an order one may not see; operations see every one', async () => {
    const order = await placed(world, { A: 2 });
    const stranger = principal('stranger', { kind: 'SHOPPER', scopes: ['order:write', 'order:read'], customerNumber: 'C9' });
    expect((await ask(world, 'CANCEL', order.id, {}, { who: stranger })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['orderId'] }]);
    expect((await ask(world, 'CANCEL', order.id, {}, { who: CLERK })).change?.state).toBe('APPLIED');
  });

  it('is what the channel does not allow; operations may always try', async () => {
    const settings = { policy: { default: { allow: ['CANCEL'], until: 'BEFORE_ERP' }, channels: {} } } as const;
    const shopper = principal('storefront', { scopes: ['order:write', 'order:read'] });
    const order = await placed(world, { A: 4 });
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 1 } }, { settings, who: shopper })).userErrors).toMatchObject([{ code: 'FORBIDDEN', message: expect.stringContaining('ordering less') }]);
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 3 } }, { settings, who: CLERK })).change?.state).toBe('APPLIED');
    await submitted(world, order);
    expect((await ask(world, 'CANCEL', order.id, {}, { settings, who: shopper })).userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
    expect((await ask(world, 'CANCEL', order.id, {}, { settings, who: CLERK })).change?.state).toBe('APPLIED');
    expect(documentOf(world, order)!.state).toBe('CANCELLED');
  });
});

describe('more of a line', () => {
  it('is taken at the order\'s price, with stock of its own', async () => {
    const order = await placed(world, { A: 2 });
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 5 } })).change).toMatchObject({ state: 'APPLIED', amountDifference: '32.99' });
    expect([heldFor(world, order, 'A'), (await current(world, order.id)).total]).toEqual([5, '54.98']);
    await submitted(world, order);
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 6 } })).change).toMatchObject({ state: 'APPLIED' });
    expect([heldFor(world, order, 'A'), documentOf(world, order)!.lines[0]!.quantity]).toEqual([6, '6']);
    expect([...world.inventory.holds.values()].filter((held) => held.orderReference === order.number).map((held) => held.accepted !== null)).toEqual([true, true, true]);
  });

  it('is refused at another price, and where there is none', async () => {
    const order = await placed(world, { A: 2, LAST: 1 });
    world.prices.unitPrice = decimal('11');
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 3 } })).userErrors).toMatchObject([{ code: 'PRICE_CHANGED', message: expect.stringContaining('costs 11 EUR now, not 10.995') }]);
    world.prices.unitPrice = decimal('10.995');
    expect((await ask(world, 'AMEND', order.id, { lines: { 2: 2 } })).userErrors).toMatchObject([{ code: 'OUT_OF_STOCK', retryable: true }]);
    await ask(world, 'CANCEL', order.id, {});
  });

  it('is priced with all the order would have by then', async () => {
    const order = await placed(world, { A: 2, B: 1 });
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 3 } })).userErrors).toEqual([]);
    expect(world.prices.asked.at(-1)).toMatchObject({ lines: [{ sku: 'A', quantity: '3' }, { sku: 'B', quantity: '1' }], quoteToken: null });
    await ask(world, 'CANCEL', order.id, {});
  });

  it('is refused where a promotion makes it cheaper to order anew, and keeps what was let off otherwise', async () => {
    const offer = { code: 'B2G1', name: 'Three for two', amount: decimal('5') };
    world.prices.promotions.set('A', offer);
    const order = await placed(world, { A: 2 });
    world.prices.promotions.set('A', { ...offer, amount: decimal('10') });
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 3 } })).userErrors).toMatchObject([{
      code: 'PRICE_CHANGED', field: ['lines', '0', 'quantity'], message: 'ordered anew, so much of A is 10 EUR less by Three for two, in this order 5; order more of it anew',
    }]);
    world.prices.promotions.clear();
    expect((await ask(world, 'AMEND', order.id, { lines: { 1: 3 } })).change).toMatchObject({ state: 'APPLIED', amountDifference: '11' });
    expect(await linesOf(world, order.id)).toMatchObject([{ quantity: '3', discount: '5', promotions: [offer] }]);
    await ask(world, 'CANCEL', order.id, {});
  });

  it('gives its stock back where the warehouse has begun', async () => {
    const order = await submitted(world, await placed(world, { A: 2 }));
    world.erp.warehouse.pick(order.erpOrderId!, 'A', decimal('1'));
    const { change, userErrors } = await ask(world, 'AMEND', order.id, { lines: { 1: 3 } });
    expect(change).toMatchObject({ state: 'REFUSED', refusal: 'PICKING_STARTED', amountDifference: null });
    expect(userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
    await drive(world, change!.id);
    expect(heldFor(world, order, 'A')).toBe(2);
    expect([...world.inventory.holds.values()].filter((held) => held.hold.state === 'HELD')).toEqual([]);
  });
});

describe('a subgraph that is silent', () => {
  it('leaves nothing behind, and the same request goes through later', async () => {
    const order = await placed(world, { A: 2 });
    const input = { idempotencyKey: `silent-${order.id}`, lines: { 1: 4 } };
    const down = await ask(world, 'AMEND', order.id, input, { tap: (moment, method) => {
      if (moment === 'after' && method === 'placeHold') throw new Failure('UPSTREAM_TIMEOUT', 'no answer');
    } });
    expect(down.userErrors).toMatchObject([{ code: 'UPSTREAM', retryable: true }]);
    expect((await ask(world, 'AMEND', order.id, input)).change?.state).toBe('APPLIED');
    expect(heldFor(world, order, 'A')).toBe(4);
  });

  it('that is the stock ledger holds the answer up no longer than it may, and is told later', async () => {
    const order = await placed(world, { A: 3 });
    const { change } = await ask(world, 'CANCEL', order.id, { lines: { 1: 1 } }, { tap: (moment, method) => {
      if (moment === 'before' && method === 'reduceCommitted') throw new Failure('UPSTREAM_UNAVAILABLE', 'down');
    } });
    expect(change).toMatchObject({ state: 'APPLIED', stock: 'PENDING' });
    await drive(world, change!.id);
    expect(heldFor(world, order, 'A')).toBe(2);
  });
});
