import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { ErpOrder } from '../../../../domain/orders.ts';
import type { CreditMemoRecord } from '../../../../domain/returns.ts';
import type { ShipmentRecord } from '../../../../domain/shipments.ts';
import { instant } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { recordCarrierNews } from '../../../../subgraphs/orders/following/carrier-news.ts';
import { recordCreditMemos } from '../../../../subgraphs/orders/following/store-credit-memos.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { readMemosOfOrders } from '../../../../subgraphs/orders/following/store-memo-reads.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import { readLines, readOrder, readShipmentsOfOrders } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { GraphCarrierNewsKind } from '../../../../subgraphs/orders/types-shipment.ts';
import { createWorld, principal, type World } from './harness.ts';
import { storeOrder, type StoredOrder } from './stored-orders.ts';

let world: World;
let serial = 0;
const at = (second: number) => instant(Date.UTC(2026, 0, 1, 0, 0, second));
const report = { source: 'erp', at: at(50) };
const carrier = principal('dhl');

type Message = () => Promise<unknown>;

const money = (amount: string) => ({ amount: decimal(amount), currencyCode: 'EUR' });

/** Everything an order may live through, as messages: each may come at any time, and again. */
function lifeOf({ number }: StoredOrder, erpId: string): readonly Message[] {
  const order = (second: number, state: ErpOrder['state'], a: string): Message => () => world.database.transaction((tx) => recordErpOrders(tx, [{
    id: erpId, number: `S${erpId}`, reference: number, state, total: money('30'), updatedAt: at(second),
    lines: [{ sku: 'A', quantity: decimal('3'), delivered: decimal(a) }, { sku: 'B', quantity: decimal('2'), delivered: decimal('0') }],
  }], report));
  const shipment = (name: string, second: number, more: Partial<ShipmentRecord>): Message => () => world.database.transaction((tx) => recordShipments(tx, [{
    id: `${erpId}-${name}`, number: `OUT/${name}`, orderId: erpId, state: 'PLANNED', carrier: 'DHL', tracking: [], locationCode: 'MAIN', lines: [{ sku: 'A', quantity: decimal('3') }],
    shippedAt: null, direction: 'OUTBOUND', updatedAt: at(second), ...more,
  }], report));
  const memo = (second: number, more: Partial<CreditMemoRecord>): Message => () => world.database.transaction((tx) => recordCreditMemos(tx, [{
    id: `${erpId}-M`, number: 'RINV/1', reference: null, orderId: erpId, state: 'DRAFT', paymentState: 'NOT_PAID', total: money('10'), tax: money('1.60'), lines: [], postedAt: null,
    updatedAt: at(second), ...more,
  }], report));
  const news = (trackingNumber: string, second: number, kind: string): Message => () => recordCarrierNews({ database: world.database, clock: systemClock },
    { idempotencyKey: `${erpId} ${trackingNumber} ${second}`, trackingNumber: `${trackingNumber} ${erpId}`, kind: kind as GraphCarrierNewsKind, at: at(second) }, carrier);
  const tracked = (trackingNumber: string) => ({ trackingNumber: `${trackingNumber}${erpId}`, trackingUrl: null });
  const part = [{ sku: 'A', quantity: decimal('2') }];
  const rest = [{ sku: 'A', quantity: decimal('1') }, { sku: 'B', quantity: decimal('2') }];
  const parcel = { reference: 'PACK1', carrier: 'DHL', trackings: [tracked('T2'), tracked('T3')], lines: rest };
  return [
    order(1, 'DRAFT', '0'), order(2, 'CONFIRMED', '0'), order(6, 'CONFIRMED', '2'),
    shipment('1', 3, { lines: [{ sku: 'A', quantity: decimal('3'), allocated: decimal('2') }] }), shipment('1', 4, { printed: true }), shipment('1', 5, { printed: true, picking: true }),
    shipment('1', 6, { state: 'SHIPPED', lines: part, tracking: [tracked('T1')], shippedAt: at(6) }),
    shipment('2', 7, { lines: rest, backorderOf: `${erpId}-1` }), shipment('2', 9, { state: 'SHIPPED', lines: rest, packages: [parcel], backorderOf: `${erpId}-1`, shippedAt: at(9) }),
    shipment('3', 7, {}), shipment('3', 8, { state: 'CANCELLED' }),
    shipment('4', 14, { direction: 'RETURN', lines: [{ sku: 'A', quantity: decimal('1') }] }),
    shipment('4', 15, { direction: 'RETURN', state: 'SHIPPED', lines: [{ sku: 'A', quantity: decimal('1') }], shippedAt: at(15) }),
    memo(16, {}), memo(17, { state: 'POSTED', postedAt: at(17) }), memo(18, { state: 'POSTED', paymentState: 'PAID', postedAt: at(17) }),
    news('T1', 7, 'PICKED_UP'), news('T1', 8, 'IN_TRANSIT'), news('T1', 9, 'FAILED'), news('T1', 10, 'DELIVERED'), news('T2', 10, 'PICKED_UP'), news('T3', 12, 'DELIVERED'),
  ];
}

interface Ending {
  readonly state: string;
  readonly [fact: string]: unknown;
}

/** How it all ends, without what is of this run alone. */
async function endingOf({ id }: StoredOrder, erpId: string): Promise<Ending> {
  const order = (await readOrder(world.database, id))!;
  const facts = await world.database.query<{ kind: string; fact: string; at: string }>('select kind, fact, at from orders.timeline where order_id = $1 order by kind, fact', [id]);
  const anonymous = (rows: unknown): unknown => JSON.parse(JSON.stringify(rows).replaceAll(erpId, 'ERP').replaceAll(id, 'ORDER')) as unknown;
  return {
    state: order.state, erp: [order.erpState, order.erpDelivered, order.erpUpdatedAt],
    lines: anonymous(await readLines(world.database, [id])),
    shipments: anonymous(await readShipmentsOfOrders(world.database, [id])),
    memos: anonymous(await readMemosOfOrders(world.database, [id])),
    facts: anonymous(facts),
  };
}

async function live(play: (messages: readonly Message[]) => readonly Message[]): Promise<Ending> {
  const erpId = `P${(serial += 1)}E`;
  const order = await storeOrder(world.database, {}, [{ sku: 'A', quantity: '3' }, { sku: 'B', quantity: '2' }]);
  for (const message of play(lifeOf(order, erpId))) await message();
  return endingOf(order, erpId);
}

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('what is told of an order', () => {
  it('ends the same in whatever order and however often it comes', async () => {
    const straight = await live((messages) => messages);
    expect(straight.state).toBe('DELIVERED');
    expect((straight['facts'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
      'ACCEPTED', 'ALLOCATED', 'BACKORDERED', 'CREDITED', 'DELIVERED', 'DELIVERED', 'DELIVERY_FAILED', 'PICKED_UP', 'PICKED_UP', 'PICKING', 'PRINTED', 'RETURN_RECEIVED',
      'SHIPMENT_CANCELLED', 'SHIPPED', 'SHIPPED',
    ]);
    expect(straight['lines']).toMatchObject([
      { sku: 'A', shippedQuantity: '3', returnedQuantity: '1', backorderedQuantity: '0' }, { sku: 'B', shippedQuantity: '2', returnedQuantity: '0' },
    ]);
    const size = lifeOf({ id: '', number: '' }, '').length;
    const schedule = fc.tuple(fc.shuffledSubarray([...Array(size).keys()], { minLength: size }), fc.array(fc.nat({ max: size - 1 }), { maxLength: 10 }), fc.infiniteStream(fc.nat({ max: 1_000 })));
    await fc.assert(fc.asyncProperty(schedule, async ([order, again, places]) => {
      const indices = [...order];
      for (const index of again) indices.splice(places.next().value % (indices.length + 1), 0, index);
      expect(await live((messages) => indices.map((index) => messages[index]!))).toEqual(straight);
    }), { numRuns: 25 });
  });

  it('ends the same backwards', async () => {
    expect(await live((messages) => messages.toReversed())).toEqual(await live((messages) => [...messages, ...messages]));
  });
});
