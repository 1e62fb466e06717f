import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import type { NewOrder } from '../../../../domain/orders.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../../../subgraphs/orders/submission/tools.ts';
import { basket, createWorld, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

function tools(split: (id: string, order: NewOrder) => Promise<void>): SubmissionTools {
  const dependencies = world.dependencies();
  const source = dependencies.ports.port('orders')!;
  const port = { ...source.port, splitDeliveries: split };
  const ports = { port: ((name: string) => (name === 'orders' ? { ...source, port } : dependencies.ports.port(name as 'customers'))) as typeof dependencies.ports.port };
  return { ...dependencies, ports, settings: QUICK, signal: new AbortController().signal };
}

async function placedForTwo(): Promise<OrderRecord> {
  const order = (await createPlaceOrder(world.dependencies(), QUICK)(basket(), scopeOf())).order!;
  const shipTo = { name: 'Bo', company: null, line1: 'Way 2', line2: null, city: 'Ulm', region: null, postalCode: '89073', countryCode: 'DE', phone: null };
  await world.database.run('update orders.order_line set ship_to = $2 where order_id = $1 and line_number = 2', [order.id, JSON.stringify(shipTo)]);
  return order;
}

it('is asked for after the order is in the ERP, and again until it is done: only then is the order done', async () => {
  const order = await placedForTwo();
  const asked: (string | undefined)[] = [];
  const own = tools(async (id, told) => {
    asked.push(`${id} ${told.lines.map(({ shipTo }) => shipTo?.city ?? '-').join()}`);
    if (asked.length < 3) throw new Failure('UPSTREAM_TIMEOUT', 'silent');
  });
  for (let attempt = 0; attempt < 4; attempt += 1) await submitOrder(own, { orderId: order.id, attempt });
  const { erpOrderId, submission } = (await readOrder(world.database, order.id))!;
  expect(asked).toEqual([1, 2, 3].map(() => `${erpOrderId} -,Ulm`));
  expect({ submission, documents: world.erp.documents.length }).toEqual({ submission: 'DONE', documents: 1 });
});

it('refused, it is told with the order, which is in the ERP all the same', async () => {
  const order = await placedForTwo();
  await submitOrder(tools(() => Promise.reject(new Failure('UPSTREAM_REJECTED', 'picked already'))), { orderId: order.id, attempt: 0 });
  expect(await readOrder(world.database, order.id)).toMatchObject({
    submission: 'DONE', state: 'ACCEPTED_BY_ERP', warnings: [{ code: 'SHIPMENTS_NOT_SPLIT', message: expect.stringContaining('picked already') }],
  });
});

it('nobody asks for it where all goes to one address', async () => {
  const order = (await createPlaceOrder(world.dependencies(), QUICK)(basket(), scopeOf())).order!;
  await submitOrder(tools(() => Promise.reject(new Error('asked'))), { orderId: order.id, attempt: 0 });
  expect(await readOrder(world.database, order.id)).toMatchObject({ submission: 'DONE', warnings: [] });
});
