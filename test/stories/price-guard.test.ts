import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOf } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, watchWebSocket, type Watch } from '../support/graph-client.ts';
import { eventually } from '../support/storefront-operations.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

const PRICE = 'query ($sku: ID) { productVariant(by: { sku: $sku }) { price { unitPrice { amount } priceListCode } } }';
const QUOTE = 'query ($input: PriceQuoteInput!) { priceQuote(input: $input) { total { amount } } }';
const FOLLOW = 'subscription ($skus: [ID!]!) { priceChanged(skus: $skus) { skus variants { sku price { unitPrice { amount } } } } }';
const FIELDS = `id batchId source kind key priceListCode reason explanation direction largestPercent skuCount state parkedAt expiresAt seenCount decidedBy note
  differences { field before after } examples { sku priceListCode quantity before { amount currencyCode } after { amount } percent }`;
const PENDING = `query ($filter: PendingPriceChangeFilter) { pendingPriceChanges(first: 100, filter: $filter) { totalCount nodes { ${FIELDS} } pageInfo { hasNextPage } } }`;
const decision = (name: string): string => `mutation ($input: DecidePriceChangeInput!) { ${name}(input: $input) { change { ${FIELDS} } userErrors { code field message } } }`;
const bulk = (name: string): string => `mutation ($input: DecidePriceChangesInput!) { ${name}(input: $input) { changes { id state } userErrors { code field message } } }`;

const NORDWIND = { scope: 'catalog:read price:read', customer_number: 'C1001', company_number: 'C1001', sub: 'nordwind' };
const MANAGER = 'manager.decides-on-prices-and-nothing-else';
const OPERATIONS = 'operations.looks-after-the-house-and-sells-nothing';

interface Example { readonly sku: string; readonly quantity: string; readonly before: { readonly amount: string }; readonly after: { readonly amount: string }; readonly percent: string }
interface Pending { readonly id: string; readonly batchId: string; readonly priceListCode: string; readonly key: string; readonly state: string; readonly examples: readonly Example[] }
interface Pushed { readonly data?: { readonly priceChanged: { readonly skus: readonly string[]; readonly variants: readonly { readonly sku: string; readonly price: { readonly unitPrice: { readonly amount: string } } | null }[] } } }

describe.each(hostings().map((hosting) => ({ hosting })))('a discount on everything that nobody meant, on $hosting hosting', ({ hosting }) => {
  let issuer: TokenIssuer;
  let house: Deployment;
  let skus: readonly string[];
  let before: { readonly price: { readonly unitPrice: { readonly amount: string }; readonly priceListCode: string }; readonly total: string };
  let watch: Watch<Pushed>;

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    const keys = accessOf({ [MANAGER]: ['price:approve'], [OPERATIONS]: ['operations'] });
    house = await startDeployment({ hosting, separateSandbox: true, env: { ...issuer.env, ...keys } });
    const { data } = await ask<{ products: { nodes: { variants: { sku: string; price: unknown }[] }[] } }>('{ products(first: 40) { nodes { variants { sku price { quantity } } } } }', {});
    skus = data!.products.nodes.flatMap(({ variants }) => variants).filter(({ price }) => price !== null).map(({ sku }) => sku);
    before = await read();
    watch = await watchWebSocket<Pushed>(house.url, FOLLOW, { skus: [skus[0], skus[1]] }, await bearer(NORDWIND));
  }, 120_000);
  afterAll(async () => {
    watch?.stop();
    await house.stop();
    await issuer.close();
  }, 60_000);

  const bearer = async (claims: JWTPayload) => ({ authorization: `Bearer ${await issuer.issue(claims)}` });
  const ask = async <T>(query: string, variables: object) => createGraph(house.url, await bearer(NORDWIND))<T>(query, variables);
  const asKey = <T>(key: string, query: string, variables: object = {}) => createGraph(house.url, { 'x-api-key': key })<T>(query, variables);
  const read = async () => {
    const price = (await ask<{ productVariant: { price: (typeof before)['price'] } }>(PRICE, { sku: skus[0] })).data!.productVariant.price;
    const { total } = (await ask<{ priceQuote: { total: { amount: string } } }>(QUOTE, { input: { lines: [{ sku: skus[0], quantity: '2' }] } })).data!.priceQuote;
    return { price, total: total.amount };
  };
  const pending = async (filter: object = {}, key = MANAGER): Promise<readonly Pending[]> =>
    (await asKey<{ pendingPriceChanges: { nodes: readonly Pending[] } }>(key, PENDING, { filter })).data!.pendingPriceChanges.nodes;
  const mine = async (state = 'PENDING'): Promise<readonly Pending[]> => pending({ priceListCode: before.price.priceListCode, state });
  const decide = async (name: string, id: string) =>
    (await asKey<Record<string, { change: Pending | null; userErrors: readonly object[] }>>(MANAGER, decision(name), { input: { idempotencyKey: randomUUID(), id, note: 'as the story has it' } })).data![name]!;
  const toldOf = (sku: string) => ({ data }: Pushed): boolean => data?.priceChanged.skus.includes(sku) ?? false;
  const percentOff = (amount: string, percent: number): number => Number(amount) * (1 - percent / 100);

  it('is parked, list by list, with what it would do', async () => {
    await house.sandbox.command('discount-everything', {});
    await eventually(async () => expect(await mine()).toHaveLength(1));
    const [change] = await mine();
    expect(change).toMatchObject({ kind: 'PRICE_RULE', source: 'erp', direction: 'DOWN', explanation: expect.stringContaining('more than may be without approval'), reason: 'THRESHOLD', state: 'PENDING' });
    for (const { before: was, after, percent } of change!.examples) expect(Math.abs(Number(after.amount) / Number(was.amount) - 1 - Number(percent) / 100)).toBeLessThan(0.01);
    expect(change!.examples.length).toBeGreaterThan(0);
    const all = await pending();
    expect([new Set(all.map(({ batchId }) => batchId)).size, all.length]).toEqual([1, new Set(all.map(({ priceListCode }) => priceListCode)).size]);
  }, 60_000);

  it('does not reach the storefront: prices, quotes and subscribers know nothing of it', async () => {
    const { unitPrice } = (await ask<{ productVariant: { price: { unitPrice: { amount: string } } } }>(PRICE, { sku: skus[1] })).data!.productVariant.price;
    await house.sandbox.command('set-price', { sku: skus[1], price: percentOff(unitPrice.amount, -2).toFixed(2) });
    // What is a little dearer, or was parked as that, comes after: by then the discount would have been told.
    await house.sandbox.command('add-price-rule', { priceList: 'CONTRACT-NORDWIND', rule: { appliesTo: { sku: skus[1] }, price: { kind: 'fixed', amount: percentOff(unitPrice.amount, 5).toFixed(2) } } });
    await watch.until(toldOf(skus[1]!));
    expect(watch.events.filter(toldOf(skus[0]!))).toEqual([]);
    expect(await read()).toEqual(before);
  }, 60_000);

  it('can be seen by operations, and decided on by nobody who may not', async () => {
    expect((await pending({}, OPERATIONS)).length).toBeGreaterThan(0);
    const [change] = await mine();
    const refused = await asKey(OPERATIONS, decision('approvePriceChange'), { input: { idempotencyKey: randomUUID(), id: change!.id } });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await ask(PENDING, {})).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const report = await (await fetch(`${house.url}/operations/report`, { headers: { 'x-api-key': OPERATIONS } })).text();
    expect(report).toMatch(/\d+ price change\(s\) wait for approval/);
  });

  it('stays without effect when it is rejected', async () => {
    const [change] = await mine();
    expect(await decide('rejectPriceChange', change!.id)).toMatchObject({ change: { state: 'REJECTED', decidedBy: expect.any(String), note: 'as the story has it' }, userErrors: [] });
    expect(await decide('approvePriceChange', change!.id)).toMatchObject({ change: null, userErrors: [{ code: 'CONFLICT', field: ['id'] }] });
    expect([await read(), await mine(), (await mine('REJECTED')).length]).toEqual([before, [], 1]);
    expect(watch.events.filter(toldOf(skus[0]!))).toEqual([]);
  });

  it('is served the moment it is approved, and only then is anybody told', async () => {
    await house.sandbox.command('discount-everything', { percent: '80', priceLists: ['CONTRACT-NORDWIND'] });
    await eventually(async () => expect(await mine()).toHaveLength(1));
    expect([await read(), watch.events.filter(toldOf(skus[0]!))]).toEqual([before, []]);
    const [change] = await mine();
    expect(await decide('approvePriceChange', change!.id)).toMatchObject({ change: { id: change!.id, state: 'APPROVED' }, userErrors: [] });
    const now = await read();
    expect(Number(now.price.unitPrice.amount)).toBeLessThan(percentOff(before.price.unitPrice.amount, 50));
    const { data } = await watch.until(toldOf(skus[0]!));
    expect(data!.priceChanged.variants).toContainEqual({ sku: skus[0], price: { unitPrice: { amount: now.price.unitPrice.amount } } });
  }, 60_000);

  it('is rejected for all lists at once, by its batch', async () => {
    const [{ batchId } = { batchId: '' }] = await pending();
    const { data } = await asKey<{ rejectPriceChanges: { changes: readonly object[]; userErrors: readonly object[] } }>(MANAGER, bulk('rejectPriceChanges'), { input: { idempotencyKey: randomUUID(), batchId } });
    expect(data!.rejectPriceChanges.userErrors).toEqual([]);
    expect(data!.rejectPriceChanges.changes.length).toBeGreaterThan(1);
    expect(await pending({ batchId })).toEqual([]);
  });
});
