import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { openShop, placeAccepted, readOdoo, readOrder, sellArticles, stateOf, stockOf, usd, type Caller, type Shop } from '../support/order-operations.ts';
import { eventually } from '../support/storefront-operations.ts';

const MONEY = 'net { amount } tax { amount } total { amount }';
const RETURN = `id number status payment lines { lineNumber quantity received dispositions { disposition quantity } } erpReturns { number state } exchangeOrder { id number }
  refunds { reference expected { ${MONEY} } creditMemo { number total { amount } tax { amount } } }`;
const DIFFERENCES = '{ refundDifferences { nodes { order { number } return { number } expected { total { amount } } creditMemo { number total { amount } } difference { total { amount } } } } }';

/** 56.00, 15.00 and 8.00 with 19 % each, 5.00 off: 89.01. */
const basket = () => {
  const vat = (amount: string) => [{ code: 'VAT19', ratePercent: '19', amount: usd(amount) }];
  return {
    customerNumber: 'C2002', currencyCode: 'USD', discounts: [{ code: 'welcome', amount: usd('5.00') }], charges: [{ kind: 'SHIPPING', code: 'express', amount: usd('8.00'), taxes: vat('1.52') }],
    lines: [{ sku: 'BACK-CUP', quantity: '3', discount: usd('4.00'), taxes: vat('10.64') }, { sku: 'BACK-PEN', quantity: '2', taxes: vat('2.85') }],
  };
};

describe.each(hostings().map((hosting) => ({ hosting })))('returns on $hosting hosting', ({ hosting }) => {
  let shop: Shop;
  let shopper: Caller;
  let clerk: Caller;
  let order: { readonly id: string; readonly number: string };

  beforeAll(async () => {
    shop = await openShop(hosting);
    await shop.house.sandbox.command('erp/create-tax', { name: 'VAT19', percent: '19' });
    await sellArticles(shop, [{ sku: 'BACK-CUP', price: '20.00', stock: '40' }, { sku: 'BACK-PEN', price: '7.50', stock: '40' }, { sku: 'BACK-JAR', price: '10.00', stock: '40' }]);
    shopper = await shop.person({ sub: 'shopper', customer_number: 'C2002', scope: 'checkout:write order:read order:write catalog:read availability:read price:read' });
    clerk = await shop.person({ sub: 'clerk', scope: 'operations order:read:all finance:read' });
    order = await placeAccepted(shop, shopper, basket());
    await shop.house.sandbox.command('ship-order', { order: order.number, tracking: 'TRK-1' });
    await eventually(async () => expect(await stateOf(shopper, order.id)).toBe('SHIPPED'));
    for (const [sku, left] of [['BACK-CUP', '37'], ['BACK-PEN', '38']] as const) await eventually(async () => expect(await stockOf(shop.service, sku)).toBe(left));
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const readReturn = async (id: string, selection = RETURN) => (await clerk.read(`query ($id: ID!) { return(id: $id) { ${selection} } }`, { id })).return;
  const mutate = async (caller: Caller, name: string, input: object) => {
    const { return: answered, userErrors } = await caller.mutate(name, input, `return { ${RETURN} }`);
    expect(userErrors).toEqual([]);
    return answered;
  };

  it('come back part by part, are put where they belong, and are paid back to the penny', async () => {
    const lines = [{ lineNumber: 1, quantity: '2', reason: 'DAMAGED_IN_TRANSIT', note: 'chipped' }, { lineNumber: 2, quantity: '1', reason: 'NO_LONGER_WANTED' }];
    const { id: returnId, number } = await mutate(shopper, 'requestReturn', { orderId: order.id, wants: 'REFUND', lines });
    expect(await shopper.refusals('mutation ($input: ReturnDecisionInput!) { authoriseReturn(input: $input) { userErrors { code } } }', { input: { idempotencyKey: 'mine', returnId } })).toEqual(['FORBIDDEN']);
    const tooMany = await shopper.mutate('requestReturn', { orderId: order.id, wants: 'REFUND', lines: [{ lineNumber: 1, quantity: '2', reason: 'OTHER' }] }, 'return { id }');
    expect(tooMany).toMatchObject({ return: null, userErrors: [{ code: 'CONFLICT', field: ['lines', '0', 'quantity'] }] });

    await mutate(clerk, 'authoriseReturn', { returnId, note: 'Send it back' });
    await eventually(async () => expect(await readReturn(returnId)).toMatchObject({ status: 'EXPECTED', erpReturns: [{ state: 'EXPECTED' }] }));
    const received = await mutate(clerk, 'receiveReturn', {
      returnId, lines: [{ lineNumber: 1, quantity: '1', disposition: 'RESTOCK' }, { lineNumber: 1, quantity: '1', disposition: 'SCRAP' }, { lineNumber: 2, quantity: '1', disposition: 'QUARANTINE' }],
    });
    expect(received).toMatchObject({ status: 'RECEIVED', payment: 'DUE', lines: [{ received: '2' }, { received: '1', dispositions: [{ disposition: 'QUARANTINE', quantity: '1' }] }] });
    await eventually(async () => expect(await stockOf(shop.service, 'BACK-CUP')).toBe('38'));
    expect(await stockOf(shop.service, 'BACK-PEN')).toBe('38');

    // 2 of 3 of 52.06, 1 of 2 of 13.94 and delivery: what was paid less its share of what was off the whole.
    const asked = await mutate(clerk, 'refundReturn', { returnId, shippingRefund: '9.52' });
    expect(asked.refunds).toMatchObject([{ expected: { net: { amount: '49.68' }, tax: { amount: '10.04' }, total: { amount: '59.72' } } }]);
    await eventually(async () => expect((await readReturn(returnId)).payment).toMatch(/^(REFUNDED|DIFFERENT)$/));
    expect(await readReturn(returnId)).toMatchObject({ payment: 'REFUNDED', refunds: [{ creditMemo: { total: { amount: '59.72' }, tax: { amount: '10.04' } } }] });
    expect(await readOdoo(shop.house.sandbox, 'account.move', [['ref', '=', asked.refunds[0].reference]], ['state', 'amount_total', 'amount_tax'])).toMatchObject([{ state: 'posted', amount_total: 59.72, amount_tax: 10.04 }]);
    expect((await clerk.read(DIFFERENCES)).refundDifferences.nodes).toEqual([]);
    expect(await mutate(clerk, 'closeReturn', { returnId })).toMatchObject({ status: 'CLOSED' });
    expect((await readOrder(shopper, order.id, 'returns { number status }')).returns).toEqual([{ number, status: 'CLOSED' }]);
  }, 120_000);

  it('pay back another amount where somebody decides so: discount and tax in proportion, the total to the penny', async () => {
    const other = await placeAccepted(shop, shopper, basket());
    await shop.house.sandbox.command('ship-order', { order: other.number, tracking: 'TRK-2' });
    await eventually(async () => expect(await stateOf(shopper, other.id)).toBe('SHIPPED'));
    const { id: returnId } = await mutate(shopper, 'requestReturn', { orderId: other.id, wants: 'REFUND', lines: [{ lineNumber: 1, quantity: '2', reason: 'OTHER' }] });
    await mutate(clerk, 'authoriseReturn', { returnId });
    await mutate(clerk, 'receiveReturn', { returnId, lines: [{ lineNumber: 1, quantity: '2', disposition: 'SCRAP' }] });
    const { refunds: [asked] } = await mutate(clerk, 'refundReturn', { returnId, lines: [{ lineNumber: 1, amount: '30.00' }] });
    await eventually(async () => expect((await readReturn(returnId)).payment).toMatch(/^(REFUNDED|DIFFERENT)$/));
    const { refunds: [paid] } = await readReturn(returnId);
    expect(paid.creditMemo).toMatchObject({ total: { amount: '30' }, tax: asked.expected.tax });
  }, 120_000);

  it('show a person\'s penny, and a memo nobody asked for', async () => {
    const { id: returnId, number } = await mutate(shopper, 'requestReturn', { orderId: order.id, wants: 'REFUND', lines: [{ lineNumber: 2, quantity: '1', reason: 'DEFECTIVE' }] });
    await mutate(clerk, 'authoriseReturn', { returnId });
    await mutate(clerk, 'receiveReturn', { returnId, lines: [{ lineNumber: 2, quantity: '1', disposition: 'SCRAP' }] });
    const reference = `CM-${number.replace('RT-', '')}-1`;
    // Somebody in the ERP was quicker: 7.50 and its tax less 0.53 off is 8.39; they gave a penny more.
    await shop.house.sandbox.command('credit-order', { order: order.number, lines: [{ sku: 'BACK-PEN', quantity: '1' }], reference, difference: '-0.53' });
    await mutate(clerk, 'refundReturn', { returnId });
    await eventually(async () => expect((await readReturn(returnId)).payment).toBe('DIFFERENT'));
    const byHand = (await shop.house.sandbox.command('credit-order', { order: order.number, lines: [{ sku: 'BACK-CUP', quantity: '1' }], difference: '0.01' })) as { creditMemo: string; total: string };
    await eventually(async () => expect((await clerk.read(DIFFERENCES)).refundDifferences.nodes).toMatchObject([
      { order: { number: order.number }, return: null, expected: null, creditMemo: { number: byHand.creditMemo, total: { amount: byHand.total } }, difference: { total: { amount: byHand.total } } },
      { order: { number: order.number }, return: { number }, difference: { total: { amount: '0.01' } } },
    ]));
    expect(await shopper.refusals(DIFFERENCES)).toEqual(['FORBIDDEN']);
    expect((await readOrder(clerk, order.id, 'unmatchedCreditMemos { number }')).unmatchedCreditMemos).toEqual([{ number: byHand.creditMemo }]);
  }, 120_000);

  it('bring something else instead, ordered for whoever sent it back', async () => {
    const exchange = await mutate(shopper, 'requestReturn', { orderId: order.id, wants: 'EXCHANGE', lines: [{ lineNumber: 1, quantity: '1', reason: 'WRONG_ITEM' }], exchangeLines: [{ sku: 'BACK-JAR', quantity: '2' }] });
    expect(exchange.exchangeOrder).toBeNull();
    await mutate(clerk, 'authoriseReturn', { returnId: exchange.id });
    await eventually(async () => expect((await readReturn(exchange.id)).exchangeOrder).not.toBeNull());
    const { exchangeOrder } = await readReturn(exchange.id);
    await eventually(async () => expect(await readOrder(shopper, exchangeOrder.id, 'state lines { sku quantity }')).toEqual({ state: 'ACCEPTED_BY_ERP', lines: [{ sku: 'BACK-JAR', quantity: '2' }] }));
    expect(await shop.house.sandbox.ordersOf(exchangeOrder.number)).toMatchObject([{ state: 'sale', customer: 'C2002', lines: [{ sku: 'BACK-JAR', quantity: '2' }] }]);
  }, 120_000);
});
