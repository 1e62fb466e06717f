import { graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, CallContext, PriceQuestion } from '../../../../domain/connector.ts';
import { Failure } from '../../../../domain/failure.ts';
import { money, type Money } from '../../../../domain/money.ts';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import { readAudit } from '../../../../platform/audit.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';
import { recheckDifferences, type RecheckTools } from '../../../../subgraphs/pricing/validation/recheck-differences.ts';
import { judge } from '../../../../subgraphs/pricing/validation/erp-question.ts';
import { createPriceBook } from '../../../../subgraphs/pricing/book/price-book.ts';
import { readSettings } from '../../../../subgraphs/pricing/settings.ts';
import { readConfig } from '../../../../platform/config.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { dependenciesOf, portsOf, syncPrices, testClock, type PriceWorld } from './pricing-fixture.ts';

const skus = Array.from({ length: 30 }, (_, index) => `S${String(index).padStart(2, '0')}`);
const world: PriceWorld = {
  prices: skus.map((sku) => listPriceOf(sku, '100')),
  lists: [listOf('ACME'), listOf('OTHER'), listOf('WEB')],
  rules: [
    ...skus.slice(0, 4).map((sku) => ruleOf('ACME', fixed('70'), { target: { kind: 'SKU', sku } })),
    ruleOf('ACME', fixed('60'), { target: { kind: 'SKU', sku: 'S00' }, minQuantity: d(10), precedence: '000000' }),
    ruleOf('OTHER', fixed('55'), { target: { kind: 'SKU', sku: 'S09' } }),
    ruleOf('WEB', percentOff('10')),
  ],
};
const customers: Record<string, Partial<CustomerRecord>> = {
  C1: { number: 'C1', active: true, priceListCode: 'ACME', companyNumber: null }, C2: { number: 'C2', active: true, priceListCode: 'OTHER', companyNumber: null },
  C3: { number: 'C3', active: true, priceListCode: null, companyNumber: null },
};

/** What the pretended ERP does when it is asked. */
type Mood = 'answers' | 'silent' | 'refuses' | 'forgets' | 'throws';
let mood: Mood = 'answers';
/** What it charges otherwise than everybody believes, by "list/sku/quantity". */
let otherwise: Record<string, string | null> = {};
let asked: PriceQuestion[][] = [];

const believed = ({ sku, priceListCode, quantity }: PriceQuestion): string => {
  if (priceListCode === 'WEB') return '90';
  if (priceListCode === 'OTHER') return sku === 'S09' ? '55' : '100';
  return sku === 'S00' && Number(quantity) >= 10 ? '60' : skus.indexOf(sku) < 4 ? '70' : '100';
};

async function quotePrices(questions: readonly PriceQuestion[], _call: CallContext): Promise<readonly Answer<Money | null>[]> {
  asked.push([...questions]);
  if (mood === 'silent') return new Promise(() => undefined);
  if (mood === 'throws') throw new Failure('UPSTREAM_UNAVAILABLE', 'the ERP is away', { system: 'erp' });
  const answers = questions.map((question): Answer<Money | null> => {
    if (mood === 'refuses') return { ok: false, failure: new Failure('UPSTREAM_REJECTED', 'not today', { system: 'erp' }) };
    const told = otherwise[`${question.priceListCode}/${question.sku}/${question.quantity}`];
    return { ok: true, value: told === null ? null : money(d(told ?? believed(question)), question.currencyCode) };
  });
  return mood === 'forgets' ? answers.slice(1) : answers;
}

function portsWith(serverPrice: boolean): PortSource {
  const owned = portsOf(world).port('prices')!;
  const port = { ...owned, capabilities: { ...owned.capabilities, serverPrice, maxBatch: { ...owned.capabilities.maxBatch, price: 4 }, maxConcurrency: 2 }, port: { ...owned.port, ...(serverPrice && { quotePrices }) } };
  return { port: (name) => (name === 'prices' ? (port as never) : null) };
}

let test: TestDatabase;
let subgraph: Subgraph<'pricing'>;
let recheckTools: RecheckTools;
const create = (env: Record<string, string> = {}, serverPrice = true): Promise<Subgraph<'pricing'>> =>
  pricingModule.create(dependenciesOf(test.database, portsWith(serverPrice), { readCustomer: async ({ number }) => (customers[number] as CustomerRecord | undefined) ?? null }, { CHANNEL_PRICE_LISTS: 'web=WEB', CHECK_DEADLINE_MS: '200', ...env }));

beforeAll(async () => {
  test = await createTestDatabase();
  subgraph = await create();
  await syncPrices(test.database, world);
  const settings = readSettings(readConfig({ SANDBOX: 'off' }), 'erp');
  const book = createPriceBook({ database: test.database, clock: testClock, settings, source: 'erp', feeds: [] });
  recheckTools = { database: test.database, clock: testClock, book, prices: portsWith(true).port('prices'), deadlineMs: 200 };
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  [mood, otherwise, asked] = ['answers', {}, []];
  await test.database.run('truncate pricing.price_difference, pricing.price_validation');
});

const buyer = (customerNumber: string | null, more: Partial<Principal> = {}): Principal => ({ ...ANONYMOUS, subject: `buyer ${customerNumber}`, kind: 'BUYER', scopes: ['price:read'], customerNumber, ...more });

interface Validation {
  readonly checked: number;
  readonly confirmed: number;
  readonly unanswered: number;
  readonly repeated: boolean;
  readonly differences: readonly unknown[];
}

let keys = 0;
async function run<T>(source: string, principal: Principal, at = subgraph): Promise<T> {
  const contextValue = at.createContext({ principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: AbortSignal.timeout(10_000), deadlineAtMs: testClock.now() + 10_000, traceparent: null });
  const { data, errors } = await graphql({ schema: at.schema, source, contextValue });
  expect(errors).toBeUndefined();
  return data as T;
}

async function validate(principal: Principal, args = '', { at = subgraph, key = `k${(keys += 1)}` } = {}): Promise<{ validation: Validation | null; userErrors: readonly { code: string; field: readonly string[] }[] }> {
  const selection = 'validation { checked confirmed unanswered repeated differences { sku quantity ours { amount } theirs { amount } } } userErrors { code field }';
  return (await run<{ validatePrices: never }>(`mutation { validatePrices(input: { idempotencyKey: "${key}" ${args} }) { ${selection} } }`, principal, at)).validatePrices;
}

const OPERATOR: Principal = { ...ANONYMOUS, subject: 'ops', kind: 'OPERATIONS', scopes: ['operations'] };
const listed = async (args = ''): Promise<readonly Record<string, unknown>[]> =>
  (await run<{ priceDifferences: { nodes: Record<string, unknown>[] } }>(`{ priceDifferences${args} { nodes { sku priceListCode quantity ours { amount } theirs { amount } seenCount closedAt } } }`, OPERATOR)).priceDifferences.nodes;

describe('prices compared with the source\'s own', () => {
  it('are a sample: what was negotiated with its breaks first, then others, the same all day, in batches the source takes', async () => {
    const { validation } = await validate(buyer('C1'), 'sampleSize: 6');
    expect(validation).toEqual({ checked: 7, confirmed: 7, unanswered: 0, repeated: false, differences: [] });
    const first = asked.flat().map(({ sku, quantity }) => `${sku} ${quantity}`);
    expect(first.filter((one) => /^S0[0-3] /.test(one)).toSorted()).toEqual(['S00 1', 'S00 10', 'S01 1', 'S02 1', 'S03 1']);
    expect(asked.every((batch) => batch.length <= 4)).toBe(true);
    expect(asked.flat().every(({ priceListCode, currencyCode, customerId }) => priceListCode === 'ACME' && currencyCode === 'USD' && customerId === null)).toBe(true);
    testClock.advance(61_000);
    asked = [];
    await validate(buyer('C1'), 'sampleSize: 6');
    expect(asked.flat().map(({ sku, quantity }) => `${sku} ${quantity}`)).toEqual(first);
  });

  it('are kept where they differ, told to operations and audited, and close when they agree again', async () => {
    otherwise = { 'ACME/S01/1': '71.5', 'ACME/S00/10': null };
    const found = await validate(buyer('C1'), 'sampleSize: 4');
    expect(found.validation).toMatchObject({ checked: 5, confirmed: 3, unanswered: 0 });
    expect(found.validation!.differences).toEqual(expect.arrayContaining([
      { sku: 'S01', quantity: '1', ours: { amount: '70' }, theirs: { amount: '71.5' } }, { sku: 'S00', quantity: '10', ours: { amount: '60' }, theirs: null },
    ]));
    expect((await subgraph.health()).reasons).toContain('2 prices differ from what erp charges itself: see the query priceDifferences');
    testClock.advance(61_000);
    otherwise = { 'ACME/S01/1': '72' };
    await validate(buyer('C1'), 'sampleSize: 1');
    expect(await listed()).toEqual([{ sku: 'S01', priceListCode: 'ACME', quantity: '1', ours: { amount: '70' }, theirs: { amount: '72' }, seenCount: 2, closedAt: null }]);
    expect(await listed('(filter: { open: false })')).toMatchObject([{ sku: 'S00', quantity: '10', seenCount: 1 }]);
    expect((await subgraph.health()).reasons).toContain('1 price differs from what erp charges itself: see the query priceDifferences');
    expect((await readAudit(test.database, 'pricing', 'S00')).map(({ action, actor }) => [action, actor])).toEqual([['price.difference.found', 'buyer C1'], ['price.difference.closed', 'buyer C1']]);
    testClock.advance(61_000);
    otherwise = {};
    await validate(buyer('C1'), 'sampleSize: 1');
    expect(await listed()).toEqual([]);
    expect((await subgraph.health()).reasons.join()).not.toContain('charges itself');
  });

  it.each(['silent', 'refuses', 'throws'] as const)('are unanswered, every one, where the source %s; nothing is taken to agree', async (how) => {
    otherwise = { 'ACME/S01/1': '71' };
    await validate(buyer('C1'), 'sampleSize: 4');
    testClock.advance(61_000);
    mood = how;
    const { validation } = await validate(buyer('C1'), 'sampleSize: 4');
    expect(validation).toEqual({ checked: 5, confirmed: 0, unanswered: 5, repeated: false, differences: [] });
    expect(await listed()).toMatchObject([{ sku: 'S01', seenCount: 1, closedAt: null }]);
  });

  it('are unanswered where the source gives fewer answers than there were questions', async () => {
    mood = 'forgets';
    const { validation } = await validate(buyer('C1'), 'skus: ["S20", "S21", "S22"]');
    expect(validation).toMatchObject({ checked: 3, unanswered: 1 });
  });

  it('are compared once a minute, whoever asks how often, and by one process at a time', async () => {
    const [one, two] = await Promise.all([validate(buyer('C1'), 'sampleSize: 2', { key: 'a' }), validate(buyer('C1'), 'sampleSize: 2', { key: 'b' })]);
    const calls = asked.length;
    expect([one, two].map(({ validation, userErrors }) => (validation === null ? userErrors[0]!.code : validation.repeated)).toSorted()).not.toEqual([false, false]);
    const again = await validate(buyer('C1'), 'sampleSize: 9', { key: 'c' });
    expect(again.validation).toMatchObject({ repeated: true, checked: (one.validation ?? two.validation)!.checked });
    expect(asked.length).toBe(calls);
  });

  it('answer a repeated key with what they found, however late', async () => {
    const first = await validate(buyer('C1'), 'sampleSize: 3', { key: 'same' });
    testClock.advance(600_000);
    otherwise = { 'ACME/S01/1': '1' };
    expect((await validate(buyer('C1'), 'sampleSize: 3', { key: 'same' })).validation).toEqual({ ...first.validation, repeated: true });
    expect((await validate(buyer('C1'), 'sampleSize: 4', { key: 'other' })).validation!.differences).toHaveLength(1);
  });

  it('belong to one buyer: nobody hears what another\'s turn found', async () => {
    otherwise = { 'ACME/S01/1': '71', 'OTHER/S09/1': '56' };
    await validate(buyer('C1'), 'sampleSize: 4');
    const other = await validate(buyer('C2'), 'sampleSize: 1');
    expect(other.validation).toMatchObject({ repeated: false, differences: [{ sku: 'S09', ours: { amount: '55' }, theirs: { amount: '56' } }] });
  });

  it('that come from no list cannot be asked for, and that is told', async () => {
    expect((await validate(buyer('C3'), 'skus: ["S01"]')).validation).toEqual({ checked: 1, confirmed: 0, unanswered: 1, repeated: false, differences: [] });
    expect(asked).toEqual([]);
  });

  it('that the source has and we have not are a difference too', async () => {
    otherwise = { 'ACME/NEW/1': '5' };
    const { validation } = await validate(buyer('C1'), 'skus: ["NEW"]');
    expect(validation!.differences).toEqual([{ sku: 'NEW', quantity: '1', ours: null, theirs: { amount: '5' } }]);
  });

  it('are refused without a buyer, where the source computes none, and for impossible samples', async () => {
    expect((await validate(buyer(null))).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await validate(buyer('C1'), 'sampleSize: 101')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['sampleSize'] }]);
    expect((await validate(buyer('C1'), 'skus: []')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['skus'] }]);
    expect((await validate(buyer('C1'), '', { at: await create({}, false) })).userErrors).toMatchObject([{ code: 'UNSUPPORTED' }]);
  });

  it('do not differ by what binary numbers add behind the sixth digit', async () => {
    otherwise = { 'ACME/S01/1': '70.0000009', 'ACME/S02/1': '70.0000011' };
    expect((await validate(buyer('C1'), 'skus: ["S01", "S02"]')).validation!.differences).toMatchObject([{ sku: 'S02' }]);
  });
});

describe('differences nobody comes back to', () => {
  const recheck = (): Promise<number> => recheckDifferences(recheckTools, 60_000);

  it('are asked about again, and close for all who found them, or stay with what the source says by now', async () => {
    otherwise = { 'ACME/S01/1': '71', 'ACME/S02/1': '72' };
    await validate(buyer('C1'), 'sampleSize: 4');
    await validate(buyer('C1', { companyNumber: 'C1' }), 'sampleSize: 4');
    expect(await recheck()).toBe(0);
    testClock.advance(61_000);
    otherwise = { 'ACME/S02/1': '73' };
    expect(await recheck()).toBe(2);
    expect((await listed()).map(({ sku, theirs }) => [sku, theirs])).toEqual([['S02', { amount: '73' }], ['S02', { amount: '73' }]]);
    mood = 'throws';
    testClock.advance(61_000);
    expect(await recheck()).toBe(1);
    expect(await listed()).toHaveLength(2);
    expect(await recheck()).toBe(0);
  });

  it('close with the list they are of, and are forgotten after ninety days', async () => {
    await test.database.run(`insert into pricing.price_difference (buyer_key, price_list_code, sku, quantity, ours, theirs, currency_code, first_seen_at, last_seen_at, asked_at)
      values ('x', 'GONE', 'S01', 1, 1, 2, 'USD', $1, $1, $1)`, [instant(testClock.now() - 120_000)]);
    expect(await recheck()).toBe(0);
    expect(await listed('(filter: { open: null })')).toMatchObject([{ priceListCode: 'GONE' }]);
    expect(await listed()).toEqual([]);
    testClock.advance(91 * 86_400_000);
    await validate(buyer('C1'), 'sampleSize: 1');
    expect(await listed('(filter: { open: null })')).toEqual([]);
  });
});

describe('prices of an order', () => {
  const order = (at: Subgraph<'pricing'>, atCheckout = true) => at.client.quoteBasket({
    atCheckout, quoteToken: null, lines: [{ sku: 'S00', quantity: d(6) }, { sku: 'S01', quantity: d(1) }, { sku: 'S00', quantity: d(4) }, { sku: 'GONE', quantity: d(1) }],
    context: { buyer: { customerNumber: 'C1', companyNumber: null, locationNumber: null }, channel: null, currencyCode: null, at: instant(testClock.now()) },
  });

  it('are not asked for unless that is configured, nor while a basket is only looked at', async () => {
    expect((await order(subgraph)).erpPrices).toBeUndefined();
    expect((await order(await create({ CHECKOUT_PRICE_CHECK: 'warn' }), false)).erpPrices).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each([['warn', false], ['refuse', true]] as const)('are judged line by line at the quantity that counts, under %s', async (check, refuses) => {
    otherwise = { 'ACME/S00/10': '61' };
    const { erpPrices } = await order(await create({ CHECKOUT_PRICE_CHECK: check }));
    const difference = { kind: 'DIFFERENT', sku: 'S00', ours: { amount: '60', currencyCode: 'USD' }, theirs: { amount: '61', currencyCode: 'USD' } };
    expect(erpPrices).toEqual({ refuses, checks: [{ ...difference, line: 0 }, { ...difference, line: 2 }] });
    expect(await listed()).toMatchObject([{ sku: 'S00', quantity: '10', seenCount: 1 }]);
  });

  it('are said to be unverified where the source is silent or has nothing to say', async () => {
    mood = 'silent';
    const { erpPrices } = await order(await create({ CHECKOUT_PRICE_CHECK: 'refuse' }));
    expect(erpPrices!.checks.map(({ kind, line }) => [kind, line])).toEqual([['UNVERIFIED', 0], ['UNVERIFIED', 1], ['UNVERIFIED', 2]]);
    const none = await order(await create({ CHECKOUT_PRICE_CHECK: 'warn' }, false));
    expect(none.erpPrices!.checks.filter(({ kind }) => kind === 'UNVERIFIED').map(({ line }) => line)).toEqual([0, 1, 2]);
  });
});

describe('a price and the source\'s', () => {
  const money1 = (amount: string, currencyCode = 'USD'): Money => money(d(amount), currencyCode);
  const of = (ours: Money | null, digits: number | null): Parameters<typeof judge>[0] =>
    ({ sku: 'S', quantity: d('1'), priceListCode: 'L', currencyCode: 'USD', ours, rounding: ours === null ? null : { mode: 'HALF_UP', digits, place: 'UNIT' } });
  const told = (value: Money | null) => ({ ok: true as const, value });

  it.each([
    ['to the last digit', of(money1('29.997'), null), money1('29.997'), 'CONFIRMED'],
    ['rounded as the list says', of(money1('30'), 2), money1('29.997'), 'CONFIRMED'],
    ['rounded to something else', of(money1('30.01'), 2), money1('29.997'), 'DIFFERENT'],
    ['in another currency', of(money1('30'), 2), money1('30', 'EUR'), 'DIFFERENT'],
    ['large, in the digits a binary number has', of(money1('123456789.123456'), null), money1('123456789.12345'), 'CONFIRMED'],
    ['where neither has one', of(null, null), null, 'CONFIRMED'],
    ['where the source says zero and we none', of(null, null), money1('0'), 'CONFIRMED'],
    ['where only we have one', of(money1('5'), null), money1('0'), 'DIFFERENT'],
    ['where only the source has one', of(null, null), money1('5'), 'DIFFERENT'],
  ] as const)('compare %s', (_how, question, theirs, kind) => {
    expect(judge(question, told(theirs)).kind).toBe(kind);
  });
});
