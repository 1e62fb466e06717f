import { describe, expect, it } from 'vitest';
import { subtract } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { Promotion } from '../../../../domain/promotions.ts';
import { instant } from '../../../../domain/time.ts';
import { promoteBasket, promoteUnit, type PromotableLine, type PromotionContext } from '../../../../subgraphs/pricing/promotions/engine.ts';
import { d, NOW } from './price-samples.ts';
import { amountOff, buyAndGet, CONTEXT, fixedPrice, lineOf, percent, promotionOf } from './promotion-samples.ts';

/** Per line: price of a piece, what the line comes to in the end, and who took what. */
const basket = (lines: readonly PromotableLine[], promotions: readonly Promotion[], context: PromotionContext = CONTEXT): unknown[] =>
  promoteBasket(lines, promotions, context).map(({ resolution, discount, applied }) => {
    if (!resolution.ok) return resolution.reason;
    const { unitPrice, lineTotal } = resolution.price;
    return [unitPrice.amount, subtract(lineTotal.amount, discount), ...applied.map(({ code, amount }) => `${code} ${amount}`)];
  });

const sku = (code: string): Promotion['targets'][number] => ({ kind: 'SKU', sku: code });

describe('what a promotion does', () => {
  it('takes percent off a piece, off the price or off the base price, and rounds once', () => {
    const line = lineOf('A', '8', 3, { listPrice: money(d('9.99'), 'USD') });
    expect(basket([line], [promotionOf('P', percent('12.5'))])).toEqual([['7', '21', 'P 3']]);
    expect(basket([line], [promotionOf('P', percent('12.5', 'UNIT', 'LIST'))])).toEqual([['6.75', '20.25', 'P 3.75']]);
    // 9.995 and 9.4953 would each round up; only the last is rounded.
    expect(basket([lineOf('A', '10.521', 1)], [promotionOf('P', percent('5')), promotionOf('Q', percent('5'))])).toEqual([['9.5', '9.5', 'P 0.53', 'Q 0.49']]);
  });

  it('takes amounts off a piece, or gives it another price where that is less', () => {
    expect(basket([lineOf('A', '8', 3)], [promotionOf('P', amountOff('0.5'))])).toEqual([['7.5', '22.5', 'P 1.5']]);
    expect(basket([lineOf('A', '8', 3), lineOf('B', '4', 3)], [promotionOf('P', fixedPrice('5'))])).toEqual([['5', '15', 'P 9'], ['4', '12']]);
  });

  it('takes percent off the line, from the line as it is before rounding', () => {
    expect(basket([lineOf('A', '3.335', 3, { rounding: { mode: 'HALF_UP', digits: 3, place: 'UNIT' } })], [promotionOf('P', percent('50', 'LINE'))])).toEqual([['3.335', '5', 'P 5.01']]);
    expect(basket([lineOf('A', '3.333', 3, { rounding: { mode: 'DOWN', digits: 4, place: 'LINE' } })], [promotionOf('P', percent('33.333', 'LINE'))])).toEqual([['3.333', '6.666', 'P 3.333']]);
    expect(basket([lineOf('A', '8', 3)], [promotionOf('P', percent('100', 'LINE'))])).toEqual([['8', '0', 'P 24']]);
  });

  it('takes percent or an amount off the basket and shares it to the penny', () => {
    const lines = [lineOf('A', '10'), lineOf('B', '10'), lineOf('C', '10')];
    expect(basket(lines, [promotionOf('P', amountOff('10', 'BASKET'))])).toEqual([['10', '6.66', 'P 3.34'], ['10', '6.67', 'P 3.33'], ['10', '6.67', 'P 3.33']]);
    expect(basket(lines, [promotionOf('P', percent('33.35', 'BASKET'))])).toEqual([['10', '6.66', 'P 3.34'], ['10', '6.66', 'P 3.34'], ['10', '6.67', 'P 3.33']]);
    expect(basket(lines, [promotionOf('P', amountOff('99', 'BASKET'))])).toEqual(Array(3).fill(['10', '0', 'P 10']));
    expect(basket([lineOf('Y', '100', 1, { currencyCode: 'JPY', listPrice: money(d(100), 'JPY') }), lineOf('Z', '50', 1, { currencyCode: 'JPY', listPrice: money(d(50), 'JPY') })], [promotionOf('P', percent('10.4', 'BASKET'))])).toEqual([['100', '89', 'P 11'], ['50', '45', 'P 5']]);
  });

  it('gives the cheapest pieces of all its lines, as often as it may', () => {
    const lines = [lineOf('A', '10', 3), lineOf('B', '4', 2), lineOf('C', '6', '1.9')];
    expect(basket(lines, [promotionOf('P', buyAndGet(1, 1))])).toEqual([['10', '30'], ['4', '0', 'P 8'], ['6', '5.4', 'P 6']]);
    expect(basket(lines, [promotionOf('P', buyAndGet(1, 1, '50', 1))])).toEqual([['10', '30'], ['4', '6', 'P 2'], ['6', '11.4']]);
    expect(basket(lines, [promotionOf('P', buyAndGet(4, 3))])).toEqual([['10', '30'], ['4', '8'], ['6', '11.4']]);
    expect(basket(lines, [promotionOf('P', buyAndGet(2, 1), { targets: [sku('A')] })])).toEqual([['10', '20', 'P 10'], ['4', '8'], ['6', '11.4']]);
  });

  it('settles equals by the lower SKU, wherever they stand, and pennies first by the larger line', () => {
    const equal = [lineOf('C', '10'), lineOf('A', '10'), lineOf('B', '10')];
    expect(basket(equal, [promotionOf('P', amountOff('10', 'BASKET'))])).toEqual([['10', '6.67', 'P 3.33'], ['10', '6.66', 'P 3.34'], ['10', '6.67', 'P 3.33']]);
    expect(basket(equal, [promotionOf('P', buyAndGet(2, 1))])).toEqual([['10', '10'], ['10', '0', 'P 10'], ['10', '10']]);
    expect(basket([lineOf('A', '1'), lineOf('B', '3')], [promotionOf('P', amountOff('0.02', 'BASKET'))])).toEqual([['1', '1'], ['3', '2.98', 'P 0.02']]);
  });

  it('gives nothing away as a price of zero: there it does not apply', () => {
    expect(basket([lineOf('A', '5'), lineOf('B', '5.01')], [promotionOf('P', amountOff('5'))])).toEqual([['5', '5'], ['0.01', '0.01', 'P 5']]);
    expect(basket([lineOf('A', '5')], [promotionOf('P', percent('99.99'))])).toEqual([['5', '5']]);
    expect(basket([lineOf('A', '0')], [promotionOf('P', percent('50'))])).toEqual(['NO_LIST_PRICE']);
  });
});

describe('whom a promotion is for', () => {
  const applies = (more: Partial<Promotion>, line = lineOf('A', '10', 5, { priceListCode: 'ACME' }), context = CONTEXT): boolean =>
    promoteUnit(line, [promotionOf('P', percent('10'), more)], context).applied.length === 1;

  it('by target, any of them', () => {
    expect(applies({ targets: [sku('B'), { kind: 'GROUP', groupCode: 'group-A' }] })).toBe(true);
    expect(applies({ targets: [{ kind: 'CATEGORY', categoryCode: 'category-A' }] })).toBe(true);
    expect(applies({ targets: [{ kind: 'ALL' }] })).toBe(true);
    expect(applies({ targets: [sku('B'), { kind: 'GROUP', groupCode: 'group-B' }] })).toBe(false);
  });

  it('by channel, price list, quantity and switch', () => {
    expect([applies({ channels: ['web'] }), applies({ channels: ['edi'] }), applies({ channels: ['web'] }, undefined, { at: NOW, channel: null })]).toEqual([true, false, false]);
    expect([applies({ priceListCodes: ['ACME'] }), applies({ priceListCodes: ['WEB'] }), applies({ priceListCodes: ['ACME'] }, lineOf('A', '10'))]).toEqual([true, false, false]);
    expect([applies({ minQuantity: d(5), maxQuantity: d(5) }), applies({ minQuantity: d('5.1') }), applies({ maxQuantity: d('4.9') })]).toEqual([true, false, false]);
    expect(applies({ active: false })).toBe(false);
  });

  it('from the first instant of its window on, and not at its last', () => {
    const at = (moment: string): boolean => applies({ validFrom: instant('2026-12-01T00:00:00Z'), validUntil: instant('2026-12-02T00:00:00Z') }, undefined, { at: instant(moment), channel: null });
    expect(['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00Z', '2026-12-01T23:59:59.999Z', '2026-12-02T00:00:00Z'].map(at)).toEqual([false, true, true, false]);
  });

  it('of its own currency only: nothing is converted, and two currencies are two baskets', () => {
    const euro = lineOf('E', '10', 1, { currencyCode: 'EUR', listPrice: money(d(12), 'USD') });
    const promotions = [amountOff('1', 'UNIT'), fixedPrice('9'), percent('10', 'UNIT', 'LIST'), amountOff('3', 'BASKET')].map((effect, index) => promotionOf(`P${index}`, effect));
    expect(basket([euro], promotions)).toEqual([['10', '10']]);
    expect(basket([euro, lineOf('A', '10')], [promotionOf('P', buyAndGet(1, 1)), promotionOf('Q', percent('50', 'BASKET'), { minBasket: money(d(11), 'USD') })])).toEqual([['10', '10'], ['10', '10']]);
    expect(basket([euro, lineOf('A', '10')], [promotionOf('Q', percent('50', 'BASKET'))])).toEqual([['10', '5', 'Q 5'], ['10', '5', 'Q 5']]);
  });

  it('from so much on that its lines come to, after what was taken off before', () => {
    const lines = [lineOf('A', '10'), lineOf('B', '10')];
    const over = (amount: string, more: Partial<Promotion> = {}) => promotionOf('P', amountOff('2', 'BASKET'), { minBasket: money(d(amount), 'USD'), ...more });
    expect(basket(lines, [over('20')])).toEqual([['10', '9', 'P 1'], ['10', '9', 'P 1']]);
    expect(basket(lines, [over('20.01')])).toEqual([['10', '10'], ['10', '10']]);
    expect(basket(lines, [over('20', { targets: [sku('A')] })])).toEqual([['10', '10'], ['10', '10']]);
    expect(basket(lines, [over('20'), promotionOf('U', percent('1'), { targets: [sku('A')], priority: 9 })])).toEqual([['9.9', '9.9', 'U 0.1'], ['10', '10']]);
  });
});

describe('promotions together', () => {
  it('are applied to pieces, then lines, then the basket; there by priority, then code', () => {
    const promotions = [promotionOf('B', percent('10', 'BASKET'), { priority: -5 }), promotionOf('L', percent('10', 'LINE')), promotionOf('Z', amountOff('1'), { priority: 1 }), promotionOf('Y', percent('10'), { priority: 2 })];
    expect(basket([lineOf('A', '11', 10)], promotions)).toEqual([['9', '72.9', 'Z 10', 'Y 10', 'L 9', 'B 8.1']]);
    const [first, second] = [promotionOf('a', amountOff('1')), promotionOf('B', percent('50'))];
    expect(basket([lineOf('A', '11')], [first, second])).toEqual([['4.5', '4.5', 'B 5.5', 'a 1']]);
  });

  it('leave the lines of an exclusive one alone, whatever their priority', () => {
    const promotions = [promotionOf('S', percent('50'), { priority: -1 }), promotionOf('T', amountOff('4', 'BASKET')), promotionOf('X', percent('10', 'LINE'), { stacking: 'EXCLUSIVE', targets: [sku('A')], priority: 5 })];
    expect(basket([lineOf('A', '10'), lineOf('B', '10')], promotions)).toEqual([['10', '9', 'X 1'], ['5', '1', 'S 5', 'T 4']]);
    expect(promoteUnit(lineOf('A', '10'), promotions, CONTEXT)).toEqual({ found: lineOf('A', '10').found, applied: [] });
  });

  it('of several exclusive ones the first has the line; one that takes nothing off touches none', () => {
    const exclusive = (code: string, effect: Promotion['effect'], more: Partial<Promotion> = {}) => promotionOf(code, effect, { stacking: 'EXCLUSIVE', ...more });
    expect(basket([lineOf('A', '10')], [exclusive('X', percent('10')), exclusive('W', percent('20'), { priority: 1 })])).toEqual([['9', '9', 'X 1']]);
    expect(basket([lineOf('A', '10')], [exclusive('X', fixedPrice('10')), exclusive('W', percent('20'), { priority: 1 })])).toEqual([['8', '8', 'W 2']]);
    const small = exclusive('X', amountOff('5', 'BASKET'), { minBasket: money(d(11), 'USD') });
    expect(basket([lineOf('A', '10')], [small, promotionOf('S', percent('10'))])).toEqual([['9', '9', 'S 1']]);
  });

  it('do not stack upon pieces that were bought for the sake of others', () => {
    const promotions = [promotionOf('X', buyAndGet(1, 1), { stacking: 'EXCLUSIVE' }), promotionOf('S', percent('10'))];
    expect(basket([lineOf('A', '10'), lineOf('B', '4')], promotions)).toEqual([['10', '10'], ['4', '0', 'X 4']]);
    expect(basket([lineOf('A', '10')], promotions)).toEqual([['9', '9', 'S 1']]);
  });

  it('of one group the one that takes most off applies: for each line where all work on lines', () => {
    const group = { exclusionGroup: 'spring' };
    const [tenth, two] = [promotionOf('T', percent('10'), group), promotionOf('W', amountOff('2'), group)];
    expect(basket([lineOf('A', '10'), lineOf('B', '30'), lineOf('C', '20')], [two, tenth])).toEqual([['8', '8', 'W 2'], ['27', '27', 'T 3'], ['18', '18', 'T 2']]);
  });

  it('of one group the one that takes most off applies: for the whole basket where one of them works on that', () => {
    const group = { exclusionGroup: 'spring' };
    const [tenth, three] = [promotionOf('T', percent('10'), group), promotionOf('W', amountOff('3', 'BASKET'), group)];
    expect(basket([lineOf('A', '10'), lineOf('B', '10')], [three, tenth])).toEqual([['10', '8.5', 'W 1.5'], ['10', '8.5', 'W 1.5']]);
    expect(basket([lineOf('A', '20'), lineOf('B', '10')], [three, tenth])).toEqual([['18', '18', 'T 2'], ['9', '9', 'T 1']]);
    const fifth = promotionOf('F', percent('20'), { ...group, targets: [sku('A')] });
    expect(basket([lineOf('A', '10'), lineOf('B', '10')], [three, fifth])).toEqual([['10', '8.5', 'W 1.5'], ['10', '8.5', 'W 1.5']]);
  });

  it('a group chooses again for the line that its choice leaves as it is', () => {
    const group = { exclusionGroup: 'spring' };
    const promotions = [promotionOf('U', percent('30'), { targets: [sku('A')], priority: -1 }), promotionOf('F', fixedPrice('8'), group), promotionOf('O', amountOff('1'), group)];
    expect(basket([lineOf('A', '10'), lineOf('B', '10')], promotions)).toEqual([['6', '6', 'U 3', 'O 1'], ['8', '8', 'F 2']]);
  });

  it('a group chooses again where its choice finds nothing left to take off', () => {
    const group = { exclusionGroup: 'spring' };
    const promotions = [promotionOf('U', percent('20')), promotionOf('W', amountOff('5', 'BASKET'), { ...group, minBasket: money(d(10), 'USD') }), promotionOf('V', amountOff('1', 'BASKET'), group)];
    expect(basket([lineOf('A', '10')], promotions)).toEqual([['8', '7', 'U 2', 'V 1']]);
  });
});

describe('percent of base prices off the basket', () => {
  it('are at most what each line comes to: other lines do not pay for a base price above the price', () => {
    const above = lineOf('A', '1', 1, { listPrice: money(d('10'), 'USD') });
    expect(basket([above, lineOf('B', '20')], [promotionOf('P', percent('50', 'BASKET', 'LIST'))])).toEqual([['1', '0.48', 'P 0.52'], ['20', '9.52', 'P 10.48']]);
  });
});
