import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entities, openPriceShop, shopper, type Asked, type PriceShop } from './graph-shop.ts';
import { d, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import type { PriceWorld } from './pricing-fixture.ts';
import { percent, promotionOf } from './promotion-samples.ts';

const PRODUCTS = 24;
const VARIANTS = 4;
const skuOf = (product: number, index: number): string => `P${product}-${index}`;
const products = Array.from({ length: PRODUCTS }, (_, product) => Array.from({ length: VARIANTS }, (_unused, index) => skuOf(product, index)));

const world: PriceWorld = {
  prices: products.flat().map((sku, index) => listPriceOf(sku, String(100 + index), { taxCodes: ['VAT'] })),
  lists: [listOf('ACME'), listOf('BASE')],
  rules: [
    ruleOf('ACME', percentOff('50', { kind: 'PRICE_LIST', code: 'BASE' }), { target: { kind: 'SKU', sku: skuOf(0, 0) }, precedence: '1' }), ruleOf('ACME', percentOff('10'), { precedence: '2' }),
    ruleOf('BASE', fixed('80'), { minQuantity: d(1) }),
  ],
  taxes: [{ code: 'VAT', name: 'VAT', percent: d(19), countryCode: 'DE', includedInPrice: false, active: true, updatedAt: null }],
};

let shop: PriceShop;
beforeAll(async () => {
  shop = await openPriceShop(world, { ANN: { companyNumber: 'ACME-CO' }, 'ACME-CO': { priceListCode: 'ACME' }, BOB: {} }, { CHANNEL_TAX_COUNTRIES: 'web=DE', CHANNEL_TAX_DISPLAY: 'web=GROSS' });
  await shop.sync();
  await shop.promote(promotionOf('ONE-OFF', percent('20'), { targets: [{ kind: 'SKU', sku: skuOf(1, 3) }] }));
}, 60_000);
afterAll(() => shop?.drop());

const RANGE = 'priceRange { min { amount } max { amount } listPrices { min { amount } max { amount } } onSale displayPrices { min { amount } max { amount } } }';
const list = (asked: Asked, selection = RANGE) => shop.ask('__typename', { ...asked, skus: [], products }, selection);
const ann: Asked = { principal: shopper({ customerNumber: 'ANN', companyNumber: 'ACME-CO' }), shopping: { channel: 'web' } };

describe('a listing of 24 products', () => {
  it('has the range of each, of prices, list prices and prices with tax, and says what is on sale', async () => {
    const answer = await list({ shopping: { channel: 'web' } });
    expect(answer.errors).toBeUndefined();
    expect(entities(answer)).toHaveLength(PRODUCTS);
    expect(entities(answer)[0]).toEqual({ priceRange: {
      min: { amount: '100' }, max: { amount: '103' }, listPrices: { min: { amount: '100' }, max: { amount: '103' } }, onSale: false, displayPrices: { min: { amount: '119' }, max: { amount: '122.57' } },
    } });
    expect(entities(answer)[1]).toMatchObject({ priceRange: { min: { amount: '85.6' }, max: { amount: '106' }, listPrices: { min: { amount: '104' }, max: { amount: '107' } }, onSale: true } });
  });

  it('is the buyer\'s own', async () => {
    const [first, second] = entities(await list(ann));
    expect(first).toMatchObject({ priceRange: { min: { amount: '40' }, max: { amount: '92.7' }, onSale: true } });
    expect(second).toMatchObject({ priceRange: { min: { amount: '77.04' }, max: { amount: '95.4' } } });
  });

  it('asks the store as often as one variant does, and the customer system once for each who buys', async () => {
    await list(ann);
    const [asked, reads] = [shop.statements.length, shop.customerReads];
    expect(reads).toEqual(['ANN', 'ACME-CO']);
    expect(asked).toBeLessThanOrEqual(6);
    expect(shop.statements.filter((text) => /tax_rate|minimum_advertised/.test(text))).toHaveLength(2);
    await shop.ask('price { tax { ratePercent } }', { ...ann, skus: [skuOf(0, 0)] });
    expect(shop.statements.length).toBe(asked);
  });

  it('asks no more of it however many fields and quantities are asked for', async () => {
    await list(ann);
    const asked = shop.statements.length;
    const answer = await shop.ask(
      'price { displayPrice { amount } explanation { exact } } ten: price(quantity: "10") { validUntil } priceBreaks { minQuantity } priceUnavailableReason priceShownInCart', { ...ann, skus: products.flat(), products }, RANGE,
    );
    expect(answer.errors).toBeUndefined();
    // Which promotions are to come is asked when until when a price holds is.
    expect(shop.statements.length).toBeLessThanOrEqual(asked + 1);
    expect(shop.customerReads).toEqual(['ANN', 'ACME-CO']);
  });

  it('reads nothing of taxes where nobody asks, and once what may be advertised', async () => {
    await list({ ...ann, shopping: {} }, 'priceRange { min { amount } }');
    expect(shop.statements.filter((text) => text.includes('tax_rate'))).toEqual([]);
    expect(shop.statements.filter((text) => text.includes('minimum_advertised'))).toHaveLength(1);
  });

  it('is told to two buyers at once, each their own', async () => {
    const bob: Asked = { ...ann, principal: shopper({ customerNumber: 'BOB' }) };
    const answers = await Promise.all([ann, bob, ann, bob].map(async (asked) => entities(await list(asked))[0]));
    expect(answers.map((product) => (product!['priceRange'] as { min: { amount: string } }).min.amount)).toEqual(['40', '100', '40', '100']);
  });
});
