import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal, equals } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import { readAudit } from '../../../../platform/audit.ts';
import { recordCreditMemos } from '../../../../subgraphs/orders/following/store-credit-memos.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import { readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { closeReturn, decideReturn, retryReturn } from '../../../../subgraphs/orders/returns/decide-return.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/orders/returns/policy.ts';
import { receiveReturn } from '../../../../subgraphs/orders/returns/receive-return.ts';
import type { ReturnCase } from '../../../../subgraphs/orders/returns/records.ts';
import { refundReturn } from '../../../../subgraphs/orders/returns/refund-return.ts';
import { requestReturn } from '../../../../subgraphs/orders/returns/request-return.ts';
import { readCase } from '../../../../subgraphs/orders/returns/store-cases.ts';
import { listDifferingMemos } from '../../../../subgraphs/orders/returns/store-lists.ts';
import { createWorld, principal, type World } from './harness.ts';
import { buyer, clerk, drive, need, requested, requestText, returnId, returnTools, shippedOrder } from './returns-world.ts';

let world: World;
const tools = () => returnTools(world);
const step = (found: ReturnCase) => ({ idempotencyKey: randomUUID(), returnId: returnId(found) });
const authorised = async (found: ReturnCase): Promise<ReturnCase> => need(await decideReturn(tools(), 'AUTHORISE', step(found), clerk));
const receive = async (found: ReturnCase, quantity: string, disposition: 'RESTOCK' | 'SCRAP' | 'QUARANTINE' = 'RESTOCK', lineNumber = 1): Promise<ReturnCase> =>
  need(await receiveReturn(tools(), { ...step(found), lines: [{ lineNumber, quantity: decimal(quantity), disposition }] }, clerk));

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('a return', () => {
  it('goes its way: asked for, authorised, in the ERP, in two parcels, refunded to the penny, closed', async () => {
    const order = await shippedOrder(world);
    const asked = await requested(tools(), order);
    expect(asked.rma).toMatchObject({ status: 'REQUESTED', payment: 'NOT_DUE', number: expect.stringMatching(/^RT-[0-9A-Z]{12}$/) });
    await authorised(asked);
    const expected = await drive(world, asked.rma.id);
    expect(expected.rma).toMatchObject({ status: 'EXPECTED', erpNumber: expect.stringMatching(/^WH\/RET/) });
    const partly = await receive(expected, '1', 'SCRAP');
    expect(partly.rma).toMatchObject({ status: 'PARTLY_RECEIVED', payment: 'DUE' });
    await drive(world, asked.rma.id);
    // 3 at 10.995 are 32.99: the first piece is worth 11.00, the second 10.99.
    world.erp.returned.amounts = () => ({ total: decimal('11'), tax: decimal('0') });
    const first = need(await refundReturn(tools(), step(partly), clerk));
    expect(first.refunds).toMatchObject([{ net: '11', lines: [{ lineNumber: 1, quantity: '1' }], reference: asked.rma.number.replace('RT', 'CM') + '-1' }]);
    expect((await drive(world, asked.rma.id)).rma.payment).toBe('REFUNDED');
    await receive(partly, '1', 'RESTOCK');
    expect((await drive(world, asked.rma.id)).rma).toMatchObject({ status: 'RECEIVED', payment: 'DUE', erpState: 'RECEIVED' });
    world.erp.returned.amounts = () => ({ total: decimal('11'), tax: decimal('0') });
    const second = need(await refundReturn(tools(), step(partly), clerk));
    expect(second.refunds[1]!.net).toBe('10.99');
    const done = await drive(world, asked.rma.id);
    expect(done.rma).toMatchObject({ status: 'RECEIVED', payment: 'DIFFERENT' });
    expect(need(await closeReturn(tools(), step(done), clerk)).rma.status).toBe('CLOSED');
    expect(world.erp.returned.taken.map(({ sku, quantity, disposition }) => [sku, quantity, disposition])).toEqual([['A', '1', 'SCRAP'], ['A', '1', 'RESTOCK']]);
    const [difference] = await listDifferingMemos(world.database, null, 10);
    expect(difference).toMatchObject({ reference: second.refunds[1]!.reference, memoTotal: '11', net: '10.99' });
    const actions = (await readAudit(world.database, 'orders', order.number)).map(({ action }) => action).filter((action) => action.startsWith('return.'));
    expect(actions).toEqual(['return.request', 'return.authorise', 'return.receive', 'return.refund', 'return.receive', 'return.refund', 'return.close']);
    const kinds = (await readTimelines(world.database, [order.id])).map(({ kind }) => kind as string);
    for (const kind of ['RETURN_REQUESTED', 'RETURN_AUTHORISED', 'RETURN_RECEIVED', 'CREDITED']) expect(kinds).toContain(kind);
  });

  it('is done once per key: the same again is answered, another input is a conflict', async () => {
    const order = await shippedOrder(world);
    const text = requestText(order);
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => requestReturn(tools(), text, buyer)));
    expect(new Set([first!, ...others].map((outcome) => need(outcome).rma.id)).size).toBe(1);
    const other = await requestReturn(tools(), { ...text, wants: 'EXCHANGE', exchangeLines: [{ sku: 'A', quantity: decimal('1') }] }, buyer);
    expect(other).toMatchObject({ found: null, userErrors: [{ code: 'CONFLICT', field: ['idempotencyKey'] }] });
    const decision = step(need(first!));
    await Promise.all([decideReturn(tools(), 'AUTHORISE', decision, clerk), decideReturn(tools(), 'AUTHORISE', decision, clerk)]);
    expect((await decideReturn(tools(), 'DECLINE', { ...decision, idempotencyKey: randomUUID() }, clerk)).userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
    expect((await readAudit(world.database, 'orders', order.number)).filter(({ action }) => action === 'return.authorise')).toHaveLength(1);
  });

  it('takes the last returnable piece once, of twenty who ask at the same time', async () => {
    const order = await shippedOrder(world, '1');
    const lines = [{ lineNumber: 1, quantity: decimal('1'), reason: 'OTHER' as const }];
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => requestReturn(tools(), requestText(order, { lines }), buyer)));
    expect(outcomes.filter(({ found }) => found !== null)).toHaveLength(1);
    const [refused] = outcomes.filter(({ found }) => found === null);
    expect(refused!.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['lines', '0', 'quantity'], message: expect.stringContaining('of line 1 0 can still be returned') }]);
    // A declined one gives its piece free again.
    const winner = outcomes.find(({ found }) => found !== null)!.found!;
    need(await decideReturn(tools(), 'DECLINE', step(winner), clerk));
    expect((await requestReturn(tools(), requestText(order, { lines }), buyer)).found).not.toBeNull();
  });

  it('names every field at fault and stores nothing but that it refused', async () => {
    const order = await shippedOrder(world);
    const line = { lineNumber: 1, quantity: decimal('1'), reason: 'OTHER' as const };
    const bad = await requestReturn(tools(), requestText(order, { lines: [line, { ...line, note: '4111 1111 1111 1111' }, { ...line, lineNumber: 2, quantity: decimal('0') }], wants: 'EXCHANGE' }), buyer);
    expect(bad.userErrors.map(({ field }) => field.join('.'))).toEqual(['lines.1.lineNumber', 'lines.1.note', 'lines.2.quantity', 'exchangeLines']);
    expect((await requestReturn(tools(), requestText(order, { lines: [{ ...line, lineNumber: 9 }] }), buyer)).userErrors).toMatchObject([{ field: ['lines', '0', 'lineNumber'] }]);
    const stranger = principal('bob', { kind: 'SHOPPER', scopes: ['order:read', 'order:write'], customerNumber: 'C2' });
    expect((await requestReturn(tools(), requestText(order), stranger)).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['orderId'] }]);
    expect((await decideReturn(tools(), 'CANCEL', { idempotencyKey: 'x', returnId: 'nonsense' }, clerk)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await world.database.query('select 1 from orders.rma where order_id = $1', [order.id])).toEqual([]);
    expect(JSON.stringify(await readAudit(world.database, 'orders', order.id))).not.toContain('4111');
    expect((await readAudit(world.database, 'orders', order.id)).map(({ action }) => action)).toEqual(['return.request.refused', 'return.request.refused', 'return.request.refused']);
  });

  it('is authorised by policy, within its days and for its reasons', async () => {
    const order = await shippedOrder(world);
    const policy = { ...DEFAULT_POLICY, channels: new Map([['web', { autoAuthorise: { withinDays: 30, reasons: ['DEFECTIVE' as const] }, exchange: 'AT_AUTHORISATION' as const }]]) };
    const lines = [{ lineNumber: 1, quantity: decimal('1'), reason: 'DEFECTIVE' as const }];
    const byPolicy = need(await requestReturn(returnTools(world, { policy }), requestText(order, { lines }), buyer));
    expect(byPolicy.rma).toMatchObject({ status: 'AUTHORISED', decidedBy: 'policy' });
    const looked = need(await requestReturn(returnTools(world, { policy }), requestText(order, { lines: [{ ...lines[0]!, reason: 'OTHER' }] }), buyer));
    expect(looked.rma.status).toBe('REQUESTED');
  });

  it('that is cancelled before it came is cancelled in the ERP; goods that crossed it count', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order);
    await authorised(found);
    await drive(world, found.rma.id);
    need(await decideReturn(tools(), 'CANCEL', step(found), buyer));
    expect((await drive(world, found.rma.id)).rma).toMatchObject({ status: 'CANCELLED', erpState: 'CANCELLED', cancelTold: true });
    const document = { ...world.erp.returned.documents.find(({ reference }) => reference === found.rma.number)!, state: 'RECEIVED' as const };
    await world.database.transaction((tx) => recordShipments(tx, [world.erp.returned.shipmentOf(document, order.erpOrderId!)], { source: 'erp', at: instant(Date.now()) }));
    expect((await readCase(world.database, found.rma.id))!.rma).toMatchObject({ status: 'RECEIVED', payment: 'DUE' });
  });

  it('refused by the ERP asks for a person, and goes on when somebody has seen to it', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order);
    await authorised(found);
    world.erp.returned.refusals.set('createReturn', 'the fiscal year is closed');
    const stuck = await drive(world, found.rma.id);
    expect(stuck.work.GOODS).toMatchObject({ state: 'ATTENTION', attention: 'the fiscal year is closed' });
    // Neither a receipt here nor the money waits for it.
    await receive(stuck, '2');
    need(await refundReturn(tools(), step(stuck), clerk));
    expect((await drive(world, found.rma.id)).memos).toHaveLength(1);
    world.erp.returned.refusals.clear();
    need(await retryReturn(tools(), step(stuck), clerk));
    const mended = await drive(world, found.rma.id);
    expect(mended.rma).toMatchObject({ status: 'RECEIVED', erpState: 'RECEIVED' });
    expect(mended.work.GOODS).toMatchObject({ state: 'NONE', attention: null });
    expect((await retryReturn(tools(), step(stuck), clerk)).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  it('taken in by the warehouse itself is received without a receipt from here', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order);
    await authorised(found);
    await drive(world, found.rma.id);
    const document = world.erp.returned.documents.find(({ reference }) => reference === found.rma.number)!;
    const told = (state: 'EXPECTED' | 'RECEIVED') => world.database.transaction((tx) => recordShipments(tx, [world.erp.returned.shipmentOf({ ...document, state, updatedAt: instant(Date.now()) }, order.erpOrderId!)], { source: 'erp', at: instant(Date.now()) }));
    await told('RECEIVED');
    await told('RECEIVED');
    const came = (await readCase(world.database, found.rma.id))!;
    expect(came.rma).toMatchObject({ status: 'RECEIVED', payment: 'DUE' });
    // Where the pieces went can still be said.
    expect((await receive(came, '2', 'QUARANTINE')).receipts).toMatchObject([{ disposition: 'QUARANTINE' }]);
  });
});

describe('an exchange', () => {
  it('orders the replacement once, as the same buyer, when it is authorised', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order, { wants: 'EXCHANGE', exchangeLines: [{ sku: 'B', quantity: decimal('2') }] });
    expect((await drive(world, found.rma.id)).rma.exchangeOrderId).toBeNull();
    await authorised(found);
    const done = await drive(world, found.rma.id);
    const [replacement] = await world.database.query<Record<string, string>>('select owner, customer_number, note from orders.sales_order where id = $1', [done.rma.exchangeOrderId]);
    expect(replacement).toEqual({ owner: order.owner, customer_number: order.customerNumber, note: expect.stringContaining(found.rma.number) });
  });

  it('waits for the goods where the policy says so, and for a person where it cannot be had', async () => {
    const policy = { ...DEFAULT_POLICY, channel: { autoAuthorise: null, exchange: 'AT_RECEIPT' as const } };
    const order = await shippedOrder(world);
    const found = need(await requestReturn(returnTools(world, { policy }), requestText(order, { wants: 'EXCHANGE', exchangeLines: [{ sku: 'NOWHERE', quantity: decimal('1') }] }), buyer));
    await authorised(found);
    expect((await drive(world, found.rma.id)).work.EXCHANGE.state).toBe('NONE');
    await receive(found, '2');
    const stuck = await drive(world, found.rma.id);
    expect(stuck.work.EXCHANGE).toMatchObject({ state: 'ATTENTION', attention: expect.stringContaining('could not be ordered') });
    world.inventory.stock.set('NOWHERE', decimal('5'));
    need(await retryReturn(tools(), step(found), clerk));
    expect((await drive(world, found.rma.id)).rma.exchangeOrderId).not.toBeNull();
  });
});

describe('the money of a return', () => {
  it('takes amounts, delivery and a fee as they are given, and refuses what was never paid', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order, { lines: [{ lineNumber: 1, quantity: decimal('3'), reason: 'OTHER' }] });
    await authorised(found);
    await receive(found, '3');
    const refund = (more: object) => refundReturn(tools(), { ...step(found), ...more }, clerk);
    expect((await refund({ shippingRefund: decimal('1') })).userErrors).toMatchObject([{ field: ['shippingRefund'] }]);
    expect((await refund({ restockingFee: decimal('33') })).userErrors).toMatchObject([{ field: ['restockingFee'] }]);
    expect((await refund({ lines: [{ lineNumber: 1, amount: decimal('33') }] })).userErrors).toMatchObject([{ field: ['lines', '0', 'amount'] }]);
    expect((await refund({ lines: [{ lineNumber: 1, quantity: decimal('4') }, { lineNumber: 2 }] })).userErrors.map(({ field }) => field.join('.'))).toEqual(['lines.0.quantity', 'lines.1.lineNumber']);
    const given = need(await refund({ lines: [{ lineNumber: 1, quantity: decimal('2'), amount: decimal('15') }], restockingFee: decimal('2.50') }));
    expect(given.refunds[0]).toMatchObject({ net: '12.5', lines: [{ net: '15', reckoned: { amount: '21.99' } }] });
    expect(given.refunds[0]!.charges.map(({ kind, amount }) => [kind, amount])).toEqual([['ADJUSTMENT', '-6.99'], ['RESTOCKING_FEE', '-2.5']]);
    // The last piece takes what its own share is, whatever was decided for the others.
    expect(need(await refund({})).refunds[1]!.net).toBe('11');
    expect((await refund({})).userErrors).toMatchObject([{ field: ['lines'] }]);
  });

  it('is due again when the ERP cancels its memo, and lists memos nobody asked for here', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order, { lines: [{ lineNumber: 2, quantity: decimal('1'), reason: 'OTHER' }] });
    await authorised(found);
    await receive(found, '1', 'SCRAP', 2);
    world.erp.returned.amounts = () => ({ total: decimal('11'), tax: decimal('0') });
    need(await refundReturn(tools(), step(found), clerk));
    const paid = await drive(world, found.rma.id);
    expect(paid.rma.payment).toBe('REFUNDED');
    const report = { source: 'erp', at: instant(Date.now()) };
    const cancelled = world.erp.returned.changeMemo(paid.memos[0]!.id, { state: 'CANCELLED' });
    await world.database.transaction((tx) => recordCreditMemos(tx, [cancelled], report));
    expect((await readCase(world.database, found.rma.id))!.rma.payment).toBe('DUE');
    const again = need(await refundReturn(tools(), step(found), clerk));
    expect(again.refunds.map(({ reference, net }) => [reference.slice(-2), net])).toEqual([['-1', '11'], ['-2', '11']]);
    expect((await drive(world, found.rma.id)).rma.payment).toBe('REFUNDED');
    const strange = { ...cancelled, id: 'M-by-hand', number: 'RINV/HAND', reference: null, state: 'POSTED' as const, total: { amount: decimal('5'), currencyCode: 'EUR' } };
    await world.database.transaction((tx) => recordCreditMemos(tx, [strange], report));
    const listed = (await listDifferingMemos(world.database, null, 50)).filter(({ orderId }) => orderId === order.id);
    expect(listed).toMatchObject([{ memoNumber: 'RINV/HAND', reference: null, memoTotal: '5' }]);
    expect(equals(listed[0]!.memoTax, decimal('0'))).toBe(true);
  });

  it('waits for a draft to be posted', async () => {
    const order = await shippedOrder(world);
    const found = await requested(tools(), order, { lines: [{ lineNumber: 1, quantity: decimal('1'), reason: 'OTHER' }] });
    await authorised(found);
    await receive(found, '1');
    world.erp.returned.postsAtOnce = false;
    world.erp.returned.amounts = () => ({ total: decimal('11'), tax: decimal('0') });
    need(await refundReturn(tools(), step(found), clerk));
    const done = await drive(world, found.rma.id);
    world.erp.returned.postsAtOnce = true;
    expect([done.rma.payment, done.memos.map(({ state }) => state)]).toEqual(['REFUNDED', ['POSTED']]);
  });
});
