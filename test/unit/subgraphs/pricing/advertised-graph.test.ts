import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instant, type Instant } from '../../../../domain/time.ts';
import { readAudit } from '../../../../platform/audit.ts';
import { createAdvertisedBook } from '../../../../subgraphs/pricing/advertised/advertised-book.ts';
import { listPriceOf } from './price-samples.ts';
import { openMerchantGraph, type MerchantGraph } from './promotion-graph-fixture.ts';

let graph: MerchantGraph;

beforeAll(async () => {
  graph = await openMerchantGraph({ prices: [listPriceOf('A', '10')], lists: [], rules: [] }, '2026-12-01T12:00:00.000Z');
}, 60_000);
beforeEach(() => graph.test.database.run('delete from pricing.minimum_advertised'));
afterAll(() => graph?.close());

interface Payload {
  readonly skus: readonly string[] | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

const SET = `mutation ($input: SetMinimumAdvertisedPricesInput!) { payload: setMinimumAdvertisedPrices(input: $input) { skus userErrors { code field } } }`;
const REMOVE = `mutation ($input: RemoveMinimumAdvertisedPricesInput!) { payload: removeMinimumAdvertisedPrices(input: $input) { skus userErrors { code field } } }`;

let keys = 0;
const send = async (mutation: string, input: object, as: object = {}): Promise<Payload> =>
  (await graph.ask<{ payload: Payload }>(mutation, { input: { idempotencyKey: `key-${(keys += 1)}`, ...input } }, as)).payload;
const set = (prices: readonly object[], as: object = {}): Promise<Payload> => send(SET, { prices }, as);
const faults = ({ skus, userErrors }: Payload): unknown[] => {
  expect(skus).toBeNull();
  return userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);
};
const price = (sku: string, amount: string, more: object = {}) => ({ sku, price: { amount, currencyCode: 'USD' }, ...more });
const minimumAt = async (sku: string, at: string): Promise<string | null> => (await createAdvertisedBook(graph.test).readMinimums([sku], instant(at))).get(sku)?.amount ?? null;

describe('minimum advertised prices', () => {
  it('hold from now on, or in their window alone', async () => {
    expect(await set([price('A', '9.50'), price('B', '5', { validFrom: '2026-12-24T00:00:00Z', validUntil: '2026-12-27T00:00:00Z' })])).toEqual({ skus: ['A', 'B'], userErrors: [] });
    expect([await minimumAt('A', '2026-12-01T11:59:59.999Z'), await minimumAt('A', '2026-12-01T12:00:00Z'), await minimumAt('A', '2099-01-01T00:00:00Z')]).toEqual([null, '9.5', '9.5']);
    expect([await minimumAt('B', '2026-12-23T23:59:59.999Z'), await minimumAt('B', '2026-12-24T00:00:00Z'), await minimumAt('B', '2026-12-27T00:00:00Z'), await minimumAt('b', '2026-12-24T00:00:00Z')]).toEqual([null, '5', null, null]);
  });

  it('take the place of what was said in their window, and of nothing around it', async () => {
    await set([price('A', '9')]);
    await set([price('A', '7', { validFrom: '2026-12-10T00:00:00Z', validUntil: '2026-12-20T00:00:00Z' })]);
    const { minimumAdvertisedPrices } = await graph.ask<{ minimumAdvertisedPrices: { nodes: object[] } }>('{ minimumAdvertisedPrices(skus: ["A"]) { nodes { sku variant { sku } price { amount currencyCode } validFrom validUntil } } }');
    const node = (amount: string, validFrom: string, validUntil: string | null) => ({ sku: 'A', variant: { sku: 'A' }, price: { amount, currencyCode: 'USD' }, validFrom, validUntil });
    expect(minimumAdvertisedPrices.nodes).toEqual([
      node('9', '2026-12-01T12:00:00.000Z', '2026-12-10T00:00:00.000Z'), node('7', '2026-12-10T00:00:00.000Z', '2026-12-20T00:00:00.000Z'), node('9', '2026-12-20T00:00:00.000Z', null),
    ]);
  });

  it('whatever is set and removed, say at each instant what was said of it last', async () => {
    const days = Array.from({ length: 8 }, (_, index) => instant(`2026-12-${String(index + 2).padStart(2, '0')}T00:00:00.000Z`));
    const span = fc.record({ sku: fc.constantFrom('X', 'Y'), from: fc.nat(7), length: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }), amount: fc.option(fc.integer({ min: 1, max: 99 }), { nil: null }) });
    await fc.assert(fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 8 }), async (deeds) => {
      await graph.test.database.run('delete from pricing.minimum_advertised');
      const said = new Map<string, string | null>();
      for (const { sku, from, length, amount } of deeds) {
        const until = amount === null || length === null ? days.length : Math.min(from + length, days.length);
        const validUntil = until === days.length ? null : days[until]!;
        const has = days.some((day, index) => index >= from && (said.get(`${sku} ${day}`) ?? null) !== null);
        const answer = amount === null ? await send(REMOVE, { skus: [sku], at: days[from] }) : await set([price(sku, String(amount), { validFrom: days[from], validUntil })]);
        if (amount === null && !has) expect(faults(answer)).toEqual(['NOT_FOUND skus.0']);
        else for (const day of days.slice(from, until)) said.set(`${sku} ${day}`, amount === null ? null : String(amount));
      }
      for (const sku of ['X', 'Y']) for (const day of days as Instant[]) expect([sku, day, await minimumAt(sku, day)]).toEqual([sku, day, said.get(`${sku} ${day}`) ?? null]);
    }), { numRuns: 25 });
  }, 120_000);

  it('name every field at fault, and do all or nothing', async () => {
    const wrong = [price('A', '1'), price('A', '1'), price('', '1'), price('B', '0'), { sku: 'C', price: { amount: '1', currencyCode: 'EURO' } }];
    expect(faults(await set(wrong))).toEqual(['prices.1.sku', 'prices.2.sku', 'prices.3.price.amount', 'prices.4.price.currencyCode'].map((field) => `INVALID_INPUT ${field}`));
    expect(faults(await set([price('A', '1'), price('B', '1', { validUntil: '2026-12-01T12:00:00Z' })]))).toEqual(['INVALID_INPUT prices.1.validUntil']);
    expect(faults(await set([]))).toEqual(['INVALID_INPUT prices']);
    expect(faults(await set(Array.from({ length: 1_001 }, (_, index) => price(`S${index}`, '1'))))).toEqual(['INVALID_INPUT prices']);
    expect((await set(Array.from({ length: 1_000 }, (_, index) => price(`S${index}`, '1')))).skus).toHaveLength(1_000);
    expect(faults(await send(REMOVE, { skus: ['S1', 'A'] }))).toEqual(['NOT_FOUND skus.1']);
    expect(await minimumAt('S1', '2026-12-01T12:00:00Z')).toBe('1');
    expect(await minimumAt('A', '2026-12-01T12:00:00Z')).toBeNull();
  });

  it('are removed from now on, told, audited, and once a key', async () => {
    await set([price('A', '9', { validFrom: '2026-11-01T00:00:00Z' })]);
    await graph.takeEvents();
    for (let time = 0; time < 2; time += 1) expect(await send(REMOVE, { idempotencyKey: 'remove-A', skus: ['A'] })).toEqual({ skus: ['A'], userErrors: [] });
    expect([await minimumAt('A', '2026-12-01T11:59:59.999Z'), await minimumAt('A', '2026-12-01T12:00:00Z')]).toEqual(['9', null]);
    expect(await graph.takeEvents()).toEqual([{ sku: 'A', priceListCode: null }]);
    expect((await readAudit(graph.test.database, 'pricing', 'A')).at(-1)).toMatchObject({ actor: 'merchant', action: 'minimumAdvertised.remove', detail: { skus: ['A'], from: '2026-12-01T12:00:00.000Z' } });
    expect(faults(await send(REMOVE, { idempotencyKey: 'remove-A', skus: ['B'] }))).toEqual(['CONFLICT idempotencyKey']);
  });

  it('are for those with price:write; operations may read', async () => {
    await expect(set([price('A', '1')], { scopes: ['price:read'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const page = '{ minimumAdvertisedPrices(first: 1) { nodes { sku } pageInfo { hasNextPage endCursor } } }';
    await expect(graph.ask(page, {}, { scopes: ['price:read'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await set([price('B', '1'), price('A', '1')]);
    const { minimumAdvertisedPrices: first } = await graph.ask<{ minimumAdvertisedPrices: { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }>(page, {}, { scopes: ['operations'] });
    expect(first).toMatchObject({ nodes: [{ sku: 'A' }], pageInfo: { hasNextPage: true } });
    expect(await graph.ask('query ($after: String) { minimumAdvertisedPrices(first: 1, after: $after) { nodes { sku } pageInfo { hasNextPage } } }', { after: first.pageInfo.endCursor })).toEqual({ minimumAdvertisedPrices: { nodes: [{ sku: 'B' }], pageInfo: { hasNextPage: false } } });
    await expect(graph.ask('{ minimumAdvertisedPrices(after: "WyJBIiwxXQ") { nodes { sku } } }')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
  });
});
