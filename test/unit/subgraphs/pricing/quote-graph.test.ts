import { graphql, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import type { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { addMs, instant } from '../../../../domain/time.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { ShoppingContext, Subgraph } from '../../../../subgraphs/frame/module.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';
import { readQuoteSecret } from '../../../../subgraphs/pricing/quotes/quote-secret.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { dependenciesOf, portsOf, syncPrices, testClock, type PriceWorld } from './pricing-fixture.ts';

const world: PriceWorld = {
  prices: Array.from({ length: 8 }, (_, index) => listPriceOf(`S${index}`, String(10 + index), { cost: { amount: d('1'), currencyCode: 'USD' } })),
  lists: [listOf('ACME'), listOf('BIKER'), listOf('SOUTH')],
  rules: [ruleOf('ACME', fixed('5'), { target: { kind: 'SKU', sku: 'S1' }, minQuantity: d(10), reference: 'acme-1' }), ruleOf('ACME', percentOff('50')), ruleOf('BIKER', percentOff('30')), ruleOf('SOUTH', percentOff('60'))],
};
const customers: Record<string, Partial<CustomerRecord>> = {
  C1: { priceListCode: null, companyNumber: 'ACME-CO' }, 'ACME-CO': { priceListCode: 'ACME', companyNumber: null }, C2: { priceListCode: 'BIKER', companyNumber: null },
  'ACME-SOUTH': { priceListCode: 'SOUTH', companyNumber: 'ACME-CO' },
};

let test: TestDatabase;
let subgraph: Subgraph<'pricing'>;
let statements = 0;

const open = (env: Record<string, string> = {}): Promise<Subgraph<'pricing'>> => {
  const counted: Database = { ...test.database, query: (text, values) => (statements += 1, test.database.query(text, values)) };
  const customer = { readCustomer: async ({ number }: { number: string }) => (number in customers ? ({ number, active: true, ...customers[number] } as CustomerRecord) : null) };
  return pricingModule.create(dependenciesOf(counted, portsOf(world), customer, { PRIVATE_PRICE_CHANNELS: 'trade', PRICE_QUOTE_TTL_MS: '60000', ...env }));
};

beforeAll(async () => {
  test = await createTestDatabase();
  subgraph = await open();
  await syncPrices(test.database, world);
}, 60_000);
afterAll(() => test?.drop());

const who = (more: Partial<Principal> = {}): Principal => ({ ...ANONYMOUS, subject: 'x', kind: 'SHOPPER', scopes: ['price:read'], ...more });
const GUEST = who();
const ACME = who({ customerNumber: 'C1' });
const BIKER = who({ customerNumber: 'C2' });

async function ask(source: string, input: object, principal: Principal, shopping: Partial<ShoppingContext> = {}, asked = subgraph): Promise<ExecutionResult> {
  const contextValue = asked.createContext({
    principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null, ...shopping }, signal: AbortSignal.timeout(5_000), deadlineAtMs: Date.now() + 5_000, traceparent: null,
  });
  return graphql({ schema: asked.schema, source, contextValue, variableValues: { input } });
}

const QUOTE = `query ($input: PriceQuoteInput!) { priceQuote(input: $input) {
  id currencyCode subtotal { amount } discount { amount } total { amount currencyCode } source freshness issuedAt expiresAt token
  lines { index sku variant { sku } quantity unit unitPrice { amount } listPrice { amount } lineTotal { amount } discount { amount } net { amount } promotions { code } priceListCode ruleReference breakQuantity reason }
} }`;
const CHECK = `query ($input: PriceCheckInput!) { checkPrices(input: $input) { __typename
  ... on PricesConfirmed { newQuote { token total { amount } } }
  ... on PricesChanged { changes { line sku quoted { unitPrice { amount } net { amount } } current { unitPrice { amount } net { amount } } } newQuote { token total { amount } } }
  ... on QuoteExpired { expiredAt newQuote { token total { amount } } }
  ... on QuoteRefused { reason message }
} }`;

const quote = async (lines: readonly object[], principal: Principal, { context, shopping, asked }: { context?: object; shopping?: Partial<ShoppingContext>; asked?: Subgraph<'pricing'> } = {}): Promise<any> => {
  const { data, errors } = await ask(QUOTE, { lines, ...(context && { context }) }, principal, shopping, asked);
  expect(errors).toBeUndefined();
  return data!['priceQuote'];
};
const check = async (input: object, principal: Principal, shopping: Partial<ShoppingContext> = {}, asked = subgraph): Promise<any> => {
  const { data, errors } = await ask(CHECK, input, principal, shopping, asked);
  expect(errors).toBeUndefined();
  return data!['checkPrices'];
};
const refusal = async (source: string, input: object, principal = GUEST, shopping: Partial<ShoppingContext> = {}): Promise<unknown> => {
  const failure = (await ask(source, input, principal, shopping)).errors![0]!.originalError as Failure;
  return [failure.code, failure.field];
};
const FIVE = [{ sku: 'S1', quantity: '4' }, { sku: 'S2', quantity: '1' }, { sku: 'S1', quantity: '6' }];

describe('a quote of a basket in the graph', () => {
  it('explains each line, adds up, and can be ordered by', async () => {
    const answer = await quote(FIVE, ACME);
    expect(answer).toMatchObject({ currencyCode: 'USD', subtotal: { amount: '56' }, discount: { amount: '0' }, total: { amount: '56', currencyCode: 'USD' }, source: 'erp', freshness: 'RECENT' });
    expect(answer.lines[0]).toEqual({
      index: 0, sku: 'S1', variant: { sku: 'S1' }, quantity: '4', unit: null, unitPrice: { amount: '5' }, listPrice: { amount: '11' }, lineTotal: { amount: '20' }, discount: { amount: '0' }, net: { amount: '20' },
      promotions: [], priceListCode: 'ACME', ruleReference: 'acme-1', breakQuantity: '10', reason: null,
    });
    expect(answer.expiresAt).toBe(addMs(answer.issuedAt, 60_000));
    const basket = await subgraph.client.quoteBasket({
      lines: FIVE.toReversed().map(({ sku, quantity }) => ({ sku, quantity: d(quantity) })), quoteToken: answer.token,
      // As orders name the buyer: with the company of its record.
      context: { channel: null, buyer: { customerNumber: 'C1', companyNumber: 'ACME-CO', locationNumber: null }, currencyCode: null, at: instant(testClock.now()) },
    });
    expect(basket.verdict).toEqual({ kind: 'STANDS', quoteId: answer.id });
  });

  it('is read in as many statements for 500 lines as for one', async () => {
    await quote([{ sku: 'S1', quantity: '1' }], ACME);
    statements = 0;
    await quote([{ sku: 'S1', quantity: '1' }], ACME);
    const once = statements;
    statements = 0;
    await quote(Array.from({ length: 500 }, (_, index) => ({ sku: `S${index % 8}`, quantity: String(1 + index) })), ACME);
    expect([statements, once > 0]).toEqual([once, true]);
  });

  it('has no total and no token while a line has no price, nor for another moment than now', async () => {
    expect(await quote([{ sku: 'S1', quantity: '1' }, { sku: 'NOPE', quantity: '1' }], GUEST)).toMatchObject({
      subtotal: null, discount: null, total: null, token: null, expiresAt: null, lines: [{ net: { amount: '11' }, reason: null }, { unitPrice: null, net: null, reason: 'UNKNOWN_SKU' }],
    });
    expect(await quote(FIVE, GUEST, { context: { at: '2026-01-01T00:00:00.000Z' } })).toMatchObject({ total: { amount: '122' }, token: null });
    expect(await quote(FIVE, GUEST, { context: { currency: 'EUR' } })).toMatchObject({ total: null, lines: [{ reason: 'NO_CURRENCY' }, { reason: 'NO_CURRENCY' }, { reason: 'NO_CURRENCY' }] });
  });

  it('is that of the location that buys, from header or context, and of no other company\'s', async () => {
    expect(await quote(FIVE, ACME, { context: { companyLocation: 'ACME-SOUTH' } })).toMatchObject({ total: { amount: '48.8' } });
    expect(await quote(FIVE, ACME, { shopping: { companyLocation: 'ACME-SOUTH' } })).toMatchObject({ total: { amount: '48.8' } });
    expect(await refusal(QUOTE, { lines: FIVE, context: { companyLocation: 'ACME-SOUTH' } }, BIKER)).toEqual(['FORBIDDEN', ['x-company-location']]);
    expect(await refusal(QUOTE, { lines: FIVE, context: { companyLocation: 'ACME-SOUTH' } }, GUEST)).toEqual(['FORBIDDEN', ['x-company-location']]);
  });

  it('is refused with the field at fault', async () => {
    expect(await refusal(QUOTE, { lines: [] })).toEqual(['INVALID_INPUT', ['lines']]);
    expect(await refusal(QUOTE, { lines: Array(501).fill({ sku: 'S1', quantity: '1' }) })).toEqual(['INVALID_INPUT', ['lines']]);
    expect(await refusal(QUOTE, { lines: [FIVE[0], { sku: 'S1', quantity: '-1' }] })).toEqual(['INVALID_INPUT', ['lines', '1', 'quantity']]);
    expect(await refusal(QUOTE, { lines: FIVE }, ANONYMOUS)).toEqual(['UNAUTHENTICATED', undefined]);
    expect(await refusal(QUOTE, { lines: FIVE }, who({ scopes: ['catalog:read'] }))).toEqual(['FORBIDDEN', undefined]);
    expect(await refusal(QUOTE, { lines: FIVE }, GUEST, { channel: 'trade' })).toEqual(['FORBIDDEN', ['x-channel']]);
    expect(await refusal(CHECK, {})).toEqual(['INVALID_INPUT', ['input']]);
    expect(await refusal(CHECK, { token: 'q1', lines: [] })).toEqual(['INVALID_INPUT', ['input']]);
  });
});

describe('prices a buyer saw', () => {
  it('are confirmed, changed, or too old, each with a quote of now', async () => {
    const { token } = await quote(FIVE, ACME);
    const confirmed = await check({ token }, ACME);
    expect(confirmed).toMatchObject({ __typename: 'PricesConfirmed', newQuote: { total: { amount: '56' } } });
    world.rules = world.rules.map((rule) => (rule.reference === 'acme-1' ? { ...rule, formula: fixed('5.25') } : rule));
    await syncPrices(test.database, world);
    const changed = await check({ token }, ACME);
    expect(changed).toMatchObject({
      __typename: 'PricesChanged', newQuote: { total: { amount: '58.5' } },
      changes: [
        { line: 0, sku: 'S1', quoted: { unitPrice: { amount: '5' }, net: { amount: '20' } }, current: { unitPrice: { amount: '5.25' }, net: { amount: '21' } } },
        { line: 2, sku: 'S1', quoted: { unitPrice: { amount: '5' }, net: { amount: '30' } }, current: { unitPrice: { amount: '5.25' }, net: { amount: '31.5' } } },
      ],
    });
    expect(await check({ token: changed.newQuote.token }, ACME)).toMatchObject({ __typename: 'PricesConfirmed' });
    testClock.advance(60_000);
    expect(await check({ token }, ACME)).toMatchObject({ __typename: 'QuoteExpired', newQuote: { total: { amount: '58.5' } } });
    testClock.advance(-60_000);
  });

  it('are not shown to others by their token', async () => {
    const { token } = await quote(FIVE, ACME);
    for (const other of [BIKER, GUEST, who({ customerNumber: 'ACME-CO' })]) expect(await check({ token }, other)).toMatchObject({ __typename: 'QuoteRefused', reason: 'NOT_YOURS' });
    expect(await check({ token }, ACME, { channel: 'web' })).toMatchObject({ reason: 'NOT_YOURS' });
    expect(await check({ token }, ACME, { companyLocation: 'ACME-SOUTH' })).toMatchObject({ reason: 'NOT_YOURS' });
    expect(await check({ token: `${token.slice(0, -5)}AAAAA` }, ACME)).toMatchObject({ __typename: 'QuoteRefused', reason: 'FORGED' });
  });

  it('can be told line by line where nobody keeps quotes', async () => {
    const lines = [{ sku: 'S2', quantity: '1', expectedUnitPrice: { amount: '12.00', currencyCode: 'USD' } }, { sku: 'S3', quantity: '2', expectedUnitPrice: { amount: '12', currencyCode: 'USD' } }];
    expect(await check({ lines }, GUEST)).toMatchObject({
      __typename: 'PricesChanged', changes: [{ line: 1, sku: 'S3', quoted: { unitPrice: { amount: '12' }, net: null }, current: { unitPrice: { amount: '13' }, net: { amount: '26' } } }], newQuote: { total: { amount: '38' } },
    });
    expect(await check({ lines: lines.slice(0, 1) }, GUEST)).toMatchObject({ __typename: 'PricesConfirmed', newQuote: { total: { amount: '12' } } });
  });
});

describe('what quotes are signed with', () => {
  it('is the same after a restart and in every process of one store', async () => {
    const { token } = await quote(FIVE, GUEST);
    const [again, beside] = await Promise.all([open(), open()]);
    for (const process of [again, beside]) expect(await check({ token }, GUEST, {}, process)).toMatchObject({ __typename: 'PricesConfirmed' });
    const { token: theirs } = await quote(FIVE, GUEST, { asked: beside });
    expect(await check({ token: theirs }, GUEST)).toMatchObject({ __typename: 'PricesConfirmed' });
  });

  it('is what is configured, and a token of another secret is FORGED', async () => {
    const own = await open({ PRICE_QUOTE_SECRET: 'a-secret-of-a-merchant-of-32-characters' });
    const { token } = await quote(FIVE, GUEST, { asked: own });
    expect(await check({ token }, GUEST, {}, own)).toMatchObject({ __typename: 'PricesConfirmed' });
    expect(await check({ token }, GUEST)).toMatchObject({ __typename: 'QuoteRefused', reason: 'FORGED' });
  });

  it('follows from what processes share, without being it', async () => {
    const shared = 'shared-shared-shared-shared-shared-shared';
    const secret = await readQuoteSecret(readConfig({ SANDBOX: 'off', SUBGRAPH_SECRET: shared }), test.database);
    expect(secret).toBe(await readQuoteSecret(readConfig({ SANDBOX: 'off', SUBGRAPH_SECRET: shared }), test.database));
    expect(secret).not.toContain('shared');
    expect(secret.length).toBeGreaterThanOrEqual(32);
  });

  it('is refused at the start where it is none, and so is a time nobody can order in', () => {
    expect(() => readConfig({ PRICE_QUOTE_SECRET: 'short' })).toThrow('PRICE_QUOTE_SECRET: must have at least 32 characters');
    expect(() => readConfig({ PRICE_QUOTE_TTL_MS: '9999' })).toThrow('PRICE_QUOTE_TTL_MS: must be at least 10000');
    expect(() => readConfig({ PRICE_QUOTE_TTL_MS: '86400001' })).toThrow('PRICE_QUOTE_TTL_MS: must be at most 86400000');
  });
});

describe('a thousand quotes of two contracts and a guest at once', () => {
  it('are each the asker\'s own, whoever else is asking', async () => {
    const callers = [[ACME, '58.5'], [BIKER, '85.4'], [GUEST, '122']] as const;
    const answers = await Promise.all(Array.from({ length: 1_000 }, async (_, index) => {
      const [caller, expected] = callers[(index * 7) % 3]!;
      return [(await quote(FIVE, caller)).total.amount, expected];
    }));
    expect(answers.filter(([own, expected]) => own !== expected)).toEqual([]);
  });
});
