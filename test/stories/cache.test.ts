import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { openShop, type Shop } from '../support/order-operations.ts';

const PAGE = `query Page($sku: ID!) { productVariant(by: { sku: $sku }) {
  sku product { name } price { unitPrice { amount } layer } availability { status quantity } } }`;

interface Page {
  readonly product: { readonly name: string };
  readonly price: { readonly unitPrice: { readonly amount: string }; readonly layer: string };
  readonly availability: { readonly status: string; readonly quantity: string };
}

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 50));
};

describe.each(hostings().map((hosting) => ({ hosting })))('what is kept on $hosting hosting', ({ hosting }) => {
  let shop: Shop;
  let sku: string;
  let held: readonly { readonly sku: string; readonly quantity: string }[];

  beforeAll(async () => {
    shop = await openShop(hosting, { env: { PRICE_GUARD: 'default=off' } });
    const { products } = await shop.service.read('{ products(first: 20) { nodes { variants { sku price { unitPrice { amount } } availability { quantity status } } } } }');
    const sold = products.nodes.flatMap(({ variants }: any) => variants).find(({ price, availability }: any) => price !== null && Number(availability?.quantity) > 5);
    sku = sold.sku;
    held = [{ sku, quantity: '1' }];
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const pageOf = async (headers: Readonly<Record<string, string>>): Promise<Page> => {
    const { data, errors } = await createGraph(shop.house.url, headers)<{ productVariant: Page }>(PAGE, { sku });
    if (data == null || errors.length > 0) throw new Error(`refused: ${JSON.stringify(errors)}`);
    return data.productVariant;
  };
  /** Parts found by now, of all subgraphs and tiers. */
  const partsFound = async (): Promise<number> => {
    const text = await (await fetch(`${shop.house.url}/metrics`, { headers: shop.service.headers })).text();
    return [...text.matchAll(/^graph_cache_parts_total\{[^}]*outcome="hit"[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  };

  it('answers what it was asked before, to each buyer at the buyer\'s own price', async () => {
    const buyers = await Promise.all([{ sub: 'anybody' }, { sub: 'a', customer_number: 'C1001', company_number: 'C1001' }, { sub: 'b', customer_number: 'C1003', company_number: 'C1003' }].map((claims) => shop.person(claims)));
    const first = await Promise.all(buyers.map(({ headers }) => pageOf(headers)));
    expect(first.map(({ price }) => price.layer)).toEqual(['BASE', 'CONTRACT', 'CONTRACT']);
    const before = await partsFound();
    for (let round = 0; round < 5; round += 1) {
      const again = await Promise.all(buyers.map(({ headers }) => pageOf(headers)));
      expect(again.map(({ price }) => price)).toEqual(first.map(({ price }) => price));
    }
    expect(await partsFound()).toBeGreaterThan(before);
  }, 60_000);

  it('forgets a price when it changes in the ERP, and what can be had when somebody else holds it', async () => {
    const { headers } = await shop.person({ sub: 'watcher' });
    const before = await pageOf(headers);
    const price = (Number(before.price.unitPrice.amount) + 1).toFixed(2);
    await shop.house.sandbox.command('set-price', { sku, price });
    await until(async () => Number((await pageOf(headers)).price.unitPrice.amount) === Number(price));
    const { quantity } = (await pageOf(headers)).availability;
    const { holdStock } = await shop.service.read('mutation Hold($input: HoldStockInput!) { holdStock(input: $input) { hold { id } } }', { input: { idempotencyKey: randomUUID(), ttlSeconds: 60, lines: held } });
    expect(holdStock.hold).not.toBeNull();
    await until(async () => Number((await pageOf(headers)).availability.quantity) === Number(quantity) - 1);
    // What was overtaken does not come back.
    for (let again = 0; again < 10; again += 1) expect(Number((await pageOf(headers)).availability.quantity)).toBe(Number(quantity) - 1);
  }, 90_000);
});
