import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import { findBrokenAudit, readAudit } from '../../../../platform/audit.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readLines, readOrder, readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { cancelOrderWithRelease } from '../../../../subgraphs/orders/resolution/cancel-order.ts';
import { editAndRetryOrder, type EditText } from '../../../../subgraphs/orders/resolution/edit-order.ts';
import type { OperatorTools } from '../../../../subgraphs/orders/resolution/manual-action.ts';
import { defineReleaseQueue, startReleaseWorker } from '../../../../subgraphs/orders/resolution/release-stock.ts';
import { retryOrder } from '../../../../subgraphs/orders/resolution/retry-order.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../../../subgraphs/orders/submission/tools.ts';
import type { Tap } from './fakes.ts';
import { basket, createWorld, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
const silent: Tap = () => undefined;
const tools = (tap: Tap = silent): SubmissionTools & OperatorTools => ({ ...world.dependencies(tap), settings: QUICK, signal: new AbortController().signal });
const placed = async (): Promise<OrderRecord> => (await createPlaceOrder(world.dependencies(), QUICK)(basket(), scopeOf())).order!;
const current = async ({ id }: OrderRecord): Promise<OrderRecord> => (await readOrder(world.database, id))!;
const documentsOf = ({ number }: OrderRecord) => world.erp.documents.filter((document) => document.reference === number);
const submit = async (order: OrderRecord, tap: Tap = silent): Promise<OrderRecord> => {
  await submitOrder(tools(tap), { orderId: order.id, attempt: (await current(order)).attempts });
  return current(order);
};
const refusing: Tap = (moment, method) => {
  if (moment === 'before' && method === 'createOrder') throw new Failure('UPSTREAM_REJECTED', 'the fiscal year is closed');
};
const refused = async (): Promise<OrderRecord> => submit(await placed(), refusing);
const asked = () => ({ actor: 'ops', idempotencyKey: randomUUID(), reason: 'the year is open again' });
const cancelling = (more = {}) => ({ ...asked(), alsoInErp: false, deadlineAtMs: Date.now() + 10_000, signal: new AbortController().signal, ...more });
const heldBy = ({ number }: OrderRecord) => [...world.inventory.holds.values()].filter((held) => held.orderReference === number).map((held) => held.hold.state);

beforeAll(async () => {
  world = await createWorld();
  await defineReleaseQueue(world);
  await startReleaseWorker(world.dependencies());
});
afterAll(() => world.close());

describe('retryOrder', () => {
  it('sends a refused order again, once per key, and says who did and why', async () => {
    const order = await refused();
    expect(order).toMatchObject({ submission: 'ATTENTION', attentionCode: 'REFUSED', attentionSince: expect.any(String) });
    const request = asked();
    await Promise.all(Array.from({ length: 5 }, () => retryOrder(tools(), order, request)));
    expect(await current(order)).toMatchObject({ state: 'RECEIVED', submission: 'PENDING', attempts: 0, attention: null, attentionCode: null });
    expect(await submit(order)).toMatchObject({ state: 'ACCEPTED_BY_ERP', submission: 'DONE' });
    expect(await readAudit(world.database, 'orders', order.number)).toMatchObject([
      { actor: 'ops', action: 'order.retry', detail: { reason: 'the year is open again', before: { submission: 'ATTENTION', attention: 'the fiscal year is closed' }, after: { submission: 'PENDING' } } },
    ]);
    await expect(retryOrder(tools(), order, asked())).rejects.toMatchObject({ userErrors: [{ code: 'CONFLICT', message: expect.stringContaining(`in the ERP already, as ${documentsOf(order)[0]!.number}`) }] });
    await expect(retryOrder(tools(), await refused(), request)).rejects.toMatchObject({ userErrors: [{ code: 'CONFLICT', field: ['idempotencyKey'] }] });
    await expect(retryOrder(tools(), order, { ...asked(), reason: ' ' })).rejects.toMatchObject({ userErrors: [{ field: ['reason'] }] });
  });

  it('may come while the feed brings the document: one of the two, and never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await refused();
      const document = { ...documentOf(order), id: `late-${order.number}` };
      await Promise.all([
        retryOrder(tools(), order, asked()).catch(() => undefined),
        world.database.transaction((tx) => recordErpOrders(tx, [document], { source: 'erp', at: document.updatedAt })),
      ]);
      expect(await current(order)).toMatchObject({ attention: null, attentionCode: null, state: 'ACCEPTED_BY_ERP', submission: 'PENDING' });
      expect(await submit(order)).toMatchObject({ submission: 'DONE', state: 'ACCEPTED_BY_ERP' });
      expect(documentsOf(order)).toEqual([]);
    }
  });

  it('a refusal that comes after the ERP took the order is not kept', async () => {
    const order = await placed();
    const document = { ...documentOf(order), id: `taken-${order.number}` };
    await submit(order, async (moment, method) => {
      if (moment !== 'before' || method !== 'createOrder') return;
      await world.database.transaction((tx) => recordErpOrders(tx, [document], { source: 'erp', at: document.updatedAt }));
      throw new Failure('UPSTREAM_REJECTED', 'this order exists');
    });
    expect(await current(order)).toMatchObject({ submission: 'PENDING', state: 'ACCEPTED_BY_ERP', attention: null });
    expect(await submit(order)).toMatchObject({ submission: 'DONE' });
  });
});

describe('editAndRetryOrder', () => {
  const edit = (order: OrderRecord, text: EditText) => editAndRetryOrder(tools(), order, asked(), text);

  it('changes what the ERP is told, and keeps places and people out of the audit', async () => {
    const order = await refused();
    const shipTo = { name: 'Ann Secret', line1: 'Hidden Street 7', city: 'Bonn', postalCode: '53111', countryCode: 'DE' };
    await edit(order, { shipTo, note: 'ring twice', carrierCode: 'DHL', contact: { email: 'ann@example.org' }, lines: [{ lineNumber: 1, erpSku: 'A-NEW' }] });
    expect(await current(order)).toMatchObject({ submission: 'PENDING', revision: 1, note: 'ring twice', carrierCode: 'DHL', shipTo: { city: 'Bonn' }, contact: { email: 'ann@example.org' } });
    await submit(order);
    expect(documentsOf(order)[0]!.lines.map(({ sku }) => sku)).toEqual(['A-NEW', 'B']);
    expect((await readLines(world.database, [order.id])).map(({ sku, erpSku }) => [sku, erpSku])).toEqual([['A', 'A-NEW'], ['B', null]]);
    const [entry] = await readAudit(world.database, 'orders', order.number);
    expect(entry).toMatchObject({ action: 'order.edit', detail: { changed: { carrierCode: { before: null, after: 'DHL' }, shipTo: { after: { countryCode: 'DE', postalCode: '53111' } } } } });
    expect(JSON.stringify(entry)).not.toMatch(/Secret|Hidden|ann@|ring twice/);
    // The ERP's messages call the line what it was told.
    const [document] = documentsOf(order);
    const delivered = { ...document!, lines: document!.lines.map((line) => ({ ...line, delivered: line.quantity })), updatedAt: new Date(Date.now() + 5_000).toISOString() as never };
    await world.database.transaction((tx) => recordErpOrders(tx, [delivered], { source: 'erp', at: delivered.updatedAt }));
    expect(await current(order)).toMatchObject({ state: 'SHIPPED' });
  });

  it('names every field at fault, and changes nothing then', async () => {
    const order = await refused();
    const text: EditText = { shipTo: { city: 'Bonn' }, requestedDate: '2001-01-01' as never, note: 'card 4111 1111 1111 1111', payments: [{ index: 3 }], lines: [{ lineNumber: 1, erpSku: 'X' }] };
    await expect(edit(order, text)).rejects.toMatchObject({ userErrors: expect.arrayContaining([
      expect.objectContaining({ field: ['edit', 'shipTo', 'line1'] }), expect.objectContaining({ field: ['edit', 'requestedDate'] }),
      expect.objectContaining({ field: ['edit', 'note'] }), expect.objectContaining({ field: ['edit', 'payments', '0', 'index'] }),
    ]) });
    await expect(edit(order, { lines: [{ lineNumber: 99, erpSku: 'X' }] })).rejects.toMatchObject({ userErrors: [{ field: ['edit', 'lines'] }] });
    expect(await current(order)).toMatchObject({ revision: 0, submission: 'ATTENTION' });
    expect(await readAudit(world.database, 'orders', order.number)).toEqual([]);
  });

  it('waits while the order as it was may still arrive', async () => {
    const order = await refused();
    await world.database.run(`update orders.sales_order set unsettled_until = clock_timestamp() + interval '1 minute' where id = $1`, [order.id]);
    await expect(edit(order, { note: 'x' })).rejects.toMatchObject({ userErrors: [{ code: 'CONFLICT', retryable: true }] });
  });

  it('while a process is about to send the order as it was: that one does not send', async () => {
    const order = await placed();
    let edited = false;
    await submit(order, async (moment, method) => {
      if (moment !== 'after' || method !== 'findOrder' || edited) return;
      edited = true;
      await edit(order, { note: 'new' });
    });
    expect({ edited, documents: documentsOf(order).length }).toEqual({ edited: true, documents: 0 });
    expect(await submit(order)).toMatchObject({ submission: 'DONE', note: 'new' });
    expect(documentsOf(order)).toHaveLength(1);
  });
});

describe('cancelOrderWithRelease', () => {
  it('cancels, gives the stock back and tells buyers no more than that', async () => {
    const order = await refused();
    const request = cancelling();
    await cancelOrderWithRelease(tools(), order, request);
    await cancelOrderWithRelease(tools(), order, request);
    expect(await current(order)).toMatchObject({ state: 'CANCELLED', submission: 'CANCELLED', holdState: 'RELEASED', attention: null, compensated: false });
    await until(async () => heldBy(order).join() === 'RELEASED', 'the stock is free again');
    expect((await readTimelines(world.database, [order.id])).at(-1)).toMatchObject({ state: 'CANCELLED', detail: 'cancelled by the shop' });
    expect(await readAudit(world.database, 'orders', order.number)).toMatchObject([{ action: 'order.cancel', detail: { reason: 'the year is open again', before: { submission: 'ATTENTION' } } }]);
    await submit(order);
    expect(documentsOf(order)).toEqual([]);
    await expect(retryOrder(tools(), order, asked())).rejects.toMatchObject({ userErrors: [{ message: expect.stringContaining('was cancelled') }] });
  });

  it('is refused while the ERP has the order, is silent, or may still get it', async () => {
    const order = await refused();
    const down: Tap = (moment, method) => {
      if (moment === 'before' && method === 'findOrder') throw new Failure('UPSTREAM_TIMEOUT', 'silent');
    };
    await expect(cancelOrderWithRelease(tools(down), order, cancelling())).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
    await world.database.run(`update orders.sales_order set unsettled_until = clock_timestamp() + interval '1 minute' where id = $1`, [order.id]);
    await expect(cancelOrderWithRelease(tools(), order, cancelling())).rejects.toMatchObject({ userErrors: [{ code: 'CONFLICT', retryable: true, message: expect.stringContaining('may still arrive until') }] });
    await world.database.run(`update orders.sales_order set unsettled_until = null where id = $1`, [order.id]);
    world.erp.documents.push({ ...documentOf(order), id: `there-${order.number}`, number: 'S-THERE' });
    await expect(cancelOrderWithRelease(tools(), order, cancelling())).rejects.toMatchObject({ userErrors: [{ code: 'CONFLICT', retryable: false, message: expect.stringContaining('S-THERE') }] });
    // What was found is known from now on.
    expect(await current(order)).toMatchObject({ state: 'ACCEPTED_BY_ERP', erpNumber: 'S-THERE', attention: null });
    expect(heldBy(order)).toEqual(['COMMITTED']);
  });

  it('cancels in the ERP too where that is asked for', async () => {
    const order = await refused();
    world.erp.documents.push({ ...documentOf(order), id: `both-${order.number}` });
    const own = tools();
    const source = own.ports.port('orders')!;
    const cancelOrder = async (id: string) => {
      const index = world.erp.documents.findIndex((document) => document.id === id);
      return (world.erp.documents[index] = { ...world.erp.documents[index]!, state: 'CANCELLED' });
    };
    const ports = { port: ((name: string) => (name === 'orders' ? { ...source, port: { ...source.port, cancelOrder } } : own.ports.port(name as 'customers'))) as typeof own.ports.port };
    await cancelOrderWithRelease({ ...own, ports }, order, cancelling({ alsoInErp: true }));
    expect(await current(order)).toMatchObject({ state: 'CANCELLED', submission: 'CANCELLED', erpState: 'CANCELLED' });
    await until(async () => heldBy(order).join() === 'RELEASED', 'the stock is free again');
  });

  it('against a worker that is sending, at every step: cancelled with no document, or in the ERP and not cancelled', async () => {
    for (const step of ['findCustomer', 'findOrder', 'createOrder', 'markAccepted']) {
      for (const when of ['before', 'after'] as const) {
        const order = await placed();
        let outcome: unknown = 'not tried';
        await submit(order, async (moment, method) => {
          if (moment !== when || method !== step || outcome !== 'not tried') return;
          outcome = await cancelOrderWithRelease(tools(), order, cancelling()).then(() => 'CANCELLED', () => 'REFUSED');
        });
        for (let turn = 0; turn < 5; turn += 1) await submit(order);
        const { state, submission } = await current(order);
        const documents = documentsOf(order).length;
        expect([step, when, outcome, state, submission, documents]).toEqual(
          outcome === 'CANCELLED' ? [step, when, outcome, 'CANCELLED', 'CANCELLED', 0] : [step, when, 'REFUSED', 'ACCEPTED_BY_ERP', 'DONE', 1],
        );
        if (outcome === 'CANCELLED') await until(async () => heldBy(order).every((one) => one === 'RELEASED'), 'the stock is free again');
      }
    }
  });

  it('against whatever else happens at the same moment', async () => {
    for (let round = 0; round < 15; round += 1) {
      const order = await refused();
      const [cancelled] = await Promise.all([
        cancelOrderWithRelease(tools(), order, cancelling()).then(() => true, () => false),
        retryOrder(tools(), order, asked()).catch(() => undefined).then(() => submit(order)),
        ...(round % 3 === 0 ? [editAndRetryOrder(tools(), order, asked(), { note: 'x' }).catch(() => undefined)] : []),
      ]);
      for (let turn = 0; turn < 3; turn += 1) await submit(order);
      const { state, submission } = await current(order);
      expect({ state, submission, documents: documentsOf(order).length }).toEqual(
        cancelled ? { state: 'CANCELLED', submission: 'CANCELLED', documents: 0 } : { state: 'ACCEPTED_BY_ERP', submission: 'DONE', documents: 1 },
      );
    }
    expect(await findBrokenAudit(world.database, 'orders')).toBeNull();
    expect(await world.database.query(`select number from orders.sales_order where submission = 'ATTENTION' and erp_accepted_at is not null`)).toEqual([]);
  });

  it('takes the stock back that a slow confirmation took after the order was cancelled', async () => {
    const order = await placed();
    await world.database.run(`update orders.sales_order set hold_state = 'PENDING' where id = $1`, [order.id]);
    let cancelled = false;
    await submit(order, async (moment, method) => {
      if (moment !== 'before' || method !== 'commitHold' || cancelled) return;
      cancelled = true;
      await cancelOrderWithRelease(tools(), order, cancelling());
      await until(async () => heldBy(order).join() === 'RELEASED', 'the release was done');
    });
    expect(await current(order)).toMatchObject({ state: 'CANCELLED', holdState: 'RELEASED' });
    await until(async () => heldBy(order).every((one) => one === 'RELEASED'), 'nothing is held for it');
    expect(documentsOf(order)).toEqual([]);
  });
});

function documentOf({ number }: OrderRecord): (typeof world.erp.documents)[number] {
  return { id: `doc-${number}`, number: `S-${number}`, reference: number, state: 'CONFIRMED', total: null, lines: [], updatedAt: new Date().toISOString() as never };
}
