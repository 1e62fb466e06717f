import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decimal, sum } from '../../domain/decimal.ts';
import type { RoutingHint } from '../../domain/orders.ts';
import type { Subgraph, SubgraphDependencies } from '../../subgraphs/frame/module.ts';
import { inventoryModule } from '../../subgraphs/inventory/index.ts';
import { createChangeOrder } from '../../subgraphs/orders/changes/request-change.ts';
import { createPlaceOrder, type PlaceOrder, type PlaceOrderOutcome } from '../../subgraphs/orders/placing/place-order.ts';
import { readOrder } from '../../subgraphs/orders/reading/store-reads.ts';
import { submitOrder } from '../../subgraphs/orders/submission/submit-order.ts';
import { applyItems } from '../../subgraphs/inventory/supply/store-items.ts';
import { disagreements, fakeErp, item, later, request, stock, stockOf } from '../unit/subgraphs/inventory/inventory-fixture.ts';
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
  erp.items.push(item('WHEEL'), item('FRAME'), item('BIKE', { kind: 'KIT', components: [{ sku: 'WHEEL', quantity: decimal('2') }, { sku: 'FRAME', quantity: decimal('1') }] }));
  erp.levels.push(stockOf('WHEEL', 4), stockOf('WHEEL', 5, { locationCode: 'B' }), stockOf('FRAME', 5, { locationCode: 'B' }));
  await stock(world.database, erp.levels);
  await world.database.transaction((tx) => applyItems(tx, erp.items, later(0)));
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

it('hands on where the goods come from: every piece held in one hint, a kit\'s under its components', async () => {
  const lines = [{ sku: 'WHEEL', quantity: decimal('3') }, { sku: 'BIKE', quantity: decimal('2') }];
  const { order: placed, userErrors } = await place(basket({ lines }), scopeOf());
  expect(userErrors).toEqual([]);
  const hinted = (wanted: (hint: RoutingHint) => boolean): string => sum(placed!.routing.filter(wanted).map((hint) => hint.quantity));
  const onLine = (number: number, sku: string): string => hinted((hint) => hint.lineNumber === number && hint.sku === sku);
  expect([onLine(1, 'WHEEL'), onLine(2, 'WHEEL'), onLine(2, 'FRAME'), onLine(1, 'FRAME')]).toEqual(['3', '4', '2', '0']);
  const held = await world.database.query<{ sku: string; location_code: string; quantity: string }>(
    `select l.sku, l.location_code, trim_scale(sum(l.quantity))::text as quantity from inventory.hold_line l join inventory.hold h on h.id = l.hold_id where h.order_reference = $1 group by 1, 2`, [placed!.number],
  );
  // Seven wheels are in no place alone.
  expect(held).toHaveLength(3);
  for (const { sku, location_code, quantity } of held) expect(hinted((hint) => hint.sku === sku && hint.locationCode === location_code)).toBe(quantity);
});

it('tells the ledger when the ERP has the order', async () => {
  const { order: placed } = await order('PIECE', '2');
  await submitOrder({ ...dependencies, settings: QUICK, signal: new AbortController().signal }, { orderId: placed!.id, attempt: 0 });
  expect((await readOrder(world.database, placed!.id))!.submission).toBe('DONE');
  const [hold] = await world.database.query<{ state: string; accepted_at: string | null }>('select state, accepted_at from inventory.hold where order_reference = $1', [placed!.number]);
  expect(hold).toMatchObject({ state: 'COMMITTED', accepted_at: expect.any(String) });
});

it('gives back to the ledger what an order no longer takes, before and after the ERP has it', async () => {
  const { order: placed } = await order('PIECE', '4');
  const change = createChangeOrder({ ...dependencies, settings: QUICK.changes, signal: new AbortController().signal });
  const cancel = (quantity: string) => change('CANCEL', { idempotencyKey: `${placed!.id} ${quantity}`, lines: [{ lineNumber: 1, quantity: decimal(quantity) }] }, placed!.id, scopeOf());
  const held = async (): Promise<string> => (await world.database.query<{ held: string }>(`select trim_scale(sum(delta))::text as held from inventory.ledger where hold_id in (select id from inventory.hold where order_reference = $1)`, [placed!.number]))[0]!.held;
  expect((await cancel('1')).change?.state).toBe('APPLIED');
  expect(await held()).toBe('3');
  await submitOrder({ ...dependencies, settings: QUICK, signal: new AbortController().signal }, { orderId: placed!.id, attempt: 0 });
  expect((await cancel('2')).change?.state).toBe('APPLIED');
  expect(await held()).toBe('1');
  expect(world.erp.documents.find((document) => document.reference === placed!.number)!.lines).toMatchObject([{ quantity: '1' }]);
  expect(await disagreements(world.database)).toEqual([]);
});
