import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { decimal, subtract, type Decimal } from '../../domain/decimal.ts';
import type { Disposition, ReceivedLine } from '../../domain/returns.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';
import { dropRest, orderOf, setUpQuarantine, ship, withStockKept } from './warehouse-desk.ts';

const line = (sku: string, quantity: string): { readonly sku: string; readonly quantity: Decimal } => ({ sku, quantity: decimal(quantity) });
const came = (sku: string, quantity: string, disposition: Disposition): ReceivedLine => ({ ...line(sku, quantity), disposition });

for (const { name, connector, seededOn, sandbox, desk } of await openTargets()) {
  const { returns, shipments, stock } = connector;
  if (returns === undefined || shipments === undefined || stock === undefined || seededOn === null || desk === null) continue;
  const newReference = (): string => `RMA-${randomUUID()}`;
  /** What may be sold, and what lies there and may not. */
  const figures = async (sku: string) => {
    const [answer] = await stock.readStock([sku], call());
    const level = answer?.ok === true ? answer.value!.find(({ locationCode }) => locationCode === 'MAIN')! : expect.fail(`no stock of ${sku}`);
    return { sellable: subtract(level.onHand, level.unsellable), unsellable: level.unsellable };
  };
  const after = (before: string, change: number): string => String(Number(before) + change);
  const loose = (...goods: { readonly sku: string; readonly quantity: string }[]) => ({ parcels: [{ name: null, goods }] });
  const kept = (skus: readonly string[], work: () => Promise<void>): Promise<void> => withStockKept(desk, sandbox === null ? skus : [], work);

  describe(`returns of ${name}`, () => {
    // Before anything is read: which places there are is kept for a minute.
    beforeAll(() => setUpQuarantine(desk));

    it('are expected, found by our reference, told as shipments, and made once', async () => {
      await kept(['HAM-16'], async () => {
        const { watermark } = await shipments.listShipments(firstPage, call());
        const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '3' }]);
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '3' }));
        const reference = newReference();
        expect(await returns.findReturn(reference, call())).toBeNull();
        const made = await returns.createReturn({ reference, orderId: order.id, lines: [line('HAM-16', '2')] }, call());
        expect(made).toMatchObject({ reference, state: 'EXPECTED', lines: [{ sku: 'HAM-16', quantity: '2', received: '0' }] });
        expect(await returns.findReturn(reference, call())).toEqual(made);
        expect(await returns.createReturn({ reference, orderId: order.id, lines: [line('HAM-16', '2')] }, call())).toEqual(made);
        const told = (await readPass(shipments.listShipments, 50, watermark)).filter(({ orderId, direction }) => orderId === order.id && direction === 'RETURN');
        expect(told).toMatchObject([{ id: made.id, number: made.number, state: 'PLANNED', locationCode: 'MAIN', returnReference: reference, lines: [{ sku: 'HAM-16', quantity: '2' }] }]);
        expect((await returns.cancelReturn(made.id, call())).state).toBe('CANCELLED');
        expect((await returns.cancelReturn(made.id, call())).state).toBe('CANCELLED');
        await expect(returns.receiveReturn(made.id, [came('HAM-16', '1', 'RESTOCK')], call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
        // What is cancelled can be asked back again, under its reference too.
        const again = await returns.createReturn({ reference, orderId: order.id, lines: [line('HAM-16', '3')] }, call());
        expect(again).toMatchObject({ reference, state: 'EXPECTED', lines: [{ quantity: '3' }] });
        expect(await returns.findReturn(reference, call())).toEqual(again);
        await returns.cancelReturn(again.id, call());
      });
    });

    it('put goods where they belong: only what is restocked can be sold again', async () => {
      await kept(['HAM-16', 'TAPE-5M'], async () => {
        const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '6' }, { sku: 'TAPE-5M', quantity: '2' }]);
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '6' }, { sku: 'TAPE-5M', quantity: '2' }));
        const before = { ham: await figures('HAM-16'), tape: await figures('TAPE-5M') };
        const made = await returns.createReturn({ reference: newReference(), orderId: order.id, lines: [line('HAM-16', '6'), line('TAPE-5M', '2')] }, call());
        const lines = [came('HAM-16', '3', 'RESTOCK'), came('HAM-16', '2', 'SCRAP'), came('HAM-16', '1', 'QUARANTINE'), came('TAPE-5M', '2', 'SCRAP')];
        const received = await returns.receiveReturn(made.id, lines, call());
        expect(received).toMatchObject({ id: made.id, state: 'RECEIVED', lines: [{ sku: 'HAM-16', quantity: '6', received: '6' }, { sku: 'TAPE-5M', quantity: '2', received: '2' }] });
        expect(await figures('HAM-16')).toEqual({ sellable: after(before.ham.sellable, 3), unsellable: after(before.ham.unsellable, 1) });
        expect(await figures('TAPE-5M')).toEqual(before.tape);
        expect(await returns.receiveReturn(made.id, lines, call())).toEqual(received);
        expect(await figures('HAM-16')).toEqual({ sellable: after(before.ham.sellable, 3), unsellable: after(before.ham.unsellable, 1) });
        await expect(returns.cancelReturn(made.id, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
        expect((await connector.orders!.findOrder(order.reference!, call()))?.lines).toMatchObject([{ sku: 'HAM-16', delivered: '0' }, { sku: 'TAPE-5M', delivered: '0' }]);
      });
    });

    it('come in parts: each receipt tells all that has come, and takes in what is new', async () => {
      await kept(['HAM-16'], async () => {
        const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '5' }]);
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '5' }));
        const before = await figures('HAM-16');
        const reference = newReference();
        const { id } = await returns.createReturn({ reference, orderId: order.id, lines: [line('HAM-16', '5')] }, call());
        const first = [came('HAM-16', '1', 'RESTOCK')];
        expect(await returns.receiveReturn(id, first, call())).toMatchObject({ id, state: 'EXPECTED', lines: [{ quantity: '5', received: '1' }] });
        expect(await returns.receiveReturn(id, first, call())).toMatchObject({ id, state: 'EXPECTED', lines: [{ quantity: '5', received: '1' }] });
        expect(await figures('HAM-16')).toMatchObject({ sellable: after(before.sellable, 1) });
        const second = [came('HAM-16', '2', 'RESTOCK'), came('HAM-16', '1', 'SCRAP')];
        expect(await returns.receiveReturn(id, second, call())).toMatchObject({ state: 'EXPECTED', lines: [{ quantity: '5', received: '3' }] });
        expect(await figures('HAM-16')).toMatchObject({ sellable: after(before.sellable, 2) });
        await expect(returns.receiveReturn(id, [...second, came('HAM-16', '3', 'SCRAP')], call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', message: expect.stringContaining('HAM-16') as string });
        // Nobody waits for the rest: what is in stays in.
        const ended = await returns.cancelReturn(id, call());
        expect(ended).toMatchObject({ id, reference, state: 'RECEIVED', lines: [{ quantity: '5', received: '3' }] });
        expect(await returns.findReturn(reference, call())).toEqual(ended);
        expect(await figures('HAM-16')).toMatchObject({ sellable: after(before.sellable, 2) });
      });
    });

    it('of several shipments begin with the oldest, and never ask back more than was shipped and is not back', async () => {
      await kept(['HAM-16'], async () => {
        const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '4' }]);
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '1' }));
        const tooMuch = returns.createReturn({ reference: newReference(), orderId: order.id, lines: [line('HAM-16', '2')] }, call());
        await expect(tooMuch).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', retryable: false, message: expect.stringMatching(/asks 2 of HAM-16.*1 were shipped and 1 are not back/) as string });
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '2' }));
        const made = await returns.createReturn({ reference: newReference(), orderId: order.id, lines: [line('HAM-16', '2')] }, call());
        expect(made.lines).toEqual([{ sku: 'HAM-16', quantity: '2', received: '0' }]);
        const more = (quantity: string) => returns.createReturn({ reference: newReference(), orderId: order.id, lines: [line('HAM-16', quantity)] }, call());
        await expect(more('2')).rejects.toMatchObject({ message: expect.stringMatching(/3 were shipped and 1 are not back/) as string });
        expect(await returns.receiveReturn(made.id, [came('HAM-16', '2', 'RESTOCK')], call())).toMatchObject({ state: 'RECEIVED' });
        const rest = await more('1');
        expect(await returns.receiveReturn(rest.id, [came('HAM-16', '1', 'RESTOCK')], call())).toMatchObject({ state: 'RECEIVED', lines: [{ quantity: '1', received: '1' }] });
        await expect(more('1')).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
        await dropRest(desk, order.id);
      });
    });

    it('of what was never ordered, or not by us, are refused', async () => {
      const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '1' }]);
      await expect(returns.createReturn({ reference: newReference(), orderId: order.id, lines: [line('HAM-16', '1')] }, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
      await expect(returns.createReturn({ reference: newReference(), orderId: 'x', lines: [line('HAM-16', '1')] }, call())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(returns.receiveReturn('999999', [], call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
      await connector.orders!.cancelOrder!(order.id, call());
    });

    it.skipIf(sandbox === null)('whose answer is lost are found, planned or not', async () => {
      for (const method of ['create', 'action_confirm']) {
        const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '1' }]);
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '1' }));
        const request = { reference: newReference(), orderId: order.id, lines: [line('HAM-16', '1')] };
        const fault = sandbox!.faults.add({ kind: 'dropAfterProcessing', match: { model: 'stock.picking', method }, times: 1 });
        await expect(returns.createReturn(request, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
        sandbox!.faults.remove(fault.id);
        const found = await returns.findReturn(request.reference, call());
        expect(found).toMatchObject({ reference: request.reference, state: 'EXPECTED' });
        expect((await returns.createReturn(request, call())).id).toBe(found!.id);
        expect(await returns.receiveReturn(found!.id, [came('HAM-16', '1', 'RESTOCK')], call())).toMatchObject({ state: 'RECEIVED' });
      }
    });

    it.skipIf(sandbox === null)('whose receipt is lost half way are received once', async () => {
      for (const method of ['write', 'button_validate']) {
        const order = await orderOf(connector, [{ sku: 'HAM-16', quantity: '2' }]);
        await ship(desk, order.id, loose({ sku: 'HAM-16', quantity: '2' }));
        const before = await figures('HAM-16');
        const { id } = await returns.createReturn({ reference: newReference(), orderId: order.id, lines: [line('HAM-16', '2')] }, call());
        const lines = [came('HAM-16', '1', 'RESTOCK'), came('HAM-16', '1', 'SCRAP')];
        const fault = sandbox!.faults.add({ kind: 'dropAfterProcessing', match: { model: 'stock.picking', method }, times: 1 });
        await expect(returns.receiveReturn(id, lines, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
        sandbox!.faults.remove(fault.id);
        expect(await returns.receiveReturn(id, lines, call())).toMatchObject({ state: 'RECEIVED', lines: [{ quantity: '2', received: '2' }] });
        expect(await figures('HAM-16')).toMatchObject({ sellable: after(before.sellable, 1) });
      }
    });
  });
}
