import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal, isZero, multiply, round, sum } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import { instant } from '../../domain/time.ts';
import { startJobs } from '../../platform/jobs.ts';
import { silentLog } from '../../platform/log.ts';
import { readChangesOfOrders } from '../../subgraphs/orders/changes/store.ts';
import { recordErpOrders } from '../../subgraphs/orders/following/store-erp-orders.ts';
import { createOrders } from '../../subgraphs/orders/index.ts';
import type { OrderRecord } from '../../subgraphs/orders/records.ts';
import { submitOrder } from '../../subgraphs/orders/submission/submit-order.ts';
import { ask, booksOf, current, documentOf, drive, heldFor, linesOf, placed, submissionTools, submitted } from '../unit/subgraphs/orders/changes-world.ts';
import { orderedOf } from '../unit/subgraphs/orders/fake-warehouse.ts';
import { never, type Tap } from '../unit/subgraphs/orders/fakes.ts';
import { createWorld, QUICK, until, type World } from '../unit/subgraphs/orders/harness.ts';

/*
 * A change is done once, whoever dies and whatever races: what we say is ordered, what the ERP will send, what the ledger
 * holds and what it costs are one figure.
 */

let world: World;

beforeAll(async () => {
  world = await createWorld();
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

const allSettled = (order: OrderRecord): Promise<unknown> =>
  until(async () => (await readChangesOfOrders(world.database, [order.id])).every(({ state, stock }) => state !== 'REQUESTED' && stock !== 'PENDING'), 'every change is settled');

const priceOf = (quantity: string): string => round(multiply(decimal('10.995'), decimal(quantity)), 2, 'HALF_UP');

/** Ours, the ERP's, the ledger's and the money, by line. Goods that have left are neither lost nor cancelled. */
async function expectOneFigure(order: OrderRecord): Promise<void> {
  const [lines, document, now] = [await linesOf(world, order.id), documentOf(world, order), await current(world, order.id)];
  for (const line of lines) {
    if (document) expect(orderedOf(document, line.sku), `${line.sku} in the ERP`).toBe(line.quantity);
    else expect(now.submission).toBe(isZero(line.quantity) && lines.every(({ quantity }) => isZero(quantity)) ? 'CANCELLED' : 'PENDING');
    expect(String(heldFor(world, order, line.sku)), `${line.sku} in the ledger`).toBe(line.quantity);
    expect(line.lineTotal).toBe(priceOf(line.quantity));
  }
  expect(now.total).toBe(sum(lines.map((line) => line.lineTotal!)));
  expect([booksOf(world, 'A'), booksOf(world, 'B')]).toEqual([1000, 1000]);
}

const stopAt = (moment: 'before' | 'after', method: string): { tap: Tap; reached: Promise<void> } => {
  const arrived = Promise.withResolvers<void>();
  return { reached: arrived.promise, tap: (now, called) => {
    if (now !== moment || called !== method) return;
    arrived.resolve();
    return never();
  } };
};

describe('killed while changing', () => {
  const both = ['before', 'after'] as const;
  const every = (methods: readonly string[]): [(typeof both)[number], string][] => methods.flatMap((method) => both.map((moment): [(typeof both)[number], string] => [moment, method]));

  async function kill(order: OrderRecord, kind: 'CANCEL' | 'AMEND', lines: Record<number, number>, moment: 'before' | 'after', method: string): Promise<void> {
    const input = { idempotencyKey: randomUUID(), lines };
    const victim = await world.openVictim();
    const { tap, reached } = stopAt(moment, method);
    void ask(world, kind, order.id, input, { tap, database: victim.database }).catch(() => undefined);
    await reached;
    await victim.kill();
    const { change } = await withSurvivor(async () => {
      const answer = await ask(world, kind, order.id, input);
      await allSettled(order);
      return answer;
    });
    const changes = await readChangesOfOrders(world.database, [order.id]);
    expect(changes.map(({ id, state }) => [id, state])).toEqual([[change!.id, 'APPLIED']]);
    await until(async () => (await current(world, order.id)).submission !== 'PENDING' || documentOf(world, order) === undefined, 'the order is where it belongs');
    await expectOneFigure(order);
  }

  it.each(every(['readPicking', 'cancelOrder', 'findOrder', 'reduceCommitted']))('%s %s, cancelling all in the ERP', async (moment, method) => {
    const order = await submitted(world, await placed(world, { A: 4, B: 1 }));
    await kill(order, 'CANCEL', { 1: 4, 2: 1 }, moment, method);
    expect(await current(world, order.id)).toMatchObject({ state: 'CANCELLED', total: '0' });
  }, 30_000);

  it.each(every(['amendOrder', 'reduceCommitted']))('%s %s, making it smaller in the ERP', async (moment, method) => {
    await kill(await submitted(world, await placed(world, { A: 4, B: 1 })), 'AMEND', { 1: 1 }, moment, method);
  }, 30_000);

  it.each(every(['quoteBasket', 'placeHold', 'amendOrder', 'commitHold', 'markAccepted']))('%s %s, making it larger in the ERP', async (moment, method) => {
    await kill(await submitted(world, await placed(world, { A: 4, B: 1 })), 'AMEND', { 1: 7 }, moment, method);
  }, 30_000);

  it.each(every(['quoteBasket', 'placeHold', 'commitHold']))('%s %s, making it larger here', async (moment, method) => {
    const order = await placed(world, { A: 4, B: 1 });
    await kill(order, 'AMEND', { 1: 7 }, moment, method);
  }, 30_000);

  it.each(every(['reduceCommitted']))('%s %s, making it smaller here', async (moment, method) => {
    const order = await placed(world, { A: 4, B: 1 });
    await kill(order, 'CANCEL', { 1: 4 }, moment, method);
  }, 30_000);
});

describe('fifty at once', () => {
  it('cancel parts of one order while it is being sent: every one that was told APPLIED has happened, once', async () => {
    const order = await placed(world, { A: 60, B: 1 });
    const sending = (async () => {
      for (let turn = 0; turn < 20; turn += 1) await submitOrder(submissionTools(world), { orderId: order.id, attempt: (await current(world, order.id)).attempts });
    })();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(world, 'CANCEL', order.id, { lines: { 1: 1 } })));
    await sending;
    for (const { change } of answers) if (change) await drive(world, change.id);
    const applied = (await readChangesOfOrders(world.database, [order.id])).filter(({ state }) => state === 'APPLIED');
    expect(applied.length).toBeGreaterThan(0);
    expect((await linesOf(world, order.id))[0]!.quantity).toBe(String(60 - applied.length));
    for (const { change, userErrors } of answers) expect(change !== null || userErrors[0]!.retryable).toBe(true);
    while ((await current(world, order.id)).submission === 'PENDING') await submitOrder(submissionTools(world), { orderId: order.id, attempt: (await current(world, order.id)).attempts });
    await expectOneFigure(order);
  });

  it('orders are cancelled while they are being sent: none is cancelled here and open in the ERP', async () => {
    const orders = await Promise.all(Array.from({ length: 50 }, () => placed(world, { A: 2, B: 1 })));
    const states = await Promise.all(orders.map(async (order, index) => {
      const sending = submitOrder(submissionTools(world), { orderId: order.id, attempt: 0 });
      if (index % 3 > 0) await new Promise((done) => setImmediate(done));
      const { change } = await ask(world, 'CANCEL', order.id, {});
      await sending;
      return change!;
    }));
    for (const change of states) await drive(world, change.id);
    for (const order of orders) {
      await submitOrder(submissionTools(world), { orderId: order.id, attempt: (await current(world, order.id)).attempts });
      expect((await current(world, order.id)).state).toBe('CANCELLED');
      expect(world.erp.documents.filter((document) => document.reference === order.number && document.state === 'CONFIRMED')).toEqual([]);
      await expectOneFigure(order);
    }
  }, 60_000);
});

/** What happens between two steps of ours. */
type Moment = { readonly kind: 'PICK'; readonly sku: string; readonly quantity: number } | { readonly kind: 'SHIP' | 'FEED' | 'NOTHING' | 'SILENCE' } | { readonly kind: 'CLERK'; readonly quantity: number };

const moments: fc.Arbitrary<Moment[]> = fc.array(fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('PICK' as const), sku: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('SHIP' as const, 'FEED' as const, 'SILENCE' as const) }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'NOTHING' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('CLERK' as const), quantity: fc.integer({ min: 0, max: 3 }) }) },
), { maxLength: 25 });

const wishes = fc.array(fc.oneof(
  fc.record({ kind: fc.constant('CANCEL' as const), lines: fc.constant(undefined) }),
  fc.record({ kind: fc.constant('AMEND' as const), lines: fc.record({ 1: fc.integer({ min: 0, max: 6 }) }) }),
  fc.record({ kind: fc.constant('AMEND' as const), lines: fc.record({ 1: fc.integer({ min: 0, max: 4 }), 2: fc.integer({ min: 0, max: 3 }) }) }),
), { minLength: 1, maxLength: 3 });

describe('a picker and a customer who changes their mind', () => {
  const feed = async (order: OrderRecord): Promise<void> => {
    const document = documentOf(world, order);
    if (document) await world.database.transaction((tx) => recordErpOrders(tx, [document], { source: 'erp', at: instant(Date.now()) }));
  };

  /** Plays the next moment before and after every call to the ERP and to inventory. */
  function playing(order: OrderRecord, script: Moment[]): Tap {
    const { warehouse } = world.erp;
    return async (when, method) => {
      const next = script.shift();
      const document = documentOf(world, order);
      if (next?.kind === 'SILENCE') throw new Failure('UPSTREAM_TIMEOUT', `no answer ${when} ${method}`);
      if (!next || !document) return;
      if (next.kind === 'PICK') warehouse.pick(document.id, next.sku, decimal(next.quantity));
      if (next.kind === 'SHIP') warehouse.ship(document.id);
      if (next.kind === 'FEED') await feed(order);
      if (next.kind === 'CLERK') lowerByHand(document.id, next.quantity);
    };
  }

  function lowerByHand(id: string, quantity: number): void {
    const { warehouse } = world.erp;
    warehouse.edit(id, (line) => {
      const taken = Number(line.delivered) + Number(warehouse.pickedOf(id, line.sku));
      return line.sku === 'B' && quantity < Number(line.quantity) && quantity >= taken ? { ...line, quantity: decimal(quantity) } : line;
    });
  }

  it('never ship what is cancelled nor cancel what is shipped, in whatever order it all happens', async () => {
    await fc.assert(fc.asyncProperty(wishes, moments, fc.boolean(), fc.boolean(), async (asked, script, refusesCancel, numbersLines) => {
      world.erp.warehouse.refusesCancelOncePicked = refusesCancel;
      world.erp.warehouse.numbersLines = numbersLines;
      const order = await submitted(world, await placed(world, { A: 4, B: 3 }));
      const tap = playing(order, [...script]);
      const told: string[] = [];
      for (const { kind, lines } of asked) {
        const { change } = await ask(world, kind, order.id, lines ? { lines } : {}, { tap });
        if (change) await drive(world, change.id, tap);
        if (change) told.push(change.id);
        await world.database.run('update orders.order_change set unsettled_until = null');
      }
      const { erpOrderId } = await current(world, order.id);
      world.erp.warehouse.ship(erpOrderId!);
      await feed(order);
      for (const change of await readChangesOfOrders(world.database, [order.id])) await drive(world, change.id);
      await expectOneFigure(order);
      for (const line of await linesOf(world, order.id)) expect(Number(documentOf(world, order)!.lines.find(({ sku }) => sku === line.sku)!.delivered)).toBeLessThanOrEqual(Number(line.quantity));
      for (const { id, state, lines, outcome } of await readChangesOfOrders(world.database, [order.id])) {
        if (told.includes(id) && state === 'APPLIED') expect(outcome.map(({ quantity }) => quantity)).toEqual(lines.map(({ to }) => to));
      }
    }), { numRuns: 60 });
  }, 120_000);
});
