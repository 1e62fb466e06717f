import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../../../domain/failure.ts';
import type { PriceBuyer, PriceContext } from '../../../../domain/pricing.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import { entities, failures, openPriceShop, shopper, type PriceShop } from './graph-shop.ts';
import { d, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { testClock, type PriceWorld } from './pricing-fixture.ts';

const world: PriceWorld = {
  prices: Array.from({ length: 8 }, (_, index) => listPriceOf(`S${index}`, String(10 + index))),
  lists: [listOf('ACME'), listOf('WEB')],
  rules: [ruleOf('ACME', fixed('5'), { target: { kind: 'SKU', sku: 'S1' }, minQuantity: d(10), reference: 'acme-1' }), ruleOf('ACME', percentOff('50')), ruleOf('WEB', percentOff('10'))],
};
const customers = { C1: { companyNumber: 'ACME-CO' }, 'ACME-CO': { priceListCode: 'ACME' } };

let shop: PriceShop;
beforeAll(async () => {
  shop = await openPriceShop(world, customers, { CHANNEL_PRICE_LISTS: 'web=WEB' });
}, 60_000);
afterAll(() => shop?.drop());

const UNIT_PRICE = 'price { unitPrice { amount } }';

describe('prices in the graph', () => {
  it('are withheld, with a reason, until every feed has run through once', async () => {
    const answer = await shop.ask(`${UNIT_PRICE} priceBreaks { minQuantity } priceUnavailableReason priceShownInCart`, { products: [['S1']] }, 'priceRange { min { amount } }');
    expect(entities(answer)).toEqual([{ price: null, priceBreaks: null, priceUnavailableReason: null, priceShownInCart: null }, { priceRange: null }]);
    expect(answer.errors!.map(({ message }) => message)).toEqual(Array(5).fill(expect.stringContaining('still being read for the first time')));
    await shop.sync();
  });

  it('say what they follow from', async () => {
    const [variant] = entities(await shop.ask(
      'price(quantity: "10") { unitPrice { amount currencyCode } listPrice { amount } lineTotal { amount } quantity unit layer priceListCode ruleReference breakQuantity promotions { code } advertisedAs source freshness }',
      { principal: shopper({ customerNumber: 'C1' }) },
    ));
    expect(variant!['price']).toEqual({
      unitPrice: { amount: '5', currencyCode: 'USD' }, listPrice: { amount: '11' }, lineTotal: { amount: '50' }, quantity: '10', unit: null, layer: 'CONTRACT',
      priceListCode: 'ACME', ruleReference: 'acme-1', breakQuantity: '10', promotions: [], advertisedAs: 'PRICE', source: 'erp', freshness: 'RECENT',
    });
  });

  it('are read together, and the buyer once, however many variants and fields ask', async () => {
    const skus = [...world.prices.map((price) => price.sku), 'UNKNOWN'];
    const answer = await shop.ask(
      `${UNIT_PRICE} more: price(quantity: "99") { lineTotal { amount } tax { ratePercent } validUntil } priceBreaks { minQuantity unitPrice { amount } } priceUnavailableReason priceShownInCart`,
      { principal: shopper({ customerNumber: 'C1', companyNumber: 'ACME-CO' }), skus, products: [skus] }, 'priceRange { min { amount } max { amount } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(shop.customerReads).toEqual(['C1', 'ACME-CO']);
    expect(entities(answer).at(-1)).toEqual({ priceRange: { min: { amount: '5' }, max: { amount: '8.5' } } });
    expect(entities(answer)[8]).toEqual({ price: null, more: null, priceBreaks: [], priceUnavailableReason: 'UNKNOWN_SKU', priceShownInCart: false });
    expect(entities(answer)[1]!['priceBreaks']).toEqual([{ minQuantity: '1', unitPrice: { amount: '5.5' } }, { minQuantity: '10', unitPrice: { amount: '5' } }]);
  });

  it('need price:read, a quantity above zero and a real currency', async () => {
    const refusal = async (selection: string, principal: Principal = shopper(), shopping = {}): Promise<unknown> => failures(await shop.ask(selection, { principal, shopping }))[0];
    expect(await refusal('price { quantity }', ANONYMOUS)).toEqual(['UNAUTHENTICATED', undefined]);
    expect(await refusal('priceBreaks { minQuantity }', shopper({ scopes: ['catalog:read'] }))).toEqual(['FORBIDDEN', undefined]);
    expect(await refusal('price(quantity: "0") { quantity }')).toEqual(['INVALID_INPUT', ['quantity']]);
    expect(await refusal('price(quantity: "-3") { quantity }')).toEqual(['INVALID_INPUT', ['quantity']]);
    expect(await refusal('priceUnavailableReason(quantity: "0")')).toEqual(['INVALID_INPUT', ['quantity']]);
    expect(await refusal('price(taxCountry: "Germany") { quantity }')).toEqual(['INVALID_INPUT', ['taxCountry']]);
    expect(await refusal('price { quantity }', shopper(), { currencyCode: 'EURO' })).toEqual(['INVALID_INPUT', ['currency']]);
  });

  it('that are not there say why', async () => {
    const reason = async (selection: string, shopping = {}, sku = 'S1'): Promise<unknown> => entities(await shop.ask(`price { quantity } ${selection}`, { shopping, skus: [sku] }))[0];
    expect(await reason('priceUnavailableReason')).toEqual({ price: { quantity: '1' }, priceUnavailableReason: null });
    expect(await reason('priceUnavailableReason', { currencyCode: 'EUR' })).toEqual({ price: null, priceUnavailableReason: 'NO_CURRENCY' });
    expect(await reason('priceUnavailableReason', {}, 'NOPE')).toEqual({ price: null, priceUnavailableReason: 'UNKNOWN_SKU' });
    expect(await reason('priceUnavailableReason(unit: "BOX")')).toEqual({ price: { quantity: '1' }, priceUnavailableReason: 'UNKNOWN_UNIT' });
  });

  it('turn STALE when the source falls silent, and still come', async () => {
    testClock.advance(120_000);
    expect(entities(await shop.ask('price { freshness unitPrice { amount } }'))[0]!['price']).toEqual({ freshness: 'STALE', unitPrice: { amount: '11' } });
    testClock.advance(-120_000);
  });
});

describe('quotePrices', () => {
  const buyer: PriceBuyer = { customerNumber: 'C1', companyNumber: 'ACME-CO', locationNumber: null };
  const context: PriceContext = { channel: null, buyer, currencyCode: 'USD', at: instant(Date.now()) };

  it('answers per line, in order, with a reason where there is no price', async () => {
    const outcomes = await shop.subgraph.client.quotePrices({ lines: [{ sku: 'S1', quantity: d(12) }, { sku: 'NOPE', quantity: d(1) }, { sku: 'S1', quantity: d(1) }], context });
    expect(outcomes).toMatchObject([
      { kind: 'PRICED', line: { sku: 'S1', unitPrice: { amount: '5' }, lineTotal: { amount: '60' }, ruleReference: 'acme-1' } },
      { kind: 'NO_PRICE', sku: 'NOPE', reason: 'UNKNOWN_SKU' },
      { kind: 'PRICED', line: { unitPrice: { amount: '5.5' } } },
    ]);
    expect(await shop.subgraph.client.quotePrices({ lines: [{ sku: 'S2', quantity: d(1) }], context: { ...context, buyer: null, channel: 'web' } })).toMatchObject([{ line: { unitPrice: { amount: '10.8' }, priceListCode: 'WEB' } }]);
    expect(JSON.parse(JSON.stringify(outcomes))).toEqual(outcomes);
  });

  it('names the line whose quantity is unusable', async () => {
    const refused = await shop.subgraph.client.quotePrices({ lines: [{ sku: 'S1', quantity: d(1) }, { sku: 'S1', quantity: d(0) }], context }).catch((error: Failure) => error);
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', field: ['lines', '1', 'quantity'] });
  });
});
