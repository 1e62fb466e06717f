import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, decimal, isNegative, multiply, subtract, sum, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { Promotion, PromotionEffect } from '../../../../domain/promotions.ts';
import type { Rounding } from '../../../../domain/pricing.ts';
import { promoteBasket, promoteUnit, type PromotableLine, type PromotedLine } from '../../../../subgraphs/pricing/promotions/engine.ts';
import { shareOut } from '../../../../subgraphs/pricing/promotions/shares.ts';
import { finishPrice } from '../../../../subgraphs/pricing/resolve/rounding.ts';
import { amountOff, buyAndGet, CONTEXT, fixedPrice, lineOf, percent, promotionOf } from './promotion-samples.ts';

const cents = (value: number): string => (value / 100).toFixed(2);

const rounding: fc.Arbitrary<Rounding> = fc.record({ mode: fc.constantFrom('HALF_UP', 'HALF_EVEN', 'DOWN'), digits: fc.constantFrom(null, 0, 2, 3, 4), place: fc.constantFrom('UNIT', 'LINE') });

/** Lines of a few SKUs at odd prices in odd quantities. SKUs are distinct: equal lines are interchangeable, so that which of them gets a penny is the order's. */
const lines: fc.Arbitrary<readonly PromotableLine[]> = fc
  .uniqueArray(fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), price: fc.integer({ min: 100, max: 20_000 }), mill: fc.constantFrom('', '5', '33'), quantity: fc.constantFrom('1', '2', '3', '7', '0.5', '2.25'), rounding, listUp: fc.nat(500) }), { selector: ({ sku }) => sku, minLength: 1, maxLength: 6 })
  .map((drawn) => drawn.map((line) => lineOf(line.sku, cents(line.price) + line.mill, line.quantity, { rounding: line.rounding, listPrice: money(decimal(cents(line.price + line.listUp)), 'USD') })));

const hundredths = (most: number): fc.Arbitrary<string> => fc.integer({ min: 1, max: most * 100 }).map(cents);
const place = fc.constantFrom('UNIT' as const, 'LINE' as const, 'BASKET' as const);

const stackingEffect: fc.Arbitrary<PromotionEffect> = fc.oneof(
  fc.tuple(hundredths(99), place, fc.constantFrom('PRICE' as const, 'LIST' as const)).map(([value, where, of]) => percent(value, where, of)),
  hundredths(30).map((value) => amountOff(value)),
  hundredths(60).map((value) => amountOff(value, 'BASKET')),
  hundredths(150).map((value) => fixedPrice(value)),
);

const effect: fc.Arbitrary<PromotionEffect> = fc.oneof(
  { weight: 3, arbitrary: stackingEffect },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), hundredths(100), fc.option(fc.integer({ min: 1, max: 2 }), { nil: null })).map(([buy, get, off, times]) => buyAndGet(buy, get, off, times)) },
);

const targets = fc.subarray(['A', 'B', 'C', 'D', 'E', 'F']).map((skus) => skus.map((sku) => ({ kind: 'SKU' as const, sku })));

const promotions: fc.Arbitrary<readonly Promotion[]> = fc
  .array(fc.record({
    effect, targets, priority: fc.nat(2), stacking: fc.constantFrom('STACKS' as const, 'STACKS' as const, 'EXCLUSIVE' as const), exclusionGroup: fc.constantFrom(null, null, 'g', 'h'),
    minQuantity: fc.constantFrom(null, null, decimal(2)), minBasket: fc.constantFrom(null, null, money(decimal(50), 'USD'), money(decimal(300), 'USD')),
  }), { maxLength: 6 })
  .map((drawn) => drawn.map(({ effect: does, ...more }, index) => promotionOf(`P${index}`, does, more)));

const totalOf = ({ resolution }: PromotedLine): Decimal => (resolution.ok ? resolution.price.lineTotal.amount : ZERO);
const netOf = (line: PromotedLine): Decimal => subtract(totalOf(line), line.discount);
const undiscounted = ({ found, quantity }: PromotableLine): Decimal => {
  const finished = finishPrice(found, quantity);
  return finished.ok ? finished.price.lineTotal.amount : ZERO;
};

const RUNS = { numRuns: 400 };

describe('promotions, whatever they are', () => {
  it('take off each line exactly what they say they do', () => {
    fc.assert(fc.property(lines, promotions, (basket, offers) => {
      promoteBasket(basket, offers, CONTEXT).forEach((line, index) => expect(sum(line.applied.map(({ amount }) => amount))).toBe(subtract(undiscounted(basket[index]!), netOf(line))));
    }), RUNS);
  });

  it('leave no price, discount or line below zero', () => {
    fc.assert(fc.property(lines, promotions, (basket, offers) => {
      for (const line of promoteBasket(basket, offers, CONTEXT)) {
        expect(line.resolution.ok || line.resolution.reason).toBe(true);
        expect([line.discount, netOf(line), ...line.applied.map(({ amount }) => amount)].filter(isNegative)).toEqual([]);
        if (line.resolution.ok) expect(compare(line.resolution.price.unitPrice.amount, ZERO)).toBe(1);
      }
    }), RUNS);
  });

  it('do not depend on the order in which promotions and lines come in', () => {
    const drawn = fc.tuple(lines, promotions).chain(([basket, offers]) => fc.tuple(fc.constant(basket), fc.constant(offers), fc.shuffledSubarray([...basket.keys()], { minLength: basket.length }), fc.shuffledSubarray([...offers], { minLength: offers.length })));
    fc.assert(fc.property(drawn, ([basket, offers, order, shuffled]) => {
      const straight = promoteBasket(basket, offers, CONTEXT);
      const other = promoteBasket(order.map((index) => basket[index]!), shuffled, CONTEXT);
      expect(other).toEqual(order.map((index) => straight[index]));
    }), RUNS);
  });

  it('let nothing apply beside an exclusive one, nor two of one group to a line', () => {
    fc.assert(fc.property(lines, promotions, (basket, offers) => {
      const byCode = new Map(offers.map((promotion) => [promotion.code, promotion]));
      for (const { applied } of promoteBasket(basket, offers, CONTEXT)) {
        const used = applied.map(({ code }) => byCode.get(code)!);
        if (used.some(({ stacking }) => stacking === 'EXCLUSIVE')) expect(used).toHaveLength(1);
        const groups = used.flatMap(({ exclusionGroup }) => exclusionGroup ?? []);
        expect(groups).toEqual([...new Set(groups)]);
      }
    }), RUNS);
  });

  it('apply where they are for and nowhere else', () => {
    fc.assert(fc.property(lines, promotions, (basket, offers) => {
      promoteBasket(basket, offers, CONTEXT).forEach(({ applied }, index) => {
        for (const { code } of applied) {
          const { targets: wanted, minQuantity } = offers.find((promotion) => promotion.code === code)!;
          expect(wanted.length === 0 || wanted.some((target) => target.kind === 'SKU' && target.sku === basket[index]!.sku)).toBe(true);
          expect(minQuantity === null || compare(basket[index]!.quantity, minQuantity) >= 0).toBe(true);
        }
      });
    }), RUNS);
  });

  it('show as the price of a piece what a basket of that line alone charges', () => {
    fc.assert(fc.property(lines, promotions, ([line], offers) => {
      const { found, applied } = promoteUnit(line!, offers, CONTEXT);
      const [alone] = promoteBasket([line!], offers, CONTEXT);
      expect(finishPrice(found, line!.quantity)).toEqual(alone!.resolution);
      expect(alone!.applied.slice(0, applied.length)).toEqual(applied);
      expect(sum(applied.map(({ amount }) => amount))).toBe(subtract(undiscounted(line!), totalOf(alone!)));
    }), RUNS);
  });

  it('never make a basket cheaper by one piece more, but for thresholds, free pieces, groups, base prices above the price, and pennies of shares', () => {
    const isSteady = (does: PromotionEffect): boolean => !(does.kind === 'PERCENT_OFF' && does.of === 'LIST' && does.place === 'BASKET');
    const plain = fc.array(fc.record({ effect: stackingEffect.filter(isSteady), targets, priority: fc.nat(2), stacking: fc.constantFrom('STACKS' as const, 'EXCLUSIVE' as const) }), { maxLength: 4 })
      .map((drawn) => drawn.map(({ effect: does, ...more }, index) => promotionOf(`P${index}`, does, more)));
    fc.assert(fc.property(lines, plain, fc.nat(5), (basket, offers, chosen) => {
      const whole = basket.map((line) => ({ ...line, quantity: decimal(Math.ceil(Number(line.quantity))) }));
      const more = whole.map((line, index) => (index === chosen % whole.length ? { ...line, quantity: add(line.quantity, decimal(1)) } : line));
      const totalOfAll = (those: readonly PromotableLine[]) => sum(promoteBasket(those, offers, CONTEXT).map(netOf));
      // Shares of one basket promotion, rounded otherwise, are what the next one is for.
      const pennies = cents(whole.length * offers.filter(({ effect: does }) => 'place' in does && does.place === 'BASKET').length);
      expect(compare(add(totalOfAll(more), decimal(pennies)), totalOfAll(whole))).toBeGreaterThanOrEqual(0);
    }), RUNS);
  });
});

describe('shares, against an oracle that gives unit by unit', () => {
  /** Each unit goes to whoever is furthest below their due, as Hamilton's method has it: floors first, then by remainder. */
  function oracle(amount: number, weights: readonly number[]): number[] {
    const all = weights.reduce((total, weight) => total + weight, 0);
    const shares = weights.map((weight) => Math.floor((amount * weight) / all));
    while (shares.reduce((total, share) => total + share, 0) < amount) {
      let best = 0;
      weights.forEach((weight, index) => {
        const due = (amount * weight) - shares[index]! * all;
        const bestDue = (amount * weights[best]!) - shares[best]! * all;
        if (due > bestDue || (due === bestDue && weight > weights[best]!)) best = index;
      });
      shares[best]! += 1;
    }
    return shares;
  }

  it('are in proportion, sum exactly, exceed nobody, and are the oracle\'s', () => {
    const drawn = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 8 }).filter((weights) => weights.some((weight) => weight > 0))
      .chain((weights) => fc.tuple(fc.constant(weights), fc.integer({ min: 0, max: weights.reduce((total, weight) => total + weight, 0) })));
    fc.assert(fc.property(drawn, ([weights, amount]) => {
      const shares = shareOut(decimal(cents(amount)), weights.map((weight, index) => ({ weight: decimal(cents(weight)), name: String.fromCharCode(65 + index) })), 2);
      expect(sum(shares)).toBe(decimal(cents(amount)));
      shares.forEach((share, index) => expect(compare(share, decimal(cents(weights[index]!)))).toBeLessThanOrEqual(0));
      if (amount > 0) expect(shares).toEqual(oracle(amount, weights).map((share) => decimal(cents(share))));
    }), RUNS);
  });

  it('refuse what cannot be shared', () => {
    const claim = (weight: string) => ({ weight: decimal(weight), name: 'A' });
    expect(() => shareOut(decimal('1.01'), [claim('1')], 2)).toThrow(RangeError);
    expect(() => shareOut(decimal('0.001'), [claim('1')], 2)).toThrow(RangeError);
    expect(() => shareOut(decimal('1'), [claim('2'), claim('-1')], 2)).toThrow(RangeError);
  });
});

describe('buy and get, against an oracle that lays out every piece', () => {
  it('reduces the cheapest pieces, so many as whole groups allow', () => {
    const drawn = fc.record({ basket: lines, buy: fc.integer({ min: 1, max: 4 }), get: fc.integer({ min: 1, max: 3 }), times: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }), off: fc.constantFrom(25, 50, 100) });
    fc.assert(fc.property(drawn, ({ basket: odd, buy, get, times, off }) => {
      const basket = odd.map((line) => ({ ...line, found: { ...line.found, rounding: { mode: 'HALF_UP', digits: 2, place: 'UNIT' } as const } }));
      const unit = (line: PromotableLine): number => Math.round(Number(undiscounted({ ...line, quantity: decimal(1) })) * 100);
      const pieces = basket.flatMap((line) => Array<number>(Math.floor(Number(line.quantity))).fill(unit(line))).sort((a, b) => a - b);
      const groups = Math.min(Math.floor(pieces.length / (buy + get)), times ?? Infinity);
      const expected = pieces.slice(0, groups * get).reduce((total, piece) => total + piece * off, 0) / 10_000;
      const taken = sum(promoteBasket(basket, [promotionOf('P', buyAndGet(buy, get, String(off), times))], CONTEXT).map(({ discount }) => discount));
      // Each line is rounded once: half a penny a line.
      expect(Math.abs(Number(taken) - expected)).toBeLessThanOrEqual(0.005 * basket.length + 1e-9);
      if (off === 100 && basket.every((line) => Number.isInteger(Number(line.quantity)))) expect(multiply(taken, decimal(100))).toBe(decimal(Math.round(expected * 100)));
    }), RUNS);
  });
});
