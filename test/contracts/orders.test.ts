import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import type { NewOrder } from '../../domain/orders.ts';
import { instant } from '../../domain/time.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn, sandbox } of await openTargets()) {
  const { orders, customers } = connector;
  if (orders === undefined || customers === undefined || seededOn === null) continue;
  const created: string[] = [];
  const newOrder = async (over: Partial<NewOrder> = {}): Promise<NewOrder> => ({
    reference: `T-${randomUUID()}`,
    customerId: (await customers.findCustomer({ number: 'C-2001' }, call()))!,
    channel: null, currencyCode: 'USD', priceListCode: null, shipTo: null, requestedOn: null, note: 'leave <at> the door & ring',
    lines: [
      { lineNumber: 1, sku: 'CUP-ESP', quantity: decimal('3'), unitPrice: { amount: decimal('17.01'), currencyCode: 'USD' }, locationCode: 'MAIN' },
      { lineNumber: 2, sku: 'TEA-KG', quantity: decimal('0.25'), unitPrice: { amount: decimal('40'), currencyCode: 'USD' }, locationCode: 'MAIN' },
    ],
    placedAt: instant(Date.now()),
    ...over,
  });
  const place = async (order: NewOrder) => {
    const placed = await orders.createOrder(order, call());
    created.push(placed.id);
    return placed;
  };

  describe(`orders of ${name}`, () => {
    afterAll(async () => {
      // Undone in the order made; suites of other ports count on the seeded stock.
      for (const id of created) await orders.cancelOrder?.(id, call());
    });

    it('arrive confirmed, at our price, and are found by our reference', async () => {
      const order = await newOrder();
      expect(await orders.findOrder(order.reference, call())).toBeNull();
      const placed = await place(order);
      expect(placed).toMatchObject({
        reference: order.reference, state: 'CONFIRMED', total: { amount: '67.13', currencyCode: 'USD' },
        lines: [{ sku: 'CUP-ESP', quantity: '3', delivered: '0' }, { sku: 'TEA-KG', quantity: '0.25', delivered: '0' }],
      });
      expect(await orders.findOrder(order.reference, call())).toEqual(placed);
    });

    it('allocate stock while they wait', async () => {
      const allocated = async (): Promise<number> => {
        const [answer] = await connector.stock!.readStock(['CUP-ESP'], call());
        return answer?.ok === true ? Number(answer.value?.find(({ locationCode }) => locationCode === 'MAIN')?.allocated) : Number.NaN;
      };
      const before = await allocated();
      const placed = await place(await newOrder());
      expect(await allocated()).toBe(before + 3);
      await orders.cancelOrder!(placed.id, call());
      expect(await allocated()).toBe(before);
    });

    it('allocate what they ask for, also where there is less: goods still owed are not for sale', async () => {
      const figures = async () => {
        const [answer] = await connector.stock!.readStock(['CUP-ESP'], call());
        const level = answer?.ok === true ? answer.value?.find(({ locationCode }) => locationCode === 'MAIN') : undefined;
        return { onHand: Number(level?.onHand), allocated: Number(level?.allocated) };
      };
      const before = await figures();
      const quantity = decimal(String(before.onHand + 100));
      const placed = await place(await newOrder({
        lines: [{ lineNumber: 1, sku: 'CUP-ESP', quantity, unitPrice: { amount: decimal('17.01'), currencyCode: 'USD' }, locationCode: 'MAIN' }],
      }));
      expect(await figures()).toEqual({ onHand: before.onHand, allocated: before.allocated + Number(quantity) });
      await orders.cancelOrder!(placed.id, call());
      expect(await figures()).toEqual(before);
    });

    it('are confirmed twice without harm', async () => {
      const placed = await place(await newOrder());
      expect((await orders.confirmOrder(placed.id, call())).state).toBe('CONFIRMED');
      expect((await orders.confirmOrder(placed.id, call())).state).toBe('CONFIRMED');
    });

    it('are cancelled, twice as well, and stay to be found', async () => {
      const order = await newOrder();
      const placed = await place(order);
      expect((await orders.cancelOrder!(placed.id, call())).state).toBe('CANCELLED');
      expect((await orders.cancelOrder!(placed.id, call())).state).toBe('CANCELLED');
      expect(await orders.findOrder(order.reference, call())).toMatchObject({ id: placed.id, state: 'CANCELLED' });
    });

    it('go to the address given, under the customer, made once', async () => {
      const shipTo = { name: 'Dock 4', company: null, line1: 'Hafenstr. 21', line2: null, city: 'Hamburg', region: null, postalCode: '20457', countryCode: 'DE', phone: null };
      const first = await place(await newOrder({ shipTo }));
      const second = await place(await newOrder({ shipTo }));
      expect([first.state, second.state]).toEqual(['CONFIRMED', 'CONFIRMED']);
      const addresses = (await readPass(customers.listCustomers)).find(({ number }) => number === 'C-2001')!.addresses;
      expect(addresses.filter(({ address }) => address.line1 === 'Hafenstr. 21')).toHaveLength(1);
    });

    it('for what the ERP does not know are refused before anything is written', async () => {
      const line = { lineNumber: 1, quantity: decimal('1'), unitPrice: { amount: decimal('1'), currencyCode: 'USD' }, locationCode: null };
      const unknown = await newOrder({ lines: [{ ...line, sku: 'NO-SUCH' }] });
      await expect(orders.createOrder(unknown, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', retryable: false });
      const nowhere = await newOrder({ lines: [{ ...line, sku: 'MUG-01', locationCode: 'MOON' }] });
      await expect(orders.createOrder(nowhere, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
      expect(await orders.findOrder(unknown.reference, call())).toBeNull();
      expect(await orders.findOrder(nowhere.reference, call())).toBeNull();
    });

    it('come back in a delta', async () => {
      const { watermark } = await orders.listOrders(firstPage, call());
      const placed = await place(await newOrder());
      expect((await readPass(orders.listOrders, 50, watermark)).map(({ id }) => id)).toContain(placed.id);
    });

    it.skipIf(sandbox === null)('whose answer is lost are found, and confirmed where the creation was all that got through', async () => {
      const order = await newOrder();
      const fault = sandbox!.faults.add({ kind: 'dropAfterProcessing', match: { model: 'sale.order', method: 'create' }, times: 1 });
      await expect(orders.createOrder(order, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      sandbox!.faults.remove(fault.id);
      const found = await orders.findOrder(order.reference, call());
      expect(found).toMatchObject({ reference: order.reference, state: 'DRAFT' });
      created.push(found!.id);
      expect((await orders.confirmOrder(found!.id, call())).state).toBe('CONFIRMED');
      expect((await readPass(orders.listOrders)).filter(({ reference }) => reference === order.reference)).toHaveLength(1);
    });

    it.skipIf(sandbox === null)('are sent once: a write is never repeated by the connector', async () => {
      const order = await newOrder();
      const fault = sandbox!.faults.add({ kind: 'status', status: 503, match: { model: 'sale.order', method: 'create' } });
      await expect(orders.createOrder(order, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      expect(sandbox!.faults.list().find(({ id }) => id === fault.id)?.hits).toBe(1);
      sandbox!.faults.remove(fault.id);
      expect(await orders.findOrder(order.reference, call())).toBeNull();
    });
  });
}
