import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOf } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, watchEventStream, watchWebSocket, type Watch } from '../support/graph-client.ts';
import { callOdoo, readOdoo } from '../support/order-operations.ts';
import { eventually } from '../support/storefront-operations.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

const FOLLOW = `subscription ($skus: [ID!]!, $after: String) {
  priceChanged(skus: $skus, after: $after) { cursor isSnapshot skus variants { sku price { unitPrice { amount currencyCode } priceListCode ruleReference } product { name } } } }`;
const PRICE = 'query ($sku: ID) { productVariant(by: { sku: $sku }) { price { unitPrice { amount } priceListCode } } }';
const NORDWIND = { scope: 'catalog:read price:read', customer_number: 'C1001', company_number: 'C1001', sub: 'nordwind' };
/** Buys wholesale, as most companies do. */
const OTHER = { scope: 'catalog:read price:read', customer_number: 'C1003', company_number: 'C1003', sub: 'other' };

const ANYBODY = { scope: 'catalog:read price:read', sub: 'anybody' };

interface Change {
  readonly cursor: string;
  readonly isSnapshot: boolean;
  readonly skus: readonly string[];
  readonly variants: readonly { readonly sku: string; readonly price: { readonly unitPrice: { readonly amount: string }; readonly priceListCode: string } | null; readonly product: { readonly name: string } }[];
}

interface Pushed {
  readonly data?: { readonly priceChanged: Change } | null;
  readonly errors?: readonly unknown[];
}

const changesOf = ({ events }: Watch<Pushed>): readonly Change[] => events.flatMap(({ data }) => data?.priceChanged ?? []);
/** What somebody pays who pays a twentieth less. */
const less = (amount: string): string => (Math.round(Number(amount) * 95) / 100).toFixed(2);

describe.each(hostings().map((hosting) => ({ hosting })))('changes of prices on $hosting hosting', ({ hosting }) => {
  let issuer: TokenIssuer;
  let house: Deployment;
  let skus: readonly string[];
  const watches: Watch<Pushed>[] = [];

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    house = await startDeployment({ hosting, separateSandbox: true, env: { ...issuer.env, ...accessOf({}) } });
    const { data } = await ask<{ products: { nodes: { variants: { sku: string; price: unknown }[] }[] } }>('{ products(first: 40) { nodes { variants { sku price { quantity } } } } }', {}, NORDWIND);
    skus = data!.products.nodes.flatMap(({ variants }) => variants).filter(({ price }) => price !== null).map(({ sku }) => sku);
  }, 120_000);
  afterAll(async () => {
    for (const watch of watches) watch.stop();
    await house.stop();
    await issuer.close();
  }, 60_000);

  const bearer = async (claims: JWTPayload) => ({ authorization: `Bearer ${await issuer.issue(claims)}` });
  async function ask<T>(query: string, variables: object, claims: JWTPayload) {
    return createGraph(house.url, await bearer(claims))<T>(query, variables);
  }
  const priceOf = async (sku: string, claims: JWTPayload): Promise<{ unitPrice: { amount: string }; priceListCode: string | null }> =>
    (await ask<{ productVariant: { price: { unitPrice: { amount: string }; priceListCode: string | null } } }>(PRICE, { sku }, claims)).data!.productVariant.price;
  const follow = async (claims: JWTPayload, variables: object): Promise<Watch<Pushed>> => {
    const watch = await watchWebSocket<Pushed>(house.url, FOLLOW, variables, await bearer(claims));
    watches.push(watch);
    return watch;
  };
  const agree = (sku: string, amount: string): Promise<unknown> =>
    house.sandbox.command('add-price-rule', { priceList: 'CONTRACT-NORDWIND', rule: { appliesTo: { sku }, price: { kind: 'fixed', amount } } });
  const shows = (sku: string, amount: string) => ({ data }: Pushed): boolean =>
    data?.priceChanged.variants.some((variant) => variant.sku === sku && Number(variant.price?.unitPrice.amount) === Number(amount)) ?? false;

  it('of a contract are told to its buyer, with the new price, and to nobody else', async () => {
    const sku = skus[0]!;
    const [before, others] = [await priceOf(sku, NORDWIND), await priceOf(sku, OTHER)];
    const [buyer, other] = [await follow(NORDWIND, { skus: [sku, skus[1]] }), await follow(OTHER, { skus: [sku, skus[1]] })];
    const amount = less(before.unitPrice.amount);
    await agree(sku, amount);
    const { data } = await buyer.until(shows(sku, amount));
    expect(data!.priceChanged).toMatchObject({ isSnapshot: false, skus: [sku], variants: [{ sku, price: { priceListCode: before.priceListCode }, product: { name: expect.any(String) } }] });
    // What everybody hears of comes after: by then the other buyer would have heard of the contract as well.
    await house.sandbox.command('set-price', { sku: skus[1], price: less((await priceOf(skus[1]!, ANYBODY)).unitPrice.amount) });
    await Promise.all([buyer, other].map((watch) => watch.until(({ data: told }) => told?.priceChanged.skus.includes(skus[1]!) ?? false)));
    expect(changesOf(other).flatMap((change) => change.skus)).not.toContain(sku);
    expect((await priceOf(sku, OTHER)).unitPrice).toEqual(others.unitPrice);
  }, 60_000);

  it('are not missed by who comes back with a cursor', async () => {
    const sku = skus[2]!;
    const first = await follow(NORDWIND, { skus: [sku] });
    const amounts = [less((await priceOf(sku, NORDWIND)).unitPrice.amount)];
    amounts.push(less(amounts[0]!));
    await agree(sku, amounts[0]!);
    const { cursor } = (await first.until(shows(sku, amounts[0]!))).data!.priceChanged;
    first.stop();
    await agree(sku, amounts[1]!);
    await eventually(async () => expect(Number((await priceOf(sku, NORDWIND)).unitPrice.amount)).toBe(Number(amounts[1])));
    const back = await follow(NORDWIND, { skus: [sku], after: cursor });
    await back.until(shows(sku, amounts[1]!));
    const stream = await watchEventStream<Pushed>(house.url, FOLLOW, { skus: [sku], after: cursor }, await bearer(NORDWIND));
    watches.push(stream);
    await stream.until(shows(sku, amounts[1]!));
  }, 60_000);

  it('are told when a rule is deleted in the ERP, which no delta lists: its webhook says to look', async () => {
    const sku = skus[4]!;
    const { amount: before } = (await priceOf(sku, NORDWIND)).unitPrice;
    const buyer = await follow(NORDWIND, { skus: [sku] });
    const amount = less(before);
    await agree(sku, amount);
    await buyer.until(shows(sku, amount));
    const rules = await readOdoo(house.sandbox, 'product.pricelist.item', [['pricelist_id.name', 'ilike', 'Nordwind'], ['fixed_price', '=', Number(amount)]], ['id']);
    const id = Math.max(...rules.map((rule: { id: number }) => rule.id));
    await callOdoo(house.sandbox, 'product.pricelist.item', 'unlink', { ids: [id] });
    await fetch(`${house.url}/webhooks/erp`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ _model: 'product.pricelist.item', _id: id }) });
    await buyer.until(shows(sku, before));
    expect(Number((await priceOf(sku, NORDWIND)).unitPrice.amount)).toBe(Number(before));
  }, 60_000);

  it('are refused to who may not see prices, and for no SKU at all', async () => {
    const refusals: [JWTPayload, object, string][] = [[{ ...NORDWIND, scope: 'catalog:read' }, { skus: ['A'] }, 'FORBIDDEN'], [NORDWIND, { skus: [] }, 'INVALID_INPUT']];
    for (const [claims, variables, code] of refusals) {
      const watch = await follow(claims, variables);
      const refused = await watch.until(({ errors }) => errors !== undefined);
      expect(JSON.stringify(refused.errors)).toContain(code);
    }
  });
});
