import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import { globalId } from '../../../../domain/ids.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import { basket, createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
const operations = principal('otto', { kind: 'OPERATIONS', scopes: ['operations'] });
const shopper = principal('ann', { kind: 'SHOPPER', scopes: ['order:read', 'checkout:write'], customerNumber: 'C1' });

async function ask(query: string, variableValues: Record<string, unknown> = {}, who = operations): Promise<ExecutionResult<Record<string, never>>> {
  return (await execute({ schema: subgraph.schema, document: parse(query), contextValue: subgraph.createContext(scopeOf(who)), variableValues })) as never;
}

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

const RETRY = `mutation ($input: RetryOrderInput!) { retryOrder(input: $input) { order { state audit { actor action detail } } userErrors { code field } warnings { message } } }`;

it('shows what needs attention, and lets operations alone resolve it', async () => {
  const placed = (await createPlaceOrder(world.dependencies(), QUICK)(basket(), scopeOf())).order!;
  const refusing = world.dependencies((moment, method) => {
    if (moment === 'before' && method === 'createOrder') throw new Failure('UPSTREAM_REJECTED', 'no such warehouse');
  });
  await submitOrder({ ...refusing, settings: QUICK, signal: new AbortController().signal }, { orderId: placed.id, attempt: 0 });
  const issues = await ask('{ orderIssues { nodes { order { number } code reason attempts lastFailure since } pageInfo { hasNextPage } } orderQueue { system waiting needAttention pausedSince closedUntil windows { id } } }');
  expect(issues.errors).toBeUndefined();
  expect(issues.data).toMatchObject({
    orderIssues: { nodes: [{ order: { number: placed.number }, code: 'REFUSED', reason: 'no such warehouse', attempts: 0, lastFailure: 'no such warehouse' }], pageInfo: { hasNextPage: false } },
    orderQueue: { system: 'erp', waiting: 0, needAttention: 1, pausedSince: null, closedUntil: null, windows: [] },
  });
  const input = { idempotencyKey: randomUUID(), orderId: globalId('Order', placed.id), reason: 'added it' };
  expect((await ask(RETRY, { input }, shopper)).errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  expect((await ask(RETRY, { input })).data).toMatchObject({ retryOrder: { order: { state: 'RECEIVED', audit: [{ actor: 'otto', action: 'order.retry' }] }, userErrors: [], warnings: [] } });
  expect((await ask(RETRY, { input: { ...input, orderId: globalId('Order', randomUUID()) } })).data).toMatchObject({ retryOrder: { order: null, userErrors: [{ code: 'NOT_FOUND', field: ['orderId'] }] } });
  expect((await ask(`query ($by: OrderReference!) { order(by: $by) { audit { id } } }`, { by: { number: placed.number } }, principal('clerk', { scopes: ['order:read:all'] }))).errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  const edited = await ask(
    `mutation ($input: EditAndRetryOrderInput!) { editAndRetryOrder(input: $input) { order { note shipTo { city } } userErrors { field message } } }`,
    { input: { ...input, idempotencyKey: randomUUID(), edit: { note: 'ring', requestedDate: null, shipTo: { line1: 'Way 1', city: 'Bonn', countryCode: 'de' } } } },
  );
  expect(edited.data).toEqual({ editAndRetryOrder: { order: { note: 'ring', shipTo: { city: 'Bonn' } }, userErrors: [] } });
  const cancelled = await ask(`mutation ($input: CancelOrderWithReleaseInput!) { cancelOrderWithRelease(input: $input) { order { state } userErrors { code message } } }`, { input: { ...input, idempotencyKey: randomUUID() } });
  expect(cancelled.data).toEqual({ cancelOrderWithRelease: { order: { state: 'CANCELLED' }, userErrors: [] } });
  expect(await readOrder(world.database, placed.id)).toMatchObject({ submission: 'CANCELLED' });
});

it('shows and changes code maps, page by page', async () => {
  const set = `mutation ($input: SetCodeMappingInput!) { setCodeMapping(input: $input) { mapping { ours theirs trackingUrl names updatedBy } ordersWaiting ordersRetried userErrors { code field message } warnings { message } } }`;
  for (const ours of ['DHL', 'UPS', 'GLS']) {
    const result = await ask(set, { input: { idempotencyKey: randomUUID(), kind: 'CARRIER', ours, theirs: `x-${ours}`, trackingUrl: 'https://c.example/{number}' } });
    expect(result.data).toMatchObject({ setCodeMapping: { mapping: { ours, updatedBy: 'otto', names: [], trackingUrl: 'https://c.example/{number}' }, ordersWaiting: 0, userErrors: [] } });
  }
  const list = `query ($after: String, $kind: CodeKind) { codeMappings(kind: $kind, first: 2, after: $after) { nodes { kind ours } pageInfo { hasNextPage endCursor } } }`;
  const first = (await ask(list, { kind: 'CARRIER' })).data!['codeMappings'] as unknown as { nodes: { ours: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  expect([first.nodes.map(({ ours }) => ours), first.pageInfo.hasNextPage]).toEqual([['DHL', 'GLS'], true]);
  expect((await ask(list, { kind: 'CARRIER', after: first.pageInfo.endCursor })).data).toMatchObject({ codeMappings: { nodes: [{ ours: 'UPS' }], pageInfo: { hasNextPage: false } } });
  expect((await ask(list, { kind: 'PAYMENT' })).data).toMatchObject({ codeMappings: { nodes: [{ kind: 'PAYMENT', ours: '*' }] } });
  expect((await ask(list, { after: 'nonsense' })).errors?.[0]?.originalError).toMatchObject({ code: 'INVALID_INPUT' });
  expect((await ask(set, { input: { idempotencyKey: randomUUID(), kind: 'SKU', ours: '*', theirs: 'x', trackingUrl: 'ftp://x' } })).data).toMatchObject({
    setCodeMapping: { mapping: null, userErrors: [{ field: ['trackingUrl'] }, { field: ['ours'] }, { field: ['trackingUrl'] }] },
  });
  expect((await ask(list, {}, shopper)).errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
});

it('sets maintenance and calls it off', async () => {
  const set = `mutation ($input: SetMaintenanceWindowInput!) { setMaintenanceWindow(input: $input) { window { id system until } userErrors { field message } } }`;
  const [from, until] = [new Date(Date.now() + 60_000).toISOString(), new Date(Date.now() + 120_000).toISOString()];
  const input = { idempotencyKey: randomUUID(), from, until, reason: 'upgrade' };
  const { window } = (await ask(set, { input })).data!['setMaintenanceWindow'] as unknown as { window: { id: string } };
  expect((await ask(set, { input })).data).toMatchObject({ setMaintenanceWindow: { window: { id: window.id, system: 'erp', until } } });
  expect((await ask(set, { input: { ...input, idempotencyKey: randomUUID(), until: from } })).data).toMatchObject({ setMaintenanceWindow: { window: null, userErrors: [{ field: ['until'] }] } });
  const remove = `mutation ($input: RemoveMaintenanceWindowInput!) { removeMaintenanceWindow(input: $input) { window { id } userErrors { field } } }`;
  expect((await ask(remove, { input: { idempotencyKey: randomUUID(), id: window.id } })).data).toEqual({ removeMaintenanceWindow: { window: { id: window.id }, userErrors: [] } });
  expect((await ask('{ orderQueue { windows { id } } }')).data).toEqual({ orderQueue: { windows: [] } });
  expect((await ask(remove, { input: { idempotencyKey: randomUUID(), id: 'x' } })).data).toEqual({ removeMaintenanceWindow: { window: null, userErrors: [] } });
});
