import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { globalId } from '../../../../domain/ids.ts';
import { instant } from '../../../../domain/time.ts';
import { recordCreditMemos } from '../../../../subgraphs/orders/following/store-credit-memos.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { createWorld, principal, QUICK, scopeOf, until, type World } from './harness.ts';
import { clerk, shippedOrder } from './returns-world.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
const ann = principal('storefront', { kind: 'SHOPPER', scopes: ['order:read', 'order:write'], customerNumber: 'C1' });
const bob = principal('bob', { kind: 'SHOPPER', scopes: ['order:read', 'order:write'], customerNumber: 'C2' });
const finance = principal('finance', { kind: 'SERVICE', scopes: ['finance:read', 'order:read:all'] });

async function ask(query: string, variableValues: Record<string, unknown> = {}, who = ann): Promise<any> {
  const contextValue = subgraph.createContext(scopeOf(who));
  const result = (await execute({ schema: subgraph.schema, document: parse(query), contextValue, variableValues })) as ExecutionResult<any>;
  return result.errors ? { failed: result.errors.map((error) => (error.originalError as { code?: string } | undefined)?.code ?? error.message) } : result.data;
}

const RETURN = `id number origin status state payment wants receivedAt decisionNote erpReturns { id number state } exchangeOrder { id }
  lines { lineNumber sku variant { sku } quantity received reason note dispositions { disposition quantity } }
  refunds { reference expected { net { amount } tax { amount } total { amount } } creditMemo { number state total { amount currencyCode } } }`;
const mutate = async (name: string, input: object, who = ann, more = ''): Promise<any> => {
  const [type] = { requestReturn: ['RequestReturnInput'], authoriseReturn: ['ReturnDecisionInput'], receiveReturn: ['ReceiveReturnInput'], refundReturn: ['RefundReturnInput'], closeReturn: ['ReturnStepInput'] }[name]!;
  const data = await ask(`mutation ($input: ${type}!) { ${name}(input: $input) { return { ${RETURN} ${more} } userErrors { code field } warnings { code } } }`, { input: { idempotencyKey: randomUUID(), ...input } }, who);
  return data.failed ? data : data[name];
};
const asked = (order: OrderRecord, quantity = '2'): object => ({ orderId: globalId('Order', order.id), wants: 'REFUND', lines: [{ lineNumber: 1, quantity, reason: 'DAMAGED_IN_TRANSIT', note: 'dented' }] });

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
  await subgraph.start();
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

describe('returns in the graph', () => {
  it('are asked for by the buyer and brought to their end by operations, worked off by the queue', async () => {
    const order = await shippedOrder(world);
    const { return: mine, userErrors } = await mutate('requestReturn', asked(order));
    expect(userErrors).toEqual([]);
    expect(mine).toMatchObject({
      origin: 'GRAPH', status: 'REQUESTED', state: 'EXPECTED', payment: 'NOT_DUE', wants: 'REFUND', erpReturns: [], exchangeOrder: null, refunds: [],
      lines: [{ lineNumber: 1, sku: 'A', variant: { sku: 'A' }, quantity: '2', received: '0', reason: 'DAMAGED_IN_TRANSIT', note: 'dented', dispositions: [] }],
    });
    expect(await mutate('authoriseReturn', { returnId: mine.id })).toEqual({ failed: ['FORBIDDEN'] });
    expect(await mutate('requestReturn', asked(order), bob)).toMatchObject({ return: null, userErrors: [{ code: 'NOT_FOUND', field: ['orderId'] }] });
    await mutate('authoriseReturn', { returnId: mine.id, note: 'send it' }, clerk);
    const read = async (who = ann): Promise<any> => (await ask(`query ($id: ID!) { return(id: $id) { ${RETURN} } }`, { id: mine.id }, who)).return;
    const expected = await until(async () => ((await read()).status === 'EXPECTED' ? read() : null), 'the ERP has a document');
    expect(expected).toMatchObject({ decisionNote: 'send it', erpReturns: [{ state: 'EXPECTED' }] });
    await mutate('receiveReturn', { returnId: mine.id, lines: [{ lineNumber: 1, quantity: '1', disposition: 'SCRAP' }, { lineNumber: 1, quantity: '1', disposition: 'RESTOCK' }] }, clerk);
    world.erp.returned.amounts = () => ({ total: decimal('21.98'), tax: decimal('0') });
    await mutate('refundReturn', { returnId: mine.id }, clerk);
    const paid = await until(async () => ((await read()).payment === 'DIFFERENT' ? read() : null), 'the ERP has given the money back');
    expect(paid).toMatchObject({
      status: 'RECEIVED', receivedAt: expect.any(String), lines: [{ received: '2', dispositions: [{ disposition: 'SCRAP', quantity: '1' }, { disposition: 'RESTOCK', quantity: '1' }] }],
      refunds: [{ expected: { net: { amount: '21.99' }, tax: null, total: null }, creditMemo: { state: 'POSTED', total: { amount: '21.98', currencyCode: 'EUR' } } }],
    });
    expect(await read(bob)).toBeNull();
    const closed = await mutate('closeReturn', { returnId: mine.id }, clerk, 'attention { work reason } refunds { difference { total { amount } tax { amount } } }');
    expect(closed.return).toMatchObject({ status: 'CLOSED', attention: [], refunds: [{ difference: { total: { amount: '-0.01' }, tax: null } }] });
    const entity = await ask(`query ($r: [_Any!]!) { _entities(representations: $r) { ... on Return { number order { number } } } }`, { r: [{ __typename: 'Return', id: mine.id }] });
    expect(entity).toEqual({ _entities: [{ number: mine.number, order: { number: order.number } }] });
  });

  it('stand beside those the ERP made alone, which count against what may come back', async () => {
    const order = await shippedOrder(world);
    const at = instant(Date.now());
    const strange = { id: `S-${order.number}`, number: 'WH/IN/78', reference: null, state: 'EXPECTED' as const, lines: [{ sku: 'A', quantity: decimal('2'), received: decimal('0') }], updatedAt: at };
    await world.database.transaction((tx) => recordShipments(tx, [world.erp.returned.shipmentOf(strange, order.erpOrderId!)], { source: 'erp', at }));
    expect(await mutate('requestReturn', asked(order))).toMatchObject({ userErrors: [{ code: 'CONFLICT', field: ['lines', '0', 'quantity'] }] });
    const { return: mine } = await mutate('requestReturn', asked(order, '1'));
    const { order: shown } = await ask(`query ($id: ID!) { order(by: {id: $id}) { returns { ${RETURN} } } }`, { id: globalId('Order', order.id) });
    expect(shown.returns).toMatchObject([
      { id: mine.id, origin: 'GRAPH' },
      { id: globalId('Return', strange.id), number: 'WH/IN/78', origin: 'ERP', status: 'EXPECTED', payment: null, wants: null, lines: [{ lineNumber: null, sku: 'A', quantity: '2', reason: null }], erpReturns: [{ number: 'WH/IN/78' }] },
    ]);
    expect((await ask(`query ($id: ID!) { return(id: $id) { number } }`, { id: globalId('Return', strange.id) })).return).toEqual({ number: 'WH/IN/78' });
    expect(await mutate('closeReturn', { returnId: globalId('Return', strange.id) }, clerk)).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] });
  });

  it('are listed for those who may see them, page by page, by where they are', async () => {
    const order = await shippedOrder(world);
    const filter = { orderId: globalId('Order', order.id) };
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1) made.unshift((await mutate('requestReturn', asked(order, '1'))).return.id);
    const list = (variables: object, who = ann): Promise<any> => ask(`query ($filter: ReturnFilter, $first: Int!, $after: String) { returns(filter: $filter, first: $first, after: $after) { nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } }`, { first: 2, ...variables }, who);
    const first = (await list({ filter })).returns;
    expect([first.nodes.map(({ id }: { id: string }) => id), first.pageInfo.hasNextPage]).toEqual([made.slice(0, 2), true]);
    const second = (await list({ filter, after: first.pageInfo.endCursor })).returns;
    expect([second.nodes.map(({ id }: { id: string }) => id), second.pageInfo.hasNextPage]).toEqual([made.slice(2), false]);
    expect((await list({ filter }, bob)).returns.nodes).toEqual([]);
    expect((await list({ filter: { ...filter, status: 'CLOSED' } })).returns.nodes).toEqual([]);
    expect((await list({ filter: { ...filter, payment: 'NOT_DUE', needsAttention: false }, first: 9 })).returns.nodes).toHaveLength(3);
    expect(await list({ after: 'junk' })).toEqual({ failed: ['INVALID_INPUT'] });
    expect(await list({ filter: { orderId: 'junk' } })).toEqual({ failed: ['INVALID_INPUT'] });
  });

  it('show finance every memo that differs, also those nobody asked for here', async () => {
    const order = await shippedOrder(world);
    const at = instant(Date.now());
    const eur = (amount: string) => ({ amount: decimal(amount), currencyCode: 'EUR' });
    const byHand = { id: `M-${order.number}`, number: 'RINV/HAND', reference: null, orderId: order.erpOrderId, state: 'POSTED' as const, paymentState: 'PAID' as const, total: eur('6'), tax: eur('1'), lines: [], postedAt: at, updatedAt: at };
    await world.database.transaction((tx) => recordCreditMemos(tx, [byHand], { source: 'erp', at }));
    const query = `{ refundDifferences(first: 1) { nodes { order { number unmatchedCreditMemos { number } } return { number } expected { total { amount } } creditMemo { number total { amount } } difference { total { amount } tax { amount } } } pageInfo { hasNextPage endCursor } } }`;
    const { refundDifferences } = await ask(query, {}, finance);
    expect(refundDifferences.nodes).toEqual([{
      order: { number: order.number, unmatchedCreditMemos: [{ number: 'RINV/HAND' }] }, return: null, expected: null, creditMemo: { number: 'RINV/HAND', total: { amount: '6' } }, difference: { total: { amount: '6' }, tax: { amount: '1' } },
    }]);
    expect(refundDifferences.pageInfo.hasNextPage).toBe(true);
    const next = await ask(query.replace('first: 1', `first: 1, after: "${refundDifferences.pageInfo.endCursor}"`), {}, finance);
    expect(next.refundDifferences.nodes).toMatchObject([{ return: { number: expect.stringMatching(/^RT-/) }, difference: { total: { amount: '-0.01' }, tax: null } }]);
    expect(await ask(query)).toEqual({ failed: ['FORBIDDEN'] });
  });
});
