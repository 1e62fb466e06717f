import 'reflect-metadata';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { globalId } from '../../../../domain/ids.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { parseAmendmentPolicy } from '../../../../subgraphs/orders/changes/policy.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { placed } from './changes-world.ts';
import { createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
let subgraph: Subgraph<'orders'>;

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

const CHANGE = `{ change { id state requestedAt settledAt reason refusal explanation lines { lineNumber sku from to applied } shipTo { city } requestedOn amountDifference { amount currencyCode } }
  order { state total { amount } lines { quantity } changes { id state } } userErrors { code field } warnings { code message } }`;
const CANCEL = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) ${CHANGE} }`;
const AMEND = `mutation ($input: AmendOrderInput!) { amendOrder(input: $input) ${CHANGE} }`;

const run = async (query: string, input: object, who = principal()): Promise<ExecutionResult> =>
  (await execute({ schema: subgraph.schema, document: parse(query), contextValue: subgraph.createContext(scopeOf(who)), variableValues: { input } })) as ExecutionResult;

it('cancels and amends, and shows what became of it', async () => {
  const order = await placed(world, { A: 5, B: 1 });
  const orderId = globalId('Order', order.id);
  const cancelled = await run(CANCEL, { idempotencyKey: 'g-1', orderId, lines: [{ lineNumber: 1, quantity: '2' }], reason: 'no room' });
  expect(cancelled).toMatchObject({ data: { cancelOrder: {
    change: { state: 'APPLIED', reason: 'no room', refusal: null, lines: [{ lineNumber: 1, sku: 'A', from: '5', to: '3', applied: '3' }], amountDifference: { amount: '-21.99', currencyCode: 'EUR' } },
    order: { total: { amount: '43.99' }, lines: [{ quantity: '3' }, { quantity: '1' }], changes: [{ state: 'APPLIED' }] }, userErrors: [],
    warnings: [{ code: 'PAYMENT_TO_BE_ADJUSTED', message: '21.99 EUR to be refunded, or released from the authorisation' }],
  } } });
  const amended = await run(AMEND, { idempotencyKey: 'g-2', orderId, lines: [{ lineNumber: 2, quantity: '0' }], shipTo: { line1: 'a', city: 'Kiel', countryCode: 'DE' }, requestedDate: '2999-01-01' });
  expect(amended).toMatchObject({ data: { amendOrder: { change: { state: 'APPLIED', shipTo: { city: 'Kiel' }, requestedOn: '2999-01-01' }, order: { changes: [{ state: 'APPLIED' }, { state: 'APPLIED' }] } } } });
});

it('needs the right to write, and an order one may see', async () => {
  const order = await placed(world, { A: 1 });
  const input = { idempotencyKey: 'g-3', orderId: globalId('Order', order.id) };
  const reader = await run(CANCEL, input, principal('storefront', { scopes: ['order:read'] }));
  expect(reader.errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  expect(await run(CANCEL, { ...input, orderId: 'junk' })).toMatchObject({ data: { cancelOrder: { change: null, userErrors: [{ code: 'NOT_FOUND', field: ['orderId'] }] } } });
});

it('reads a merchant\'s policy, and names what is wrong with it', () => {
  expect(parseAmendmentPolicy({ channels: { amazon: { allow: ['CANCEL'], until: 'BEFORE_ERP' } } }, 'f')).toMatchObject({ default: { until: 'BEFORE_PICKING' }, channels: { amazon: { allow: ['CANCEL'], until: 'BEFORE_ERP' } } });
  expect(() => parseAmendmentPolicy({ default: { until: 'NEVER' } }, 'f')).toThrow(Failure);
  expect(() => parseAmendmentPolicy({ default: { until: 'NEVER' } }, 'f')).toThrow(/default\.until: must be one of BEFORE_ERP, BEFORE_PICKING/);
});
