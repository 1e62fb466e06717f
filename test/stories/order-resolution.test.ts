import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { HOME, openShop, readOdoo, readOrder, sellArticles, stateOf, stockOf, usd, type Caller, type Shop } from '../support/order-operations.ts';
import { eventually } from '../support/storefront-operations.ts';

/** A merchant's own ERP: what it calls our payments and charges somebody has to say. */
describe.each(hostings().map((hosting) => ({ hosting })))('orders somebody must look at on $hosting hosting', ({ hosting }) => {
  let shop: Shop;
  let shopper: Caller;
  let clerk: Caller;
  /** Nobody will ever say what its payment is. */
  let doomed: { readonly id: string; readonly number: string };

  beforeAll(async () => {
    shop = await openShop(hosting, { describedSandbox: true });
    await sellArticles(shop, [{ sku: 'MEND-CUP', price: '20.00', stock: '40' }, { sku: 'MEND-SHIP', price: '0.00' }]);
    shopper = await shop.person({ sub: 'shopper', customer_number: 'C2002', scope: 'checkout:write order:read order:write catalog:read availability:read price:read' });
    clerk = await shop.person({ sub: 'clerk', scope: 'operations order:read:all' });
    expect(await setCode({ kind: 'CHARGE', ours: 'express', theirs: 'MEND-SHIP' })).toMatchObject({ userErrors: [] });
    doomed = await placeInVain({}, 'wallet');
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const setCode = (input: object) => clerk.mutate('setCodeMapping', input, 'mapping { theirs } ordersWaiting ordersRetried');
  const inErp = async (number: string) => (await shop.house.sandbox.ordersOf(number)).map(({ state }) => state);
  const place = async (more: object = {}, methodCode = 'card') => {
    const charges = [{ kind: 'SHIPPING', code: 'express', amount: usd('5.00') }];
    const payments = [{ methodCode, kind: 'AUTHORISED', amount: usd('105.00'), reference: `auth-${randomUUID()}` }];
    const { order, userErrors } = await shopper.mutate('placeOrder', { customerNumber: 'C2002', currencyCode: 'USD', shipTo: HOME, lines: [{ sku: 'MEND-CUP', quantity: '5' }], charges, payments, ...more }, 'order { id number }');
    expect(userErrors).toEqual([]);
    return order as { readonly id: string; readonly number: string };
  };
  const placeInVain = async (...given: Parameters<typeof place>) => {
    const order = await place(...given);
    await eventually(async () => expect(await stateOf(shopper, order.id)).toBe('NEEDS_ATTENTION'));
    expect(await inErp(order.number)).toEqual([]);
    return order;
  };
  const issueOf = async (number: string) => (await clerk.read('{ orderIssues(first: 50) { nodes { order { number } code reason attempts } } }')).orderIssues.nodes.find(({ order }: any) => order.number === number);
  const auditOf = async (id: string) => (await readOrder(clerk, id, 'audit { actor action detail }')).audit;

  it('wait with the remedy when nobody said what the ERP calls a payment, and go when somebody does', async () => {
    expect(await setCode({ kind: 'PAYMENT', ours: 'card', theirs: 'stripe' })).toMatchObject({ mapping: { theirs: 'stripe' }, userErrors: [] });
    const removed = await clerk.mutate('removeCodeMapping', { kind: 'PAYMENT', ours: 'card' }, 'mapping { theirs } ordersWaiting');
    expect(removed).toMatchObject({ mapping: null, ordersWaiting: 0, userErrors: [] });
    const { id, number } = await placeInVain();
    expect(await issueOf(number)).toMatchObject({ code: 'UNMAPPED_CODE', reason: expect.stringContaining('setCodeMapping(kind: PAYMENT, ours: "card"') });
    expect(await shopper.refusals('{ orderIssues { nodes { code } } }')).toEqual(['FORBIDDEN']);
    const input = { kind: 'PAYMENT', ours: 'card', theirs: 'adyen', retryWaiting: true };
    expect(await shopper.refusals('mutation ($input: SetCodeMappingInput!) { setCodeMapping(input: $input) { userErrors { code } } }', { input: { idempotencyKey: 'mine', ...input } })).toEqual(['FORBIDDEN']);
    expect(await setCode(input)).toMatchObject({ ordersWaiting: 0, ordersRetried: 1, userErrors: [] });
    await eventually(async () => expect(await stateOf(shopper, id)).toBe('ACCEPTED_BY_ERP'));
    expect(await inErp(number)).toEqual(['sale']);
    const notes = await readOdoo(shop.house.sandbox, 'sale.order.line', [['order_id.client_order_ref', '=', number]], ['name']);
    expect(notes.map(({ name }) => name)).toContainEqual(expect.stringContaining('Payment: 105.00 USD by adyen, authorised'));
    expect(await issueOf(number)).toBeUndefined();
  }, 90_000);

  it('are mended where the ERP refuses an address, once, for the record', async () => {
    const { id, number } = await placeInVain({ shipTo: { ...HOME, countryCode: 'XK' } });
    expect(await issueOf(number)).toMatchObject({ code: 'REFUSED', reason: expect.stringContaining('XK') });
    const input = { idempotencyKey: randomUUID(), orderId: id, reason: 'the customer meant the US', edit: { shipTo: { ...HOME, line1: '9 Mended Road' } } };
    for (const _once of ['first', 'again']) expect(await clerk.mutate('editAndRetryOrder', input, 'order { number }')).toMatchObject({ order: { number }, userErrors: [] });
    expect(await clerk.mutate('editAndRetryOrder', { ...input, reason: 'another' }, 'order { number }')).toMatchObject({ order: null, userErrors: [{ code: 'CONFLICT' }] });
    await eventually(async () => expect(await stateOf(shopper, id)).toBe('ACCEPTED_BY_ERP'));
    expect(await inErp(number)).toEqual(['sale']);
    const audit = await auditOf(id);
    expect(audit).toMatchObject([{ actor: 'jwt:clerk', action: expect.stringContaining('edit') }]);
    expect(JSON.stringify(audit)).not.toContain('Mended Road');
    expect(await shopper.refusals('query ($id: ID) { order(by: { id: $id }) { audit { action } } }', { id })).toEqual(['FORBIDDEN']);
  }, 90_000);

  it('are alerted on', async () => {
    const query = '{ orderAlerts(kind: STUCK) { nodes { subject detail order { number } resolvedAt } } }';
    const alert = { subject: doomed.number, detail: expect.stringContaining('setCodeMapping'), order: { number: doomed.number }, resolvedAt: null };
    await eventually(async () => expect((await clerk.read(query)).orderAlerts.nodes).toContainEqual(alert), 90_000);
    expect(await shopper.refusals(query)).toEqual(['FORBIDDEN']);
  }, 120_000);

  it('give their stock back when they are cancelled', async () => {
    const before = Number(await stockOf(shop.service, 'MEND-CUP'));
    expect(await clerk.mutate('cancelOrderWithRelease', { orderId: doomed.id, reason: 'nobody takes wallets' }, 'order { state }')).toMatchObject({ order: { state: 'CANCELLED' }, userErrors: [] });
    expect(await inErp(doomed.number)).toEqual([]);
    await eventually(async () => expect(await stockOf(shop.service, 'MEND-CUP')).toBe(String(before + 5)));
    expect(await auditOf(doomed.id)).toMatchObject([{ actor: 'jwt:clerk', action: expect.stringContaining('cancel') }]);
  }, 90_000);
});
