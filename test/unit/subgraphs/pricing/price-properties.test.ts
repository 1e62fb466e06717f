import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, divide, greatest, multiply, round, subtract, type Decimal } from '../../../../domain/decimal.ts';
import { currencyDigits } from '../../../../domain/money.ts';
import type { PriceFormula, PriceRule, PriceTarget } from '../../../../domain/pricing.ts';
import { addMs } from '../../../../domain/time.ts';
import { listBreaks } from '../../../../subgraphs/pricing/resolve/price-breaks.ts';
import type { PriceFacts } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { ask, d, factsOf, listOf, listPriceOf, NOW } from './price-samples.ts';

const amount = fc.integer({ min: 1, max: 9_999_999 }).map((units) => d(units / 1000));
const quantity = fc.integer({ min: 1, max: 4_000 }).map((units) => d(units / 4));
const target: fc.Arbitrary<PriceTarget> = fc.constantFrom<PriceTarget>(
  { kind: 'SKU', sku: 'X' }, { kind: 'SKU', sku: 'Y' }, { kind: 'GROUP', groupCode: 'group-X' }, { kind: 'CATEGORY', categoryCode: 'c' }, { kind: 'ALL' },
);
const base = fc.constantFrom({ kind: 'LIST' } as const, { kind: 'PRICE_LIST', code: 'B' } as const);
const formula: fc.Arbitrary<PriceFormula> = fc.oneof(
  fc.record({ kind: fc.constant('FIXED' as const), amount }),
  fc.record({ kind: fc.constant('PERCENT_OFF' as const), percent: fc.integer({ min: -50, max: 99 }).map((n) => d(n)), base }),
);
const offset = fc.option(fc.integer({ min: -2, max: 2 }), { nil: null });

const ruleOn = (lists: readonly string[], formulas: fc.Arbitrary<PriceFormula>): fc.Arbitrary<Omit<PriceRule, 'reference'>> =>
  fc.record({ list: fc.constantFrom(...lists), precedence: fc.constantFrom('a', 'B', '10', '9', 'é'), target, minQuantity: quantity, from: offset, until: offset, formula: formulas })
    .map(({ list, from, until, ...rest }) => ({
      ...rest, priceListCode: list, validFrom: from === null ? null : addMs(NOW, from), validUntil: until === null ? null : addMs(NOW, until), updatedAt: null,
    }));

const onlyFixed = formula.filter((one) => one.kind === 'FIXED' || one.base.kind === 'LIST');
const rules: fc.Arbitrary<PriceRule[]> = fc.tuple(fc.array(ruleOn(['A'], formula), { maxLength: 8 }), fc.array(ruleOn(['B'], onlyFixed), { maxLength: 4 }))
  .map(([a, b]) => [...a, ...b].map((rule, index) => ({ ...rule, reference: `r${index}` })));

const selection = fc.constantFrom('FIRST_WINS' as const, 'LOWEST_WINS' as const);
const lists = [listOf('A', { roundingDigits: 3 }), listOf('B', { roundingDigits: 0 })];
const product = listPriceOf('X', '19.995', { categoryCodes: ['c'] });

const unitAt = (facts: PriceFacts, at: Decimal): Decimal | null => {
  const resolved = resolvePrice(facts, { ...ask('1', 'A'), quantity: at });
  return resolved.ok ? resolved.price.unitPrice.amount : null;
};

describe('prices', () => {
  it('never depend on the order in which the feed brought the rules', () => {
    fc.assert(fc.property(rules.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), quantity, selection, ([all, shuffled], q, how) => {
      const request = { ...ask('1', 'A'), quantity: q };
      expect(resolvePrice(factsOf(product, lists, shuffled, how), request)).toEqual(resolvePrice(factsOf(product, lists, all, how), request));
    }));
  });

  it('come from a rule that fits, and the lowest is no dearer than the first', () => {
    fc.assert(fc.property(rules, quantity, (all, q) => {
      const request = { ...ask('1', 'A'), quantity: q };
      const first = resolvePrice(factsOf(product, lists, all), request);
      const lowest = resolvePrice(factsOf(product, lists, all, 'LOWEST_WINS'), request);
      if (!first.ok || !lowest.ok) throw new Error('these always have a price');
      expect(compare(lowest.price.unitPrice.amount, first.price.unitPrice.amount)).toBeLessThanOrEqual(0);
      for (const { price } of [first, lowest]) {
        const rule = all.find((one) => one.reference === price.ruleReference);
        if (!rule) continue;
        expect(rule.priceListCode).toBe('A');
        expect(compare(q, rule.minQuantity)).toBeGreaterThanOrEqual(0);
        expect((rule.validFrom ?? NOW) <= NOW && NOW <= (rule.validUntil ?? NOW)).toBe(true);
      }
    }));
  });

  it('carry no more digits than the list states, and are off by half of the last at most', () => {
    fc.assert(fc.property(amount, fc.integer({ min: -50, max: 99 }), fc.integer({ min: 0, max: 4 }), quantity, (price, percent, digits, q) => {
      const percentRule = { kind: 'PERCENT_OFF', percent: d(percent), base: { kind: 'LIST' } } as const;
      const exact = divide(multiply(price, d(100 - percent)), d(100));
      const rule: PriceRule = { reference: 'r', priceListCode: 'A', precedence: '', target: { kind: 'ALL' }, minQuantity: d(0), validFrom: null, validUntil: null, formula: percentRule, updatedAt: null };
      const resolved = resolvePrice(factsOf(listPriceOf('X', price), [listOf('A', { roundingDigits: digits })], [rule]), { ...ask('1', 'A'), quantity: q });
      if (!resolved.ok) {
        expect(round(exact, digits, 'HALF_UP')).toBe('0');
        return;
      }
      const { unitPrice, lineTotal } = resolved.price;
      expect(unitPrice.amount).toBe(round(exact, digits, 'HALF_UP'));
      const error = subtract(multiply(unitPrice.amount, q), lineTotal.amount);
      expect(compare(greatest(error, subtract('0' as Decimal, error)), divide(d(1), d(2 * 10 ** currencyDigits('USD'))))).toBeLessThanOrEqual(0);
    }));
  });
});

describe('price breaks', () => {
  it('say at every quantity from the first on what that quantity is charged', () => {
    fc.assert(fc.property(rules, quantity, selection, (all, q, how) => {
      const facts = factsOf(product, lists, all, how);
      const breaks = listBreaks(facts, ask('1', 'A'));
      const inForce = breaks.filter((one) => compare(one.minQuantity, q) <= 0).at(-1);
      if (inForce) expect(inForce.unitPrice.amount).toBe(unitAt(facts, q));
    }));
  });

  it('ascend, and neighbours differ', () => {
    fc.assert(fc.property(rules, selection, (all, how) => {
      const breaks = listBreaks(factsOf(product, lists, all, how), ask('1', 'A'));
      breaks.slice(1).forEach((next, index) => {
        expect(compare(next.minQuantity, breaks[index]!.minQuantity)).toBe(1);
        expect(next.unitPrice).not.toEqual(breaks[index]!.unitPrice);
      });
    }));
  });
});
