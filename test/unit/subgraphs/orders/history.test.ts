import 'reflect-metadata';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../../../domain/principal.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
const clerk = principal('clerk', { kind: 'OPERATIONS', scopes: ['operations', 'order:read:all', 'finance:read'] });

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

async function ask<T>(query: string, variableValues: Record<string, unknown>, who: Principal = clerk): Promise<T> {
  const { data, errors } = await execute({ schema: subgraph.schema, document: parse(query), contextValue: subgraph.createContext(scopeOf(who)), variableValues });
  if (errors) throw errors[0]!;
  return data as T;
}

interface Report {
  readonly importOrders: {
    imported: number; unchanged: number; total: number; notAddingUp: string[]; rejected: { number: string; field: string[]; message: string }[]; userErrors: { code: string; field: string[] }[];
  };
}

const IMPORT = `mutation ($input: ImportOrdersInput!) { importOrders(input: $input) {
  imported unchanged total notAddingUp rejected { number field message } userErrors { code field } } }`;
const send = async (orders: readonly object[], source = 'old-shop'): Promise<Report['importOrders']> => (await ask<Report>(IMPORT, { input: { source, orders } })).importOrders;

const past = (number: string, more: object = {}) => ({
  number, placedAt: '2012-05-30T00:00:00.000Z', shippedAt: '2012-06-06T00:00:00.000Z', state: 'SHIPPED', channel: 'reseller', customerNumber: 'C9', currencyCode: 'USD',
  shipping: '4.5', tax: '2', total: '106.5', lines: [{ sku: 'GONE-1', quantity: '3', unitPrice: '40', lineTotal: '120', discount: '20' }], ...more,
});

describe('orders of the time before', () => {
  it('are stored as they were, and told twice they are there once', async () => {
    expect(await send([past('SO1'), past('SO2')])).toEqual({ imported: 2, unchanged: 0, total: 2, notAddingUp: [], rejected: [], userErrors: [] });
    expect(await send([past('SO2'), past('SO3'), past('SO3')])).toEqual({ imported: 1, unchanged: 2, total: 3, notAddingUp: [], rejected: [], userErrors: [] });
    expect(await send([past('SO1')], 'older-shop')).toMatchObject({ imported: 1, total: 1 });
  });

  it('are stored once by many at once', async () => {
    const batch = Array.from({ length: 40 }, (_, index) => past(`P${index}`));
    const reports = await Promise.all(Array.from({ length: 6 }, () => send(batch, 'crowd')));
    expect(reports.reduce((all, { imported }) => all + imported, 0)).toBe(40);
    expect(await send(batch, 'crowd')).toMatchObject({ unchanged: 40, total: 40 });
  });

  it('are found by their customer, with what shipped and when, and are nobody\'s to submit', async () => {
    const shopper = principal('ida', { kind: 'SHOPPER', scopes: ['order:read'], customerNumber: 'C9' });
    const { order } = await ask<{ order: object }>(`query { order(by: {number: "SO1"}) { state placedAt source total { amount } timeline { at state source } lines { sku quantity shippedQuantity lineTotal { amount } } } }`, {}, shopper);
    expect(order).toMatchObject({
      state: 'SHIPPED', placedAt: '2012-05-30T00:00:00.000Z', total: { amount: '106.5' }, lines: [{ sku: 'GONE-1', quantity: '3', shippedQuantity: '3', lineTotal: { amount: '120' } }],
      timeline: [{ at: '2012-05-30T00:00:00.000Z', state: 'RECEIVED' }, { at: '2012-06-06T00:00:00.000Z', state: 'SHIPPED' }],
    });
    const [waiting] = await world.database.query<{ count: number }>(`select count(*)::int as count from orders.sales_order where submission <> 'NONE'`);
    expect(waiting!.count).toBe(0);
    await expect(ask(IMPORT, { input: { source: 'x', orders: [] } }, shopper)).rejects.toThrow('operations');
  });

  it('that cannot be stored are named one by one, and the others are stored', async () => {
    const report = await send([
      past('B1', { lines: [{ sku: 'A', quantity: '0', unitPrice: '1', lineTotal: '1' }] }), past('B2', { note: 'paid with 4111 1111 1111 1111' }), past('SO1', { total: '1' }),
      past('B4', { externalOrderId: 'E-1' }), past('B5', { externalOrderId: 'E-1' }), past('B6', { total: '7' }),
    ]);
    expect(report).toMatchObject({ imported: 2, notAddingUp: ['B6'] });
    expect(report.rejected.map(({ number, field }) => [number, field.slice(2).join('.')])).toEqual([['B1', 'lines.0.quantity'], ['B2', 'note'], ['SO1', 'number'], ['B5', 'externalOrderId']]);
    expect(JSON.stringify(report)).not.toContain('4111');
  });

  it('of a source with an unusable name, or too many at once, are refused whole', async () => {
    expect((await send([past('X')], 'graph')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['source'] }]);
    expect((await send(Array.from({ length: 501 }, (_, index) => past(`M${index}`)), 'many')).userErrors).toMatchObject([{ field: ['orders'] }]);
  });

  it('show finance their margin only where a cost is known', async () => {
    const { order } = await ask<{ order: object }>(`query { order(by: {number: "SO2"}) { margin { revenue { amount } discounts { amount } margin { amount } unknown } } }`, {});
    expect(order).toEqual({ margin: { revenue: { amount: '120' }, discounts: { amount: '20' }, margin: null, unknown: ['what GONE-1 cost is not known in USD'] } });
  });
});
