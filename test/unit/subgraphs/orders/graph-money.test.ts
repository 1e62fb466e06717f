import 'reflect-metadata';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../../../domain/principal.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
const ann = principal('ann', { kind: 'SHOPPER', scopes: ['order:read', 'checkout:write'], customerNumber: 'C1' });
const clerk = principal('clerk', { kind: 'OPERATIONS', scopes: ['order:read:all'] });
const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });

async function ask(query: string, variableValues: Record<string, unknown>, who: Principal = ann): Promise<ExecutionResult<Record<string, Record<string, unknown> | null>>> {
  return (await execute({ schema: subgraph.schema, document: parse(query), contextValue: subgraph.createContext(scopeOf(who)), variableValues })) as never;
}

const INPUT = {
  idempotencyKey: 'm1', currencyCode: 'EUR', exchangeRate: { baseCurrencyCode: 'USD', rate: '0.92', asOf: '2026-01-01T00:00:00.000Z' },
  lines: [
    { sku: 'A', quantity: '2', discount: eur('1.00'), taxes: [{ code: 'VAT19', ratePercent: '19', amount: eur('3.99') }], requestedDate: '2099-03-01' },
    { sku: 'B', quantity: '1', taxes: [{ code: 'VAT19', ratePercent: '19', amount: eur('2.09') }] },
  ],
  charges: [{ kind: 'SHIPPING', code: 'express', amount: eur('4.90'), taxes: [{ code: 'VAT7', ratePercent: '7', amount: eur('0.34') }] }],
  discounts: [{ code: 'WELCOME', description: 'Welcome', amount: eur('2') }],
  payments: [{ methodCode: 'card', kind: 'AUTHORISED', amount: eur('30'), reference: 'auth-1' }, { methodCode: 'invoice', kind: 'ON_ACCOUNT' }],
  billTo: { line1: '1 Main Street', city: 'Bonn', countryCode: 'DE' }, carrierCode: 'dhl', expectedTotals: { total: eur('41.31') },
};
const MONEY = `totals { subtotal { amount } discount { amount } shipping { amount } handling { amount } surcharge { amount } tax { amount } total { amount currencyCode } }
  charges { kind code description amount { amount } taxes { code amount { amount } } } payments { methodCode kind amount { amount } reference } taxes { code ratePercent amount { amount } }
  billTo { city } carrierCode taxIncluded exchangeRate { baseCurrencyCode rate asOf } erpTotals { total { amount } tax { amount } difference { amount } }
  lines { orderedQuantity discount { amount } unitPrice { amount } lineTotal { amount } taxes { code ratePercent amount { amount } } shipTo { city } requestedDate }`;
const PLACE = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { number ${MONEY} } userErrors { code field message } } }`;
const READ = `query ($number: String!) { order(by: { number: $number }) { ${MONEY} } }`;
const HINTS = `query ($number: String!) { order(by: { number: $number }) { number routingHints { lineNumber sku locationCode quantity dueOn } } }`;
let number: string;

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
  const { data, errors } = await ask(PLACE, { input: INPUT });
  expect(errors).toBeUndefined();
  expect(data!['placeOrder']).toMatchObject({ userErrors: [] });
  number = (data!['placeOrder']!['order'] as { number: string }).number;
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

describe('the money of an order in the graph', () => {
  it('tells how the total comes about, what was charged and paid, and every line\'s part', async () => {
    expect((await ask(READ, { number })).data).toEqual({ order: {
      totals: {
        subtotal: { amount: '32.99' }, discount: { amount: '3' }, shipping: { amount: '4.9' }, handling: { amount: '0' }, surcharge: { amount: '0' }, tax: { amount: '6.42' },
        total: { amount: '41.31', currencyCode: 'EUR' },
      },
      charges: [
        { kind: 'SHIPPING', code: 'express', description: null, amount: { amount: '4.9' }, taxes: [{ code: 'VAT7', amount: { amount: '0.34' } }] },
        { kind: 'DISCOUNT', code: 'WELCOME', description: 'Welcome', amount: { amount: '-2' }, taxes: [] },
      ],
      payments: [
        { methodCode: 'card', kind: 'AUTHORISED', amount: { amount: '30' }, reference: 'auth-1' }, { methodCode: 'invoice', kind: 'ON_ACCOUNT', amount: { amount: '11.31' }, reference: null },
      ],
      taxes: [{ code: 'VAT19', ratePercent: '19', amount: { amount: '6.08' } }, { code: 'VAT7', ratePercent: '7', amount: { amount: '0.34' } }],
      billTo: { city: 'Bonn' }, carrierCode: 'dhl', taxIncluded: false, exchangeRate: { baseCurrencyCode: 'USD', rate: '0.92', asOf: '2026-01-01T00:00:00.000Z' }, erpTotals: null,
      lines: [
        { orderedQuantity: '2', discount: { amount: '1' }, unitPrice: { amount: '10.995' }, lineTotal: { amount: '21.99' }, taxes: [{ code: 'VAT19', ratePercent: '19', amount: { amount: '3.99' } }], shipTo: null, requestedDate: '2099-03-01' },
        { orderedQuantity: '1', discount: { amount: '0' }, unitPrice: { amount: '10.995' }, lineTotal: { amount: '11' }, taxes: [{ code: 'VAT19', ratePercent: '19', amount: { amount: '2.09' } }], shipTo: null, requestedDate: null },
      ],
    } });
  });

  it('shows what the ERP makes of it, and the pennies between', async () => {
    await world.database.run('update orders.sales_order set erp_total = 41.33, erp_tax = 6.44 where number = $1', [number]);
    expect((await ask(`query ($number: String!) { order(by: { number: $number }) { erpTotals { total { amount } tax { amount } difference { amount currencyCode } } } }`, { number })).data)
      .toEqual({ order: { erpTotals: { total: { amount: '41.33' }, tax: { amount: '6.44' }, difference: eur('0.02') } } });
  });

  it('compares without tax where nobody was told any, and not at all where the ERP does not tell either', async () => {
    const { data } = await ask(PLACE, { input: { idempotencyKey: 'm5', lines: [{ sku: 'A', quantity: '2' }] } });
    const untold = (data!['placeOrder']!['order'] as { number: string }).number;
    const difference = async (erpTotal: string, erpTax: string | null) => {
      await world.database.run('update orders.sales_order set erp_total = $2, erp_tax = $3 where number = $1', [untold, erpTotal, erpTax]);
      const found = await ask(`query ($number: String!) { order(by: { number: $number }) { erpTotals { difference { amount } } } }`, { number: untold });
      return (found.data!['order']!['erpTotals'] as { difference: { amount: string } | null }).difference?.amount ?? null;
    };
    expect([await difference('26.17', '4.18'), await difference('26.16', '4.18'), await difference('26.17', null)]).toEqual(['0', '-0.01', null]);
  });

  it('says nothing of tax nobody told', async () => {
    const { data } = await ask(PLACE, { input: { idempotencyKey: 'm2', lines: [{ sku: 'A', quantity: '2' }] } });
    expect(data!['placeOrder']).toMatchObject({ order: { taxes: null, charges: [], payments: [], totals: { tax: null, total: { amount: '21.99' } }, lines: [{ taxes: null }] } });
  });

  it('keeps where goods come from to those who run the shop', async () => {
    expect((await ask(HINTS, { number }, clerk)).data).toEqual({ order: { number, routingHints: [
      { lineNumber: 1, sku: 'A', locationCode: 'MAIN', quantity: '2', dueOn: null }, { lineNumber: 2, sku: 'B', locationCode: 'MAIN', quantity: '1', dueOn: null },
    ] } });
    const { data, errors } = await ask(HINTS, { number });
    expect(data).toEqual({ order: { number, routingHints: null } });
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('names repeated lines, mixed currencies and card numbers as its callers know the fields', async () => {
    const faults = async (more: Record<string, unknown>) => ((await ask(PLACE, { input: { ...INPUT, idempotencyKey: 'm3', ...more } })).data!['placeOrder'] as { userErrors: { code: string; field: string[] }[] })
      .userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);
    expect(await faults({ lines: [INPUT.lines[1], INPUT.lines[1]] })).toEqual(['INVALID_INPUT lines.1']);
    expect(await faults({ discounts: [{ code: 'X', amount: { amount: '1', currencyCode: 'USD' } }] })).toEqual(['INVALID_INPUT discounts.0.amount']);
    expect(await faults({ payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('41.31'), reference: '5555555555554444' }] })).toEqual(['INVALID_INPUT payments.0.reference']);
    expect(await faults({ expectedTotals: { total: eur('41.30') } })).toEqual(['TOTALS_MISMATCH expectedTotals.total']);
  });
});

describe('a channel\'s own numbers', () => {
  it('are nobody\'s business who is bound to another channel', async () => {
    await ask(PLACE, { input: { idempotencyKey: 'm4', externalOrderId: 'W-1', lines: [{ sku: 'A', quantity: '1' }] } });
    const find = `query ($channel: String) { order(by: { external: { channel: $channel, externalOrderId: "W-1" } }) { channel } }`;
    const bound = (channel: string): Principal => ({ ...ann, channel });
    expect((await ask(find, { channel: 'web' })).data).toEqual({ order: { channel: 'web' } });
    expect((await ask(find, { channel: 'web' }, bound('web'))).data).toEqual({ order: { channel: 'web' } });
    expect((await ask(find, { channel: 'web' }, bound('amazon'))).data).toEqual({ order: null });
    expect((await ask(find, {}, bound('amazon'))).data).toEqual({ order: null });
    expect((await ask(find, { channel: 'web' }, { ...ann, subject: 'bob', customerNumber: 'C2' })).data).toEqual({ order: null });
    // All orders are all of the channel one is bound to.
    expect((await ask(find, { channel: 'web' }, { ...clerk, channel: 'web' })).data).toEqual({ order: { channel: 'web' } });
    expect((await ask(find, { channel: 'web' }, { ...clerk, channel: 'amazon' })).data).toEqual({ order: null });
  });
});
