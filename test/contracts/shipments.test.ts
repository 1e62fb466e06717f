import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import type { ShipmentRecord } from '../../domain/shipments.ts';
import { instant } from '../../domain/time.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';
import { dropRest, orderOf, pick, printPapers, ship, withStockKept } from './warehouse-desk.ts';

for (const { name, connector, seededOn, sandbox, desk } of await openTargets()) {
  const { shipments, orders, customers } = connector;
  if (shipments === undefined || orders === undefined || customers === undefined || seededOn === null) continue;
  const since = async () => (await shipments.listShipments(firstPage, call())).watermark;
  const ofOrder = async (id: string, from: Awaited<ReturnType<typeof since>>): Promise<ShipmentRecord[]> => (await readPass(shipments.listShipments, 50, from)).filter(({ orderId }) => orderId === id);

  describe(`shipments of ${name}`, () => {
    it('are planned with the order and cancelled with it', async () => {
      const watermark = await since();
      const order = await orders.createOrder({
        reference: `T-${randomUUID()}`, customerId: (await customers.findCustomer({ number: 'C-1001' }, call()))!, channel: null, currencyCode: 'USD', priceListCode: null,
        shipTo: null, requestedOn: null, note: null, placedAt: instant(Date.now()),
        lines: [{ lineNumber: 1, sku: 'NOTE-A4', quantity: decimal('2'), unitPrice: { amount: decimal('9.95'), currencyCode: 'USD' }, locationCode: 'EAST' }],
      }, call());
      expect(await ofOrder(order.id, watermark)).toMatchObject([{
        state: 'PLANNED', direction: 'OUTBOUND', locationCode: 'EAST', shippedAt: null, tracking: [], packages: [], backorderOf: null, returnReference: null, printed: false, picking: false,
        lines: [{ sku: 'NOTE-A4', quantity: '2', allocated: '2' }],
      }]);
      await orders.cancelOrder!(order.id, call());
      expect(await ofOrder(order.id, watermark)).toMatchObject([{ state: 'CANCELLED' }]);
    });

    it.skipIf(desk === null)('tell what is set aside, the papers, the picker, the parcels with their numbers and links, and whose rest they are', async () => {
      const skus = ['STAPLER', 'BIT-SET'];
      await withStockKept(desk!, sandbox === null ? skus : [], async () => {
        const watermark = await since();
        const order = await orderOf(connector, [{ sku: 'STAPLER', quantity: '5' }, { sku: 'BIT-SET', quantity: '4' }]);
        await printPapers(desk!, order.id);
        expect(await ofOrder(order.id, watermark)).toMatchObject([{ state: 'PLANNED', printed: true, picking: false, lines: [{ sku: 'STAPLER', quantity: '5', allocated: '5' }, { sku: 'BIT-SET', quantity: '4', allocated: '4' }] }]);
        await pick(desk!, order.id, 'STAPLER');
        expect(await ofOrder(order.id, watermark)).toMatchObject([{ picking: true }]);
        const [first, second] = [`1Z${randomUUID().slice(0, 8)}`, `BOX-${randomUUID().slice(0, 8)}`];
        await ship(desk!, order.id, {
          parcels: [{ name: first, goods: [{ sku: 'STAPLER', quantity: '2' }] }, { name: second, goods: [{ sku: 'STAPLER', quantity: '1' }, { sku: 'BIT-SET', quantity: '4' }] }],
          tracking: `${first},1Z2`, carrier: 'Contract Express',
        });
        const [shipped, rest] = await ofOrder(order.id, watermark);
        const link = (number: string) => ({ trackingNumber: number, trackingUrl: `https://track.example/${number}` });
        expect(shipped).toMatchObject({
          state: 'SHIPPED', carrier: 'Contract Express', tracking: [link(first), link('1Z2')], backorderOf: null, printed: true, picking: false, shippedAt: expect.stringMatching(/Z$/) as string,
          lines: [{ sku: 'STAPLER', quantity: '3' }, { sku: 'BIT-SET', quantity: '4' }],
        });
        const { packages = [] } = shipped!;
        expect([...packages].sort((a, b) => (a.reference! < b.reference! ? -1 : 1))).toEqual([
          { reference: first, carrier: 'Contract Express', trackings: [link(first)], lines: [{ sku: 'STAPLER', quantity: '2' }] },
          { reference: second, carrier: 'Contract Express', trackings: [], lines: [{ sku: 'STAPLER', quantity: '1' }, { sku: 'BIT-SET', quantity: '4' }] },
        ]);
        expect(rest).toMatchObject({ state: 'PLANNED', backorderOf: shipped!.id, printed: false, picking: false, packages: [], lines: [{ sku: 'STAPLER', quantity: '2', allocated: '2' }] });
        expect((await orders.findOrder(order.reference!, call()))?.lines).toMatchObject([{ quantity: '5', delivered: '3' }, { quantity: '4', delivered: '4' }]);
        await ship(desk!, order.id, { parcels: [{ name: `ALL-${second}`, goods: [{ sku: 'STAPLER', quantity: '1' }] }, { name: null, goods: [{ sku: 'STAPLER', quantity: '1' }] }], tracking: '1Z3, 1Z4' });
        const last = (await ofOrder(order.id, watermark)).find(({ backorderOf }) => backorderOf === shipped!.id);
        expect(last).toMatchObject({ state: 'SHIPPED', packages: [{ reference: `ALL-${second}`, trackings: [{ trackingNumber: '1Z3' }, { trackingNumber: '1Z4' }], lines: [{ sku: 'STAPLER', quantity: '1' }] }] });
        await dropRest(desk!, order.id);
      });
    });

    it.skipIf(sandbox === null)('leave in parts with their tracking numbers, and come back as returns', async () => {
      const order = await orderOf(connector, [{ sku: 'STAPLER', quantity: '5' }]);
      sandbox!.engine.execute('ship-order', { order: order.number, tracking: ['1Z1', '1Z2'], packages: [{ name: 'BOX', lines: [{ sku: 'STAPLER', quantity: '3' }] }], carrier: 'Van' });
      const [shipped, rest] = await ofOrder(order.id, null);
      expect(shipped).toMatchObject({
        state: 'SHIPPED', carrier: 'Van', lines: [{ sku: 'STAPLER', quantity: '3' }], tracking: [{ trackingNumber: '1Z1' }, { trackingNumber: '1Z2' }],
        packages: [{ reference: 'BOX', carrier: 'Van', trackings: [{ trackingNumber: '1Z1' }, { trackingNumber: '1Z2' }], lines: [{ sku: 'STAPLER', quantity: '3' }] }],
      });
      expect(rest).toMatchObject({ state: 'PLANNED', lines: [{ sku: 'STAPLER', quantity: '2' }] });
      sandbox!.engine.execute('return-order', { order: order.number, lines: [{ sku: 'STAPLER', quantity: '1' }] });
      // Nobody asked for it here.
      expect((await ofOrder(order.id, null)).filter(({ direction }) => direction === 'RETURN')).toMatchObject([{ state: 'SHIPPED', locationCode: 'MAIN', returnReference: null, lines: [{ sku: 'STAPLER', quantity: '1' }] }]);
    });
  });
}
