import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import type { ErpOrder } from '../../../../domain/orders.ts';
import type { ShipmentRecord } from '../../../../domain/shipments.ts';
import { instant } from '../../../../domain/time.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { findByNumber, readLines, readOrder, readShipmentsOfOrders, readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import { basket, createWorld, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
let serial = 0;
const at = (second: number) => instant(Date.UTC(2026, 0, 1, 0, 0, second));
const report = { source: 'erp', at: at(0) };
const nextId = (): string => `E${(serial += 1)}`;
const tell = (...records: ErpOrder[]) => world.database.transaction((tx) => recordErpOrders(tx, records, report));
const tellShipments = (...records: ShipmentRecord[]) => world.database.transaction((tx) => recordShipments(tx, records, report));
const order = async (id: string): Promise<OrderRecord> => (await readOrder(world.database, id))!;
const placed = async (): Promise<OrderRecord> =>
  (await createPlaceOrder(world.dependencies(), QUICK)(basket({ lines: [{ sku: 'A', quantity: decimal('3') }] }), scopeOf())).order!;
const document = (id: string, more: Partial<ErpOrder> = {}): ErpOrder => ({
  id, number: `S-${id}`, reference: null, state: 'CONFIRMED', total: { amount: decimal('30'), currencyCode: 'EUR' },
  lines: [{ sku: 'A', quantity: decimal('3'), delivered: decimal('0') }], updatedAt: at(1), ...more,
});
const shipment = (id: string, orderId: string, quantity: string, more: Partial<ShipmentRecord> = {}): ShipmentRecord => ({
  id, number: `OUT-${id}`, orderId, state: 'SHIPPED', carrier: 'DHL', tracking: [{ trackingNumber: `T${id}`, trackingUrl: null }], locationCode: null,
  lines: [{ sku: 'A', quantity: quantity as Decimal }], shippedAt: at(5), direction: 'OUTBOUND', updatedAt: at(5), ...more,
});
const eventsOf = async (orderId: string): Promise<string[]> =>
  (await world.database.query<{ type: string }>(`select payload ->> 'type' as type from orders.outbox where payload ->> 'orderId' = $1 order by id`, [orderId])).map((row) => row.type);

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('orders told by the ERP', () => {
  it('link to ours by reference, and follow it', async () => {
    const { id, number } = await placed();
    const erpId = nextId();
    await tell(document(erpId, { reference: number }));
    expect(await order(id)).toMatchObject({ state: 'ACCEPTED_BY_ERP', erpOrderId: erpId, erpNumber: `S-${erpId}` });
    await tell(document(erpId, { reference: number, updatedAt: at(2), lines: [{ sku: 'A', quantity: decimal('3'), delivered: decimal('1') }] }));
    expect((await order(id)).state).toBe('PARTIALLY_SHIPPED');
    expect((await readLines(world.database, [id]))[0]!.shippedQuantity).toBe('1');
    await tell(document(erpId, { reference: number, updatedAt: at(1), state: 'CANCELLED' }));
    expect((await order(id)).state).toBe('PARTIALLY_SHIPPED');
  });

  it('change nothing when repeated', async () => {
    const { id, number } = await placed();
    const told = document(nextId(), { reference: number });
    await tell(told);
    const before = await eventsOf(id);
    expect(await tell(told, told)).toEqual({ changed: 0, rejected: [] });
    expect(await eventsOf(id)).toEqual(before);
    expect(await readTimelines(world.database, [id])).toHaveLength(2);
  });

  it('become external orders when placed in the ERP, with its lines; quotations do not', async () => {
    const [erpId, draft] = [nextId(), nextId()];
    await tell(document(erpId), document(draft, { state: 'DRAFT' }));
    expect(await findByNumber(world.database, `S-${draft}`)).toBeNull();
    const found = (await findByNumber(world.database, `S-${erpId}`))!;
    expect(found).toMatchObject({ source: 'erp', owner: '', state: 'ACCEPTED_BY_ERP', total: '30', currencyCode: 'EUR' });
    await tell(document(erpId, { updatedAt: at(2), lines: [{ sku: 'B', quantity: decimal('5'), delivered: decimal('5') }] }));
    expect(await readLines(world.database, [found.id])).toMatchObject([{ sku: 'B', quantity: '5', unitPrice: null, shippedQuantity: '5' }]);
    expect((await order(found.id)).state).toBe('SHIPPED');
  });

  it('are refused by name when they double one of our references', async () => {
    const { number } = await placed();
    const [first, second] = [nextId(), nextId()];
    await tell(document(first, { reference: number }));
    const { rejected } = await tell(document(second, { reference: number, updatedAt: at(9) }));
    expect(rejected).toEqual([{ key: second, reason: expect.stringContaining(number) }]);
    expect((await findByNumber(world.database, number))!.erpOrderId).toBe(first);
  });
});

describe('shipments told by the ERP', () => {
  it('take the document confirmed first, when a copy of the draft was told of before it', async () => {
    const { id, number } = await placed();
    const [ours, copy] = [nextId(), nextId()];
    await tell(document(copy, { reference: number, state: 'DRAFT', updatedAt: at(9) }));
    expect(await tell(document(ours, { reference: number }), document(copy, { reference: number, state: 'DRAFT', updatedAt: at(10) }))).toMatchObject({ rejected: [{ key: copy }] });
    expect(await order(id)).toMatchObject({ state: 'ACCEPTED_BY_ERP', erpOrderId: ours });
    expect(await tell(document(copy, { reference: number, updatedAt: at(11) }))).toMatchObject({ rejected: [{ key: copy }] });
    expect((await order(id)).erpOrderId).toBe(ours);
  });

  it('ship the order in parts, and every order of messages ends the same', async () => {
    const [first, second] = [nextId(), nextId()];
    const states: string[] = [];
    for (const reverse of [false, true]) {
      const { id, number } = await placed();
      const erpId = nextId();
      const messages = [
        () => tell(document(erpId, { reference: number })),
        () => tellShipments(shipment(`${first}${reverse}`, erpId, '1', { state: 'PLANNED', shippedAt: null, updatedAt: at(3) })),
        () => tellShipments(shipment(`${first}${reverse}`, erpId, '1')),
        () => tellShipments(shipment(`${second}${reverse}`, erpId, '2')),
      ];
      for (const message of reverse ? messages.toReversed() : messages) await message();
      for (const message of messages) await message();
      states.push((await order(id)).state);
      expect(await readShipmentsOfOrders(world.database, [id])).toMatchObject([{ state: 'SHIPPED' }, { state: 'SHIPPED' }]);
      expect(await eventsOf(id)).toEqual(expect.arrayContaining(['shipment.changed', 'order.changed']));
    }
    expect(states).toEqual(['SHIPPED', 'SHIPPED']);
  });

  it('wait, without an event, for an order that is not known yet', async () => {
    const erpId = nextId();
    await tellShipments(shipment(`p${erpId}`, erpId, '3'));
    const [parked] = await world.database.query<{ order_id: string | null }>('select order_id from orders.shipment where id = $1', [`p${erpId}`]);
    expect(parked).toEqual({ order_id: null });
    await tell(document(erpId));
    const found = (await findByNumber(world.database, `S-${erpId}`))!;
    expect(found.state).toBe('SHIPPED');
    expect(await eventsOf(found.id)).toEqual(['shipment.changed', 'order.changed']);
  });

  it('that come back are returns, and ship nothing', async () => {
    const { id, number } = await placed();
    const erpId = nextId();
    await tell(document(erpId, { reference: number }));
    await tellShipments(shipment(`r${erpId}`, erpId, '1', { direction: 'RETURN' }));
    expect((await order(id)).state).toBe('ACCEPTED_BY_ERP');
    expect(await eventsOf(id)).not.toContain('shipment.changed');
  });

  it('keep their newest state under many writers at once', async () => {
    const { id, number } = await placed();
    const erpId = nextId();
    await Promise.all([
      tell(document(erpId, { reference: number })),
      ...Array.from({ length: 15 }, (_, second) => tellShipments(shipment(`c${erpId}`, erpId, '3', { updatedAt: at(second), state: second === 14 ? 'SHIPPED' : 'PLANNED' }))),
    ]);
    expect((await order(id)).state).toBe('SHIPPED');
  });
});
