import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import type { Subgraph, SubgraphDependencies } from '../../subgraphs/frame/module.ts';
import { inventoryModule } from '../../subgraphs/inventory/index.ts';
import { createPlaceOrder, type PlaceOrder, type PlaceOrderOutcome } from '../../subgraphs/orders/place-order.ts';
import { readOrder } from '../../subgraphs/orders/store-reads.ts';
import { submitOrder } from '../../subgraphs/orders/submission.ts';
import { disagreements, fakeErp, item, request, stock, stockOf } from '../unit/subgraphs/inventory/inventory-fixture.ts';
import { basket, createWorld, QUICK, scopeOf, type World } from '../unit/subgraphs/orders/harness.ts';

/* The two ledgers that must agree, both real: orders here, stock there. */

let world: World;
let inventory: Subgraph<'inventory'>;
let dependencies: SubgraphDependencies;
let place: PlaceOrder;
const STOCK = { FEW: 5, OWN: 3, PIECE: 10 };

beforeAll(async () => {
  world = await createWorld();
  const erp = fakeErp();
  erp.items = Object.keys(STOCK).map((sku) => item(sku));
  erp.levels = Object.entries(STOCK).map(([sku, onHand]) => stockOf(sku, onHand));
  await stock(world.database, erp.levels);
  const plain = world.dependencies();
  inventory = await inventoryModule.create({ ...plain, ports: erp.ports });
  dependencies = { ...plain, clients: { ...plain.clients, inventory: inventory.client } };
  place = createPlaceOrder(dependencies, QUICK);
});
afterAll(async () => {
  await inventory.stop();
  await world.close();
});

const order = (sku: string, quantity: string, more: object = {}): Promise<PlaceOrderOutcome> =>
  place(basket({ lines: [{ sku, quantity: decimal(quantity) }], ...more }), scopeOf());

it('sells five of five to twenty buyers at once, and the books agree', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => order('FEW', '1')));
  expect(outcomes.filter((outcome) => outcome.order !== null)).toHaveLength(5);
  expect(new Set(outcomes.flatMap((outcome) => outcome.userErrors.map((error) => error.code)))).toEqual(new Set(['OUT_OF_STOCK']));
  expect(await disagreements(world.database)).toEqual([]);
});

it('takes over the buyer\'s own hold, and refuses anybody else\'s', async () => {
  const held = await inventory.client.placeHold(request({ OWN: 3 }, { owner: 'storefront' }));
  const holdId = held.kind === 'HELD' ? held.hold.id : '';
  const foreign = await inventory.client.placeHold(request({ PIECE: 1 }, { owner: 'somebody' }));
  expect((await order('PIECE', '1', { holdId: foreign.kind === 'HELD' ? foreign.hold.id : '' })).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['holdId'] }]);
  expect((await order('OWN', '3')).userErrors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
  expect((await order('OWN', '3', { holdId })).order).not.toBeNull();
  expect(await disagreements(world.database)).toEqual([]);
});

it('refuses half a piece, naming the line', async () => {
  expect((await order('PIECE', '1.5')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['lines', '0', 'quantity'] }]);
});

it('tells the ledger when the ERP has the order', async () => {
  const { order: placed } = await order('PIECE', '2');
  await submitOrder({ ...dependencies, settings: QUICK, signal: new AbortController().signal }, { orderId: placed!.id, attempt: 0 });
  expect((await readOrder(world.database, placed!.id))!.submission).toBe('DONE');
  const [hold] = await world.database.query<{ state: string; accepted_at: string | null }>('select state, accepted_at from inventory.hold where order_reference = $1', [placed!.number]);
  expect(hold).toMatchObject({ state: 'COMMITTED', accepted_at: expect.any(String) });
});
