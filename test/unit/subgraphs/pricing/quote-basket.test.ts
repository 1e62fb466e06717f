import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, subtract, sum, ZERO } from '../../../../domain/decimal.ts';
import type { PricedLine, PriceOutcome } from '../../../../domain/pricing.ts';
import { quoteBasket } from '../../../../subgraphs/pricing/quotes/quote-basket.ts';
import { quotePrices } from '../../../../subgraphs/pricing/quotes/quote-prices.ts';
import { d, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { buyer, contextOf, lineOf, promotionOf, quoteToolsOf, type QuoteWorld } from './quote-world.ts';

const world = (more: Partial<QuoteWorld> = {}): QuoteWorld => ({
  prices: [listPriceOf('A', '10', { unitCode: 'EA', units: [{ code: 'BOX', factor: d('12') }] }), listPriceOf('B', '3.333'), listPriceOf('C', '7')],
  lists: [listOf('ACME'), listOf('BIKER')], promotions: [],
  rules: [ruleOf('ACME', fixed('9'), { target: { kind: 'SKU', sku: 'A' }, minQuantity: d('10') }), ruleOf('ACME', percentOff('5')), ruleOf('BIKER', percentOff('50'))],
  customers: { C1: { priceListCode: 'ACME' }, C2: { priceListCode: 'BIKER' } },
  ...more,
});

const priced = (outcome: PriceOutcome | undefined): PricedLine => {
  if (outcome?.kind !== 'PRICED') throw new Error(`no price: ${JSON.stringify(outcome)}`);
  return outcome.line;
};
const unitPrices = (lines: readonly PriceOutcome[]): readonly string[] => lines.map((line) => (line.kind === 'PRICED' ? line.line.unitPrice.amount : line.reason));
const acme = contextOf({ buyer: buyer('C1') });

describe('the price of a basket', () => {
  it('counts all lines of a SKU towards its quantity breaks, where each line alone would not reach one', async () => {
    const tools = quoteToolsOf(world());
    const lines = [lineOf('A', '6'), lineOf('B', '1'), lineOf('A', '4')];
    const basket = await quoteBasket(tools, { lines, context: acme, quoteToken: null });
    expect(unitPrices(basket.lines)).toEqual(['9', '3.16635', '9']);
    expect(priced(basket.lines[0]).breakQuantity).toBe('10');
    expect(basket).toMatchObject({ currencyCode: 'USD', subtotal: '93.17', discount: '0', verdict: null });
    expect(unitPrices(await quotePrices(tools, { lines, context: acme }))).toEqual(['9.5', '3.16635', '9.5']);
  });

  it('counts what is bought in other units in the item\'s own', async () => {
    const { lines } = await quoteBasket(quoteToolsOf(world()), { lines: [lineOf('A', '1', 'BOX'), lineOf('A', '1', 'EA')], context: acme, quoteToken: null });
    expect(lines.map((line) => [priced(line).quantity, priced(line).unitPrice.amount, priced(line).lineTotal.amount])).toEqual([['12', '9', '108'], ['1', '9', '9']]);
  });

  it('has a price of a unit for what is bought in that unit alone', async () => {
    const { rules, ...rest } = world();
    const byBox = ruleOf('ACME', fixed('96'), { target: { kind: 'SKU', sku: 'A' }, unitCode: 'BOX', minQuantity: d('5'), precedence: '000000' });
    const tools = quoteToolsOf({ ...rest, rules: [byBox, ...rules] });
    const pricesOf = async (lines: Parameters<typeof quoteBasket>[1]['lines']) => unitPrices((await quoteBasket(tools, { lines, context: acme, quoteToken: null })).lines);
    expect(await pricesOf([lineOf('A', '3', 'BOX'), lineOf('A', '2', 'BOX'), lineOf('A', '1')])).toEqual(['8', '8', '9']);
    expect(await pricesOf([lineOf('A', '4', 'BOX')])).toEqual(['9']);
    expect(await pricesOf([lineOf('A', '60')])).toEqual(['9']);
  });

  it('says of each line why it has no price, and prices the others', async () => {
    const { lines, subtotal } = await quoteBasket(quoteToolsOf(world()), { lines: [lineOf('NOPE', '1'), lineOf('A', '1', 'PALLET'), lineOf('A', '20')], context: contextOf(), quoteToken: null });
    expect(unitPrices(lines)).toEqual(['UNKNOWN_SKU', 'UNKNOWN_UNIT', '10']);
    expect(subtotal).toBe('200');
    const shut = await quoteBasket(quoteToolsOf(world()), { lines: [lineOf('A', '1')], context: contextOf({ channel: 'trade' }), quoteToken: null });
    expect([unitPrices(shut.lines), shut.currencyCode, shut.subtotal]).toEqual([['NOT_PUBLIC'], null, null]);
    expect(unitPrices((await quoteBasket(quoteToolsOf(world()), { lines: [lineOf('A', '1')], context: contextOf({ channel: 'trade', buyer: buyer('C2') }), quoteToken: null })).lines)).toEqual(['5']);
  });

  it('names the line whose quantity is not above zero', async () => {
    await expect(quoteBasket(quoteToolsOf(world()), { lines: [lineOf('A', '1'), lineOf('B', '0')], context: acme, quoteToken: null })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['lines', '1', 'quantity'] });
  });

  it('gives the third piece of a buy-two-get-one, whichever lines the pieces are on', async () => {
    const promotions = [promotionOf('B2G1', { kind: 'BUY_X_GET_Y', buy: d('2'), get: d('1'), percentOff: d('100'), timesAtMost: null }, { targets: [{ kind: 'SKU', sku: 'C' }] })];
    const basket = await quoteBasket(quoteToolsOf(world({ promotions })), { lines: [lineOf('C', '2'), lineOf('A', '1'), lineOf('C', '1')], context: contextOf(), quoteToken: null });
    expect(basket).toMatchObject({ subtotal: '31', discount: '7' });
    expect(basket.lines.flatMap((line) => priced(line).promotions.map(({ code }) => code))).toContain('B2G1');
    expect(priced(basket.lines[1])).toMatchObject({ discount: '0', promotions: [] });
  });

  it('has promotions on a piece in the price of a piece, in baskets and out of them', async () => {
    const tools = quoteToolsOf(world({ promotions: [promotionOf('TEN', { kind: 'PERCENT_OFF', percent: d('10'), of: 'PRICE', place: 'UNIT' })] }));
    const request = { lines: [lineOf('A', '2')], context: contextOf() };
    const [inBasket, alone] = [priced((await quoteBasket(tools, { ...request, quoteToken: null })).lines[0]), priced((await quotePrices(tools, request))[0])];
    for (const line of [inBasket, alone]) expect(line).toMatchObject({ unitPrice: { amount: '9' }, listPrice: { amount: '10' }, lineTotal: { amount: '18' }, discount: '0', promotions: [{ code: 'TEN', amount: '2' }] });
  });

  const baskets = fc.array(fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'NOPE'), quantity: fc.integer({ min: 1, max: 2_000 }).map((n) => String(n / 100)) }), { minLength: 1, maxLength: 15 });
  const offers = fc.subarray([
    promotionOf('UNIT', { kind: 'PERCENT_OFF', percent: d('7.5'), of: 'PRICE', place: 'UNIT' }, { targets: [{ kind: 'SKU', sku: 'B' }] }),
    promotionOf('LINE', { kind: 'PERCENT_OFF', percent: d('3.3'), of: 'PRICE', place: 'LINE' }),
    promotionOf('BASKET', { kind: 'AMOUNT_OFF', amount: { amount: d('5'), currencyCode: 'USD' }, place: 'BASKET' }, { minBasket: { amount: d('50'), currencyCode: 'USD' } }),
  ]);

  it('adds up to the penny, never charges less than nothing, and does not depend on the order of lines', async () => {
    await fc.assert(fc.asyncProperty(baskets, offers, async (asked, promotions) => {
      const tools = quoteToolsOf(world({ promotions }));
      const lines = asked.map(({ sku, quantity }) => lineOf(sku, quantity));
      const basket = await quoteBasket(tools, { lines, context: acme, quoteToken: null });
      const own = basket.lines.flatMap((line) => (line.kind === 'PRICED' ? [line.line] : []));
      expect(basket.subtotal ?? ZERO).toBe(own.reduce((total, { lineTotal }) => add(total, lineTotal.amount), ZERO));
      expect(basket.discount ?? ZERO).toBe(sum(own.map(({ discount }) => discount)));
      for (const { lineTotal, discount } of own) expect([compare(discount, ZERO) >= 0, compare(subtract(lineTotal.amount, discount), ZERO) >= 0]).toEqual([true, true]);
      const turned = await quoteBasket(tools, { lines: lines.toReversed(), context: acme, quoteToken: null });
      expect(unitPrices(turned.lines).toReversed()).toEqual(unitPrices(basket.lines));
      expect([turned.subtotal, turned.discount]).toEqual([basket.subtotal, basket.discount]);
    }), { numRuns: 60 });
  });
});

describe('a basket held against a quote', () => {
  it('says FORGED of what was never given here', async () => {
    expect((await quoteBasket(quoteToolsOf(world()), { lines: [lineOf('A', '1')], context: acme, quoteToken: 'q1.abc.def' })).verdict).toEqual({ kind: 'FORGED' });
  });
});
