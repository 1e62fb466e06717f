import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { entities, failures, openPriceShop, shopper, type Asked, type PriceShop } from './graph-shop.ts';
import { d, fixed, listOf, listPriceOf, ruleOf } from './price-samples.ts';
import type { PriceWorld } from './pricing-fixture.ts';
import { amountOff, percent, promotionOf } from './promotion-samples.ts';

const usd = (amount: string) => money(d(amount), 'USD');
const rate = (reference: string, validFrom: string, value: string) => ({ reference, baseCurrencyCode: 'USD', currencyCode: 'EUR', rate: d(value), validFrom: instant(validFrom), updatedAt: null });
const tax = (code: string, percentage: string, countryCode: string | null, includedInPrice = false) => ({ code, name: code, percent: d(percentage), countryCode, includedInPrice, active: true, updatedAt: null });

const [MAY, JUNE, JULY] = ['2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'].map(instant) as [Instant, Instant, Instant];
const before = (at: Instant): Instant => instant(Date.parse(at) - 1);

const world: PriceWorld = {
  prices: [
    listPriceOf('S1', '100', { cost: usd('60'), unitCode: 'PC', units: [{ code: 'BOX', factor: d(12) }], taxCodes: ['DE', 'AT'] }),
    listPriceOf('S2', '100', { taxCodes: ['UNHEARD-OF'] }), listPriceOf('S3', '40', { taxCodes: ['INSIDE'] }),
  ],
  lists: [listOf('ACME', { roundingDigits: 2 }), listOf('BRUTTO', { taxIncluded: true }), listOf('COSTPLUS'), listOf('SUMMER'), listOf('SECRET')],
  rules: [
    ruleOf('ACME', fixed('70'), { reference: 'acme' }), ruleOf('ACME', fixed('65'), { reference: 'acme-box', unitCode: 'BOX', precedence: '0' }), ruleOf('BRUTTO', fixed('119')),
    ruleOf('COSTPLUS', { kind: 'FORMULA', base: { kind: 'COST' }, percentOff: d(-25), surcharge: d(0), roundTo: null, minMargin: null, maxMargin: null }, { reference: 'plus', precedence: '1' }),
    ruleOf('COSTPLUS', fixed('99'), { reference: 'after', precedence: '2' }),
    ruleOf('SUMMER', fixed('50'), { reference: 'june', validFrom: JUNE, validUntil: JULY }), ruleOf('SUMMER', fixed('45'), { minQuantity: d(10), validFrom: JUNE, validUntil: instant('2026-06-15T00:00:00.000Z') }),
    ruleOf('SECRET', fixed('1'), { reference: 'of-somebody-else' }),
  ],
  exchange: [rate('r1', '2026-01-01T00:00:00.000Z', '0.9'), rate('r2', JUNE, '0.8')],
  taxes: [tax('DE', '19', 'DE'), tax('AT', '20', 'AT'), tax('INSIDE', '25', null, true)],
};
const customers = { ACME: { priceListCode: 'ACME' }, PLUS: { priceListCode: 'COSTPLUS' }, OTHER: { priceListCode: 'SECRET' } };

let shop: PriceShop;
beforeAll(async () => {
  shop = await openPriceShop(world, customers, {
    CHANNEL_PRICE_LISTS: 'gross=BRUTTO,summer=SUMMER', CONVERTED_CURRENCIES: 'EUR', CHANNEL_TAX_COUNTRIES: 'web=DE,gross=DE', CHANNEL_TAX_DISPLAY: 'web=GROSS,gross=NET', MAP_CHANNELS: 'quiet=HIDE',
  });
  await shop.sync();
  await shop.promote(promotionOf('TEN', percent('10'), { channels: ['offers'], validFrom: MAY, validUntil: JUNE }));
  await shop.promote(promotionOf('TWO', amountOff('2'), { channels: ['offers'], validFrom: JUNE, minQuantity: d(12) }));
  await shop.promote(promotionOf('ADS', amountOff('15'), { channels: ['ads', 'quiet'] }));
}, 60_000);
afterAll(() => shop?.drop());

const channel = (code: string): Asked => ({ shopping: { channel: code } });
async function variant(selection: string, asked: Asked = {}): Promise<Record<string, unknown>> {
  const answer = await shop.ask(selection, asked);
  expect(answer.errors).toBeUndefined();
  return entities(answer)[0]!;
}
const price = async (args: string, selection: string, asked: Asked = {}): Promise<unknown> => (await variant(`price${args} { ${selection} }`, asked))['price'];

describe('a currency prices are converted into', () => {
  const inEuro = (at: Instant, args = '') => variant(`price(at: "${at}"${args}) { unitPrice { amount currencyCode } listPrice { amount } } priceUnavailableReason(at: "${at}")`, { shopping: { currencyCode: 'EUR' } });

  it('is that of the rate that holds then', async () => {
    expect(await inEuro(before(JUNE))).toEqual({ price: { unitPrice: { amount: '90', currencyCode: 'EUR' }, listPrice: { amount: '90' } }, priceUnavailableReason: null });
    expect(await inEuro(JUNE)).toMatchObject({ price: { unitPrice: { amount: '80' } } });
  });

  it('is none before the first rate, nor where none is converted', async () => {
    expect(await inEuro(instant('2025-12-31T23:59:59.999Z'))).toEqual({ price: null, priceUnavailableReason: 'MISSING_RATE' });
    expect(await variant('price { quantity } priceUnavailableReason', { shopping: { currencyCode: 'GBP' } })).toEqual({ price: null, priceUnavailableReason: 'NO_CURRENCY' });
  });
});

describe('windows', () => {
  const at = (when: Instant, args = '') => price(`(at: "${when}"${args})`, 'unitPrice { amount } ruleReference validUntil', channel('summer'));

  it('of rules begin with their first instant and end before their last, in the past and to come', async () => {
    expect(await at(before(JUNE))).toEqual({ unitPrice: { amount: '100' }, ruleReference: null, validUntil: JUNE });
    expect(await at(JUNE)).toEqual({ unitPrice: { amount: '50' }, ruleReference: 'june', validUntil: JULY });
    expect(await at(before(JULY))).toMatchObject({ unitPrice: { amount: '50' } });
    expect(await at(JULY)).toEqual({ unitPrice: { amount: '100' }, ruleReference: null, validUntil: null });
  });

  it('count where they could matter: a break is nothing to who buys less', async () => {
    expect(await at(JUNE, ', quantity: "10"')).toMatchObject({ validUntil: '2026-06-15T00:00:00.000Z' });
  });

  it('of promotions are as sharp, and those to come are known', async () => {
    const offered = (when: Instant, quantity = '1') => price(`(at: "${when}", quantity: "${quantity}")`, 'unitPrice { amount } promotions { code name amount { amount currencyCode } } validUntil', channel('offers'));
    expect(await offered(before(MAY))).toEqual({ unitPrice: { amount: '100' }, promotions: [], validUntil: MAY });
    expect(await offered(MAY)).toEqual({ unitPrice: { amount: '90' }, promotions: [{ code: 'TEN', name: 'Promotion TEN', amount: { amount: '10', currencyCode: 'USD' } }], validUntil: JUNE });
    expect(await offered(JUNE)).toEqual({ unitPrice: { amount: '100' }, promotions: [], validUntil: null });
    expect(await offered(JUNE, '12')).toMatchObject({ unitPrice: { amount: '98' }, promotions: [{ code: 'TWO', amount: { amount: '24' } }] });
    expect(await variant(`priceBreaks(at: "${JUNE}") { minQuantity unitPrice { amount } below }`, channel('offers'))).toEqual({
      priceBreaks: [{ minQuantity: '1', unitPrice: { amount: '100' }, below: '12' }, { minQuantity: '12', unitPrice: { amount: '98' }, below: null }],
    });
  });
});

describe('another unit', () => {
  it('has rules of its own, and the price is of one of the item\'s own', async () => {
    const acme: Asked = { principal: shopper({ customerNumber: 'ACME' }) };
    expect(await price('', 'unit unitPrice { amount } lineTotal { amount }', acme)).toEqual({ unit: 'PC', unitPrice: { amount: '70' }, lineTotal: { amount: '70' } });
    expect(await price('(quantity: "2", unit: "BOX")', 'unit quantity unitPrice { amount } lineTotal { amount } ruleReference', acme))
      .toEqual({ unit: 'BOX', quantity: '2', unitPrice: { amount: '5.416666666667' }, lineTotal: { amount: '130' }, ruleReference: 'acme-box' });
  });
});

describe('taxes', () => {
  const TAX = 'unitPrice { amount } tax { ratePercent net { amount } gross { amount } included } displayPrice { amount }';

  it('come on top, of the country that is named or the channel is for', async () => {
    expect(await price('', TAX, channel('web'))).toEqual({ unitPrice: { amount: '100' }, tax: { ratePercent: '19', net: { amount: '100' }, gross: { amount: '119' }, included: false }, displayPrice: { amount: '119' } });
    expect(await price('(taxCountry: "AT")', TAX, channel('web'))).toMatchObject({ tax: { ratePercent: '20', gross: { amount: '120' } }, displayPrice: { amount: '120' } });
  });

  it('are taken out where the list has them in its prices, or the rate says so', async () => {
    expect(await price('', TAX, channel('gross'))).toEqual({ unitPrice: { amount: '119' }, tax: { ratePercent: '19', net: { amount: '100' }, gross: { amount: '119' }, included: true }, displayPrice: { amount: '100' } });
    expect(await price('', TAX, { skus: ['S3'] })).toEqual({ unitPrice: { amount: '40' }, tax: { ratePercent: '25', net: { amount: '32' }, gross: { amount: '40' }, included: true }, displayPrice: null });
  });

  it('are not guessed: no rate, no country, no word', async () => {
    expect(await price('', TAX, { ...channel('web'), skus: ['S2'] })).toEqual({ unitPrice: { amount: '100' }, tax: null, displayPrice: null });
    expect(await price('', TAX)).toMatchObject({ tax: null, displayPrice: null });
    expect(await price('(taxCountry: "FR")', TAX, channel('web'))).toMatchObject({ tax: null, displayPrice: null });
  });

  it('show in ranges as in prices', async () => {
    const ranges = async (skus: readonly string[]) => entities(await shop.ask('__typename', { ...channel('web'), skus: [], products: [skus] }, 'priceRange { min { amount } displayPrices { min { amount } max { amount } } }'))[0];
    expect(await ranges(['S1', 'S3'])).toEqual({ priceRange: { min: { amount: '40' }, displayPrices: { min: { amount: '40' }, max: { amount: '119' } } } });
    expect(await ranges(['S1', 'S2'])).toEqual({ priceRange: { min: { amount: '100' }, displayPrices: null } });
  });
});

describe('a price below what may be advertised', () => {
  beforeAll(() => shop.database.run(`insert into pricing.minimum_advertised (sku, amount, currency_code) values ('S1', 90, 'USD')`));
  afterAll(() => shop.database.run('delete from pricing.minimum_advertised'));

  const WHOLE = 'price { unitPrice { amount } lineTotal { amount } advertisedAs promotions { code } explanation { exact } } priceBreaks { unitPrice { amount } } priceShownInCart priceUnavailableReason';
  const onProduct = 'priceRange { min { amount } onSale }';
  const page = async (code: string, asked: Asked = {}) => entities(await shop.ask(WHOLE, { ...asked, ...channel(code), products: [['S1']] }, onProduct));

  it('is shown as the least that may be, without what would tell the rest', async () => {
    expect(await page('ads')).toEqual([
      { price: { unitPrice: { amount: '90' }, lineTotal: { amount: '90' }, advertisedAs: 'MINIMUM_ADVERTISED', promotions: [], explanation: null }, priceBreaks: [{ unitPrice: { amount: '90' } }], priceShownInCart: false, priceUnavailableReason: null },
      { priceRange: { min: { amount: '90' }, onSale: true } },
    ]);
  });

  it('is hidden until the cart where the channel is to be silent', async () => {
    expect(await page('quiet')).toEqual([{ price: null, priceBreaks: [], priceShownInCart: true, priceUnavailableReason: null }, { priceRange: null }]);
  });

  it('is shown as it is to who agreed on it, and charged as it is in the cart', async () => {
    expect((await page('quiet', { principal: shopper({ customerNumber: 'ACME' }) }))[0]).toMatchObject({ price: { unitPrice: { amount: '55' }, advertisedAs: 'PRICE' }, priceShownInCart: false });
    const context = { channel: 'quiet', buyer: null, currencyCode: null, at: instant(Date.now()) };
    expect(await shop.subgraph.client.quotePrices({ lines: [{ sku: 'S1', quantity: d(1) }], context })).toMatchObject([{ line: { unitPrice: { amount: '85' } } }]);
  });

  it('may be shown otherwise from the instant on at which what may be advertised changes', async () => {
    await shop.database.run(`insert into pricing.minimum_advertised (sku, amount, currency_code, valid_from, valid_until) values ('S3', 39, 'USD', '2096-01-01', '2097-01-01')`);
    const until = async (code: string, asked: Asked = {}) => ((await price('', 'validUntil', { ...asked, ...channel(code), skus: ['S3'] })) as { validUntil: Instant | null }).validUntil;
    expect(await until('ads')).toBe('2096-01-01T00:00:00.000Z');
    expect(await until('ads', { principal: shopper({ customerNumber: 'ACME' }) })).toBeNull();
  });

  it('is hidden in another currency: nobody knows which is lower', async () => {
    expect(await variant('price { quantity } priceShownInCart', { shopping: { channel: 'ads', currencyCode: 'EUR' } })).toEqual({ price: null, priceShownInCart: true });
  });
});

describe('an explanation', () => {
  const EXPLAINED = `unitPrice { amount } explanation {
    acrossLists withinList exact rates { from to } rounding { mode digits place } winner { ruleReference amount { amount } }
    candidates { layer priceListCode ruleReference description amount { amount currencyCode } outcome }
  }`;
  const plus = (scopes: readonly ('price:read' | 'finance:read')[]): Asked => ({ principal: shopper({ customerNumber: 'PLUS', scopes }) });

  it('tells every candidate and what became of it, and no figure of the cost', async () => {
    expect(await price('', EXPLAINED, plus(['price:read']))).toEqual({
      unitPrice: { amount: '75' },
      explanation: {
        acrossLists: 'FIRST_LIST', withinList: 'FIRST_WINS', exact: null, rates: [], rounding: { mode: 'HALF_UP', digits: null, place: 'UNIT' }, winner: { ruleReference: 'plus', amount: null },
        candidates: [
          { layer: 'CONTRACT', priceListCode: 'COSTPLUS', ruleReference: 'plus', description: 'follows from the cost', amount: null, outcome: 'WON' },
          { layer: 'CONTRACT', priceListCode: 'COSTPLUS', ruleReference: 'after', description: '99 USD', amount: { amount: '99', currencyCode: 'USD' }, outcome: 'LOST_TO_PRECEDENCE' },
          { layer: 'BASE', priceListCode: null, ruleReference: null, description: "the item's own price", amount: { amount: '100', currencyCode: 'USD' }, outcome: 'LIST_NOT_ASKED' },
        ],
      },
    });
  });

  it('tells it to finance', async () => {
    expect(await price('', EXPLAINED, plus(['price:read', 'finance:read']))).toMatchObject({
      explanation: { exact: '75', winner: { amount: { amount: '75' } }, candidates: [{ description: '25 % above the cost', amount: { amount: '75' } }, {}, {}] },
    });
  });

  it('knows of no list but the buyer\'s own', async () => {
    for (const asked of [plus(['price:read']), {}, channel('summer'), { principal: shopper({ customerNumber: 'ACME' }) }]) {
      expect(JSON.stringify(await price('', EXPLAINED, asked))).not.toMatch(/SECRET|of-somebody-else/);
    }
    expect(JSON.stringify(await price('', EXPLAINED, { principal: shopper({ customerNumber: 'OTHER' }) }))).toMatch(/SECRET/);
  });

  it('tells the rate of exchange', async () => {
    expect(await price('', 'explanation { exact rates { from to rate validFrom } }', { shopping: { currencyCode: 'EUR' } })).toEqual({ explanation: { exact: '80', rates: [{ from: 'USD', to: 'EUR', rate: '0.8', validFrom: JUNE }] } });
  });
});

describe('what goods cost', () => {
  it('is for finance only', async () => {
    expect(await variant('costPrice { amount currencyCode }', { principal: shopper({ scopes: ['finance:read'] }) })).toEqual({ costPrice: { amount: '60', currencyCode: 'USD' } });
    expect(await variant('costPrice { amount }', { principal: shopper({ scopes: ['finance:read'] }), skus: ['S2'] })).toEqual({ costPrice: null });
    expect(failures(await shop.ask('costPrice { amount }'))).toEqual([['FORBIDDEN', undefined]]);
  });
});
