import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type Decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { PriceRule, ResolutionPolicy } from '../../../../domain/pricing.ts';
import { addMs, type Instant } from '../../../../domain/time.ts';
import { listBreaks } from '../../../../subgraphs/pricing/resolve/price-breaks.ts';
import type { PriceFacts, PriceRequest } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { findPrice, resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { settle } from '../../../../subgraphs/pricing/resolve/rounding.ts';
import type { PriceWorld } from '../../../support/price-oracle.ts';
import { factsOfWorld, NOON, priceRequests, priceWorlds } from '../../../support/price-worlds.ts';
import { ask, d, factsOf, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';

const shuffled = <T>(all: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...all], { minLength: all.length });
const within = fc.constantFrom<ResolutionPolicy['withinList']>('FIRST_WINS', 'LOWEST_WINS');
const unitOf = (facts: PriceFacts, request: PriceRequest): Decimal | null => {
  const resolved = resolvePrice(facts, request);
  return resolved.ok ? resolved.price.unitPrice.amount : null;
};

/** Of one currency: there and back over rates that contradict each other is another price. */
const inDollars = (world: PriceWorld): PriceWorld => ({
  ...world, item: { ...world.item, price: money(world.item.price.amount, 'USD'), cost: world.item.cost && money(world.item.cost.amount, 'USD') },
  lists: world.lists.map((list) => ({ ...list, currencyCode: 'USD' })),
});

describe('prices', () => {
  it('never depend on the order in which the feeds brought lists, rules and rates', () => {
    const mixed = priceWorlds.chain((world) => fc.tuple(fc.constant(world), fc.record({ lists: shuffled(world.lists), rules: shuffled(world.rules), rates: shuffled(world.rates) })));
    fc.assert(fc.property(mixed, priceRequests, ([world, other], request) => {
      const [one, two] = [factsOfWorld(world), factsOfWorld({ ...world, ...other })];
      expect(resolvePrice(two, request)).toEqual(resolvePrice(one, request));
      expect(listBreaks(two, request)).toEqual(listBreaks(one, request));
    }), { numRuns: 1_000 });
  });

  it('that are the lowest are no dearer than any other reading of the same lists', () => {
    let compared = 0;
    fc.assert(fc.property(priceWorlds.map(inDollars), priceRequests, (world, asked) => {
      const request = { ...asked, currencyCode: null };
      const under = (acrossLists: ResolutionPolicy['acrossLists'], withinList: ResolutionPolicy['withinList']): Decimal | null => {
        const found = findPrice(factsOfWorld({ ...world, policy: { ...world.policy, acrossLists, withinList } }), request);
        return found.ok && resolvePrice(factsOfWorld({ ...world, policy: { ...world.policy, acrossLists, withinList } }), request).ok ? settle(found.price.exact) : null;
      };
      for (const withinList of ['FIRST_WINS', 'LOWEST_WINS'] as const) {
        const [lowest, ...others] = [under('LOWEST_WINS', withinList), under('FIRST_LIST', withinList), under('FIRST_WINS', withinList)];
        for (const other of others.filter((one) => one !== null && lowest !== null)) {
          compared += 1;
          expect(compare(lowest!, other!)).toBeLessThanOrEqual(0);
        }
      }
    }), { numRuns: 2_000 });
    expect(compared).toBeGreaterThan(500);
  });

  it('follow the breaks: where a larger quantity is no dearer in the data, it is no dearer in the answer', () => {
    const steps = fc.uniqueArray(fc.record({ from: fc.integer({ min: 2, max: 60 }), cut: fc.integer({ min: 0, max: 300 }) }), { minLength: 1, maxLength: 6, selector: ({ from }) => from });
    fc.assert(fc.property(steps, within, fc.constantFrom(0, 2, null), fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 2, maxLength: 8 }), (unordered, withinList, roundingDigits, asked) => {
      let price = 5_000;
      const rules = [...unordered].sort((a, b) => a.from - b.from).map(({ from, cut }) =>
        ruleOf('A', fixed(String((price -= cut) / 100)), { minQuantity: d(from), precedence: String(100 - from).padStart(3, '0') }));
      const facts = factsOf(listPriceOf('X', '50'), [listOf('A', { roundingDigits })], rules, withinList);
      const answers = asked.sort((a, b) => a - b).map((many) => unitOf(facts, ask(String(many), 'A'))!);
      answers.slice(1).forEach((dearer, index) => expect(compare(dearer, answers[index]!)).toBeLessThanOrEqual(0));
    }));
  });

  it('of windows that follow each other have neither gap nor overlap', () => {
    const edges = fc.uniqueArray(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 2, maxLength: 8 }).map((all) => all.sort((a, b) => a - b).map((ms) => addMs(NOON, ms)));
    fc.assert(fc.property(edges.chain((all) => fc.tuple(fc.constant(all), shuffled([...all.keys()].slice(0, -1)))), within, ([all, order], withinList) => {
      const rules = order.map((index): PriceRule => ruleOf('A', fixed(String(index + 1)), { validFrom: all[index]!, validUntil: all[index + 1]! }));
      const facts = factsOf(listPriceOf('X', '99'), [listOf('A')], rules, withinList);
      const at = (instant: Instant): string | null => unitOf(facts, ask('1', 'A', { at: instant }));
      all.forEach((edge, index) => {
        const [before, then] = [index === 0 ? '99' : String(index), index === all.length - 1 ? '99' : String(index + 1)];
        expect([at(addMs(edge, -1)), at(edge), at(addMs(edge, 1))]).toEqual([before, then, index < all.length - 1 && all[index + 1]! <= addMs(edge, 1) ? at(all[index + 1]!) : then]);
      });
    }));
  });

  it('are rounded once, however many lists they come over', () => {
    const hop = fc.record({ percent: fc.integer({ min: -50, max: 99 }), digits: fc.constantFrom(0, 1, 2, null) });
    fc.assert(fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.array(hop, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 4 }), (thousandths, hops, digits) => {
      const lists = hops.map((one, index) => listOf(`L${index}`, { roundingDigits: index === 0 ? digits : one.digits }));
      const rules = hops.map(({ percent }, index) => ruleOf(`L${index}`, percentOff(String(percent), index === hops.length - 1 ? { kind: 'LIST' } : { kind: 'PRICE_LIST', code: `L${index + 1}` })));
      // thousandths / 10^3, times (100 - percent) / 100 per hop: one whole number over a power of ten.
      const exact = hops.reduce((number, { percent }) => number * BigInt(100 - percent), BigInt(thousandths));
      const divisor = 10n ** BigInt(3 + 2 * hops.length - digits);
      const rounded = (exact * 2n + divisor) / (divisor * 2n);
      const unit = unitOf(factsOf(listPriceOf('X', String(thousandths / 1000)), lists, rules), ask('1', 'L0'));
      expect(unit === null ? 0n : BigInt(Math.round(Number(unit) * 10 ** digits))).toBe(rounded);
    }));
  });
});

describe('price breaks', () => {
  it('say at every quantity what that quantity is charged, and where there is no price', () => {
    let said = 0;
    fc.assert(fc.property(priceWorlds, priceRequests, (world, request) => {
      const facts = factsOfWorld(world);
      const breaks = listBreaks(facts, request);
      const first = breaks[0];
      const holding = breaks.find(({ minQuantity, below }) => compare(minQuantity, request.quantity) <= 0 && (below === null || compare(request.quantity, below) < 0));
      // Below one of the unit it is bought in nothing is said where no rule begins.
      if (!holding && first && compare(request.quantity, first.minQuantity) < 0) return;
      expect(holding?.unitPrice.amount ?? null).toBe(first || compare(request.quantity, d(12)) >= 0 ? unitOf(facts, request) : (holding ?? null));
      said += holding ? 1 : 0;
    }), { numRuns: 2_000 });
    expect(said).toBeGreaterThan(400);
  });

  it('ascend, and neighbours that touch differ', () => {
    fc.assert(fc.property(priceWorlds, priceRequests, (world, request) => {
      const breaks = listBreaks(factsOfWorld(world), request);
      breaks.slice(1).forEach((next, index) => {
        const before = breaks[index]!;
        expect(compare(next.minQuantity, before.below!)).toBeGreaterThanOrEqual(0);
        if (next.minQuantity === before.below) expect(next.unitPrice).not.toEqual(before.unitPrice);
      });
    }), { numRuns: 1_000 });
  });
});
