import { graphql, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { ShoppingContext, Subgraph } from '../../../../subgraphs/frame/module.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { dependenciesOf, portsOf, syncPrices, testClock, type PriceWorld } from './pricing-fixture.ts';

const world: PriceWorld = {
  prices: Array.from({ length: 8 }, (_, index) => listPriceOf(`S${index}`, String(10 + index))),
  lists: [listOf('ACME'), listOf('WEB')],
  rules: [ruleOf('ACME', fixed('5'), { target: { kind: 'SKU', sku: 'S1' }, minQuantity: d(10), reference: 'acme-1' }), ruleOf('ACME', percentOff('50')), ruleOf('WEB', percentOff('10'))],
};
const customers: Record<string, Partial<CustomerRecord>> = {
  C1: { priceListCode: null, companyNumber: 'ACME-CO' }, 'ACME-CO': { priceListCode: 'ACME', companyNumber: null }, C2: { priceListCode: null, companyNumber: null },
  C3: { priceListCode: 'GONE', companyNumber: 'ACME-CO' },
};

let test: TestDatabase;
let subgraph: Subgraph<'pricing'>;
let customerReads: string[] = [];
let statements: string[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  const counted: Database = { ...test.database, query: (text, values) => (statements.push(text), test.database.query(text, values)) };
  const customer = {
    readCustomer: async ({ number }: { number: string }) => {
      customerReads.push(number);
      if (number === 'DOWN') throw new Failure('UPSTREAM_UNAVAILABLE', 'customers are away', { system: 'customer' });
      return (customers[number] as CustomerRecord | undefined) ?? null;
    },
  };
  subgraph = await pricingModule.create(dependenciesOf(counted, portsOf(world), customer, { CHANNEL_PRICE_LISTS: 'web=WEB' }));
}, 60_000);
afterAll(() => test?.drop());

const who = (more: Partial<Principal> = {}): Principal => ({ ...ANONYMOUS, subject: 'x', kind: 'SHOPPER', scopes: ['price:read'], ...more });

async function ask(selection: string, principal: Principal, shopping: Partial<ShoppingContext> = {}, skus: readonly string[] = ['S1']): Promise<ExecutionResult> {
  customerReads = [];
  statements = [];
  const contextValue = subgraph.createContext({
    principal, shopping: { channel: null, locale: null, currencyCode: null, ...shopping }, signal: AbortSignal.timeout(5_000), deadlineAtMs: Date.now() + 5_000, traceparent: null,
  });
  const representations = [...skus.map((sku) => ({ __typename: 'ProductVariant', sku })), { __typename: 'Product', id: 'P', variantSkus: skus }];
  const source = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { ${selection} } ... on Product { priceRange { min { amount } max { amount } } } } }`;
  return graphql({ schema: subgraph.schema, source, contextValue, variableValues: { r: representations } });
}

const entities = ({ data }: ExecutionResult): readonly Record<string, unknown>[] => data!['_entities'] as never;
const unitPrice = async (principal: Principal, shopping: Partial<ShoppingContext> = {}): Promise<string | undefined> =>
  (entities(await ask('price { unitPrice { amount } }', principal, shopping))[0]!['price'] as { unitPrice: { amount: string } } | null)?.unitPrice.amount;

describe('prices in the graph', () => {
  it('are withheld, with a reason, until every feed has run through once', async () => {
    const answer = await ask('price { unitPrice { amount } } priceBreaks { minQuantity }', who());
    expect(entities(answer)).toEqual([{ price: null, priceBreaks: null }, { priceRange: null }]);
    expect(answer.errors![0]!.message).toContain('still being read for the first time');
    await syncPrices(test.database, world);
  });

  it('explain themselves', async () => {
    const [variant] = entities(await ask('price(quantity: "10") { unitPrice { amount currencyCode } listPrice { amount } lineTotal { amount } quantity priceListCode ruleReference breakQuantity source freshness }', who({ customerNumber: 'C1' })));
    expect(variant!['price']).toEqual({
      unitPrice: { amount: '5', currencyCode: 'USD' }, listPrice: { amount: '11' }, lineTotal: { amount: '50' }, quantity: '10',
      priceListCode: 'ACME', ruleReference: 'acme-1', breakQuantity: '10', source: 'erp', freshness: 'RECENT',
    });
  });

  it('are read in one statement a table, and the buyer once, however many variants and fields ask', async () => {
    const skus = [...world.prices.map((price) => price.sku), 'UNKNOWN'];
    const answer = await ask('price { unitPrice { amount } } more: price(quantity: "99") { lineTotal { amount } } priceBreaks { minQuantity unitPrice { amount } }', who({ customerNumber: 'C1', companyNumber: 'ACME-CO' }), {}, skus);
    expect(answer.errors).toBeUndefined();
    expect(statements).toHaveLength(4);
    expect(customerReads).toEqual(['C1', 'ACME-CO']);
    expect(entities(answer).at(-1)).toEqual({ priceRange: { min: { amount: '5' }, max: { amount: '8.5' } } });
    expect(entities(answer)[8]).toEqual({ price: null, more: null, priceBreaks: [] });
    expect(entities(answer)[1]!['priceBreaks']).toEqual([{ minQuantity: '1', unitPrice: { amount: '5.5' } }, { minQuantity: '10', unitPrice: { amount: '5' } }]);
  });

  it('are the contract of whoever asks and of nobody else, in any order and at once', async () => {
    const buyers = [who({ customerNumber: 'C1' }), who(), who({ customerNumber: 'C2' }), who({ companyNumber: 'ACME-CO' }), who({ channel: 'web' }), who({ customerNumber: 'C3' })];
    const expected = ['5.5', '11', '11', '5.5', '9.9', undefined];
    const contexts = buyers.flatMap((buyer, index) => [[buyer, expected[index]], [buyers[buyers.length - 1 - index]!, expected[expected.length - 1 - index]]] as const);
    const answers = await Promise.all(contexts.map(([buyer]) => unitPrice(buyer)));
    expect(answers).toEqual(contexts.map(([, price]) => price));
  });

  it('do not let a caller bound to a channel name another one', async () => {
    expect(await unitPrice(who({ channel: 'store' }), { channel: 'web' })).toBe('11');
    expect(await unitPrice(who(), { channel: 'web' })).toBe('9.9');
  });

  it('are null, not the list price, when the contract cannot be read', async () => {
    const answer = await ask('price { unitPrice { amount } }', who({ customerNumber: 'DOWN' }));
    expect(entities(answer)).toEqual([{ price: null }, { priceRange: null }]);
    expect((answer.errors![0]!.originalError as Failure).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('need price:read, a quantity above zero and a real currency', async () => {
    const code = async (selection: string, principal = who(), shopping = {}): Promise<unknown> => {
      const [error] = (await ask(selection, principal, shopping)).errors!;
      return [(error!.originalError as Failure).code, (error!.originalError as Failure).field];
    };
    expect(await code('price { quantity }', ANONYMOUS)).toEqual(['UNAUTHENTICATED', undefined]);
    expect(await code('priceBreaks { minQuantity }', who({ scopes: ['catalog:read'] }))).toEqual(['FORBIDDEN', undefined]);
    expect(await code('price(quantity: "0") { quantity }')).toEqual(['INVALID_INPUT', ['quantity']]);
    expect(await code('price(quantity: "-3") { quantity }')).toEqual(['INVALID_INPUT', ['quantity']]);
    expect(await code('price { quantity }', who(), { currencyCode: 'EURO' })).toEqual(['INVALID_INPUT', ['currency']]);
    expect(await unitPrice(who(), { currencyCode: 'EUR' })).toBeUndefined();
  });

  it('turn STALE when the source falls silent, and still come', async () => {
    testClock.advance(120_000);
    expect(entities(await ask('price { freshness unitPrice { amount } }', who()))[0]!['price']).toEqual({ freshness: 'STALE', unitPrice: { amount: '11' } });
    testClock.advance(-120_000);
  });
});

describe('quotePrices', () => {
  const context = { channel: null, priceListCode: 'ACME', currencyCode: 'USD', at: instant(Date.now()) } as const;

  it('answers per line, in order, with a reason where there is no price', async () => {
    const outcomes = await subgraph.client.quotePrices({ lines: [{ sku: 'S1', quantity: d(12) }, { sku: 'NOPE', quantity: d(1) }, { sku: 'S1', quantity: d(1) }], context });
    expect(outcomes).toMatchObject([
      { kind: 'PRICED', line: { sku: 'S1', unitPrice: { amount: '5' }, lineTotal: { amount: '60' }, ruleReference: 'acme-1' } },
      { kind: 'NO_PRICE', sku: 'NOPE', reason: 'UNKNOWN_SKU' },
      { kind: 'PRICED', line: { unitPrice: { amount: '5.5' } } },
    ]);
    expect(await subgraph.client.quotePrices({ lines: [{ sku: 'S2', quantity: d(1) }], context: { ...context, priceListCode: null, channel: 'web' } })).toMatchObject([{ line: { unitPrice: { amount: '10.8' }, priceListCode: 'WEB' } }]);
    expect(JSON.parse(JSON.stringify(outcomes))).toEqual(outcomes);
  });

  it('names the line whose quantity is unusable', async () => {
    await expect(subgraph.client.quotePrices({ lines: [{ sku: 'S1', quantity: d(1) }, { sku: 'S1', quantity: d(0) }], context })).rejects.toMatchObject({
      code: 'INVALID_INPUT', field: ['lines', '1', 'quantity'],
    });
  });
});
