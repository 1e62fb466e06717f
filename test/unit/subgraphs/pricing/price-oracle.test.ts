import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { foretell, type Foretold } from '../../../support/price-oracle.ts';
import { factsOfWorld, priceRequests, priceWorlds } from '../../../support/price-worlds.ts';

const RUNS = 6_000;

const told = (resolved: ReturnType<typeof resolvePrice>): Foretold => {
  if (!resolved.ok) return resolved.reason;
  const { unitPrice, lineTotal, currencyCode, layer, priceListCode, ruleReference } = resolved.price;
  return { unitPrice: unitPrice.amount, lineTotal: lineTotal.amount, currencyCode, layer, list: priceListCode, rule: ruleReference };
};

describe('prices', () => {
  it('are what a second reading of the same words says, digit for digit, in random worlds', () => {
    const seen = new Map<string, number>();
    fc.assert(fc.property(priceWorlds, priceRequests, (world, request) => {
      const expected = foretell(world, request);
      expect(told(resolvePrice(factsOfWorld(world), request))).toEqual(expected);
      const kind = typeof expected === 'string' ? expected : `${expected.layer}${expected.rule === null ? '' : ' by a rule'}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }), { numRuns: RUNS });
    // Worlds in which nothing has a price would agree with anything.
    const often = ['CONTRACT by a rule', 'GROUP by a rule', 'CHANNEL by a rule', 'BASE', 'BASE by a rule', 'CONTRACT', 'UNUSABLE_PRICE_LIST', 'MISSING_RATE', 'NO_LIST_PRICE', 'NO_CURRENCY', 'UNKNOWN_UNIT'];
    expect(often.filter((kind) => (seen.get(kind) ?? 0) < RUNS / 500)).toEqual([]);
  });
});
