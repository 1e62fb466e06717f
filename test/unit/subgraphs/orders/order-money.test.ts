import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { calendarDate, instant } from '../../../../domain/time.ts';
import { createPlaceOrder, type PlaceOrder, type PlaceOrderOutcome } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { PlacementText } from '../../../../subgraphs/orders/placing/placement-text.ts';
import { readLines, readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { basket, createWorld, QUICK, scopeOf, type World } from './harness.ts';

/* A costs 10.995 EUR: two are 21.99, one is 11.00. */

let world: World;
let place: PlaceOrder;
const eur = (amount: string) => ({ amount: decimal(amount), currencyCode: 'EUR' });
const vat = (amount: string, ratePercent = '19') => ({ code: 'VAT19', ratePercent: decimal(ratePercent), amount: eur(amount) });
const address = { name: 'Ann', line1: '1 Main Street', city: 'Berlin', postalCode: '10115', countryCode: 'DE' };
const faults = ({ order, userErrors }: PlaceOrderOutcome): string[] => {
  expect(order).toBeNull();
  return userErrors.map((error) => `${error.code} ${error.field.join('.')}`);
};
const send = (more: Partial<PlacementText>): Promise<PlaceOrderOutcome> => place(basket(more), scopeOf());

/** Everything at once: 21.99 + 11.00 - 1.00 - 2.00 + 4.90 + 0.60 + 7.01 tax. */
const FULL: Partial<PlacementText> = {
  currencyCode: 'EUR', exchangeRate: { baseCurrencyCode: 'USD', rate: decimal('0.92'), asOf: instant('2026-01-01') },
  lines: [
    { sku: 'A', quantity: decimal('2'), discount: eur('1'), taxes: [vat('3.99')] },
    { sku: 'B', quantity: decimal('1'), taxes: [vat('2.09')], requestedDate: calendarDate('2099-03-01') },
  ],
  charges: [{ kind: 'SHIPPING', code: 'express', description: 'Express', amount: eur('4.90'), taxes: [vat('0.93')] }, { kind: 'HANDLING', code: 'gift-wrap', amount: eur('0.60') }],
  discounts: [{ code: 'WELCOME', amount: eur('2') }],
  payments: [
    { methodCode: 'card', kind: 'AUTHORISED', amount: eur('30'), reference: 'auth-1' }, { methodCode: 'gift', kind: 'GIFT_CARD', amount: eur('10'), reference: '…4821' },
    { methodCode: 'invoice', kind: 'ON_ACCOUNT' },
  ],
  expectedTotals: { subtotal: eur('32.99'), discount: eur('3'), shipping: eur('4.90'), tax: eur('7.01'), total: eur('42.50') },
  shipTo: address, billTo: { ...address, city: 'Bonn' }, carrierCode: 'dhl-express', requestedDate: calendarDate('2099-02-01'),
};

beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder(world.dependencies(), QUICK);
});
afterAll(() => world.close());

describe('the money of an order', () => {
  it('is stored as it was told, the open payment with what the others leave', async () => {
    const { order, userErrors } = await send(FULL);
    expect(userErrors).toEqual([]);
    expect(await readOrder(world.database, order!.id)).toMatchObject({
      currencyCode: 'EUR', total: '42.5', tax: '7.01', taxIncluded: false, carrierCode: 'dhl-express', billTo: { city: 'Bonn' }, requestedOn: '2099-02-01',
      exchangeRate: { baseCurrencyCode: 'USD', rate: '0.92', asOf: '2026-01-01T00:00:00.000Z' },
      charges: [
        { kind: 'SHIPPING', code: 'express', description: 'Express', amount: '4.9', taxes: [{ code: 'VAT19', ratePercent: '19', amount: '0.93' }] },
        { kind: 'HANDLING', code: 'gift-wrap', amount: '0.6', taxes: [] },
        { kind: 'DISCOUNT', code: 'WELCOME', amount: '-2', taxes: [] },
      ],
      payments: [
        { methodCode: 'card', kind: 'AUTHORISED', amount: '30', reference: 'auth-1' }, { methodCode: 'gift', kind: 'GIFT_CARD', amount: '10', reference: '…4821' },
        { methodCode: 'invoice', kind: 'ON_ACCOUNT', amount: '2.5', reference: null },
      ],
      routing: [{ lineNumber: 1, sku: 'A', locationCode: 'MAIN', quantity: '2', dueOn: null }, { lineNumber: 2, sku: 'B', locationCode: 'MAIN', quantity: '1', dueOn: null }],
    });
    expect(await readLines(world.database, [order!.id])).toMatchObject([
      { discount: '1', taxes: [{ code: 'VAT19', ratePercent: '19', amount: '3.99' }], shipTo: null, requestedOn: null, orderedQuantity: '2' },
      { discount: '0', taxes: [{ code: 'VAT19', amount: '2.09' }], requestedOn: '2099-03-01' },
    ]);
  });

  it('has its taxes inside where the prices do', async () => {
    const lines = [{ sku: 'A', quantity: decimal('2'), taxes: [vat('3.51')] }];
    const { order } = await send({ lines, taxIncluded: true, charges: [{ kind: 'SHIPPING', code: 'std', amount: eur('5') }], expectedTotals: { total: eur('26.99'), tax: eur('3.51') } });
    expect(order).toMatchObject({ total: '26.99', tax: '3.51', taxIncluded: true });
    expect(faults(await send({ lines: [{ ...lines[0]!, taxes: [vat('4.18')] }], taxIncluded: true }))).toEqual(['TOTALS_MISMATCH lines.0.taxes.0.amount']);
  });

  it('is what it was before for those who tell nothing of it', async () => {
    const { order } = await send({ paymentReference: 'auth-9' });
    expect(order).toMatchObject({ total: '32.99', tax: null, charges: [], payments: [], paymentReference: 'auth-9', billTo: null, exchangeRate: null });
    expect(await readLines(world.database, [order!.id])).toMatchObject([{ discount: '0', taxes: null }, { discount: '0', taxes: null }]);
  });

  it('is refused where a figure is a penny off, showing both', async () => {
    for (const name of ['subtotal', 'discount', 'shipping', 'tax', 'total'] as const) {
      const told = FULL.expectedTotals![name]!;
      const outcome = await send({ ...FULL, expectedTotals: { ...FULL.expectedTotals, [name]: { ...told, amount: decimal((Number(told.amount) + 0.01).toFixed(2)) } } });
      expect(faults(outcome)).toEqual([`TOTALS_MISMATCH expectedTotals.${name}`]);
      expect(outcome.userErrors[0]!.message).toContain(`${decimal(told.amount)} EUR`);
    }
    const offered = await send({ expectedTotals: { total: eur('32.98') } });
    expect(offered.userErrors).toMatchObject([{ code: 'TOTALS_MISMATCH', message: 'expectedTotals.total is 32.98 EUR, the order comes to 32.99 EUR', retryable: false }]);
  });

  it('is refused where the payments, a tax or a discount does not fit', async () => {
    expect(faults(await send({ payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('32.98') }] }))).toEqual(['TOTALS_MISMATCH payments']);
    expect(faults(await send({ payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('32.99') }, { methodCode: 'invoice', kind: 'ON_ACCOUNT' }] })))
      .toEqual(['TOTALS_MISMATCH payments.1.amount']);
    expect(faults(await send({ lines: [{ sku: 'A', quantity: decimal('2'), taxes: [vat('4.20')] }] }))).toEqual(['TOTALS_MISMATCH lines.0.taxes.0.amount']);
    expect(faults(await send({ lines: [{ sku: 'A', quantity: decimal('2'), discount: eur('22') }] }))).toEqual(['INVALID_INPUT lines.0.discount']);
    expect(faults(await send({ discounts: [{ code: 'ALL', amount: eur('33') }] }))).toEqual(['INVALID_INPUT discounts']);
    expect(faults(await send({ charges: [{ kind: 'SHIPPING', code: 'std', amount: eur('5'), taxes: [vat('2')] }] }))).toEqual(['TOTALS_MISMATCH charges.0.taxes.0.amount']);
    expect((await send({ discounts: [{ code: 'ALL', amount: eur('32.99') }] })).order).toMatchObject({ total: '0' });
  });

  it('is of one currency: another one\'s amount is named', async () => {
    const usd = { amount: decimal('1'), currencyCode: 'USD' };
    expect(faults(await send({ charges: [{ kind: 'SHIPPING', code: 'std', amount: usd }], payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: usd }] })))
      .toEqual(['INVALID_INPUT charges.0.amount', 'INVALID_INPUT payments.0.amount']);
    const { order } = await send({ currencyCode: 'USD', expectedTotals: { total: { amount: decimal('32.99'), currencyCode: 'USD' } } });
    expect(order).toMatchObject({ currencyCode: 'USD', total: '32.99' });
  });

  it('takes nothing when it does not agree', async () => {
    const before = world.inventory.stock.get('A');
    await send({ payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('1') }] });
    expect(world.inventory.stock.get('A')).toBe(before);
  });
});

describe('the lines of an order', () => {
  it('ask for the stock of the whole basket, also where one article stands on two of them', async () => {
    const asked: string[] = [];
    world.inventory.outcome = (sku, quantity) => {
      asked.push(`${quantity} ${sku}`);
      return { kind: 'CONFIRMED', date: calendarDate('2026-01-01'), basis: 'ON_HAND', sources: [] };
    };
    const lines = [{ sku: 'A', quantity: decimal('2') }, { sku: 'A', quantity: decimal('3'), requestedDate: calendarDate('2099-01-01') }];
    const { order } = await send({ lines });
    world.inventory.outcome = null;
    expect(asked).toEqual(['5 A']);
    expect(order!.holdLines).toEqual([{ sku: 'A', quantity: '5' }]);
    expect(order!.routing).toMatchObject([{ lineNumber: 1, quantity: '2' }, { lineNumber: 2, quantity: '3' }]);
  });

  it('are refused where one repeats another', async () => {
    const outcome = await send({ lines: [{ sku: 'A', quantity: decimal('2') }, { sku: 'A', quantity: decimal('3') }] });
    expect(faults(outcome)).toEqual(['INVALID_INPUT lines.1']);
  });

  it('are reserved for the earliest day of them all, for now as soon as one has none', async () => {
    const days: unknown[] = [];
    const dependencies = world.dependencies();
    const { placeHold } = dependencies.clients.inventory;
    const inventory = { ...dependencies.clients.inventory,
      placeHold: (request: Parameters<typeof placeHold>[0]) => (days.push(request.requestedOn), placeHold(request)) };
    const watched = createPlaceOrder({ ...dependencies, clients: { ...dependencies.clients, inventory } }, QUICK);
    const on = (day: string | null) => (day === null ? {} : { requestedDate: calendarDate(day) });
    const two = (first: string | null, second: string | null, order: string | null) =>
      watched(basket({ ...on(order), lines: [{ sku: 'A', quantity: decimal('1'), ...on(first) }, { sku: 'B', quantity: decimal('1'), ...on(second) }] }), scopeOf());
    await two('2099-03-01', '2099-02-01', null);
    await two('2099-03-01', null, '2099-05-01');
    await two('2099-03-01', null, null);
    await two(null, null, null);
    expect(days).toEqual(['2099-02-01', '2099-03-01', null, null]);
  });

  it('go to one address, unless the system behind the shop can do more', async () => {
    const lines = [{ sku: 'A', quantity: decimal('1') }, { sku: 'A', quantity: decimal('1'), shipTo: { ...address, city: 'Bonn' } }];
    expect(faults(await send({ shipTo: address, lines }))).toEqual(['UNSUPPORTED lines.1.shipTo']);
    const dependencies = world.dependencies();
    const ports: typeof dependencies.ports = {
      port: (name) => {
        const owned = dependencies.ports.port(name);
        return owned && { ...owned, capabilities: { ...owned.capabilities, lineShipTo: true } };
      },
    };
    const { order } = await createPlaceOrder({ ...dependencies, ports }, QUICK)(basket({ shipTo: address, lines }), scopeOf());
    expect((await readLines(world.database, [order!.id])).map((line) => line.shipTo?.city ?? null)).toEqual([null, 'Bonn']);
  });

  it('stay below the quantity of the policy', async () => {
    const strict = createPlaceOrder(world.dependencies(), { ...QUICK, policy: { ...QUICK.policy, maxLineQuantity: decimal('5') } });
    expect(faults(await strict(basket({ lines: [{ sku: 'A', quantity: decimal('6') }] }), scopeOf()))).toEqual(['INVALID_INPUT lines.0.quantity']);
  });
});
