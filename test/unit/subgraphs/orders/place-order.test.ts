import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal, sum } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { RejectionReason } from '../../../../domain/inventory.ts';
import { calendarDate } from '../../../../domain/time.ts';
import { createPlaceOrder, type PlaceOrder, type PlaceOrderOutcome } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readLines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { never, type Tap } from './fakes.ts';
import { basket, createWorld, principal, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
let place: PlaceOrder;
const withTap = (tap: Tap): PlaceOrder => createPlaceOrder(world.dependencies(tap), QUICK);
const codes = (outcome: PlaceOrderOutcome): string[] => outcome.userErrors.map((error) => error.code);
const count = async (where = 'true'): Promise<number> =>
  Number((await world.database.query<{ n: string }>(`select count(*) as n from orders.sales_order where ${where}`))[0]!.n);

beforeAll(async () => {
  world = await createWorld();
  place = withTap(() => undefined);
});
afterAll(() => world.close());

describe('placing an order', () => {
  it('stores order, lines, timeline, event and job, and takes the stock', async () => {
    const { order, userErrors, warnings } = await place(basket({ note: 'ring twice' }), scopeOf());
    expect({ userErrors, warnings }).toEqual({ userErrors: [], warnings: [] });
    expect(order).toMatchObject({ state: 'RECEIVED', owner: 'storefront', customerNumber: 'C1', channel: 'web', currencyCode: 'EUR', stockVerified: true });
    expect(order!.number).toMatch(/^SO-[0-9A-HJKMNP-TV-Z]{12}$/);
    const lines = await readLines(world.database, [order!.id]);
    expect(lines.map((line) => [line.sku, line.quantity, line.unitPrice, line.lineTotal])).toEqual([['A', '2', '10.995', '21.99'], ['B', '1', '10.995', '11']]);
    expect(sum(lines.map((line) => line.lineTotal!))).toBe(decimal(order!.total!));
    expect([...world.inventory.holds.values()].find((held) => held.orderReference === order!.number)?.hold.state).toBe('COMMITTED');
    const jobs = await world.database.query<{ data: { orderId: string } }>(`select data from jobs.job where name = 'submit-order'`);
    expect(jobs.map((job) => job.data.orderId)).toContain(order!.id);
    const events = await world.database.query<{ payload: object }>(`select payload from orders.outbox`);
    expect(events.map((event) => event.payload)).toContainEqual(expect.objectContaining({ type: 'order.changed', orderId: order!.id, owner: 'storefront' }));
  });

  it('answers fifty parallel identical requests with one order', async () => {
    const before = await count();
    const input = basket();
    const slow = withTap(async (moment, method) => {
      if (moment === 'after' && method === 'placeHold') await new Promise((done) => setTimeout(done, 150));
    });
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => (index % 2 ? slow : place)(input, scopeOf())));
    expect(new Set(outcomes.map((outcome) => outcome.order?.id)).size).toBe(1);
    expect(outcomes.every((outcome) => outcome.order !== null && outcome.userErrors.length === 0)).toBe(true);
    expect(await count()).toBe(before + 1);
    expect([...world.inventory.holds.values()].filter((held) => held.orderReference === outcomes[0]!.order!.number)).toHaveLength(1);
  });

  it('keeps one order when a slow claimant is taken for dead and comes back', async () => {
    const input = basket();
    const sluggish = withTap(async (moment, method) => {
      if (moment === 'after' && method === 'placeHold') await new Promise((done) => setTimeout(done, QUICK.leaseMs * 3));
    });
    const outcomes = await Promise.all([sluggish(input, scopeOf()), place(input, scopeOf())]);
    expect(outcomes[0]!.order?.id).toBe(outcomes[1]!.order?.id);
    expect(await count(`idempotency_key = '${input.idempotencyKey}'`)).toBe(1);
    expect([...world.inventory.holds.values()].filter((held) => held.orderReference === outcomes[0]!.order!.number)).toHaveLength(1);
  });

  it('gives back what a slow claimant held when who took over was refused for it', async () => {
    const input = basket();
    const sluggish = withTap(async (moment, method) => {
      if (moment === 'after' && method === 'placeHold') await new Promise((done) => setTimeout(done, QUICK.leaseMs * 3));
    });
    const before = new Set(world.inventory.holds.keys());
    const made = () => [...world.inventory.holds.values()].filter(({ hold }) => !before.has(hold.id));
    const first = sluggish(input, scopeOf());
    await until(async () => made().length > 0, 'the first has its hold');
    world.inventory.outcome = () => ({ kind: 'REJECTED', reason: 'OUT_OF_STOCK', earliest: null, alternatives: [] });
    expect((await until(async () => {
      const { userErrors } = await place(input, scopeOf(principal(), 50));
      return userErrors[0]?.code === 'OUT_OF_STOCK' ? userErrors : null;
    }, 'the second took over'))).toMatchObject([{ code: 'OUT_OF_STOCK' }, { code: 'OUT_OF_STOCK' }]);
    expect((await first).userErrors[0]).toMatchObject({ code: 'OUT_OF_STOCK' });
    expect(made().map(({ hold }) => hold.state)).toEqual(['RELEASED']);
    world.inventory.outcome = null;
  });

  it('says so when the first is still running at the deadline', async () => {
    const input = basket();
    let claimed: () => void = () => undefined;
    const running = new Promise<void>((done) => (claimed = done));
    const slow = withTap(async (moment, method) => {
      if (moment !== 'before' || method !== 'quoteBasket') return;
      claimed();
      await new Promise((done) => setTimeout(done, 200));
    });
    const first = slow(input, scopeOf());
    await running;
    expect((await place(input, scopeOf(principal(), 60))).userErrors).toMatchObject([{ code: 'UPSTREAM', retryable: true }]);
    expect((await place(input, scopeOf())).order?.id).toBe((await first).order?.id);
  });

  it('answers the same refusal to those who waited, and tries afresh for who comes later', async () => {
    const input = basket();
    let calls = 0;
    const failing = withTap(async (moment, method) => {
      if (moment !== 'before' || method !== 'checkAvailability') return;
      calls += 1;
      await new Promise((done) => setTimeout(done, 100));
      throw new Failure('UPSTREAM_UNAVAILABLE', 'down');
    });
    const first = failing(input, scopeOf());
    await new Promise((done) => setTimeout(done, 40));
    const outcomes = await Promise.all([first, ...Array.from({ length: 5 }, () => failing(input, scopeOf()))]);
    expect(outcomes.map(codes)).toEqual(Array.from({ length: 6 }, () => ['UNVERIFIED']));
    expect(calls).toBe(1);
    expect((await place(input, scopeOf())).order).not.toBeNull();
  });

  it('refuses the same key with another payload, and keeps owners apart', async () => {
    const input = basket();
    const { order } = await place(input, scopeOf());
    expect(codes(await place({ ...input, note: 'other' }, scopeOf()))).toEqual(['CONFLICT']);
    const other = await place({ ...input, note: 'other' }, scopeOf(principal('another')));
    expect(other.order!.id).not.toBe(order!.id);
    expect((await place({ ...input, lines: [{ sku: 'A', quantity: '2' as never }, { sku: 'B', quantity: '1' as never }] }, scopeOf())).order!.id).toBe(order!.id);
  });

  it('keeps a channel\'s order number unique, whatever the key', async () => {
    const input = basket({ externalOrderId: 'AMZ-1' });
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => place({ ...input, idempotencyKey: basket().idempotencyKey }, scopeOf())));
    expect(new Set(outcomes.map((outcome) => outcome.order?.id)).size).toBe(1);
    expect(await count(`external_order_id = 'AMZ-1'`)).toBe(1);
    expect([...world.inventory.holds.values()].filter((held) => held.hold.state === 'HELD')).toEqual([]);
    const otherPayload = await place(basket({ externalOrderId: 'AMZ-1', note: 'x' }), scopeOf());
    expect(otherPayload.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['externalOrderId'] }]);
  });

  it('refuses another price than the buyer saw and shows both', async () => {
    const seen = { amount: decimal('9.99'), currencyCode: 'EUR' };
    const outcome = await place(basket({ lines: [{ sku: 'A', quantity: decimal('1'), expectedUnitPrice: seen }] }), scopeOf());
    expect(outcome.userErrors).toMatchObject([{ code: 'PRICE_CHANGED', field: ['lines', '0', 'expectedUnitPrice'] }]);
    expect(outcome.userErrors[0]!.message).toContain('9.99 EUR');
    expect(outcome.userErrors[0]!.message).toContain('10.995 EUR');
  });

  it('names unknown SKUs, missing prices, unknown and blocked customers, guests without e-mail', async () => {
    expect((await place(basket({ lines: [{ sku: 'A', quantity: decimal('1') }, { sku: 'X', quantity: decimal('1') }] }), scopeOf())).userErrors)
      .toMatchObject([{ code: 'NOT_FOUND', field: ['lines', '1', 'sku'] }]);
    expect(codes(await place(basket({ lines: [{ sku: 'NOPRICE', quantity: decimal('1') }] }), scopeOf()))).toEqual(['INVALID_INPUT']);
    expect(codes(await place(basket({ customerNumber: 'nobody' }), scopeOf()))).toEqual(['NOT_FOUND']);
    expect(codes(await place(basket({ customerNumber: 'BLOCKED' }), scopeOf()))).toEqual(['FORBIDDEN']);
    expect((await place(basket({ customerNumber: null }), scopeOf())).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['contact', 'email'] }]);
    const shopper = principal('shopper', { kind: 'SHOPPER', customerNumber: 'C7' });
    expect(codes(await place(basket({ customerNumber: 'C8' }), scopeOf(shopper)))).toEqual(['FORBIDDEN']);
    expect((await place(basket({ customerNumber: null }), scopeOf(shopper))).order?.customerNumber).toBe('C7');
  });

  it('never answers an unflagged yes when the ERP is silent', async () => {
    world.inventory.outcome = () => ({ kind: 'UNVERIFIED', policy: 'REFUSE', lastKnown: null, accepted: false });
    expect((await place(basket({ lines: [{ sku: 'A', quantity: decimal('1') }] }), scopeOf())).userErrors).toMatchObject([{ code: 'UNVERIFIED', retryable: true }]);
    world.inventory.outcome = () => ({ kind: 'UNVERIFIED', policy: 'LEDGER_WITH_SAFETY', lastKnown: null, accepted: true });
    const flagged = await place(basket({ lines: [{ sku: 'A', quantity: decimal('1') }] }), scopeOf());
    world.inventory.outcome = null;
    expect(flagged.order?.stockVerified).toBe(false);
    expect(flagged.warnings).toMatchObject([{ code: 'STOCK_UNVERIFIED' }]);
  });

  it('refuses what is out of stock and leaves nothing held', async () => {
    const outcome = await place(basket({ lines: [{ sku: 'LAST', quantity: decimal('2') }] }), scopeOf());
    expect(outcome.userErrors).toMatchObject([{ code: 'OUT_OF_STOCK', field: ['lines', '0', 'quantity'], retryable: true }]);
    expect(world.inventory.stock.get('LAST')).toBe('1');
  });

  it('says why a line cannot be had: not here, not from one place, sold out on this channel', async () => {
    const refused = async (reason: RejectionReason) => {
      world.inventory.outcome = () => ({ kind: 'REJECTED', reason, earliest: null, alternatives: [] });
      const { userErrors: [error] } = await place(basket({ lines: [{ sku: 'A', quantity: decimal('1') }] }), scopeOf());
      world.inventory.outcome = null;
      return error;
    };
    expect(await refused('NOT_SERVED')).toMatchObject({ code: 'OUT_OF_STOCK', message: 'A cannot be sent to this address', retryable: true });
    expect(await refused('SPLIT_NOT_ALLOWED')).toMatchObject({ code: 'OUT_OF_STOCK', message: 'A is not to be had from one place' });
    expect(await refused('CHANNEL_EXHAUSTED')).toMatchObject({ code: 'OUT_OF_STOCK', message: 'A is sold out on this channel' });
    expect(await refused('NOT_SELLABLE')).toMatchObject({ code: 'INVALID_INPUT', field: ['lines', '0', 'sku'] });
  });

  it('counts in the own unit what was ordered in another: stock, price and document', async () => {
    const before = Number(world.inventory.stock.get('A'));
    const { order } = await place(basket({ lines: [{ sku: 'A', quantity: decimal('2'), unit: 'DOZEN' }, { sku: 'A', quantity: decimal('1') }] }), scopeOf());
    const lines = await readLines(world.database, [order!.id]);
    expect(lines.map((line) => [line.sku, line.quantity])).toEqual([['A', '24'], ['A', '1']]);
    expect(Number(world.inventory.stock.get('A'))).toBe(before - 25);
  });

  it('places what is sold without stock, and says when it comes', async () => {
    const promisedOn = calendarDate('2030-01-01');
    world.inventory.outcome = () => ({ kind: 'CONFIRMED', date: promisedOn, basis: 'LEAD_TIME', sources: [] });
    world.inventory.basket = [{ sku: 'A', requested: decimal('2'), held: decimal('1'), backordered: decimal('1'), promisedOn }];
    const { order, warnings } = await place(basket({ lines: [{ sku: 'A', quantity: decimal('2') }] }), scopeOf());
    [world.inventory.outcome, world.inventory.basket] = [null, []];
    expect(order?.state).toBe('RECEIVED');
    expect(warnings).toEqual([{ code: 'STOCK_BACKORDERED', field: ['lines', '0', 'quantity'], message: '1 of 2 A will be delivered from 2030-01-01 on' }]);
  });

  it('answers once an inventory that never answers has had its time', async () => {
    const dead = withTap((moment, method) => (method === 'checkAvailability' && moment === 'before' ? never() : undefined));
    expect(codes(await dead(basket(), scopeOf(principal(), 200)))).toEqual(['UNVERIFIED']);
  });
});

describe('an expired hold', () => {
  const expiring = (sell: boolean): PlaceOrder => {
    let first = true;
    return withTap((moment, method) => {
      if (moment !== 'before' || method !== 'commitHold' || !first) return;
      first = false;
      for (const held of world.inventory.holds.values()) if (held.hold.state === 'HELD') world.inventory.expire(held.hold.id);
      if (sell) world.inventory.stock.set('LAST', decimal('0'));
    });
  };

  it('is asked for again', async () => {
    const { order } = await expiring(false)(basket(), scopeOf());
    expect(order).not.toBeNull();
    expect([...world.inventory.holds.values()].filter((held) => held.orderReference === order!.number).map((held) => held.hold.state)).toEqual(['COMMITTED']);
  });

  it('takes the order back when the stock is gone, and says so in the timeline', async () => {
    const input = basket({ externalOrderId: 'GONE-1', lines: [{ sku: 'LAST', quantity: decimal('1') }] });
    const outcome = await expiring(true)(input, scopeOf());
    expect(outcome).toMatchObject({ order: null, userErrors: [{ code: 'HOLD_EXPIRED' }] });
    expect(codes(await place(input, scopeOf()))).toEqual(['HOLD_EXPIRED']);
    const [row] = await world.database.query<{ state: string; submission: string; detail: string }>(
      `select o.state, o.submission, t.detail from orders.sales_order o join orders.timeline t on t.order_id = o.id and t.state = 'CANCELLED' where external_order_id = 'GONE-1'`,
    );
    expect(row).toMatchObject({ state: 'CANCELLED', submission: 'CANCELLED', detail: expect.stringContaining('compensation') });
    world.inventory.stock.set('LAST', decimal('1'));
    const again = await place({ ...input, idempotencyKey: basket().idempotencyKey }, scopeOf());
    expect(again.order?.externalOrderId).toBe('GONE-1');
  });
});
