import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { instant } from '../../domain/time.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn, sandbox } of await openTargets()) {
  const { shipments, orders, customers } = connector;
  if (shipments === undefined || orders === undefined || customers === undefined || seededOn === null) continue;
  describe(`shipments of ${name}`, () => {
    it('are planned with the order and cancelled with it', async () => {
      const { watermark } = await shipments.listShipments(firstPage, call());
      const order = await orders.createOrder({
        reference: `T-${randomUUID()}`, customerId: (await customers.findCustomer({ number: 'C-1001' }, call()))!, channel: null, currencyCode: 'USD', priceListCode: null,
        shipTo: null, requestedOn: null, note: null, placedAt: instant(Date.now()),
        lines: [{ lineNumber: 1, sku: 'NOTE-A4', quantity: decimal('2'), unitPrice: { amount: decimal('9.95'), currencyCode: 'USD' }, locationCode: 'EAST' }],
      }, call());
      const ofOrder = async () => (await readPass(shipments.listShipments, 50, watermark)).filter(({ orderId }) => orderId === order.id);
      expect(await ofOrder()).toMatchObject([{ state: 'PLANNED', direction: 'OUTBOUND', locationCode: 'EAST', shippedAt: null, tracking: [], lines: [{ sku: 'NOTE-A4', quantity: '2' }] }]);
      await orders.cancelOrder!(order.id, call());
      expect(await ofOrder()).toMatchObject([{ state: 'CANCELLED' }]);
    });

    it.skipIf(sandbox === null)('leave in parts with their tracking numbers, and come back as returns', async () => {
      const order = await orders.createOrder({
        reference: `T-${randomUUID()}`, customerId: (await customers.findCustomer({ number: 'C-1001' }, call()))!, channel: null, currencyCode: 'USD', priceListCode: null,
        shipTo: null, requestedOn: null, note: null, placedAt: instant(Date.now()),
        lines: [{ lineNumber: 1, sku: 'STAPLER', quantity: decimal('5'), unitPrice: { amount: decimal('16.75'), currencyCode: 'USD' }, locationCode: 'MAIN' }],
      }, call());
      sandbox!.engine.execute('ship-order', { order: order.number, tracking: ['1Z1', '1Z2'], lines: [{ sku: 'STAPLER', quantity: '3' }] });
      const ofOrder = async () => (await readPass(shipments.listShipments)).filter(({ orderId }) => orderId === order.id);
      const [shipped, rest] = await ofOrder();
      expect(shipped).toMatchObject({ state: 'SHIPPED', lines: [{ sku: 'STAPLER', quantity: '3' }], tracking: [{ trackingNumber: '1Z1' }, { trackingNumber: '1Z2' }], shippedAt: expect.stringMatching(/Z$/) as string });
      expect(rest).toMatchObject({ state: 'PLANNED', lines: [{ sku: 'STAPLER', quantity: '2' }] });
      expect((await orders.findOrder(order.reference!, call()))?.lines).toMatchObject([{ quantity: '5', delivered: '3' }]);
      sandbox!.engine.execute('return-order', { order: order.number, lines: [{ sku: 'STAPLER', quantity: '1' }] });
      expect((await ofOrder()).filter(({ direction }) => direction === 'RETURN')).toMatchObject([{ state: 'SHIPPED', locationCode: 'MAIN', lines: [{ sku: 'STAPLER', quantity: '1' }] }]);
    });
  });
}
