import 'reflect-metadata';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { ChangeEvent } from '../../../../domain/events.ts';
import { globalId } from '../../../../domain/ids.ts';
import type { Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { subscriptions } from '../../../../subgraphs/orders/following/subscriptions.ts';
import { createWorld, principal, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
const shopper = (subject: string, customerNumber: string): Principal =>
  principal(subject, { kind: 'SHOPPER', scopes: ['order:read', 'checkout:write'], customerNumber });
const ann = shopper('ann', 'C1');
const bob = shopper('bob', 'C2');
const clerk = principal('clerk', { kind: 'OPERATIONS', scopes: ['order:read:all'] });

async function ask(query: string, variableValues: Record<string, unknown> = {}, who = ann, rootValue?: unknown): Promise<ExecutionResult<Record<string, never>>> {
  const contextValue = subgraph.createContext(scopeOf(who));
  return (await execute({ schema: subgraph.schema, document: parse(query), contextValue, variableValues, rootValue })) as never;
}
const PLACE = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
  order { id number state total { amount currencyCode } lines { lineNumber sku variant { sku } quantity unitPrice { amount } lineTotal { amount } shippedQuantity } customer { number } stockVerified }
  userErrors { code field message retryable } warnings { code } } }`;
interface Placed { order: { id: string; number: string } & Record<string, unknown>; userErrors: { code: string; field: string[] }[] }
async function place(key: string, who = ann, more: Record<string, unknown> = {}): Promise<Placed> {
  const result = await ask(PLACE, { input: { idempotencyKey: key, lines: [{ sku: 'A', quantity: '2' }], ...more } }, who);
  expect(result.errors).toBeUndefined();
  return result.data!['placeOrder'] as unknown as Placed;
}

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

describe('the graph of orders', () => {
  it('places, and shows what was placed', async () => {
    const { order, userErrors } = await place('g1');
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({
      state: 'RECEIVED', total: { amount: '21.99', currencyCode: 'EUR' }, customer: { number: 'C1' }, stockVerified: true,
      lines: [{ lineNumber: 1, sku: 'A', variant: { sku: 'A' }, quantity: '2', unitPrice: { amount: '10.995' }, lineTotal: { amount: '21.99' }, shippedQuantity: '0' }],
    });
    const bad = await place('g2', ann, { lines: [{ sku: 'A', quantity: '-1' }], note: '4111 1111 1111 1111' });
    expect(bad).toMatchObject({ order: null, userErrors: [{ code: 'INVALID_INPUT', field: ['lines', '0', 'quantity'] }, { code: 'INVALID_INPUT', field: ['note'] }] });
  });

  it('finds an order by each of its names, and only for those who may see it', async () => {
    const { order } = await place('g3', ann, { externalOrderId: 'X-1' });
    const find = `query ($by: OrderReference!) { order(by: $by) { id } }`;
    const names = [{ id: order.id }, { number: order.number }, { external: { channel: 'web', externalOrderId: 'X-1' } }];
    for (const by of names) {
      expect((await ask(find, { by })).data).toEqual({ order: { id: order.id } });
      expect((await ask(find, { by }, clerk)).data).toEqual({ order: { id: order.id } });
      expect((await ask(find, { by }, bob)).data).toEqual({ order: null });
    }
    expect((await ask(find, { by: { id: order.id, number: order.number } })).errors?.[0]?.message).toContain('exactly one');
    expect((await ask(find, { by: { id: globalId('Order', 'x') } })).data).toEqual({ order: null });
    expect((await ask(find, { by: { number: 'x' } }, principal('nobody', { kind: 'ANONYMOUS', scopes: [] }))).errors?.[0]?.originalError).toMatchObject({ code: 'UNAUTHENTICATED' });
    const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { number } } }`;
    const r = [{ __typename: 'Order', id: order.id }];
    expect((await ask(entities, { r })).data).toEqual({ _entities: [{ number: order.number }] });
    expect((await ask(entities, { r }, bob)).data).toEqual({ _entities: [null] });
  });

  it('pages through one\'s own orders, newest first, stable while more come in', async () => {
    const mine: string[] = [];
    for (let index = 0; index < 5; index += 1) mine.unshift((await place(`page-${index}`, bob)).order.id);
    const list = `query ($after: String) { orders(first: 2, after: $after) { nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } totalCount } }`;
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { orders } = (await ask(list, { after }, bob)).data as unknown as { orders: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: number } };
      expect(orders.pageInfo.hasNextPage).toBe(page < 2);
      seen.push(...orders.nodes.map((node) => node.id));
      after = orders.pageInfo.endCursor;
      if (page === 0) await place('page-late', bob);
    }
    expect(seen).toEqual(mine);
    expect((await ask(list, { after: 'junk' }, bob)).errors?.[0]?.originalError).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
    const filtered = await ask(`{ orders(filter: {state: SHIPPED}) { nodes { id } } }`, {}, bob);
    expect(filtered.data).toEqual({ orders: { nodes: [] } });
  });

  it('follows the ERP: acceptance, shipment, push, return', async () => {
    await subgraph.start();
    const { order } = await place('life');
    const number = order.number;
    const state = async (): Promise<string> => ((await ask(`query ($by: OrderReference!) { order(by: $by) { state } }`, { by: { number } })).data as unknown as { order: { state: string } }).order.state;
    await until(async () => (await state()) === 'ACCEPTED_BY_ERP', 'the ERP has it');
    const erpId = world.erp.documents.find((document) => document.reference === number)!.id;
    const now = instant(Date.now());
    world.erp.shipments.push(
      { id: '77', number: 'WH/OUT/77', orderId: erpId, state: 'SHIPPED', carrier: 'DHL', tracking: [{ trackingNumber: 'T1', trackingUrl: 'https://t/1' }], locationCode: null, lines: [{ sku: 'A', quantity: decimal('2') }], shippedAt: now, direction: 'OUTBOUND', updatedAt: now },
      { id: '78', number: 'WH/IN/78', orderId: erpId, state: 'PLANNED', carrier: null, tracking: [], locationCode: null, lines: [{ sku: 'A', quantity: decimal('1') }], shippedAt: null, direction: 'RETURN', updatedAt: now },
    );
    subgraph.wake('shipments');
    await until(async () => (await state()) === 'SHIPPED', 'it is shipped');
    const event = await until(async () => (await world.eventLog.readAfter('shipment', '0-0', 100)).events.at(-1), 'the event is in the log');
    const [definition] = subscriptions;
    expect(definition!.matches(event.payload as never, { orderId: order.id }, ann)).toBe(true);
    expect(definition!.matches(event.payload as never, { orderId: order.id }, bob)).toBe(false);
    expect(definition!.matches(event.payload as never, { orderId: order.id }, clerk)).toBe(true);
    const pushed = await ask(
      `query ($id: ID!) { order(by: {id: $id}) { returns { number state receivedAt lines { sku } } timeline { state source } erpOrder { number } } }`, { id: order.id },
    );
    expect(pushed.data).toMatchObject({ order: {
      returns: [{ number: 'WH/IN/78', state: 'EXPECTED', receivedAt: null, lines: [{ sku: 'A' }] }],
      timeline: [{ state: 'RECEIVED', source: 'graph' }, { state: 'ACCEPTED_BY_ERP', source: 'erp' }, { state: 'SHIPPED', source: 'erp' }],
    } });
    const root = { ...(event.payload as ChangeEvent), cursor: event.cursor };
    const update = await executeSubscription(`subscription ($id: ID!) { shipmentUpdated(orderId: $id) { cursor at shipment { number packages { trackingNumber trackingUrl } lines { sku variant { sku } quantity } order { number state } } } }`, { id: order.id }, root);
    expect(update.data).toMatchObject({ shipmentUpdated: { cursor: event.cursor, shipment: {
      number: 'WH/OUT/77', packages: [{ trackingNumber: 'T1', trackingUrl: 'https://t/1' }], lines: [{ sku: 'A', variant: { sku: 'A' }, quantity: '2' }], order: { number, state: 'SHIPPED' },
    } } });
    expect((await subgraph.health()).reasons).toEqual([]);
  });
});

/** As the gateway does: a subscription's selection is executed like a query with the event as root. */
const executeSubscription = (query: string, variables: Record<string, unknown>, root: unknown): Promise<ExecutionResult> => ask(query, variables, ann, root);
