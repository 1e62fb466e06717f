import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PriceOutcome } from '../../../../domain/pricing.ts';
import type { Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import type { ShoppingContext } from '../../../../subgraphs/frame/module.ts';
import { buyerOf } from '../../../../subgraphs/pricing/buyer/buyer-terms.ts';
import { entities, failures, openPriceShop, shopper, type PriceShop } from './graph-shop.ts';
import { d, fixed, listOf, listPriceOf, ruleOf } from './price-samples.ts';
import type { PriceWorld } from './pricing-fixture.ts';

const LISTS = ['ACME', 'NORTH', 'ANN', 'ELSE', 'GOLD', 'WEB', 'STAFF'];
const world: PriceWorld = {
  prices: [listPriceOf('S1', '100')], lists: LISTS.map((code) => listOf(code)),
  rules: [['ACME', '80'], ['NORTH', '75'], ['ANN', '70'], ['ELSE', '60'], ['GOLD', '90'], ['WEB', '95'], ['STAFF', '50']].map(([list, amount]) => ruleOf(list!, fixed(amount!))),
};
const customers = {
  'ACME-CO': { priceListCode: 'ACME' }, 'ACME-NORTH': { companyNumber: 'ACME-CO', priceListCode: 'NORTH' }, 'ACME-SOUTH': { companyNumber: 'ACME-CO' },
  ANN: { companyNumber: 'ACME-CO', priceListCode: 'ANN' }, BOB: { companyNumber: 'ACME-CO' }, 'ELSE-CO': { priceListCode: 'ELSE' }, EVE: { companyNumber: 'ELSE-CO' },
  GUS: { groupCodes: ['no-list', 'gold'] }, JOE: {}, OLD: { priceListCode: 'ANN', active: false }, LOST: { priceListCode: 'NO-SUCH-LIST', companyNumber: 'ACME-CO' },
};

interface Case {
  readonly who: string;
  readonly principal: Principal;
  readonly shopping?: Partial<ShoppingContext>;
  /** Undefined: none. */
  readonly price: string | undefined;
  readonly layer?: string;
}

const at = (location: string): Partial<ShoppingContext> => ({ companyLocation: location });
const CASES: readonly Case[] = [
  { who: 'a guest', principal: shopper(), price: '100', layer: 'BASE' },
  { who: 'a guest in a channel', principal: shopper(), shopping: { channel: 'web' }, price: '95', layer: 'CHANNEL' },
  { who: 'a person with a contract', principal: shopper({ customerNumber: 'ANN' }), price: '70', layer: 'CONTRACT' },
  { who: 'a person of a company with one', principal: shopper({ customerNumber: 'BOB', companyNumber: 'ACME-CO' }), price: '80', layer: 'CONTRACT' },
  { who: 'the company itself', principal: shopper({ companyNumber: 'ACME-CO' }), price: '80', layer: 'CONTRACT' },
  { who: 'a person of another company', principal: shopper({ customerNumber: 'EVE' }), price: '60', layer: 'CONTRACT' },
  { who: 'a location with a contract', principal: shopper({ customerNumber: 'BOB' }), shopping: at('ACME-NORTH'), price: '75', layer: 'CONTRACT' },
  { who: 'a location before the person', principal: shopper({ customerNumber: 'ANN', companyNumber: 'ACME-CO' }), shopping: at('ACME-NORTH'), price: '75', layer: 'CONTRACT' },
  { who: 'a location without one', principal: shopper({ customerNumber: 'BOB' }), shopping: at('ACME-SOUTH'), price: '80', layer: 'CONTRACT' },
  { who: 'a group before the channel', principal: shopper({ customerNumber: 'GUS' }), shopping: { channel: 'web' }, price: '90', layer: 'GROUP' },
  { who: 'a customer without any agreement', principal: shopper({ customerNumber: 'JOE' }), shopping: { channel: 'web' }, price: '95', layer: 'CHANNEL' },
  { who: 'somebody nobody knows', principal: shopper({ customerNumber: 'NOBODY' }), shopping: { channel: 'web' }, price: '95', layer: 'CHANNEL' },
  { who: 'somebody inactive, whatever was agreed', principal: shopper({ customerNumber: 'OLD' }), price: '100', layer: 'BASE' },
  { who: 'somebody whose contract is a list nobody knows', principal: shopper({ customerNumber: 'LOST' }), price: undefined },
  { who: 'a customer in a private channel', principal: shopper({ customerNumber: 'JOE', channel: 'staff' }), price: '50', layer: 'CHANNEL' },
];

let shop: PriceShop;
beforeAll(async () => {
  shop = await openPriceShop(world, customers, { CHANNEL_PRICE_LISTS: 'web=WEB,staff=STAFF', GROUP_PRICE_LISTS: 'gold=GOLD', PRIVATE_PRICE_CHANNELS: 'staff' });
  await shop.sync();
}, 60_000);
afterAll(() => shop?.drop());

const PRICE = 'price { unitPrice { amount } layer }';
const priceOf = async ({ principal, shopping = {} }: Pick<Case, 'principal' | 'shopping'>): Promise<unknown> => entities(await shop.ask(PRICE, { principal, shopping }))[0]!['price'];
const expected = ({ price, layer }: Case): unknown => (price === undefined ? null : { unitPrice: { amount: price }, layer });

/** What checkout is told of the same buyer. */
const quoted = async ({ principal, shopping = {} }: Pick<Case, 'principal' | 'shopping'>): Promise<PriceOutcome> => {
  const context = { channel: principal.channel ?? shopping.channel ?? null, buyer: buyerOf(principal, shopping.companyLocation ?? null), currencyCode: null, at: instant(Date.now()) };
  return (await shop.subgraph.client.quotePrices({ lines: [{ sku: 'S1', quantity: d(1) }], context }))[0]!;
};

describe('what is shown to', () => {
  it.each(CASES)('$who', async (one) => {
    expect(await priceOf(one)).toEqual(expected(one));
  });

  it.each(CASES)('$who is what checkout charges', async (one) => {
    expect(await quoted(one)).toMatchObject(one.price === undefined ? { kind: 'NO_PRICE', reason: 'UNUSABLE_PRICE_LIST' } : { kind: 'PRICED', line: { unitPrice: { amount: one.price }, layer: one.layer } });
  });

  it('each of them is shown to nobody else, in any order and at once', async () => {
    const all = CASES.flatMap((one, index) => [one, CASES[CASES.length - 1 - index]!, one]);
    expect(await Promise.all(all.map(priceOf))).toEqual(all.map(expected));
  });

  it('a caller bound to a channel does not change with the header', async () => {
    expect(await priceOf({ principal: shopper({ channel: 'store' }), shopping: { channel: 'web' } })).toEqual({ unitPrice: { amount: '100' }, layer: 'BASE' });
  });
});

describe('a private channel', () => {
  const whole = `sku ${PRICE} priceBreaks { minQuantity } priceUnavailableReason priceShownInCart`;

  it.each([['a guest', shopper()], ['somebody nobody knows', shopper({ customerNumber: 'NOBODY' })], ['somebody inactive', shopper({ customerNumber: 'OLD' })]])('shows nothing to %s, and the page stays', async (_, principal) => {
    const answer = await shop.ask(whole, { principal, shopping: { channel: 'staff' }, products: [['S1']] }, 'id priceRange { min { amount } }');
    expect(entities(answer)).toEqual([{ sku: 'S1', price: null, priceBreaks: null, priceUnavailableReason: 'NOT_PUBLIC', priceShownInCart: false }, { id: 'P0', priceRange: null }]);
    expect(failures(answer)).toEqual(Array(3).fill(['FORBIDDEN', ['x-channel']]));
    expect(await quoted({ principal, shopping: { channel: 'staff' } })).toEqual({ kind: 'NO_PRICE', sku: 'S1', reason: 'NOT_PUBLIC' });
  });
});

describe("a location that is not the buyer's", () => {
  it.each([['of another company', shopper({ customerNumber: 'EVE' })], ['of a person without a company', shopper({ customerNumber: 'JOE' })], ['of a guest', shopper()]])('is FORBIDDEN by its header to a buyer %s, on the page and at checkout', async (_, principal) => {
    const answer = await shop.ask(`sku ${PRICE}`, { principal, shopping: at('ACME-NORTH') });
    expect(entities(answer)).toEqual([{ sku: 'S1', price: null }]);
    expect(failures(answer)).toEqual([['FORBIDDEN', ['x-company-location']]]);
    await expect(quoted({ principal, shopping: at('ACME-NORTH') })).rejects.toMatchObject({ code: 'FORBIDDEN', field: ['x-company-location'] });
  });
});

describe('a customer system that does not answer', () => {
  it('is a failure, never the price without a contract', async () => {
    const principal = shopper({ customerNumber: 'DOWN' });
    const answer = await shop.ask(`sku ${PRICE} priceUnavailableReason`, { principal });
    expect(entities(answer)).toEqual([{ sku: 'S1', price: null, priceUnavailableReason: null }]);
    expect(failures(answer)).toEqual([['UPSTREAM_UNAVAILABLE', undefined], ['UPSTREAM_UNAVAILABLE', undefined]]);
    await expect(quoted({ principal })).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
