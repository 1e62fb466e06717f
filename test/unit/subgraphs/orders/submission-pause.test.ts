import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import { addMs, instant } from '../../../../domain/time.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { reasonsOfOrders } from '../../../../subgraphs/orders/health.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readOrder, readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { removeMaintenanceWindow, setMaintenanceWindow } from '../../../../subgraphs/orders/resolution/maintenance.ts';
import type { SubmissionSettings } from '../../../../subgraphs/orders/settings.ts';
import { readStanding } from '../../../../subgraphs/orders/submission/store-pause.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../../../subgraphs/orders/submission/tools.ts';
import { startSubmissionWorker } from '../../../../subgraphs/orders/submission/worker.ts';
import type { Tap } from './fakes.ts';
import { basket, createWorld, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
let clock: ReturnType<typeof manualClock>;
let isDown: boolean;
let calls: string[];

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['orders.erp_pause', 'orders.maintenance_window', 'jobs.job']) await world.database.run(`delete from ${table}`);
  await world.database.run(`update orders.sales_order set submission = 'NONE', attention = null, state = 'RECEIVED', erp_order_id = null`);
  world.erp.documents.length = 0;
  clock = manualClock(Date.now());
  [isDown, calls] = [true, []];
});

const tap: Tap = (moment, method) => {
  if (moment !== 'before' || !['findOrder', 'createOrder', 'findCustomer'].includes(method)) return;
  calls.push(method);
  if (isDown) throw new Failure('UPSTREAM_UNAVAILABLE', 'connection refused');
};
const tools = (own: Tap = tap, submission: Partial<SubmissionSettings> = {}): SubmissionTools => ({
  ...world.dependencies(own), clock, signal: new AbortController().signal,
  settings: { ...QUICK, submission: { ...QUICK.submission, pauseAfter: 3, pauseMs: 1_000, maxPauseMs: 8_000, ...submission } },
});
const operator = () => ({ ...world.dependencies(), clock, settings: QUICK });
const placed = async (count: number): Promise<OrderRecord[]> => {
  const place = createPlaceOrder(world.dependencies(), QUICK);
  return Promise.all(Array.from({ length: count }, async () => (await place(basket(), scopeOf())).order!));
};
const current = async ({ id }: OrderRecord): Promise<OrderRecord> => (await readOrder(world.database, id))!;
const standing = () => readStanding(world.database, 'erp', instant(clock.now()));
const attempt = async (order: OrderRecord, own = tools()): Promise<OrderRecord> => {
  await submitOrder(own, { orderId: order.id, attempt: (await current(order)).attempts });
  return current(order);
};

describe('while the ERP serves nobody', () => {
  it('the queue pauses, and no order loses an attempt by it', async () => {
    const orders = await placed(6);
    for (const order of orders.slice(0, 3)) await attempt(order);
    expect(await standing()).toMatchObject({ failures: 3, pausedSince: instant(clock.now()), pausedUntil: instant(clock.now() + 1_000) });
    const asked = calls.length;
    for (const order of orders) await attempt(order);
    expect(calls).toHaveLength(asked);
    expect(await Promise.all(orders.map(async (order) => (await current(order)).attempts))).toEqual([1, 1, 0, 0, 0, 0]);
    expect(await reasonsOfOrders(world.database, clock, 'erp')).toEqual([expect.stringMatching(/^erp has served no order since .*connection refused.*6 order\(s\) wait, one tries again at/)]);
  });

  it('one order at a time finds out, ever slower, and the others go as soon as one is answered', async () => {
    const orders = await placed(5);
    for (const order of orders.slice(0, 3)) await attempt(order);
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      clock.advance(waitMs - 1);
      const before = calls.length;
      await Promise.all(orders.map((order) => attempt(order)));
      expect(calls.length - before).toBe(0);
      clock.advance(1);
      // All at once, as from many processes: one gets through.
      await Promise.all(orders.map((order) => attempt(order, tools())));
      expect(calls.length - before).toBe(1);
    }
    expect(await Promise.all(orders.map(async (order) => (await current(order)).attempts))).toEqual([1, 1, 0, 0, 0]);
    isDown = false;
    clock.advance(8_000);
    for (const order of orders) await attempt(order);
    expect(await standing()).toMatchObject({ failures: 0, pausedSince: null, resumedAt: instant(clock.now()) });
    expect(await Promise.all(orders.map(async (order) => (await current(order)).submission))).toEqual(Array.from({ length: 5 }, () => 'DONE'));
    expect(world.erp.documents).toHaveLength(5);
  });

  it('a probe whose process dies gives way when its lease ends, and asks nothing its lease does not cover', async () => {
    const [first, second] = await placed(2);
    const own = { pauseAfter: 1, probeLeaseMs: 1_000, callTimeoutMs: 400 };
    await attempt(first!, tools(tap, own));
    clock.advance(1_000);
    let goOn: () => void = () => undefined;
    const stuck = new Promise<void>((done) => (goOn = done));
    const reached = Promise.withResolvers<void>();
    isDown = false;
    const slow = attempt(first!, tools(async (moment, method) => {
      if (moment !== 'after' || method !== 'findCustomer') return;
      reached.resolve();
      await stuck;
    }, own));
    await reached.promise;
    await attempt(second!, tools(tap, own));
    expect(calls).toHaveLength(1);
    clock.advance(700);
    goOn();
    // 300 ms are left: too few for a call of 400.
    expect((await slow).submission).toBe('PENDING');
    expect(world.erp.documents).toEqual([]);
    clock.advance(300);
    expect((await attempt(second!, tools(tap, own))).submission).toBe('DONE');
    expect(await standing()).toMatchObject({ pausedSince: null });
  });

  it('waits as long as the ERP asks', async () => {
    const [order] = await placed(1);
    const limited: Tap = (moment, method) => {
      if (moment === 'before' && method === 'findCustomer') throw new Failure('UPSTREAM_RATE_LIMITED', 'slow down', { retryAfterMs: 30_000 });
    };
    await attempt(order!, tools(limited, { pauseAfter: 1 }));
    expect(await standing()).toMatchObject({ pausedUntil: instant(clock.now() + 30_000) });
  });

  it('a refusal is an answer: it ends a pause and is no part of a row of failures', async () => {
    const orders = await placed(4);
    const mixed: Tap = (moment, method) => {
      if (moment === 'before' && method === 'createOrder') throw new Failure('UPSTREAM_REJECTED', 'closed');
    };
    await attempt(orders[0]!);
    await attempt(orders[1]!);
    expect((await attempt(orders[2]!, tools(mixed))).state).toBe('NEEDS_ATTENTION');
    expect(await standing()).toMatchObject({ failures: 0 });
    await attempt(orders[3]!, tools(tap, { pauseAfter: 1 }));
    clock.advance(1_000);
    await attempt(orders[3]!, tools(mixed));
    expect(await standing()).toMatchObject({ pausedSince: null });
  });

  it('seventy-two hours are counted from when the queue last began to run again', async () => {
    const [order] = await placed(1);
    const lone = tools(tap, { pauseAfter: 1_000 });
    clock.advance(71 * 3_600_000);
    expect((await attempt(order!, lone)).submission).toBe('PENDING');
    await attempt(order!, tools(tap, { pauseAfter: 1 }));
    clock.advance(2 * 3_600_000);
    isDown = false;
    const [other] = await placed(1);
    expect((await attempt(other!)).submission).toBe('DONE');
    isDown = true;
    clock.advance(71 * 3_600_000);
    expect((await attempt(order!, lone)).submission).toBe('PENDING');
    clock.advance(2 * 3_600_000);
    expect(await attempt(order!, lone)).toMatchObject({ submission: 'ATTENTION', attentionCode: 'SILENT', state: 'NEEDS_ATTENTION' });
  });
});

describe('maintenance', () => {
  it('keeps orders here until its end, without an attempt and without a call', async () => {
    isDown = false;
    const [order] = await placed(1);
    const [from, until_] = [instant(clock.now() - 1), addMs(instant(clock.now()), 3_600_000)];
    const window = await setMaintenanceWindow(operator(), { actor: 'ops', idempotencyKey: randomUUID(), system: null, from, until: until_, reason: 'upgrade' });
    expect(await attempt(order!)).toMatchObject({ submission: 'PENDING', attempts: 0 });
    expect(calls).toEqual([]);
    expect(await reasonsOfOrders(world.database, clock, 'erp')).toEqual([`maintenance of erp until ${until_} (upgrade): 1 order(s) wait`]);
    await removeMaintenanceWindow(operator(), { actor: 'ops', idempotencyKey: randomUUID(), id: window.id });
    expect(await attempt(order!)).toMatchObject({ submission: 'DONE' });
  });
});

describe('the worker', () => {
  it('leaves jobs where they are while the queue is paused, and drains them afterwards', async () => {
    const orders = await placed(40);
    const quick = { pauseAfter: 3, pauseMs: 50, maxPauseMs: 100 };
    const real = (): SubmissionTools => ({ ...tools(tap, quick), clock: world.dependencies().clock });
    const workers = [await startSubmissionWorker(real()), await startSubmissionWorker(real())];
    await until(async () => (await world.database.query<{ failures: number }>('select failures from orders.erp_pause where failures > 6')).length === 1, 'probes were in vain');
    const [row] = await world.database.query<{ attempts: number }>(`select sum(attempts)::int as attempts from orders.sales_order where submission = 'PENDING'`);
    // Those that were at work when it began, and no more: two processes of eight.
    expect(row!.attempts).toBeLessThanOrEqual(16);
    isDown = false;
    await until(async () => (await world.database.query(`select 1 from orders.sales_order where submission = 'PENDING'`)).length === 0, 'all orders are in the ERP');
    expect(world.erp.documents).toHaveLength(orders.length);
    for (const worker of workers) await worker.stop(1_000);
  }, 30_000);

  it('has stock confirmed though the ERP be away', async () => {
    const [order] = await placed(1);
    await world.database.run(`update orders.sales_order set hold_state = 'PENDING', placed_at = placed_at - interval '1 hour' where id = $1`, [order!.id]);
    await attempt(order!, tools(tap, { pauseAfter: 1 }));
    await world.database.run(`update orders.sales_order set hold_state = 'PENDING' where id = $1`, [order!.id]);
    const worker = await startSubmissionWorker(tools(tap, { pauseAfter: 1 }));
    await until(async () => (await current(order!)).holdState === 'COMMITTED', 'the hold is final');
    await worker.stop(1_000);
    expect((await current(order!)).submission).toBe('PENDING');
  });
});

describe('totals', () => {
  it('that differ are told with the order, whatever the reason, and hold nothing up', async () => {
    isDown = false;
    const [order, near] = await placed(2);
    const priced = (cents: string) => async (one: OrderRecord) => {
      const dependencies = world.dependencies(tap);
      const source = dependencies.ports.port('orders')!;
      const port = { ...source.port, createOrder: async (...given: Parameters<typeof source.port.createOrder>) => ({ ...(await source.port.createOrder(...given)), total: { amount: cents as never, currencyCode: 'EUR' } }) };
      const ports = { port: ((name: string) => (name === 'orders' ? { ...source, port } : dependencies.ports.port(name as 'customers'))) as typeof dependencies.ports.port };
      return attempt(one, { ...tools(), ports });
    };
    const told = await priced('40.00')(order!);
    expect(told).toMatchObject({ submission: 'DONE', erpTotal: '40.00', warnings: [{ code: 'TOTAL_DIFFERS', message: expect.stringContaining('erp makes it 40.00 EUR; the buyer was told') }] });
    expect((await readTimelines(world.database, [order!.id])).map(({ detail }) => detail)).toContainEqual(expect.stringContaining('erp makes it 40.00'));
    const cent = (Number(near!.total) + 0.04).toFixed(2);
    expect(await priced(cent)(near!)).toMatchObject({ submission: 'DONE', erpTotal: cent, warnings: [] });
  });
});

describe('an order that was changed while it was being sent', () => {
  it('is not sent as it was', async () => {
    isDown = false;
    const [order] = await placed(1);
    let changed = false;
    const own: Tap = async (moment, method) => {
      if (moment !== 'after' || method !== 'findOrder' || changed) return;
      changed = true;
      await world.database.transaction(async (tx) => {
        await tx.run(`update orders.order_line set quantity = 5 where order_id = $1 and line_number = 1`, [order!.id]);
        await tx.run('update orders.sales_order set revision = revision + 1 where id = $1', [order!.id]);
      });
    };
    expect(await attempt(order!, tools(own))).toMatchObject({ submission: 'PENDING', attempts: 1 });
    expect(world.erp.documents).toEqual([]);
    expect(await attempt(order!, tools(own))).toMatchObject({ submission: 'DONE' });
    expect(world.erp.documents.map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([['5', '1']]);
  });
});
