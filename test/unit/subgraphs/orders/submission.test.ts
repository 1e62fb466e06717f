import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { reasonsOfOrders } from '../../../../subgraphs/orders/health.ts';
import { readOrder, readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../../../subgraphs/orders/submission/tools.ts';
import { startSubmissionWorker } from '../../../../subgraphs/orders/submission/worker.ts';
import { ErpWorld, never, type Tap } from './fakes.ts';
import { basket, createWorld, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
const tools = (tap: Tap = () => undefined, in_ = world): SubmissionTools => ({ ...in_.dependencies(tap), settings: QUICK, signal: new AbortController().signal });
const placed = async (more = {}, in_ = world): Promise<OrderRecord> => (await createPlaceOrder(in_.dependencies(), QUICK)(basket(more), scopeOf())).order!;
const current = async (id: string, in_ = world): Promise<OrderRecord> => (await readOrder(in_.database, id))!;
const documentsOf = (number: string): number => world.erp.documents.filter((document) => document.reference === number).length;

/** Runs attempts until the order asks for none, as the queue would. */
async function drive(order: OrderRecord, tap: Tap): Promise<OrderRecord> {
  for (let turn = 0; turn < 50; turn += 1) {
    const { submission, attempts } = await current(order.id);
    if (submission !== 'PENDING') break;
    await submitOrder(tools(tap), { orderId: order.id, attempt: attempts });
    await new Promise((done) => setTimeout(done, 20));
  }
  return current(order.id);
}

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('submission', () => {
  it('brings an order to the ERP, tells the ledger and the timeline', async () => {
    const order = await placed();
    await submitOrder(tools(), { orderId: order.id, attempt: 0 });
    const done = await current(order.id);
    expect(done).toMatchObject({ state: 'ACCEPTED_BY_ERP', submission: 'DONE', erpNumber: expect.stringMatching(/^S/), erpAcceptedAt: expect.any(String) });
    expect((await readTimelines(world.database, [order.id])).map((entry) => [entry.state, entry.source])).toEqual([['RECEIVED', 'graph'], ['ACCEPTED_BY_ERP', 'erp']]);
    expect([...world.inventory.holds.values()].find((held) => held.orderReference === order.number)?.accepted).toBe(done.erpAcceptedAt);
  });

  it('makes one document of a hundred replays, twenty at a time', async () => {
    const order = await placed();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => submitOrder(tools(), { orderId: order.id, attempt: 0 })));
    }
    await world.database.run(`update orders.sales_order set submission = 'PENDING', erp_accepted_at = null, erp_order_id = null where id = $1`, [order.id]);
    await submitOrder(tools(), { orderId: order.id, attempt: 0 });
    expect(documentsOf(order.number)).toBe(1);
    expect((await current(order.id)).submission).toBe('DONE');
  });

  it('makes one document though every process believes the order to be its own: locks are lost with their connection', async () => {
    const order = await placed();
    const database = { ...world.database, tryWithLock: <T>(_name: string, work: () => Promise<T>): Promise<T | null> => work() };
    // All look up before any creates.
    let looking = 0;
    const allLooked = Promise.withResolvers<void>();
    const tap: Tap = async (moment, method) => {
      if (moment !== 'after' || method !== 'findOrder' || (looking += 1) > 8) return;
      if (looking === 8) allLooked.resolve();
      await allLooked.promise;
    };
    await Promise.all(Array.from({ length: 8 }, () => submitOrder({ ...tools(tap), database }, { orderId: order.id, attempt: 0 })));
    expect(documentsOf(order.number)).toBe(1);
    expect((await drive(order, () => undefined)).submission).toBe('DONE');
    expect(documentsOf(order.number)).toBe(1);
  });

  it('looks up again when the connection drops after processing', async () => {
    const order = await placed();
    let dropped = 0;
    const done = await drive(order, (moment, method) => {
      if (moment === 'after' && method === 'createOrder') {
        dropped += 1;
        throw new Failure('UPSTREAM_UNAVAILABLE', 'connection reset');
      }
    });
    expect({ dropped, documents: documentsOf(order.number), state: done.state }).toEqual({ dropped: 1, documents: 1, state: 'ACCEPTED_BY_ERP' });
  });

  it('sends nothing again while a create nobody answered may still arrive', async () => {
    const order = await placed();
    const patient = { ...QUICK, submission: { ...QUICK.submission, settleAfterSilenceMs: 60_000 } };
    const calls: string[] = [];
    const tap: Tap = (moment, method) => {
      if (moment !== 'before') return;
      calls.push(method);
      // The ERP takes the request and never answers.
      return method === 'createOrder' && calls.filter((call) => call === 'createOrder').length === 1 ? never() : undefined;
    };
    for (let attempt = 0; attempt < 6; attempt += 1) await submitOrder({ ...tools(tap), settings: patient }, { orderId: order.id, attempt });
    expect(calls.filter((call) => call === 'createOrder')).toHaveLength(1);
    expect(calls.filter((call) => call === 'findOrder')).toHaveLength(7);
    await world.database.run(`update orders.sales_order set unsettled_until = now() where id = $1`, [order.id]);
    await submitOrder({ ...tools(tap), settings: patient }, { orderId: order.id, attempt: 6 });
    expect({ documents: documentsOf(order.number), submission: (await current(order.id)).submission }).toEqual({ documents: 1, submission: 'DONE' });
  });

  it.each([
    ['a connection that broke', new Failure('UPSTREAM_UNAVAILABLE', 'ECONNRESET'), 1],
    ['a proxy that gave up', new Failure('UPSTREAM_UNAVAILABLE', 'HTTP 504', { vendorCode: 'HTTP 504' }), 1],
    ["the ERP's own word that it rolled back", new Failure('UPSTREAM_UNAVAILABLE', 'serialization failure', { unprocessed: true }), 2],
  ])('after %s an order is sent again only when the first copy can arrive no more', async (_case, failure, sent) => {
    const order = await placed();
    const patient = { ...QUICK, submission: { ...QUICK.submission, settleAfterSilenceMs: 60_000, settleAfterErrorMs: 0 } };
    let creates = 0;
    const tap: Tap = (moment, method) => {
      if (moment === 'before' && method === 'createOrder' && (creates += 1) === 1) throw failure;
    };
    for (let attempt = 0; attempt < 4; attempt += 1) await submitOrder({ ...tools(tap), settings: patient }, { orderId: order.id, attempt });
    expect(creates).toBe(sent);
  });

  it('finds a create that arrived late', async () => {
    const order = await placed();
    let sent = 0;
    const done = await drive(order, (moment, method) => {
      if (moment !== 'before' || method !== 'createOrder') return;
      sent += 1;
      return new Promise<void>((arrive) => setTimeout(arrive, QUICK.submission.callTimeoutMs + 30));
    });
    expect({ sent, documents: documentsOf(order.number), state: done.state }).toEqual({ sent: 1, documents: 1, state: 'ACCEPTED_BY_ERP' });
  });

  it('stops for a person when the ERP refuses, and comes back when the ERP has it after all', async () => {
    const order = await placed();
    const refused = await drive(order, (moment, method) => {
      if (moment === 'before' && method === 'createOrder') throw new Failure('UPSTREAM_REJECTED', 'the fiscal year is closed');
    });
    expect(refused).toMatchObject({ state: 'NEEDS_ATTENTION', submission: 'ATTENTION', attention: 'the fiscal year is closed' });
    expect((await readTimelines(world.database, [order.id])).at(-1)).toMatchObject({ state: 'NEEDS_ATTENTION', detail: 'the fiscal year is closed' });
    expect(await reasonsOfOrders(world.database, tools().clock)).toEqual([expect.stringContaining('1 order(s) were refused by the ERP')]);
    expect(documentsOf(order.number)).toBe(0);
  });

  it('does not give an order up while the ERP is silent, and asks for a person after the limit', async () => {
    const order = await placed();
    const silent: Tap = (moment, method) => {
      if (moment === 'before' && method === 'findOrder') throw new Failure('UPSTREAM_UNAVAILABLE', 'down');
    };
    for (let attempt = 0; attempt < 20; attempt += 1) await submitOrder(tools(silent), { orderId: order.id, attempt });
    expect(await current(order.id)).toMatchObject({ state: 'RECEIVED', submission: 'PENDING', attempts: 20 });
    await world.database.run(`update orders.sales_order set placed_at = placed_at - interval '73 hours' where id = $1`, [order.id]);
    await submitOrder(tools(silent), { orderId: order.id, attempt: 20 });
    expect(await current(order.id)).toMatchObject({ state: 'NEEDS_ATTENTION', attention: expect.stringContaining('silent') });
  });

  it('makes one ERP customer per guest, even for two first orders at once', async () => {
    const guest = { customerNumber: null, contact: { email: 'Ann@Example.org', name: 'Ann', phone: null } };
    const orders = await Promise.all([placed(guest), placed({ ...guest, note: 'second' })]);
    await Promise.all(orders.map((order) => drive(order, async (moment, method) => {
      if (moment === 'before' && method === 'ensureCustomer') await new Promise((done) => setTimeout(done, 20));
    })));
    expect(world.erp.customers.map((customer) => [customer.reference.slice(0, 6), customer.email])).toEqual([['guest:', 'ann@example.org']]);
  });

  it('confirms a draft it finds', async () => {
    const drafts = await createWorld(new ErpWorld(true));
    const order = await placed({}, drafts);
    await submitOrder(tools(() => undefined, drafts), { orderId: order.id, attempt: 0 });
    expect(drafts.erp.documents.map((document) => document.state)).toEqual(['CONFIRMED']);
    expect((await current(order.id, drafts)).state).toBe('ACCEPTED_BY_ERP');
    await drafts.close();
  });

  it('is done by the worker through an outage, and by the sweep when a job is lost', async () => {
    const outage = await createWorld();
    let isDown = true;
    const worker = await startSubmissionWorker(tools((moment, method) => {
      if (isDown && moment === 'before' && method === 'findOrder') throw new Failure('UPSTREAM_TIMEOUT', 'silent');
    }, outage));
    const order = await placed({}, outage);
    await until(async () => (await current(order.id, outage)).attempts > 0, 'the first attempt failed');
    await outage.database.run(`delete from jobs.job where name = 'submit-order'`);
    isDown = false;
    await until(async () => (await current(order.id, outage)).submission === 'DONE', 'the order is in the ERP');
    expect(outage.erp.documents).toHaveLength(1);
    await worker.stop(1_000);
    await outage.close();
  });
});

it('an ERP that never answers costs one call\'s time, not the worker', async () => {
  const order = await placed();
  await submitOrder(tools((moment, method) => (moment === 'before' && method === 'findOrder' ? never() : undefined)), { orderId: order.id, attempt: 0 });
  expect(await current(order.id)).toMatchObject({ submission: 'PENDING', attempts: 1 });
});
