import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { ShipmentChanged } from '../../../../domain/events.ts';
import { globalId } from '../../../../domain/ids.ts';
import type { ErpOrder } from '../../../../domain/orders.ts';
import type { Principal } from '../../../../domain/principal.ts';
import type { ShipmentRecord } from '../../../../domain/shipments.ts';
import { instant } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import type { RelayedEvent } from '../../../../platform/outbox.ts';
import { recordCarrierNews } from '../../../../subgraphs/orders/following/carrier-news.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import { shipmentUpdated } from '../../../../subgraphs/orders/following/subscriptions.ts';
import { mayBeTold, presentOrderEvent } from '../../../../subgraphs/orders/following/telling.ts';
import type { RecordCarrierNewsInput } from '../../../../subgraphs/orders/following/types.ts';
import { readOrder, readTimelines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { GraphCarrierNewsKind } from '../../../../subgraphs/orders/types-shipment.ts';
import { createWorld, principal, type World } from './harness.ts';
import { storeOrder } from './stored-orders.ts';

let world: World;
let serial = 0;
const at = (second: number) => instant(Date.UTC(2026, 0, 1, 0, 0, second));
const report = { source: 'erp', at: at(50) };
const dhl = principal('dhl', { scopes: ['fulfilment:write'] });
const clerk = principal('clerk', { kind: 'OPERATIONS', scopes: ['order:read:all'] });

interface Following {
  readonly id: string;
  readonly erpId: string;
  ship(name: string, quantity: string, more?: Partial<ShipmentRecord>): Promise<unknown>;
  news(trackingNumber: string, kind: string, second?: number, more?: Partial<RecordCarrierNewsInput>, who?: Principal): ReturnType<typeof recordCarrierNews>;
  state(): Promise<string>;
  /** Events of its shipments as they leave, on a channel that asks for pickup or does not. */
  events(afterPickup: readonly string[]): Promise<readonly ShipmentChanged[]>;
  kinds(): Promise<readonly string[]>;
}

async function follow(columns: Readonly<Record<string, unknown>> = {}): Promise<Following> {
  const erpId = `N${(serial += 1)}E`;
  const { id, number } = await storeOrder(world.database, columns);
  const document: ErpOrder = {
    id: erpId, number: `S${erpId}`, reference: number, state: 'CONFIRMED', total: null, lines: [{ sku: 'A', quantity: decimal('3'), delivered: decimal('0') }], updatedAt: at(1),
  };
  await world.database.transaction((tx) => recordErpOrders(tx, [document], report));
  return {
    id, erpId,
    ship: (name, quantity, more = {}) => world.database.transaction((tx) => recordShipments(tx, [{
      id: `${erpId}-${name}`, number: `OUT/${name}`, orderId: erpId, state: 'SHIPPED', carrier: 'DHL', tracking: [{ trackingNumber: `T${name}${erpId}`, trackingUrl: null }], locationCode: null,
      lines: [{ sku: 'A', quantity: decimal(quantity) }], shippedAt: at(5), direction: 'OUTBOUND', updatedAt: at(5), ...more,
    }], report)),
    news: (trackingNumber, kind, second = 10, more = {}, who = dhl) => recordCarrierNews({ database: world.database, clock: systemClock },
      { idempotencyKey: `${erpId} ${trackingNumber} ${kind} ${second}`, trackingNumber: `${trackingNumber}${erpId}`, kind: kind as GraphCarrierNewsKind, at: at(second), ...more }, who),
    state: async () => (await readOrder(world.database, id))!.state,
    events: async (afterPickup) => {
      const rows = await world.database.query<{ payload: RelayedEvent }>(
        `select payload from orders.outbox where payload ->> 'orderId' = $1 and payload ->> 'type' = 'shipment.changed' order by id`, [id]);
      return rows.map(({ payload }) => presentOrderEvent(afterPickup)(payload) as ShipmentChanged);
    },
    kinds: async () => (await readTimelines(world.database, [id])).map(({ kind }) => kind),
  };
}

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('news of carriers', () => {
  it('deliver an order once every parcel that can be followed has arrived', async () => {
    const order = await follow();
    await order.ship('1', '2');
    await order.ship('2', '1');
    expect(await order.news('T1', 'DELIVERED')).toMatchObject({ news: { kind: 'DELIVERED' }, shipmentIds: [globalId('Shipment', `${order.erpId}-1`)], userErrors: [], warnings: [] });
    expect(await order.state()).toBe('SHIPPED');
    await order.news('T2', 'IN_TRANSIT');
    expect(await order.state()).toBe('SHIPPED');
    await order.news('T2', 'DELIVERED', 11);
    expect(await order.state()).toBe('DELIVERED');
    await order.news('T2', 'FAILED', 9);
    await order.news('T2', 'IN_TRANSIT', 30);
    expect(await order.state()).toBe('DELIVERED');
    expect(await order.kinds()).toEqual(['ACCEPTED', 'SHIPPED', 'SHIPPED', 'DELIVERY_FAILED', 'DELIVERED', 'DELIVERED']);
  });

  it('are kept until a shipment has the number, however it is written', async () => {
    const order = await follow();
    expect(await order.news('t9', 'DELIVERED', 10, { trackingNumber: ` t 9${order.erpId.toLowerCase()}` })).toMatchObject({ shipmentIds: [], warnings: [{ code: 'PARKED' }] });
    await order.ship('9', '3', { state: 'PLANNED', tracking: [], shippedAt: null, updatedAt: at(4) });
    expect(await order.state()).toBe('ACCEPTED_BY_ERP');
    await order.ship('9', '3');
    expect(await order.state()).toBe('DELIVERED');
  });

  it('may name the shipment, where its number is not the ERP\'s', async () => {
    const order = await follow();
    const shipmentId = globalId('Shipment', `${order.erpId}-1`);
    expect(await order.news('OTHER', 'DELIVERED', 10, { shipmentId })).toMatchObject({ warnings: [{ code: 'PARKED' }] });
    await order.ship('1', '3', { tracking: [] });
    expect(await order.state()).toBe('DELIVERED');
  });

  it('of a number used years before are of the shipment of that time', async () => {
    const order = await follow();
    await order.news('T1', 'DELIVERED', 10, { at: instant(Date.UTC(2024, 0, 1)) });
    await order.ship('1', '3');
    expect(await order.state()).toBe('SHIPPED');
  });

  it('change nothing when repeated, under their key or another; a key is of one message alone', async () => {
    const order = await follow();
    await order.ship('1', '3');
    await order.news('T1', 'PICKED_UP');
    const before = await order.events([]);
    expect(await order.news('T1', 'PICKED_UP')).toMatchObject({ news: { kind: 'PICKED_UP' }, warnings: [] });
    expect(await order.news('T1', 'PICKED_UP', 10, { idempotencyKey: 'another' })).toMatchObject({ warnings: [{ code: 'REPEATED' }] });
    expect(await order.events([])).toEqual(before);
    expect(await order.news('T1', 'DELIVERED', 10, { idempotencyKey: 'another' })).toMatchObject({ news: null, userErrors: [{ code: 'CONFLICT', field: ['idempotencyKey'] }] });
    expect(await order.news('T1', 'DELIVERED', 10, { idempotencyKey: 'another' }, principal('ups'))).toMatchObject({ userErrors: [], warnings: [] });
  });

  it('are refused by field', async () => {
    const order = await follow();
    const bad = { idempotencyKey: ' ', trackingNumber: '', shipmentId: 'x', at: instant(Date.now() + 7_200_000), detail: 'card 4111 1111 1111 1111' };
    const { userErrors } = await order.news('T1', 'DELIVERED', 1, bad);
    expect(userErrors.map(({ field }) => field[0]).toSorted()).toEqual(['at', 'detail', 'idempotencyKey', 'shipmentId', 'trackingNumber']);
    expect(await world.database.query('select 1 from orders.carrier_news where reported_by = $1 and idempotency_key = $2', ['dhl', ''])).toEqual([]);
  });

  it('that come at once from many sides are all kept', async () => {
    const order = await follow();
    await Promise.all([order.ship('1', '3'), ...Array.from({ length: 10 }, (_, second) => order.news('T1', second === 9 ? 'DELIVERED' : 'IN_TRANSIT', second + 1))]);
    expect(await order.state()).toBe('DELIVERED');
  });
});

describe('who asks to be told after pickup', () => {
  const told = async (order: Following, afterPickup: readonly string[]): Promise<readonly ShipmentChanged[]> =>
    (await order.events(afterPickup)).filter((event) => shipmentUpdated.matches(event, { onlyTellable: true }, clerk));

  it('is told nothing before, and of one event that it is the first', async () => {
    const order = await follow({ channel: 'web' });
    await order.ship('1', '3', { state: 'PLANNED', tracking: [], shippedAt: null, updatedAt: at(4) });
    await order.ship('1', '3');
    await order.news('T1', 'FAILED', 6);
    expect(await told(order, ['web'])).toEqual([]);
    expect((await order.events(['web'])).length).toBeGreaterThan(2);
    await order.news('T1', 'IN_TRANSIT', 7);
    await order.news('T1', 'PICKED_UP', 6);
    await order.news('T1', 'DELIVERED', 8);
    await order.ship('1', '3', { carrier: 'DHL Express', updatedAt: at(20) });
    expect((await told(order, ['web'])).map(({ tellable }) => tellable)).toEqual(['FIRST', 'YES', 'YES', 'YES']);
  });

  it('is told at once on other channels, and of orders without one', async () => {
    for (const channel of ['shop', null]) {
      const order = await follow({ channel });
      await order.ship('1', '3', { state: 'PLANNED', shippedAt: null, updatedAt: at(4) });
      expect(await told(order, ['web'])).toEqual([]);
      await order.ship('1', '3');
      await order.news('T1', 'PICKED_UP');
      expect((await told(order, ['web'])).map(({ tellable }) => tellable)).toEqual(['FIRST', 'YES']);
    }
  });

  it('is told when the carrier was faster than the ERP', async () => {
    const order = await follow({ channel: 'web' });
    await order.news('T1', 'PICKED_UP', 4);
    await order.ship('1', '3');
    expect((await told(order, ['web'])).map(({ tellable }) => tellable)).toEqual(['FIRST']);
  });

  it.each([
    ['PLANNED', false, false, false], ['SHIPPED', false, true, false], ['SHIPPED', true, true, true], ['PLANNED', true, true, true], ['CANCELLED', false, false, false],
  ] as const)('%s, moved %s: %s on most channels, %s on those that ask', (state, moved, most, asking) => {
    expect(mayBeTold('shop', { state, moved }, ['web'])).toBe(most);
    expect(mayBeTold(null, { state, moved }, ['web'])).toBe(most);
    expect(mayBeTold('web', { state, moved }, ['web'])).toBe(asking);
  });
});
