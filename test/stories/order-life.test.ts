import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { watchEventStream, watchWebSocket } from '../support/graph-client.ts';
import { inDays } from '../support/inventory-operations.ts';
import { HOME, openShop, placeAccepted, readOdoo, readOrder, sellArticles, stateOf, stockOf, tablesHolding, usd, type Caller, type Shop } from '../support/order-operations.ts';
import { eventually } from '../support/storefront-operations.ts';

const SHOPPING = 'checkout:write order:read order:write catalog:read availability:read price:read';
const BUYER = { sub: 'buyer', customer_number: 'C1003', company_number: 'C1003', scope: SHOPPING };
const WANTED = inDays(30);
const CARD = '4111 1111 1111 1111';

/** Wholesale is 20 % off the list: 15.96 and 5.88. 57.75 before tax; 9.69 and 0.82 of tax. */
const basket = () => ({
  customerNumber: 'C1003',
  currencyCode: 'USD',
  lines: [
    { sku: 'LIFE-CUP', quantity: '3', expectedUnitPrice: usd('15.96'), discount: usd('4.79'), taxes: [{ code: 'VAT19', ratePercent: '19', amount: usd('8.19') }] },
    { sku: 'LIFE-PEN', quantity: '2', taxes: [{ code: 'VAT7', ratePercent: '7', amount: usd('0.82') }] },
  ],
  charges: [{ kind: 'SHIPPING', code: 'LIFE-SHIP', description: 'Express', amount: usd('7.90'), taxes: [{ code: 'VAT19', ratePercent: '19', amount: usd('1.50') }] }],
  discounts: [{ code: 'LIFE-PROMO', description: 'Welcome', amount: usd('5.00') }],
  payments: [
    { methodCode: 'giftcard', kind: 'GIFT_CARD', amount: usd('20.00'), reference: '...7731' },
    { methodCode: 'card', kind: 'AUTHORISED', amount: usd('48.26'), reference: 'auth-5521' },
  ],
  expectedTotals: { subtotal: usd('59.64'), discount: usd('9.79'), shipping: usd('7.90'), tax: usd('10.51'), total: usd('68.26') },
  exchangeRate: { baseCurrencyCode: 'EUR', rate: '1.0921', asOf: '2026-01-05T09:00:00.000Z' },
  billTo: { name: 'Accounts', company: 'Cascade Guides LLC', line1: '7 Ledger Lane', city: 'Boulder', postalCode: '80302', countryCode: 'US' },
  shipTo: HOME,
  requestedDate: WANTED,
  carrierCode: 'post',
  note: 'Ring twice, please',
});

describe.each(hostings().map((hosting) => ({ hosting })))('the life of an order on $hosting hosting', ({ hosting }) => {
  let shop: Shop;
  let buyer: Caller;

  beforeAll(async () => {
    shop = await openShop(hosting, { env: { LOG_LEVEL: 'debug' } });
    const { sandbox } = shop.house;
    await sandbox.command('erp/create-tax', { name: 'VAT19', percent: '19' });
    await sandbox.command('erp/create-tax', { name: 'VAT7', percent: '7' });
    await sandbox.command('erp/create-carrier', { name: 'Parcel Post' });
    await sellArticles(shop, [
      { sku: 'LIFE-CUP', price: '19.95', cost: '8.00', stock: '40' }, { sku: 'LIFE-PEN', price: '7.35', cost: '2.10', stock: '40' }, { sku: 'LIFE-JAR', price: '10.00', stock: '20' },
      { sku: 'LIFE-SHIP', price: '0.00' }, { sku: 'LIFE-PROMO', price: '0.00' },
    ]);
    buyer = await shop.person(BUYER);
    const mapping = { kind: 'CARRIER', ours: 'post', theirs: 'Parcel Post', trackingUrl: 'https://post.example/{number}' };
    expect(await shop.service.mutate('setCodeMapping', mapping, 'mapping { theirs }')).toMatchObject({ mapping: { theirs: 'Parcel Post' }, userErrors: [] });
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const erpOrder = async (number: string) => (await shop.house.sandbox.ordersOf(number))[0] as any;
  const plain = (...lines: readonly (readonly [sku: string, quantity: string])[]) => ({ customerNumber: 'C1003', currencyCode: 'USD', carrierCode: 'post', lines: lines.map(([sku, quantity]) => ({ sku, quantity })) });

  describe('with all that an order can say', () => {
    let order: { readonly id: string; readonly number: string };
    beforeAll(async () => {
      order = await placeAccepted(shop, buyer, basket());
    });

    it('is in the ERP to the penny, with what was paid and what people have to know', async () => {
      const shown = await readOrder(buyer, order.id, `total { amount } taxes { code amount { amount } } erpTotals { total { amount } tax { amount } difference { amount } } exchangeRate { rate } billTo { company } carrierCode requestedOn
        totals { subtotal { amount } discount { amount } shipping { amount } tax { amount } total { amount } } payments { methodCode kind amount { amount } reference } lines { discount { amount } lineTotal { amount } }`);
      expect(shown).toMatchObject({
        total: { amount: '68.26' }, erpTotals: { total: { amount: '68.26' }, tax: { amount: '10.51' }, difference: { amount: '0' } },
        totals: { subtotal: { amount: '59.64' }, discount: { amount: '9.79' }, shipping: { amount: '7.9' }, tax: { amount: '10.51' }, total: { amount: '68.26' } },
        taxes: [{ code: 'VAT19', amount: { amount: '9.69' } }, { code: 'VAT7', amount: { amount: '0.82' } }], carrierCode: 'post', requestedOn: WANTED, exchangeRate: { rate: '1.0921' },
        billTo: { company: 'Cascade Guides LLC' }, lines: [{ discount: { amount: '4.79' } }, { discount: { amount: '0' } }],
        payments: [{ methodCode: 'giftcard', kind: 'GIFT_CARD', amount: { amount: '20' }, reference: '...7731' }, { methodCode: 'card', kind: 'AUTHORISED', amount: { amount: '48.26' }, reference: 'auth-5521' }],
      });
      const { sandbox } = shop.house;
      const [sale] = await readOdoo(sandbox, 'sale.order', [['client_order_ref', '=', order.number]], ['amount_total', 'amount_tax', 'carrier_id', 'reference', 'note', 'commitment_date', 'partner_invoice_id']);
      expect(sale).toMatchObject({
        amount_total: 68.26, amount_tax: 10.51, carrier_id: [expect.anything(), 'Parcel Post'], reference: '...7731, auth-5521', note: 'Ring twice, please', commitment_date: `${WANTED} 12:00:00`,
        partner_invoice_id: [expect.anything(), expect.stringContaining('Accounts')],
      });
      const lines = await readOdoo(sandbox, 'sale.order.line', [['order_id', '=', sale.id]], ['name', 'price_total']);
      expect(lines.map(({ name }) => name)).toEqual(expect.arrayContaining([
        '4.79 USD off is in the unit price', 'Payment: 20.00 USD by giftcard, gift card, reference ...7731', 'Payment: 48.26 USD by card, authorised, reference auth-5521',
        expect.stringContaining('Exchange rate agreed: 1 EUR = 1.0921 USD'), 'Express', 'Welcome',
      ]));
    });

    it('shows its margin to finance alone, and what was done by hand to operations', async () => {
      const query = 'query ($id: ID) { order(by: { id: $id }) { margin { revenue { amount } discounts { amount } shipping { amount } costOfGoods { amount } margin { amount } unknown } } }';
      const finance = await shop.person({ sub: 'finance', scope: 'finance:read order:read:all' });
      expect((await finance.read(query, { id: order.id })).order.margin).toEqual({
        revenue: { amount: '59.64' }, discounts: { amount: '9.79' }, shipping: { amount: '7.9' }, costOfGoods: { amount: '28.2' }, margin: { amount: '21.65' }, unknown: [],
      });
      expect(await buyer.refusals(query, { id: order.id })).toEqual(['FORBIDDEN']);
      expect(await finance.refusals('query ($id: ID) { order(by: { id: $id }) { audit { action } } }', { id: order.id })).toEqual(['FORBIDDEN']);
    });
  });

  it('does not begin with what does not add up, is not there, or cannot be understood', async () => {
    const one = { lines: [{ sku: 'LIFE-PEN', quantity: '1' }] };
    const errorsOf = async (more: object) => {
      const { order, userErrors } = await buyer.mutate('placeOrder', { customerNumber: 'C1003', currencyCode: 'USD', shipTo: HOME, ...one, ...more }, 'order { id }');
      expect(order).toBeNull();
      return userErrors.map(({ code, field, message }: any) => [code, field.join('.'), message]);
    };
    expect(await errorsOf({ ...basket(), expectedTotals: { total: usd('68.25') } })).toEqual([['TOTALS_MISMATCH', 'expectedTotals.total', expect.stringMatching(/68\.25 USD.*68\.26 USD/)]]);
    expect(await errorsOf({ ...basket(), payments: [{ methodCode: 'card', kind: 'AUTHORISED', amount: usd('68.25') }] })).toEqual([['TOTALS_MISMATCH', 'payments', expect.any(String)]]);
    expect(await errorsOf({ lines: [...one.lines, ...one.lines] })).toEqual([['INVALID_INPUT', 'lines.1', expect.any(String)]]);
    expect(await errorsOf({ lines: [{ sku: 'LIFE-NONE', quantity: '1' }] })).toEqual([['NOT_FOUND', 'lines.0.sku', expect.any(String)]]);
    expect(await errorsOf({ lines: [{ sku: 'LIFE-PEN', quantity: '2000000' }] })).toEqual([['INVALID_INPUT', 'lines.0.quantity', expect.any(String)]]);
    expect(await errorsOf({ charges: [{ kind: 'SHIPPING', code: 'LIFE-SHIP', amount: { amount: '1', currencyCode: 'EUR' } }] })).toEqual([['INVALID_INPUT', 'charges.0.amount', expect.any(String)]]);
    expect(await errorsOf({ shipTo: { ...HOME, countryCode: null } })).toEqual([['INVALID_INPUT', 'shipTo.countryCode', expect.any(String)]]);
  });

  it('never begins with a card number, of which nothing stays anywhere', async () => {
    const fields: readonly (readonly [field: string, input: object])[] = [
      ['note', { note: `card ${CARD}` }], ['shipTo.line2', { shipTo: { ...HOME, line2: CARD } }], ['externalOrderId', { externalOrderId: CARD.replaceAll(' ', '-') }], ['idempotencyKey', { idempotencyKey: CARD }],
      ['payments.0.reference', { payments: [{ methodCode: 'card', kind: 'AUTHORISED', amount: usd('5.88'), reference: CARD.replaceAll(' ', '') }] }],
    ];
    for (const [field, more] of fields) {
      const { order, userErrors } = await buyer.mutate('placeOrder', { customerNumber: 'C1003', shipTo: HOME, lines: [{ sku: 'LIFE-PEN', quantity: '1' }], ...more }, 'order { id }');
      expect([order, userErrors.map((error: any) => error.field.join('.')), JSON.stringify(userErrors).includes('1111')]).toEqual([null, [field], false]);
    }
    const inline = `mutation { placeOrder(input: { idempotencyKey: "a", note: "${CARD}", lines: [{ sku: "LIFE-PEN", quantity: "1" }] }) { userErrors { code field } } }`;
    expect((await buyer.read(inline)).placeOrder.userErrors).toContainEqual({ code: 'INVALID_INPUT', field: ['note'] });
    for (const digits of [CARD, CARD.replaceAll(' ', '-'), CARD.replaceAll(' ', '')]) {
      expect(shop.house.output()).not.toContain(digits);
      expect(await tablesHolding(shop, digits)).toEqual([]);
    }
  });

  it('is told over both wires while it ships in two parcels, with the rest later, until it is delivered', async () => {
    const [colleague, stranger] = [await shop.person({ sub: 'colleague', company_number: 'C1003', scope: 'order:read' }), await shop.person({ sub: 'stranger', customer_number: 'C2002', scope: 'order:read' })];
    const { id, number } = await placeAccepted(shop, buyer, plain(['LIFE-CUP', '5'], ['LIFE-PEN', '2']));
    const SHIPMENTS = 'subscription ($id: ID) { shipmentUpdated(orderId: $id) { firstTellable shipment { number state printedAt packages { status tracking { trackingNumber trackingUrl } lines { sku quantity } } backorderOf { number } } } }';
    const ORDERS = 'subscription ($id: ID) { orderUpdated(orderId: $id) { order { number state lines { shippedQuantity backorderedQuantity } } } }';
    const { url, sandbox } = shop.house;
    const shipments = [await watchWebSocket<any>(url, SHIPMENTS, { id }, buyer.headers), await watchEventStream<any>(url, SHIPMENTS, { id }, colleague.headers)];
    const orders = [await watchWebSocket<any>(url, ORDERS, {}, colleague.headers), await watchEventStream<any>(url, ORDERS, { id }, buyer.headers)];
    const strange = [await watchWebSocket<any>(url, ORDERS, {}, stranger.headers), await watchEventStream<any>(url, SHIPMENTS, { id }, stranger.headers)];
    const shipment = async (fits: object) => {
      for (const watch of shipments) await watch.until(({ data }) => matches(data?.shipmentUpdated, fits));
    };
    const whole = async (fits: object) => {
      for (const watch of orders) await watch.until(({ data }) => matches(data?.orderUpdated.order, { number, ...fits }));
    };
    const parcel = (trackingNumber: string, lines: object, status: string | null = null) => ({ tracking: [{ trackingNumber, trackingUrl: `https://post.example/${trackingNumber}` }], lines, status });
    const news = (trackingNumber: string, kind: string) => shop.service.mutate('recordCarrierNews', { trackingNumber, kind, at: new Date().toISOString(), location: 'Denver' }, 'shipmentIds');

    await sandbox.command('print-order', { order: number });
    await shipment({ shipment: { state: 'PLANNED', printedAt: expect.any(String) } });
    const packed = [[{ sku: 'LIFE-CUP', quantity: '2' }], [{ sku: 'LIFE-CUP', quantity: '1' }, { sku: 'LIFE-PEN', quantity: '2' }]] as const;
    await sandbox.command('ship-order', { order: number, tracking: ['TRK-A', 'TRK-B'], packages: [{ name: 'TRK-A', lines: packed[0] }, { name: 'TRK-B', lines: packed[1] }] });
    await shipment({ firstTellable: true, shipment: { state: 'SHIPPED', packages: [parcel('TRK-A', packed[0]), parcel('TRK-B', packed[1])] } });
    await shipment({ shipment: { state: 'PLANNED', backorderOf: { number: expect.any(String) } } });
    await whole({ state: 'PARTIALLY_SHIPPED', lines: [{ shippedQuantity: '3', backorderedQuantity: '2' }, { shippedQuantity: '2', backorderedQuantity: '0' }] });

    for (const [tracking, kind] of [['TRK-A', 'PICKED_UP'], ['TRK-A', 'DELIVERED'], ['TRK-B', 'DELIVERED']] as const) expect(await news(tracking, kind)).toMatchObject({ shipmentIds: [expect.any(String)], userErrors: [] });
    await shipment({ shipment: { packages: [parcel('TRK-A', packed[0], 'DELIVERED'), parcel('TRK-B', packed[1], 'DELIVERED')] } });
    expect(await stateOf(colleague, id)).toBe('PARTIALLY_SHIPPED');
    await sandbox.command('ship-order', { order: number, tracking: 'TRK-C' });
    await whole({ state: 'SHIPPED' });
    await news('TRK-C', 'DELIVERED');
    await whole({ state: 'DELIVERED' });

    const { timeline } = await readOrder(colleague, id, 'timeline { kind source state }');
    // What the order was when a fact was written down depends on which message came first: kind and source do not.
    const told = (kind: string, source: string) => expect.objectContaining({ kind, source });
    expect(timeline).toEqual(expect.arrayContaining([
      told('PLACED', 'graph'), told('ACCEPTED', 'erp'), told('PRINTED', 'erp'), told('BACKORDERED', 'erp'), told('PICKED_UP', 'Parcel Post'), told('SHIPPED', 'erp'), told('DELIVERED', 'Parcel Post'),
    ]));
    expect(await readOrder(stranger, id, 'state')).toBeNull();
    for (const watch of strange) expect(watch.events).toEqual([]);
    for (const watch of [...shipments, ...orders, ...strange]) watch.stop();
  }, 120_000);

  describe('while nobody has picked it', () => {
    const CHANGE = 'change { state refusal explanation amountDifference { amount } lines { lineNumber from to applied } }';

    it('may become smaller and go elsewhere, and not once it is picked', async () => {
      const { id, number } = await placeAccepted(shop, buyer, plain(['LIFE-JAR', '6'], ['LIFE-PEN', '2']));
      const smaller = await buyer.mutate('amendOrder', { orderId: id, lines: [{ lineNumber: 1, quantity: '4' }], shipTo: { ...HOME, line1: '2 Side Street' }, reason: 'moved' }, CHANGE);
      expect(smaller).toMatchObject({ userErrors: [], change: { state: 'APPLIED', amountDifference: { amount: '-16' }, lines: [{ lineNumber: 1, from: '6', to: '4', applied: '4' }] } });
      const without = await buyer.mutate('cancelOrder', { orderId: id, lines: [{ lineNumber: 2 }] }, CHANGE);
      expect(without).toMatchObject({ userErrors: [], change: { state: 'APPLIED', amountDifference: { amount: '-11.76' } } });
      expect(await erpOrder(number)).toMatchObject({ state: 'sale', total: '32', lines: [{ sku: 'LIFE-JAR', quantity: '4' }, { sku: 'LIFE-PEN', quantity: '0' }] });
      const [sale] = await readOdoo(shop.house.sandbox, 'sale.order', [['client_order_ref', '=', number]], ['partner_shipping_id']);
      expect(await readOdoo(shop.house.sandbox, 'res.partner', [['id', '=', sale.partner_shipping_id[0]]], ['street'])).toMatchObject([{ street: '2 Side Street' }]);
      await eventually(async () => expect(await stockOf(shop.service, 'LIFE-JAR')).toBe('16'));

      await shop.house.sandbox.command('pick-order', { order: number });
      for (const late of [await buyer.mutate('amendOrder', { orderId: id, lines: [{ lineNumber: 1, quantity: '1' }] }, CHANGE), await buyer.mutate('cancelOrder', { orderId: id }, CHANGE)]) {
        expect(late).toMatchObject({ userErrors: [{ code: 'TOO_LATE', message: expect.stringMatching(/picked .*return them instead/) }], change: { state: 'REFUSED', refusal: 'PICKING_STARTED', amountDifference: null } });
      }
      expect(await erpOrder(number)).toMatchObject({ state: 'sale', total: '32' });
      expect(await readOrder(buyer, id, 'state total { amount } lines { quantity orderedQuantity } shipTo { line1 } changes { state }')).toEqual({
        state: 'ACCEPTED_BY_ERP', total: { amount: '32' }, shipTo: { line1: '2 Side Street' },
        lines: [{ quantity: '4', orderedQuantity: '6' }, { quantity: '0', orderedQuantity: '2' }], changes: ['APPLIED', 'APPLIED', 'REFUSED', 'REFUSED'].map((state) => ({ state })),
      });
    }, 120_000);

    it('may be cancelled whole, which gives its stock back', async () => {
      const before = await stockOf(shop.service, 'LIFE-JAR');
      const { id, number } = await placeAccepted(shop, buyer, plain(['LIFE-JAR', '6']));
      await eventually(async () => expect(await stockOf(shop.service, 'LIFE-JAR')).toBe(String(Number(before) - 6)));
      expect(await buyer.mutate('cancelOrder', { orderId: id, reason: 'no more' }, CHANGE)).toMatchObject({ userErrors: [], change: { state: 'APPLIED', amountDifference: { amount: '-48' } } });
      expect(await erpOrder(number)).toMatchObject({ state: 'cancel', shipments: [{ state: 'cancel' }] });
      await eventually(async () => expect(await stateOf(buyer, id)).toBe('CANCELLED'));
      await eventually(async () => expect(await stockOf(shop.service, 'LIFE-JAR')).toBe(before));
    }, 120_000);
  });
});

/** Whether the value has at least these fields, as toMatchObject would say. */
function matches(value: unknown, fields: object): boolean {
  try {
    expect(value).toMatchObject(fields);
    return true;
  } catch {
    return false;
  }
}
