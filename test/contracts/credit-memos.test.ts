import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../domain/decimal.ts';
import type { NewCreditMemo } from '../../domain/returns.ts';
import { call, firstPage, openTargets, readPass, type Desk } from './targets.ts';
import { orderOf } from './warehouse-desk.ts';

const line = (sku: string, quantity: string): { readonly sku: string; readonly quantity: Decimal } => ({ sku, quantity: decimal(quantity) });
const usd = (amount: string) => ({ amount, currencyCode: 'USD' });

/** Money goes back, as far as `amount`, by the ERP's own form. */
async function payBack(desk: Desk, memo: string, amount: number): Promise<void> {
  const context = { active_model: 'account.move', active_ids: [Number(memo)] };
  const ids = await desk<number[]>('account.payment.register', 'create', { vals_list: [{ amount }], context });
  await desk('account.payment.register', 'action_create_payments', { ids });
}

for (const { name, bookkeeper, seededOn, sandbox, desk } of await openTargets()) {
  const { returns, orders } = bookkeeper;
  if (returns?.createCreditMemo === undefined || returns.findCreditMemo === undefined || returns.listCreditMemos === undefined || orders === undefined || seededOn === null || desk === null) continue;
  const { createCreditMemo, findCreditMemo, listCreditMemos } = returns;
  const memoOf = (orderId: string, over: Partial<NewCreditMemo>): NewCreditMemo => ({ reference: `CM-${randomUUID()}`, orderId, reason: 'broken <glass> & more', lines: [], charges: [], ...over });
  const order = () => orderOf(bookkeeper, [{ sku: 'PEN-BLK', quantity: '5', price: '3.33' }, { sku: 'MUG-02', quantity: '2', price: '7.77' }]);

  describe(`credit memos of ${name}`, () => {
    it('give back as the order is priced and taxed, to the penny, booked, found by our reference and made once', async () => {
      const placed = await order();
      expect(placed.total).toEqual(usd('35.41'));
      const memo = memoOf(placed.id, { lines: [line('PEN-BLK', '1'), line('MUG-02', '1')] });
      expect(await findCreditMemo(memo.reference, call())).toBeNull();
      const made = await createCreditMemo(memo, call());
      expect(made).toMatchObject({
        reference: memo.reference, orderId: placed.id, state: 'POSTED', paymentState: 'NOT_PAID', total: usd('12.21'), tax: usd('1.11'), postedAt: expect.stringMatching(/T00:00:00/) as string,
        lines: [{ sku: 'PEN-BLK', quantity: '1', total: usd('3.66') }, { sku: 'MUG-02', quantity: '1', total: usd('8.55') }],
      });
      expect(await findCreditMemo(memo.reference, call())).toEqual(made);
      expect(await createCreditMemo(memo, call())).toEqual(made);
      const [known] = await desk<{ invoice_ids: number[] }[]>('sale.order', 'read', { ids: [Number(placed.id)], fields: ['invoice_ids'] });
      const invoiced = await desk<{ qty_invoiced: number }[]>('sale.order.line', 'search_read', { domain: [['order_id', '=', Number(placed.id)], ['product_id', '!=', false]], fields: ['qty_invoiced'], order: 'id' });
      expect([known!.invoice_ids.map(String), invoiced.map((row) => row.qty_invoiced)]).toEqual([[made.id], [-1, -1]]);
      const rest = await createCreditMemo(memoOf(placed.id, { lines: [line('PEN-BLK', '4'), line('MUG-02', '1')] }), call());
      // 12.21 and 23.20 are what the order cost: 35.41.
      expect(rest).toMatchObject({ total: usd('23.2') });
      await orders.cancelOrder!(placed.id, call());
    });

    it('take charges along: shipping back, a restocking fee off', async () => {
      const placed = await order();
      const made = await createCreditMemo(memoOf(placed.id, {
        lines: [line('PEN-BLK', '3')], charges: [{ code: 'SETUP', description: 'Shipping', amount: decimal('4.9') }, { code: 'SETUP', description: 'Restocking', amount: decimal('-1') }],
      }), call());
      // 9.99 + 4.90 - 1.00, and ten percent of it.
      expect(made).toMatchObject({ total: usd('15.28'), tax: usd('1.39'), lines: [{ sku: 'PEN-BLK' }, { sku: 'SETUP', description: 'Shipping', quantity: '1' }, { sku: 'SETUP', description: 'Restocking', total: usd('-1.1') }] });
      await orders.cancelOrder!(placed.id, call());
    });

    it('never give back more than the order has, or charge what the ERP does not know', async () => {
      const placed = await order();
      await createCreditMemo(memoOf(placed.id, { lines: [line('MUG-02', '1')] }), call());
      const twice = memoOf(placed.id, { lines: [line('MUG-02', '2')] });
      await expect(createCreditMemo(twice, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', retryable: false, message: expect.stringContaining('1 are left') as string });
      expect(await findCreditMemo(twice.reference, call())).toBeNull();
      await expect(createCreditMemo(memoOf(placed.id, { charges: [{ code: 'NO-SUCH', description: 'x', amount: decimal('1') }] }), call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
      await orders.cancelOrder!(placed.id, call());
    });

    it('come in a delta, also when money went back', async () => {
      const placed = await order();
      const { watermark } = await listCreditMemos(firstPage, call());
      const made = await createCreditMemo(memoOf(placed.id, { lines: [line('MUG-02', '2')] }), call());
      const told = async () => (await readPass(listCreditMemos, 50, watermark)).find(({ id }) => id === made.id);
      expect(await told()).toEqual(made);
      const pay = (amount: string) => (sandbox === null ? payBack(desk, made.id, Number(amount)) : sandbox.engine.execute('pay-credit-memo', { creditMemo: made.number, amount }));
      await pay('5');
      expect(await told()).toMatchObject({ paymentState: 'PARTLY_PAID', total: usd('17.09') });
      await pay('12.09');
      expect(await told()).toMatchObject({ paymentState: 'PAID' });
      await orders.cancelOrder!(placed.id, call());
    });

    it.skipIf(sandbox === null)('made by people are told, with the penny they added', async () => {
      const placed = await order();
      sandbox!.engine.execute('credit-order', { order: placed.number, lines: [{ sku: 'MUG-02', quantity: '1' }], difference: '0.01' });
      const memo = (await readPass(listCreditMemos)).find(({ orderId }) => orderId === placed.id);
      expect(memo).toMatchObject({ reference: null, state: 'POSTED', total: usd('8.56'), tax: usd('0.78'), lines: [{ sku: 'MUG-02', total: usd('8.55') }, { sku: null, description: 'Difference', total: usd('0.01') }] });
    });

    it.skipIf(sandbox === null)('whose answer is lost are found, and booked where writing them was all that got through', async () => {
      for (const method of ['create', 'action_post']) {
        const placed = await order();
        const memo = memoOf(placed.id, { lines: [line('MUG-02', '2')] });
        const fault = sandbox!.faults.add({ kind: 'dropAfterProcessing', match: { model: 'account.move', method }, times: 1 });
        await expect(createCreditMemo(memo, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
        sandbox!.faults.remove(fault.id);
        expect(await findCreditMemo(memo.reference, call())).toMatchObject({ state: method === 'create' ? 'DRAFT' : 'POSTED' });
        expect(await createCreditMemo(memo, call())).toMatchObject({ state: 'POSTED', total: usd('17.09') });
        expect((await readPass(listCreditMemos)).filter(({ reference }) => reference === memo.reference)).toHaveLength(1);
      }
    });
  });
}
