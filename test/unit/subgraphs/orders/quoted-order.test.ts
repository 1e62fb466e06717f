import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import { money } from '../../../../domain/money.ts';
import { calendarDate, instant } from '../../../../domain/time.ts';
import { createPlaceOrder, type PlaceOrder, type PlaceOrderOutcome } from '../../../../subgraphs/orders/placing/place-order.ts';
import { hashPlacement } from '../../../../subgraphs/orders/placing/placement.ts';
import { priceChangesOf } from '../../../../subgraphs/orders/placing/price-refusals.ts';
import { checkPlacement, type PlacementText } from '../../../../subgraphs/orders/placing/validation.ts';
import { readLines } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { newOrderOf } from '../../../../subgraphs/orders/submission/new-order.ts';
import { basket, createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';

const d = decimal;
const TOKEN = `q1.${'a'.repeat(40)}.${'b'.repeat(43)}`;
const eur = (amount: string) => money(d(amount), 'EUR');

let world: World;
let place: PlaceOrder;
beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder(world.dependencies(), QUICK);
});
afterAll(() => world.close());
afterEach(() => {
  world.prices.promotions.clear();
  world.prices.judge = () => ({ kind: 'STANDS', quoteId: 'quote' });
});

const linesOf = async ({ order }: PlaceOrderOutcome) => readLines(world.database, [order!.id]);
const errorsOf = ({ userErrors }: PlaceOrderOutcome) => userErrors.map(({ code, field }) => [code, field.join('.')]);
const offer = (amount: string) => ({ code: 'B2G1', name: 'Three for two', amount: d(amount) });

describe('an order of a quoted basket', () => {
  it('is priced as a whole, in the units it was asked for in, for its buyer and location', async () => {
    const input = basket({ quoteToken: TOKEN, lines: [{ sku: 'A', quantity: d('2'), unit: 'DOZEN' }, { sku: 'B', quantity: d('1') }] });
    const { shopping, ...scope } = scopeOf();
    const outcome = await place(input, { ...scope, shopping: { ...shopping, companyLocation: 'L1' } });
    expect(outcome.userErrors).toEqual([]);
    expect(world.prices.asked.at(-1)).toMatchObject({
      quoteToken: TOKEN, lines: [{ sku: 'A', quantity: '2', unit: 'DOZEN' }, { sku: 'B', quantity: '1', unit: null }], context: { channel: 'web', buyer: { customerNumber: 'C1', locationNumber: 'L1' } },
    });
    expect((await linesOf(outcome)).map(({ quantity, lineTotal }) => [quantity, lineTotal])).toEqual([['24', '263.88'], ['1', '11']]);
    expect(outcome.order!.companyLocation).toBe('L1');
  });

  it('takes promotions off its lines beside what the storefront lets off, and keeps their names', async () => {
    world.prices.promotions.set('A', offer('7.33'));
    const outcome = await place(basket({
      quoteToken: TOKEN, lines: [{ sku: 'A', quantity: d('3'), discount: eur('1') }, { sku: 'B', quantity: d('1') }],
      expectedTotals: { subtotal: eur('43.99'), discount: eur('8.33'), total: eur('35.66') }, payments: [{ methodCode: 'card', kind: 'AUTHORISED', amount: eur('35.66'), reference: 'p' }],
    }), scopeOf());
    expect(outcome.userErrors).toEqual([]);
    expect(outcome.order!.total).toBe('35.66');
    const lines = await linesOf(outcome);
    expect(lines.map(({ discount, promotions }) => [discount, promotions])).toEqual([['8.33', [offer('7.33')]], ['0', []]]);
    const codes = { system: 'erp', their: (_kind: string, ours: string) => ours } as never;
    expect(newOrderOf(outcome.order!, lines, 'erp-C1', codes)).toMatchObject({ total: eur('35.66'), lines: [{ sku: 'A', unitPrice: eur('10.995'), discount: '8.33' }, { sku: 'B' }] });
  });

  it('does not agree with a total that was told without its promotions', async () => {
    world.prices.promotions.set('A', offer('7.33'));
    const outcome = await place(basket({ expectedTotals: { total: eur('32.99') } }), scopeOf());
    expect(errorsOf(outcome)).toEqual([['TOTALS_MISMATCH', 'expectedTotals.total']]);
  });

  it('lets nobody off more than a line comes to, promotions and all', async () => {
    world.prices.promotions.set('B', offer('10.50'));
    expect(errorsOf(await place(basket({ lines: [{ sku: 'B', quantity: d('1'), discount: eur('0.51') }] }), scopeOf()))).toEqual([['INVALID_INPUT', 'lines.0.discount']]);
    expect((await place(basket({ lines: [{ sku: 'B', quantity: d('1'), discount: eur('0.50') }] }), scopeOf())).order!.total).toBe('0');
  });

  it('has guests as buyers, too', async () => {
    world.prices.promotions.set('A', offer('1'));
    const outcome = await place(basket({ quoteToken: TOKEN, customerNumber: null, contact: { email: 'guest@example.com' } }), scopeOf(principal('guest-shop')));
    expect(outcome.userErrors).toEqual([]);
    expect(world.prices.asked.at(-1)!.context.buyer).toBeNull();
    expect((await linesOf(outcome))[0]!.promotions).toEqual([offer('1')]);
  });
});

describe('a quote that cannot be ordered by', () => {
  it('is refused line by line with both prices where they are others now, and so is its repetition', async () => {
    const change = { line: 1, sku: 'B', quoted: { unitPrice: eur('10'), net: eur('10') }, current: { unitPrice: eur('10.995'), net: eur('11') } };
    world.prices.judge = () => ({ kind: 'CHANGED', quoteId: 'quote', lines: [change] });
    const input = basket({ quoteToken: TOKEN });
    const outcomes = [await place(input, scopeOf()), await place(input, scopeOf())];
    for (const outcome of outcomes) {
      expect(errorsOf(outcome)).toEqual([['PRICE_CHANGED', 'lines.1']]);
      expect(outcome.userErrors[0]!.message).toBe('the price of B is 10.995 EUR, 11 EUR for the line, now, not 10 EUR, 10 EUR for the line; ask priceQuote anew, show the buyer what it says, and order with its token under a new idempotencyKey');
      expect(priceChangesOf(outcome.userErrors)).toEqual([change]);
    }
  });

  it('says so where a line has no price any more', async () => {
    world.prices.judge = () => ({ kind: 'CHANGED', quoteId: 'quote', lines: [{ line: 0, sku: 'NOPRICE', quoted: { unitPrice: eur('10'), net: eur('10') }, current: null }] });
    const outcome = await place(basket({ quoteToken: TOKEN, lines: [{ sku: 'NOPRICE', quantity: d('1') }] }), scopeOf());
    expect(errorsOf(outcome)).toEqual([['PRICE_CHANGED', 'lines.0']]);
    expect(outcome.userErrors[0]!.message).toContain('NOPRICE has no price any more, not 10 EUR');
  });

  it.each([
    ['QUOTE_EXPIRED', { kind: 'EXPIRED', expiredAt: instant(0) }, 'ended at 1970-01-01T00:00:00.000Z'],
    ['QUOTE_REFUSED', { kind: 'FORGED' }, 'no token of a quote given here'],
    ['QUOTE_REFUSED', { kind: 'NOT_THIS_BASKET', difference: 'it was given to another buyer' }, 'not of this order: it was given to another buyer'],
  ] as const)('%s %j', async (code, verdict, words) => {
    world.prices.judge = () => verdict;
    const outcome = await place(basket({ quoteToken: TOKEN }), scopeOf());
    expect(outcome.userErrors).toMatchObject([{ code, field: ['quoteToken'], retryable: false }]);
    expect(outcome.userErrors[0]!.message).toContain(words);
    expect(outcome.userErrors[0]!.message).toContain('ask priceQuote anew');
  });

  it.each(['', 'token', '4111111111111111', `${TOKEN}=`, `q1.${'a'.repeat(64_000)}.${'b'.repeat(43)}`])('%# goes no further than the door when it cannot be a token', async (quoteToken) => {
    const before = world.prices.asked.length;
    expect(errorsOf(await place(basket({ quoteToken }), scopeOf()))).toEqual([['QUOTE_REFUSED', 'quoteToken']]);
    expect(world.prices.asked).toHaveLength(before);
  });

  it('answers the first order when it is sent again after its quote has ended', async () => {
    const input = basket({ quoteToken: TOKEN });
    const first = await place(input, scopeOf());
    world.prices.judge = () => ({ kind: 'EXPIRED', expiredAt: instant(0) });
    expect((await place(input, scopeOf())).order!.id).toBe(first.order!.id);
    expect(errorsOf(await place({ ...input, idempotencyKey: randomUUID() }, scopeOf()))).toEqual([['QUOTE_EXPIRED', 'quoteToken']]);
    expect(errorsOf(await place({ ...input, quoteToken: `${TOKEN.slice(0, -1)}c` }, scopeOf()))).toEqual([['CONFLICT', 'idempotencyKey']]);
  });
});

describe('prices without a quote', () => {
  it('are held to what the buyer saw of each piece', async () => {
    const outcome = await place(basket({ lines: [{ sku: 'A', quantity: d('1'), expectedUnitPrice: eur('9') }] }), scopeOf());
    expect(errorsOf(outcome)).toEqual([['PRICE_CHANGED', 'lines.0.expectedUnitPrice']]);
    expect(priceChangesOf(outcome.userErrors)).toEqual([{ line: 0, sku: 'A', quoted: { unitPrice: eur('9'), net: null }, current: { unitPrice: eur('10.995'), net: null } }]);
    expect((await place(basket({ lines: [{ sku: 'A', quantity: d('1'), expectedUnitPrice: eur('10.995') }] }), scopeOf())).userErrors).toEqual([]);
  });

  it('are refused where pricing says whose they are not', async () => {
    const forbidding = createPlaceOrder(world.dependencies((moment, method) => {
      if (moment === 'before' && method === 'quoteBasket') throw new Failure('FORBIDDEN', 'x-company-location: L9 is no active location', { field: ['x-company-location'] });
    }), QUICK);
    expect(errorsOf(await forbidding(basket(), scopeOf()))).toEqual([['FORBIDDEN', 'x-company-location']]);
  });

  it('leave the payload of before as it was: keys handed out then mean the same', () => {
    const context = { channel: 'web', currencyCode: 'EUR', today: calendarDate('2026-01-01'), maxQuantity: d('1000'), lineShipTo: false, companyLocation: null };
    const input: PlacementText = { idempotencyKey: 'k', customerNumber: 'C1', lines: [{ sku: 'A', quantity: d('2'), expectedUnitPrice: eur('10.995') }], note: 'ring twice' };
    const hashOf = (text: PlacementText, more: object = {}): string => {
      const checked = checkPlacement(text, { ...context, ...more });
      return 'placement' in checked ? hashPlacement(checked.placement) : JSON.stringify(checked.problems);
    };
    // As the version before quotes computed it.
    const before = '690434514b3383786b05f7eb04c5c2f1975b1d99e1776e372791fdeae4c8a526';
    expect(hashOf(input)).toBe(before);
    expect(hashOf({ ...input, quoteToken: null })).toBe(before);
    expect(new Set([before, hashOf({ ...input, quoteToken: TOKEN }), hashOf(input, { companyLocation: 'L1' })]).size).toBe(3);
  });
});
