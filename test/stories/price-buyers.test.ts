import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { openShop, type Shop } from '../support/order-operations.ts';

const PAGE = `query Page($by: VariantReference!) { productVariant(by: $by) {
  sku product { name } price { unitPrice { amount currencyCode } layer priceListCode } priceBreaks { minQuantity unitPrice { amount } } priceUnavailableReason priceShownInCart } }`;

interface Page {
  readonly sku: string;
  readonly product: { readonly name: string };
  readonly price: { readonly unitPrice: { readonly amount: string }; readonly layer: string; readonly priceListCode: string | null } | null;
  readonly priceUnavailableReason: string | null;
}

describe.each(hostings().map((hosting) => ({ hosting })))('prices on $hosting hosting are the buyer\'s own:', ({ hosting }) => {
  let shop: Shop;
  let sku: string;
  let headersOf: (claims: object) => Promise<Readonly<Record<string, string>>>;

  beforeAll(async () => {
    shop = await openShop(hosting, { env: { PRIVATE_PRICE_CHANNELS: 'staff' } });
    headersOf = async (claims) => (await shop.person({ sub: 'x', ...claims })).headers;
    const { products } = await shop.service.read('{ products(first: 20) { nodes { variants { sku price { unitPrice { amount } } } } } }');
    sku = products.nodes.flatMap(({ variants }: any) => variants).find(({ price }: any) => price !== null).sku;
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const ask = async (headers: Readonly<Record<string, string>>): Promise<{ readonly page: Page; readonly errors: readonly unknown[] }> => {
    const { data, errors } = await createGraph(shop.house.url, headers)<{ productVariant: Page }>(PAGE, { by: { sku } });
    if (data == null) throw new Error(`refused: ${JSON.stringify(errors)}`);
    return { page: data.productVariant, errors: errors.map(({ extensions }) => [extensions?.['code'], extensions?.['field']]) };
  };
  const priceFor = async (claims: object, headers: Readonly<Record<string, string>> = {}) => (await ask({ ...(await headersOf(claims)), ...headers })).page.price;

  it('forty requests of four buyers at once, the same words each, and no answer is another\'s', async () => {
    const buyers = [{}, { customer_number: 'C1001', company_number: 'C1001' }, { customer_number: 'C1003', company_number: 'C1003' }, { customer_number: 'C9999' }];
    const headers = await Promise.all(buyers.map((claims) => headersOf(claims)));
    const alone: (Page['price'])[] = [];
    for (const one of headers) alone.push((await ask(one)).page.price);
    expect(alone.map((price) => price?.layer)).toEqual(['BASE', 'CONTRACT', 'CONTRACT', 'BASE']);
    expect(new Set(alone.map((price) => price?.unitPrice.amount)).size).toBe(3);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => ask(headers[index % headers.length]!)));
    expect(answers.map(({ page }) => page.price)).toEqual(answers.map((_, index) => alone[index % headers.length]));
  });

  it('a location may be named by who buys for its company, and by nobody else; it has the company list in this ERP', async () => {
    const company = { customer_number: 'C1011', company_number: 'C1011' };
    const [own, located] = [await priceFor(company), await priceFor(company, { 'x-company-location': 'C2011' })];
    expect(own).toMatchObject({ layer: 'CONTRACT' });
    expect(located).toEqual(own);
    const { page, errors } = await ask({ ...(await headersOf({ customer_number: 'C1003', company_number: 'C1003' })), 'x-company-location': 'C2011' });
    expect(page).toMatchObject({ sku, product: { name: expect.any(String) }, price: null });
    expect(errors).toContainEqual(['FORBIDDEN', ['x-company-location']]);
  });

  it('a private channel shows them to active customers only, and the rest of the page to everybody', async () => {
    expect(await priceFor({ customer_number: 'C1003' }, { 'x-channel': 'staff' })).toMatchObject({ layer: 'CONTRACT' });
    for (const claims of [{}, { customer_number: 'C9999' }, { customer_number: 'C2028' }]) {
      const { page, errors } = await ask({ ...(await headersOf(claims)), 'x-channel': 'staff' });
      expect(page).toMatchObject({ sku, product: { name: expect.any(String) }, price: null, priceUnavailableReason: 'NOT_PUBLIC' });
      expect(errors).toEqual([['FORBIDDEN', ['x-channel']], ['FORBIDDEN', ['x-channel']]]);
    }
  });
});
