import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import { startJobs } from '../../platform/jobs.ts';
import { silentLog } from '../../platform/log.ts';
import { createOrders } from '../../subgraphs/orders/index.ts';
import { advanceReturn } from '../../subgraphs/orders/returns/advance-return.ts';
import { decideReturn } from '../../subgraphs/orders/returns/decide-return.ts';
import { receiveReturn } from '../../subgraphs/orders/returns/receive-return.ts';
import { LANES, type Lane, type ReturnCase } from '../../subgraphs/orders/returns/records.ts';
import { refundReturn } from '../../subgraphs/orders/returns/refund-return.ts';
import { readCase } from '../../subgraphs/orders/returns/store-cases.ts';
import { never, type Tap } from '../unit/subgraphs/orders/fakes.ts';
import { createWorld, QUICK, until, type World } from '../unit/subgraphs/orders/harness.ts';
import { clerk, drive, need, requested, returnId, returnTools, shippedOrder } from '../unit/subgraphs/orders/returns-world.ts';

/*
 * kill -9 between every two steps of a return at the ERP: a process is stopped at a call (it never goes on), its connections
 * are ended as the operating system would, and another process on the same database does the rest.
 */

let world: World;

const step = (found: ReturnCase) => ({ idempotencyKey: randomUUID(), returnId: returnId(found) });
const documentsOf = (reference: string): number => world.erp.returned.documents.filter((document) => document.reference === reference).length;
const memosOf = (reference: string): number => world.erp.returned.memos.filter((memo) => memo.reference === reference).length;
const takenOf = (found: ReturnCase): string[] => world.erp.returned.taken.filter(({ id }) => id === found.rma.erpReturnId).map(({ quantity, disposition }) => `${quantity} ${disposition}`);

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** An authorised return of two pieces that came, with its refund asked for: nothing of it is in the ERP yet. */
async function wholeReturn(): Promise<ReturnCase> {
  const tools = returnTools(world);
  const found = await requested(tools, await shippedOrder(world), { wants: 'EXCHANGE', exchangeLines: [{ sku: 'B', quantity: decimal('1') }] });
  need(await decideReturn(tools, 'AUTHORISE', step(found), clerk));
  need(await receiveReturn(tools, { ...step(found), lines: [{ lineNumber: 1, quantity: decimal('1'), disposition: 'RESTOCK' }, { lineNumber: 1, quantity: decimal('1'), disposition: 'SCRAP' }] }, clerk));
  return need(await refundReturn(tools, step(found), clerk));
}

/** Dies at the given call, in the given lane. */
async function killAt(rmaId: string, lane: Lane, moment: 'before' | 'after', method: string): Promise<void> {
  const victim = await world.openVictim();
  const reached = Promise.withResolvers<void>();
  const tap: Tap = (now, called) => {
    if (now !== moment || called !== method) return;
    reached.resolve();
    return never();
  };
  const { turn } = (await readCase(world.database, rmaId))!.work[lane];
  void advanceReturn(returnTools(world, { tap, database: victim.database }), { rmaId, lane, turn });
  await reached.promise;
  await victim.kill();
}

/** The process started after the kill, with workers of its own. */
async function survive(rmaId: string): Promise<ReturnCase> {
  const jobs = await startJobs({ database: world.database, log: silentLog });
  const survivor = await createOrders(world.dependencies(() => undefined, world.database, jobs), QUICK);
  await survivor.start();
  try {
    return await until(async () => {
      const found = (await readCase(world.database, rmaId))!;
      return LANES.every((lane) => found.work[lane].state === 'NONE') && found;
    }, 'nothing of the return is left to do');
  } finally {
    await survivor.stop();
    await jobs.stop();
  }
}

describe('killed while a return goes to the ERP', () => {
  const points = [
    ['GOODS', 'before', 'findReturn'], ['GOODS', 'after', 'findReturn'], ['GOODS', 'before', 'createReturn'], ['GOODS', 'after', 'createReturn'],
    ['GOODS', 'before', 'receiveReturn'], ['GOODS', 'after', 'receiveReturn'],
    ['MONEY', 'before', 'findCreditMemo'], ['MONEY', 'after', 'findCreditMemo'], ['MONEY', 'before', 'createCreditMemo'], ['MONEY', 'after', 'createCreditMemo'],
    ['EXCHANGE', 'before', 'placeHold'], ['EXCHANGE', 'after', 'placeHold'], ['EXCHANGE', 'before', 'commitHold'], ['EXCHANGE', 'after', 'commitHold'],
  ] as const;
  it.each(points)('%s %s %s: one document, one memo, every piece taken in once, one replacement', async (lane, moment, method) => {
    const found = await wholeReturn();
    await killAt(found.rma.id, lane, moment, method);
    const done = await survive(found.rma.id);
    const [refund] = done.refunds;
    expect({ documents: documentsOf(done.rma.number), memos: memosOf(refund!.reference), taken: takenOf(done), status: done.rma.status }).toEqual({
      documents: 1, memos: 1, taken: ['1 RESTOCK', '1 SCRAP'], status: 'RECEIVED',
    });
    const replacements = await world.database.query<{ id: string }>(`select id from orders.sales_order where note like '%' || $1 || '%'`, [done.rma.number]);
    expect(replacements).toEqual([{ id: done.rma.exchangeOrderId }]);
  }, 30_000);
});

describe('an ERP that answers late, twice or not at all', () => {
  it('makes one document and one memo of a hundred replays, twenty at a time', async () => {
    const found = await wholeReturn();
    const tools = returnTools(world);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => advanceReturn(tools, { rmaId: found.rma.id, lane: LANES[index % 3]!, turn: found.work[LANES[index % 3]!].turn })));
    }
    const done = await drive(world, found.rma.id);
    expect([documentsOf(done.rma.number), memosOf(done.refunds[0]!.reference), takenOf(done)]).toEqual([1, 1, ['1 RESTOCK', '1 SCRAP']]);
  });

  it('makes one of each though every process believes the return to be its own: locks are lost with their connection', async () => {
    const found = await wholeReturn();
    const database = { ...world.database, tryWithLock: <T>(_name: string, work: () => Promise<T>): Promise<T | null> => work() };
    for (const [lane, method] of [['GOODS', 'findReturn'], ['MONEY', 'findCreditMemo']] as const) {
      let looking = 0;
      const allLooked = Promise.withResolvers<void>();
      const tap: Tap = async (moment, called) => {
        if (moment !== 'after' || called !== method || (looking += 1) > 6) return;
        if (looking === 6) allLooked.resolve();
        await allLooked.promise;
      };
      const job = { rmaId: found.rma.id, lane, turn: found.work[lane].turn };
      await Promise.all(Array.from({ length: 6 }, () => advanceReturn(returnTools(world, { tap, database }), job)));
    }
    const done = await drive(world, found.rma.id);
    expect([documentsOf(done.rma.number), memosOf(done.refunds[0]!.reference), takenOf(done)]).toEqual([1, 1, ['1 RESTOCK', '1 SCRAP']]);
  });

  it('gets nothing from a process that looked before another had sent, and slept until that was settled', async () => {
    const found = await wholeReturn();
    const [looked, woken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const sleeping: Tap = async (moment, called) => {
      if (moment !== 'after' || called !== 'findReturn') return;
      looked.resolve();
      await woken.promise;
    };
    const database = { ...world.database, tryWithLock: <T>(_name: string, work: () => Promise<T>): Promise<T | null> => work() };
    const settings = { ...QUICK, submission: { ...QUICK.submission, callTimeoutMs: 30_000 } };
    const job = { rmaId: found.rma.id, lane: 'GOODS' as const, turn: found.work.GOODS.turn };
    const sleeper = advanceReturn({ ...returnTools(world, { tap: sleeping, database }), settings }, job);
    await looked.promise;
    // The other has its document, and more to do with it.
    const awake: Tap = async (moment, called) => {
      if (moment !== 'before' || called !== 'receiveReturn') return;
      woken.resolve();
      await sleeper;
    };
    await advanceReturn({ ...returnTools(world, { tap: awake }), settings }, job);
    const done = await drive(world, found.rma.id);
    expect([documentsOf(done.rma.number), takenOf(done)]).toEqual([1, ['1 RESTOCK', '1 SCRAP']]);
  });

  it.each(['createReturn', 'receiveReturn', 'createCreditMemo'])('that drops the connection after %s is asked again, not told again', async (method) => {
    const found = await wholeReturn();
    let dropped = 0;
    const tap: Tap = (moment, called) => {
      if (moment !== 'after' || called !== method || dropped > 0) return;
      dropped += 1;
      throw new Failure('UPSTREAM_UNAVAILABLE', 'connection reset');
    };
    const done = await drive(world, found.rma.id, returnTools(world, { tap }));
    expect([dropped, documentsOf(done.rma.number), memosOf(done.refunds[0]!.reference), takenOf(done)]).toEqual([1, 1, 1, ['1 RESTOCK', '1 SCRAP']]);
  });

  it('is sent no second create while one nobody answered may still arrive, and is cancelled when that one did', async () => {
    const tools = returnTools(world);
    const found = await requested(tools, await shippedOrder(world));
    need(await decideReturn(tools, 'AUTHORISE', step(found), clerk));
    // The ERP takes the request up, answers nobody, and carries it out later.
    const late = Promise.withResolvers<void>();
    const calls: string[] = [];
    const tap: Tap = async (moment, called) => {
      if (moment !== 'before') return;
      calls.push(called);
      if (called === 'createReturn') await late.promise;
    };
    const patient = { ...returnTools(world, { tap }), settings: { ...QUICK, submission: { ...QUICK.submission, settleAfterSilenceMs: 60_000 } } };
    const advance = async (): Promise<void> => advanceReturn(patient, { rmaId: found.rma.id, lane: 'GOODS', turn: (await readCase(world.database, found.rma.id))!.work.GOODS.turn });
    await advance();
    await advance();
    need(await decideReturn(tools, 'CANCEL', step(found), clerk));
    await advance();
    expect(calls.filter((called) => called === 'createReturn')).toHaveLength(1);
    expect((await readCase(world.database, found.rma.id))!.work.GOODS.state).toBe('PENDING');
    late.resolve();
    await until(async () => documentsOf(found.rma.number) === 1, 'the ERP has carried the create out');
    const done = await drive(world, found.rma.id, patient);
    expect([done.rma.status, done.rma.erpState, documentsOf(found.rma.number)]).toEqual(['CANCELLED', 'CANCELLED', 1]);
  });
});
