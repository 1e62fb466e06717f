import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFixedPoint } from '../../../../subgraphs/inventory/promise/fixed-point.ts';
import { createBasketPlanner } from '../../../../subgraphs/inventory/promise/planner.ts';
import { DEFAULT_POLICY, type InventoryPolicy, type SourcingStrategy, type Splitting } from '../../../../subgraphs/inventory/promise/policy.ts';
import { EXACT_LOCATIONS, sourceBasket, type Draw, type Need } from '../../../../subgraphs/inventory/promise/sourcing.ts';
import { mayPromise, q, supplyOf, TODAY, worlds, type World } from './promise-oracle.ts';

const LOCATIONS = ['L1', 'L2', 'L3', 'L4', 'L5'];
const SKUS = ['A', 'B', 'C'];
type Stock = Readonly<Record<string, Readonly<Record<string, number>>>>;

const stocks: fc.Arbitrary<Stock> = fc.record(Object.fromEntries(SKUS.map((sku) => [sku, fc.record(Object.fromEntries(LOCATIONS.map((code) => [code, fc.integer({ min: 0, max: 6 })])))])));
const needs = fc.uniqueArray(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 2, selector: (need) => need.sku });
const baskets = fc.array(needs, { minLength: 1, maxLength: 4 });
type Lines = readonly (readonly { readonly sku: string; readonly quantity: number }[])[];

const fixed = (value: number): bigint => toFixedPoint(q(value));
const source = (stock: Stock, lines: Lines, strategy: SourcingStrategy, wholeLines: boolean, locations = LOCATIONS): readonly (readonly Draw[])[] | null =>
  sourceBasket({
    lines: lines.map((line) => line.map(({ sku, quantity }): Need => ({ sku, quantity: fixed(quantity) }))), locations, strategy, wholeLines,
    capacity: (sku, code) => fixed(stock[sku]![code]!),
  });

/** Whether these locations can give the basket: by trying every location for every line where lines stay whole, else by adding up. */
function suffice(stock: Stock, lines: Lines, chosen: readonly string[], wholeLines: boolean): boolean {
  if (!wholeLines) {
    return SKUS.every((sku) => lines.flat().filter((need) => need.sku === sku).reduce((total, need) => total + need.quantity, 0) <= chosen.reduce((total, code) => total + stock[sku]![code]!, 0));
  }
  const [first, ...rest] = lines;
  if (!first) return true;
  return chosen.some((code) => {
    if (!first.every(({ sku, quantity }) => stock[sku]![code]! >= quantity)) return false;
    const left = structuredClone(stock) as Record<string, Record<string, number>>;
    for (const { sku, quantity } of first) left[sku]![code]! -= quantity;
    return suffice(left, rest, chosen, true);
  });
}

function fewest(stock: Stock, lines: Lines, wholeLines: boolean): number | null {
  const subsets = Array.from({ length: 2 ** LOCATIONS.length }, (_, mask) => LOCATIONS.filter((_code, index) => mask & (1 << index)));
  const able = subsets.filter((chosen) => suffice(stock, lines, chosen, wholeLines)).map((chosen) => chosen.length);
  return able.length === 0 ? null : Math.min(...able);
}

const used = (drawn: readonly (readonly Draw[])[]): string[] => [...new Set(drawn.flat().map((draw) => draw.locationCode))];

/** Every line gets what it needs and no location gives what it has not. */
function checkDrawn(stock: Stock, lines: Lines, drawn: readonly (readonly Draw[])[], wholeLines: boolean): void {
  for (const [index, line] of lines.entries()) {
    for (const { sku, quantity } of line) expect(drawn[index]!.filter((draw) => draw.sku === sku).reduce((total, draw) => total + draw.quantity, 0n)).toBe(fixed(quantity));
    if (wholeLines) expect(used([drawn[index]!])).toHaveLength(1);
  }
  for (const sku of SKUS) for (const code of LOCATIONS) {
    const given = drawn.flat().filter((draw) => draw.sku === sku && draw.locationCode === code).reduce((total, draw) => total + draw.quantity, 0n);
    expect(given <= fixed(stock[sku]![code]!)).toBe(true);
  }
}

describe('sourcing', () => {
  it('ships from as few locations as an exhaustive search finds, lines whole or not', () => {
    fc.assert(fc.property(stocks, baskets, fc.boolean(), (stock, lines, wholeLines) => {
      const drawn = source(stock, lines, 'FEWEST_SHIPMENTS', wholeLines);
      const least = fewest(stock, lines, wholeLines);
      expect(drawn === null).toBe(least === null);
      if (drawn === null) return;
      expect(used(drawn)).toHaveLength(least!);
      checkDrawn(stock, lines, drawn, wholeLines);
    }), { numRuns: 500 });
  });

  it('takes from the first location that has any, by priority', () => {
    fc.assert(fc.property(stocks, fc.integer({ min: 1, max: 20 }), (stock, quantity) => {
      const drawn = source(stock, [[{ sku: 'A', quantity }]], 'PRIORITY', false);
      const total = LOCATIONS.reduce((sum, code) => sum + stock['A']![code]!, 0);
      expect(drawn === null).toBe(total < quantity);
      if (drawn === null) return;
      let left = quantity;
      const expected = LOCATIONS.flatMap((code) => {
        const taken = Math.min(left, stock['A']![code]!);
        left -= taken;
        return taken > 0 ? [{ sku: 'A', locationCode: code, quantity: fixed(taken) }] : [];
      });
      expect(drawn).toEqual([expected]);
    }));
  });

  it('among sets as small takes the one preferred first', () => {
    const stock = { A: { L1: 1, L2: 4, L3: 4, L4: 0, L5: 9 }, B: { L1: 1, L2: 1, L3: 1, L4: 0, L5: 0 }, C: {} };
    expect(used(source(stock, [[{ sku: 'A', quantity: 3 }]], 'FEWEST_SHIPMENTS', false)!)).toEqual(['L2']);
    expect(used(source(stock, [[{ sku: 'A', quantity: 3 }], [{ sku: 'B', quantity: 1 }]], 'FEWEST_SHIPMENTS', false, ['L3', 'L2', 'L1'])!)).toEqual(['L3']);
  });

  it('still gives every line what it needs beyond the number of locations that are searched whole', () => {
    const many = Array.from({ length: EXACT_LOCATIONS + 3 }, (_, index) => `M${index}`);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: many.length, maxLength: many.length }), fc.integer({ min: 1, max: 12 }), (have, quantity) => {
      const stock = { A: Object.fromEntries(many.map((code, index) => [code, have[index]!])), B: Object.fromEntries(many.map((code) => [code, 2])) };
      const lines = [[{ sku: 'A', quantity }], [{ sku: 'B', quantity: 3 }]];
      const drawn = source(stock, lines, 'FEWEST_SHIPMENTS', false, many);
      expect(drawn === null).toBe(have.reduce((total, value) => total + value, 0) < quantity);
      if (drawn === null) return;
      for (const [index, [need]] of lines.entries()) expect(drawn[index]!.reduce((total, draw) => total + draw.quantity, 0n)).toBe(fixed(need!.quantity));
      expect(drawn.flat().every((draw) => draw.quantity <= fixed(stock[draw.sku as 'A' | 'B'][draw.locationCode]!))).toBe(true);
    }));
  });
});

describe('splitting', () => {
  const policy = (splitting: Splitting): InventoryPolicy => ({ ...DEFAULT_POLICY, channel: { ...DEFAULT_POLICY.channel, splitting } });
  const place = { onHand: 0, allocated: 0, held: 0, receipts: [], issues: [], dated: [] };
  const world: World = { A: { L1: { ...place, onHand: 2 }, L2: { ...place, onHand: 3 } }, B: { L1: { ...place, onHand: 5 }, L2: place } };
  const plan = (of: World, demand: [string, number][], splitting: Splitting) =>
    createBasketPlanner(supplyOf(of), TODAY, policy(splitting)).plan({ lines: demand.map(([sku, quantity]) => ({ sku, quantity: q(quantity) })), channel: null, shipTo: null, on: null });

  it('lets a line come in parts, or from one place, or the whole order from one', () => {
    expect(plan(world, [['A', 4], ['B', 1]], 'LINES').map((line) => line.outcome.kind)).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(plan(world, [['A', 4], ['B', 1]], 'ORDER').map((line) => line.outcome)).toMatchObject([
      { kind: 'REJECTED', reason: 'SPLIT_NOT_ALLOWED', alternatives: [{ date: TODAY, quantity: '3', locationCode: null }] }, { kind: 'CONFIRMED' },
    ]);
    expect(plan(world, [['A', 3], ['B', 1]], 'ORDER').map((line) => line.takes[0]?.locationCode)).toEqual(['L2', 'L1']);
    expect(plan(world, [['A', 3], ['B', 1]], 'NONE').map((line) => line.outcome)).toMatchObject([
      { kind: 'REJECTED', reason: 'SPLIT_NOT_ALLOWED', alternatives: [{ quantity: '2' }] }, { kind: 'CONFIRMED', sources: [{ locationCode: 'L1' }] },
    ]);
    expect(plan(world, [['A', 2], ['B', 1]], 'NONE').flatMap((line) => line.takes.map((take) => take.locationCode))).toEqual(['L1', 'L1']);
  });

  it('never takes a line from two places where lines stay whole, nor an order where orders do', () => {
    fc.assert(fc.property(worlds(SKUS, ['L1', 'L2', 'L3']), fc.array(fc.tuple(fc.constantFrom(...SKUS), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 3 }), (of, demand) => {
      for (const line of plan(of, demand, 'ORDER')) expect(new Set(line.takes.map((take) => take.locationCode)).size).toBeLessThanOrEqual(1);
      const together = plan(of, demand, 'NONE').flatMap((line) => line.takes);
      expect(new Set(together.map((take) => take.locationCode)).size).toBeLessThanOrEqual(1);
      for (const take of together) expect(Number(take.quantity)).toBeLessThanOrEqual(mayPromise(of[take.sku]![take.locationCode]!, null));
    }));
  });
});

describe('location sets', () => {
  const place = { onHand: 9, allocated: 0, held: 0, receipts: [], issues: [], dated: [] };
  const supply = supplyOf({ A: { L1: place, L2: place, L3: place } });
  const policy: InventoryPolicy = {
    ...DEFAULT_POLICY,
    channels: new Map([['web', { ...DEFAULT_POLICY.channel, locations: ['L2', 'L3'] }], ['near', { ...DEFAULT_POLICY.channel, sourcing: 'NEAREST' }]]),
    regions: [{ name: 'west', countries: ['US'], regions: ['CA'], postalPrefixes: [], locations: ['L3', 'L1'] }],
  };
  const ask = (channel: string, quantity: number, region: string | null) =>
    createBasketPlanner(supply, TODAY, policy).plan({ lines: [{ sku: 'A', quantity: q(quantity) }], channel, shipTo: region === null ? null : { countryCode: 'US', regionCode: region }, on: null })[0]!;

  it('draws only on what serves channel and address, the nearest first', () => {
    expect(ask('web', 18, null).takes.map((take) => take.locationCode)).toEqual(['L2', 'L3']);
    expect(ask('web', 9, 'CA').takes).toMatchObject([{ locationCode: 'L3', quantity: '9' }]);
    expect(ask('near', 12, 'CA').takes).toMatchObject([{ locationCode: 'L3', quantity: '9' }, { locationCode: 'L1', quantity: '3' }]);
    expect(ask('web', 12, 'CA').outcome).toMatchObject({ kind: 'PARTIAL', confirmed: '9' });
  });

  it('says what is served by nobody, and who else has it', () => {
    expect(ask('web', 1, 'NV').outcome).toMatchObject({ kind: 'REJECTED', reason: 'NOT_SERVED' });
    const empty = createBasketPlanner(supplyOf({ A: { L1: place, L3: { ...place, onHand: 0 } } }), TODAY, { ...policy, regions: [] });
    expect(empty.plan({ lines: [{ sku: 'A', quantity: q(4) }], channel: 'web', shipTo: null, on: null })[0]!.outcome).toMatchObject({
      kind: 'REJECTED', reason: 'NOT_SERVED', alternatives: [{ locationCode: 'L1', quantity: '4', date: TODAY }],
    });
    expect(() => ask('ebay', 1, null)).toThrow('there is no channel "ebay"');
  });
});
