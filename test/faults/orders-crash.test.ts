import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clients } from '../../domain/clients.ts';
import { decimal } from '../../domain/decimal.ts';
import { startJobs, type Jobs } from '../../platform/jobs.ts';
import { silentLog } from '../../platform/log.ts';
import type { SubgraphDependencies } from '../../subgraphs/frame/module.ts';
import { createOrders } from '../../subgraphs/orders/index.ts';
import { createPlaceOrder, type PlaceOrder } from '../../subgraphs/orders/placing/place-order.ts';
import { readOrder } from '../../subgraphs/orders/reading/store-reads.ts';
import { submitOrder } from '../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../subgraphs/orders/submission/tools.ts';
import { never, type Tap } from '../unit/subgraphs/orders/fakes.ts';
import { basket, createWorld, QUICK, scopeOf, until, type World } from '../unit/subgraphs/orders/harness.ts';

/*
 * kill -9 between every two steps: a process is stopped at a call (it never goes on), its connections are ended as the
 * operating system would, and another process on the same database does the rest.
 */

let world: World;
let place: PlaceOrder;

const stopAt = (moment: 'before' | 'after', method: string): { tap: Tap; reached: Promise<void> } => {
  let arrive: () => void;
  const reached = new Promise<void>((done) => (arrive = done));
  const tap: Tap = (now, called) => {
    if (now !== moment || called !== method) return;
    arrive();
    return never();
  };
  return { tap, reached };
};

const documentsOf = (reference: string): number => world.erp.documents.filter((document) => document.reference === reference).length;
const holdsOf = (state: string): number => [...world.inventory.holds.values()].filter((held) => held.hold.state === state).length;
const isDone = (id: string): Promise<boolean> => readOrder(world.database, id).then((order) => order?.submission === 'DONE');

beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder(world.dependencies(), QUICK);
});
afterAll(() => world.close());

/** The process started after the kill, with workers of its own. */
async function withSurvivor<T>(work: () => Promise<T>): Promise<T> {
  const jobs = await startJobs({ database: world.database, log: silentLog });
  const survivor = await createOrders(world.dependencies(() => undefined, world.database, jobs), QUICK);
  await survivor.start();
  try {
    return await work();
  } finally {
    await survivor.stop();
    await jobs.stop();
  }
}

describe('killed while placing', () => {
  const points = [
    ['before', 'quoteBasket'], ['after', 'quoteBasket'], ['before', 'checkAvailability'], ['after', 'checkAvailability'],
    ['before', 'placeHold'], ['after', 'placeHold'], ['before', 'commitHold'], ['after', 'commitHold'],
  ] as const;
  it.each(points)('%s %s: the repeated request gets one order, and no stock is lost', async (moment, method) => {
    const victim = await world.openVictim();
    const { tap, reached } = stopAt(moment, method);
    const input = basket({ externalOrderId: `${moment}-${method}` });
    void createPlaceOrder(world.dependencies(tap, victim.database), QUICK)(input, scopeOf());
    await reached;
    await victim.kill();
    const { order, userErrors } = await place(input, scopeOf());
    expect(userErrors).toEqual([]);
    const rows = await world.database.query('select id from orders.sales_order where external_order_id = $1', [input.externalOrderId]);
    expect(rows).toEqual([{ id: order!.id }]);
    expect(holdsOf('HELD')).toBe(0);
    expect([...world.inventory.holds.values()].filter((held) => held.orderReference === order!.number)).toHaveLength(1);
  });
});

describe('killed while buying on account', () => {
  /** Eleven euros of credit: one of A. */
  const limited = (dependencies: SubgraphDependencies): SubgraphDependencies => {
    const checkCredit: Clients['customer']['checkCredit'] = async ({ amount, openAmount }) => ({ kind: 'APPROVED', limit: { ...amount, amount: decimal('11') }, exposure: openAmount });
    return { ...dependencies, clients: { ...dependencies.clients, customer: { ...dependencies.clients.customer, checkCredit } } };
  };
  const onAccount = (customerNumber: string) => basket({ customerNumber, lines: [{ sku: 'A', quantity: decimal('1') }], payments: [{ methodCode: 'invoice', kind: 'ON_ACCOUNT' }] });

  it('under the customer\'s lock: the lock goes with the process, the order is counted once, and the next one has no room', async () => {
    const victim = await world.openVictim();
    const reached = Promise.withResolvers<void>();
    const jobs: Jobs = { ...world.jobs, enqueue: () => (reached.resolve(), never()) };
    const input = onAccount('C-LOCKED');
    void createPlaceOrder(limited(world.dependencies(() => undefined, victim.database, jobs)), QUICK)(input, scopeOf());
    await reached.promise;
    const by = createPlaceOrder(limited(world.dependencies()), QUICK);
    // It waits for the lock of the process that is about to die, or comes after: either way there is room for one.
    const other = by(onAccount('C-LOCKED'), scopeOf());
    await victim.kill();
    const outcomes = await Promise.all([other, by(input, scopeOf())]);
    expect(outcomes.filter((outcome) => outcome.order !== null)).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => outcome.userErrors)).toMatchObject([{ code: 'CREDIT_REFUSED' }]);
    expect(await world.database.query(`select from orders.sales_order where customer_number = 'C-LOCKED'`)).toHaveLength(1);
    expect(holdsOf('HELD')).toBe(0);
  });
});

describe('killed while submitting', () => {
  const points = [
    ['before', 'commitHold'], ['after', 'commitHold'], ['before', 'findCustomer'], ['after', 'findCustomer'], ['before', 'findOrder'], ['after', 'findOrder'],
    ['before', 'createOrder'], ['after', 'createOrder'], ['before', 'markAccepted'], ['after', 'markAccepted'],
  ] as const;
  it('lets the next process finish what the killed placements left', async () => {
    const orders = await world.database.query<{ id: string }>('select id from orders.sales_order');
    await withSurvivor(async () => {
      for (const { id } of orders) await until(() => isDone(id), 'the order is in the ERP');
    });
    expect(world.erp.documents).toHaveLength(orders.length);
  });

  it.each(points)('%s %s: one document in the ERP, and the ledger knows', async (moment, method) => {
    // The placement dies before the hold is final, so that the job has every step to do.
    const dying = await world.openVictim();
    const placing = stopAt('before', 'commitHold');
    const input = basket();
    void createPlaceOrder(world.dependencies(placing.tap, dying.database), QUICK)(input, scopeOf());
    await placing.reached;
    await dying.kill();
    const [row] = await world.database.query<{ order_id: string }>('select order_id from orders.claim where idempotency_key = $1', [input.idempotencyKey]);

    const victim = await world.openVictim();
    const { tap, reached } = stopAt(moment, method);
    const tools: SubmissionTools = { ...world.dependencies(tap, victim.database), settings: QUICK, signal: new AbortController().signal };
    void submitOrder(tools, { orderId: row!.order_id, attempt: 0 });
    await reached;
    await victim.kill();

    const order = await withSurvivor(() => until(async () => {
      const found = await readOrder(world.database, row!.order_id);
      return found?.submission === 'DONE' && found;
    }, 'the order is in the ERP'));
    expect(order.state).toBe('ACCEPTED_BY_ERP');
    expect(documentsOf(order.number)).toBe(1);
    const [held, ...others] = [...world.inventory.holds.values()].filter((hold) => hold.orderReference === order.number);
    expect(others).toEqual([]);
    expect(held).toMatchObject({ hold: { state: 'COMMITTED' }, accepted: expect.any(String) });
    expect((await place(input, scopeOf())).order?.id).toBe(order.id);
  }, 30_000);
});
