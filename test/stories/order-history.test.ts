import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { openShop, placeAccepted, sellArticles, type Caller, type Shop } from '../support/order-operations.ts';

const COUNT = 57;
const day = (index: number): string => new Date(Date.UTC(2025, 0, 1 + index)).toISOString();

/** Of the old shop: every third is cancelled, every fifth is of company C1003. */
const past = (index: number) => ({
  number: `OLD-${1000 + index}`, placedAt: day(index), state: index % 3 === 0 ? 'CANCELLED' : 'DELIVERED', channel: 'oldshop', externalOrderId: `X-${index}`,
  customerNumber: index % 5 === 0 ? null : 'C2002', companyNumber: index % 5 === 0 ? 'C1003' : null, email: `buyer${index}@mail.example`, currencyCode: 'USD', shipping: '5.00', tax: '1.90', total: '26.90',
  lines: [{ sku: `OLD-SKU-${index % 4}`, quantity: '2', unitPrice: '10.00', lineTotal: '20.00', ...(index % 3 !== 0 && { shippedQuantity: '2' }) }],
});

describe.each(hostings().map((hosting) => ({ hosting })))('orders of the past on $hosting hosting', ({ hosting }) => {
  let shop: Shop;
  let clerk: Caller;

  beforeAll(async () => {
    shop = await openShop(hosting);
    clerk = await shop.person({ sub: 'clerk', scope: 'operations order:read:all' });
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const importOld = (orders: readonly object[]) => clerk.mutate('importOrders', { source: 'oldshop', orders }, 'imported unchanged rejected { number field message } notAddingUp total');
  const list = async (caller: Caller, variables: object) =>
    (await caller.read('query ($filter: OrderFilter, $sort: OrderSort!, $first: Int!, $after: String) { orders(filter: $filter, sort: $sort, first: $first, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } } }', { sort: 'PLACED_NEWEST', first: 100, ...variables })).orders;
  const numbers = async (caller: Caller, filter: object): Promise<string[]> => (await list(caller, { filter })).nodes.map(({ number }: any) => number);

  it('are imported once, in batches, with what is wrong named, and never sent to the ERP', async () => {
    const all = Array.from({ length: COUNT }, (_, index) => past(index));
    const strange = { ...past(0), number: 'OLD-STRANGE', externalOrderId: 'X-STRANGE', note: '4111 1111 1111 1111' };
    const uneven = { ...past(1), number: 'OLD-UNEVEN', placedAt: day(-1), externalOrderId: 'X-UNEVEN', total: '30.00' };
    expect(await importOld(all.slice(0, 30))).toEqual({ imported: 30, unchanged: 0, rejected: [], notAddingUp: [], total: 30, userErrors: [] });
    const second = await importOld([...all, strange, uneven]);
    expect(second).toMatchObject({ imported: COUNT - 30 + 1, unchanged: 30, rejected: [{ number: 'OLD-STRANGE', field: ['orders', String(COUNT), 'note'] }], notAddingUp: ['OLD-UNEVEN'], total: COUNT + 1, userErrors: [] });
    expect(JSON.stringify(second)).not.toContain('4111');
    expect(await importOld([{ ...all[3], total: '1.00' }])).toMatchObject({ imported: 0, rejected: [{ number: 'OLD-1003' }] });
    for (const number of ['OLD-1001', 'OLD-UNEVEN']) expect(await shop.house.sandbox.ordersOf(number)).toEqual([]);
    const { order } = await clerk.read('{ order(by: { external: { channel: "oldshop", externalOrderId: "X-7" } }) { number source state placedAt total { amount } lines { sku shippedQuantity } erpOrder { id } } }');
    expect(order).toMatchObject({ number: 'OLD-1007', source: 'oldshop', state: 'DELIVERED', placedAt: day(7), total: { amount: '26.9' }, lines: [{ sku: 'OLD-SKU-3', shippedQuantity: '2' }] });
  }, 60_000);

  it('are paged through without missing or repeating one, while new ones come', async () => {
    await sellArticles(shop, [{ sku: 'NEW-CUP', price: '20.00', stock: '40' }]);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: any = await list(clerk, { first: 10, after, filter: { channel: 'oldshop' } });
      seen.push(...page.nodes.map(({ number }: any) => number));
      if (seen.length === 10) await importOld([{ ...past(COUNT), placedAt: day(COUNT) }]);
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    expect(seen).toEqual([...Array.from({ length: COUNT }, (_, index) => `OLD-${1000 + COUNT - 1 - index}`), 'OLD-UNEVEN']);
    expect(await clerk.refusals('{ orders(after: "nonsense") { nodes { number } } }')).toEqual(['INVALID_INPUT']);
    expect(await clerk.refusals('{ orders(first: 100000) { nodes { number } } }')).toEqual(['INVALID_INPUT']);
  }, 90_000);

  it('are found by what people know of them, by those who may see them', async () => {
    expect(await numbers(clerk, { states: ['CANCELLED'], channel: 'oldshop', placedAfter: day(9), placedBefore: day(16) })).toEqual(['OLD-1015', 'OLD-1012', 'OLD-1009']);
    expect(await numbers(clerk, { sku: 'OLD-SKU-1', placedBefore: day(10) })).toEqual(['OLD-1009', 'OLD-1005', 'OLD-1001', 'OLD-UNEVEN']);
    expect(await numbers(clerk, { companyNumber: 'C1003', placedBefore: day(11) })).toEqual(['OLD-1010', 'OLD-1005', 'OLD-1000']);
    for (const search of ['OLD-1033', 'X-33', 'buyer33@mail.example']) expect(await numbers(clerk, { search })).toEqual(['OLD-1033']);
    const company = await shop.person({ sub: 'company', company_number: 'C1003', scope: 'order:read customer:read' });
    expect(await numbers(company, { placedBefore: day(11) })).toEqual(['OLD-1010', 'OLD-1005', 'OLD-1000']);
    expect(await numbers(company, { customerNumber: 'C2002' })).toEqual([]);
    const { company: seen } = await company.read('{ company(by: { number: "C1003" }) { orders(first: 2) { nodes { number } pageInfo { hasNextPage } } } }');
    expect(seen.orders).toEqual({ nodes: [{ number: 'OLD-1055' }, { number: 'OLD-1050' }], pageInfo: { hasNextPage: true } });
    const shopper = await shop.person({ sub: 'shopper', customer_number: 'C2002', scope: 'order:read customer:read checkout:write catalog:read price:read availability:read' });
    const order = await placeAccepted(shop, shopper, { customerNumber: 'C2002', currencyCode: 'USD', lines: [{ sku: 'NEW-CUP', quantity: '1' }] });
    expect((await list(shopper, { first: 2 })).nodes).toMatchObject([{ number: order.number }, { number: `OLD-${1000 + COUNT}` }]);
    expect((await shopper.read('{ me { orders(first: 1) { nodes { number } } } }')).me.orders.nodes).toEqual([{ number: order.number }]);
    expect(await numbers(clerk, { state: 'ACCEPTED_BY_ERP', customerNumber: 'C2002' })).toEqual([order.number]);
  }, 90_000);
});
