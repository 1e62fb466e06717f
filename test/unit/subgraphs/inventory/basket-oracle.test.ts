import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { addDays, calendarDate, daysBetween } from '../../../../domain/time.ts';
import { dailySchedule } from '../../../../subgraphs/inventory/promise/availability.ts';
import { listSku } from '../../../../subgraphs/inventory/promise/listing.ts';
import type { PlannedLine, Supply } from '../../../../subgraphs/inventory/promise/plan.ts';
import { createBasketPlanner } from '../../../../subgraphs/inventory/promise/planner.ts';
import { DEFAULT_POLICY, type InventoryPolicy } from '../../../../subgraphs/inventory/promise/policy.ts';
import type { StockPosition } from '../../../../subgraphs/inventory/promise/position.ts';
import { servingOf } from '../../../../subgraphs/inventory/promise/serving.ts';
import { atpBruteForce, overheldBruteForce, projectBruteForce, scaled, type OraclePolicy, type OracleSupply } from '../../../support/brute-force-atp.ts';
import { policyOf, positionOf } from '../../../support/oracle-supply.ts';

/*
 * What a basket is told against the definition: kit(t) = min over components of floor(ATP_c(t) / qty_c), where what earlier
 * lines take has gone before. ATP_c is the sum over locations of the brute-force figure, less what our own holds exceed
 * any of them by.
 */

const TODAY = calendarDate('2026-03-01');
const HORIZON = 12;
const ONE = scaled('1');
const PLACES = ['A', 'B'];
const PARTS = ['P0', 'P1', 'P2'];
const KITS = ['K0', 'K1'];

const whole = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const onDays = (max: number) => fc.array(fc.record({ date: fc.integer({ min: -2, max: HORIZON + 2 }).map((days) => addDays(TODAY, days)), quantity: whole(1, max) }), { maxLength: 3 });
const supplies: fc.Arbitrary<OracleSupply> = fc.record({
  quantityBasis: fc.constantFrom('ON_HAND', 'SELLABLE'), onHand: whole(-3, 40), allocated: whole(0, 5), unsellable: whole(0, 5), held: whole(0, 5),
  receipts: onDays(20), issues: onDays(12), datedHolds: onDays(4),
});

interface Shop {
  readonly policy: OraclePolicy;
  /** By part, one supply a place. */
  readonly parts: Readonly<Record<string, readonly OracleSupply[]>>;
  readonly kits: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly lines: readonly { readonly sku: string; readonly quantity: string }[];
  /** Days from today; null: now, of what is there. */
  readonly on: number | null;
}

const recipes = fc.dictionary(fc.constantFrom(...PARTS), fc.constantFrom('1', '2', '3', '0.5', '1.25'), { minKeys: 1, maxKeys: 3 });
const shops: fc.Arbitrary<Shop> = fc.record({
  policy: fc.record({
    horizonDays: fc.constant(HORIZON), safetyStock: whole(0, 3),
    overdueReceipts: fc.oneof(fc.constant({ kind: 'DROP' as const }), fc.integer({ min: 0, max: 5 }).map((days) => ({ kind: 'PUSH' as const, days }))),
  }),
  parts: fc.record(Object.fromEntries(PARTS.map((sku) => [sku, fc.array(supplies, { minLength: 1, maxLength: PLACES.length })]))),
  kits: fc.record(Object.fromEntries(KITS.map((sku) => [sku, recipes]))),
  lines: fc.array(fc.record({ sku: fc.constantFrom(...PARTS, ...KITS, ...KITS), quantity: whole(1, 12) }), { minLength: 1, maxLength: 5 }),
  on: fc.option(fc.integer({ min: 0, max: HORIZON })),
});

/** What a place has of a part: for a day, or now of goods that are there. */
function atPlace(supply: OracleSupply, { policy, on }: Shop): bigint {
  const atp = (of: OracleSupply, day: number): bigint => atpBruteForce(projectBruteForce(of, TODAY, policy), scaled(policy.safetyStock))[day]!;
  if (on !== null) return atp(supply, on);
  const [now] = projectBruteForce({ ...supply, receipts: [] }, TODAY, policy);
  const there = now! - scaled(policy.safetyStock);
  const promisable = atp(supply, 0);
  if (there < 0n) return 0n;
  return there < promisable ? there : promisable;
}

const recipeOf = ({ kits }: Shop, sku: string): readonly (readonly [string, bigint])[] =>
  kits[sku] ? Object.entries(kits[sku]).map(([part, quantity]) => [part, scaled(quantity)] as const) : [[sku, ONE]];

/** How much of each line can be had, line by line, whole pieces only. */
function hadByDefinition(shop: Shop): bigint[] {
  const overheld = (supply: OracleSupply): bigint => overheldBruteForce(supply, projectBruteForce(supply, TODAY, shop.policy), TODAY)[shop.on ?? 0]!;
  const inAll = (places: readonly OracleSupply[]): bigint => places.reduce((sum, supply) => sum + atPlace(supply, shop) - overheld(supply), 0n);
  const left = new Map(Object.entries(shop.parts).map(([sku, places]) => [sku, inAll(places) > 0n ? inAll(places) : 0n]));
  return shop.lines.map(({ sku, quantity }) => {
    const recipe = recipeOf(shop, sku);
    let units = BigInt(quantity);
    for (const [part, perUnit] of recipe) {
      const possible = left.get(part)! / perUnit;
      if (possible < units) units = possible;
    }
    for (const [part, perUnit] of recipe) left.set(part, left.get(part)! - units * perUnit);
    return units;
  });
}

const ITEM = { quantityDigits: 0, sellable: true, active: true, unitCode: 'PCE', units: [] };

function supplyOf(shop: Shop): Supply {
  const part = (sku: string, places: readonly OracleSupply[]): StockPosition => ({
    sku, item: ITEM, components: [],
    locations: places.map((supply, index) => ({ ...positionOf(supply), locationCode: PLACES[index]!, locationName: PLACES[index]!, asOf: null })),
  });
  const kit = (sku: string, components: Readonly<Record<string, string>>): StockPosition => ({
    sku, item: ITEM, locations: [], components: Object.entries(components).map(([code, quantity]) => ({ sku: code, quantity: decimal(quantity) })),
  });
  const positions = [...Object.entries(shop.parts).map(([sku, places]) => part(sku, places)), ...Object.entries(shop.kits).map(([sku, components]) => kit(sku, components))];
  return { positions: new Map(positions.map((position) => [position.sku, position])), allocations: new Map() };
}

const inventoryPolicyOf = ({ policy }: Shop): InventoryPolicy => ({ ...DEFAULT_POLICY, atp: policyOf(policy) });

function plan(shop: Shop): readonly PlannedLine[] {
  const lines = shop.lines.map(({ sku, quantity }) => ({ sku, quantity: decimal(quantity) }));
  return createBasketPlanner(supplyOf(shop), TODAY, inventoryPolicyOf(shop)).plan({ lines, channel: null, shipTo: null, on: shop.on === null ? null : addDays(TODAY, shop.on) });
}

function hadByPlan({ outcome, requested }: PlannedLine): bigint {
  if (outcome.kind === 'REJECTED') return 0n;
  return scaled(outcome.kind === 'CONFIRMED' ? requested : outcome.confirmed) / ONE;
}

describe('what a basket is told against the definition', () => {
  it('each line, kit or not, gets what the lines before it left', () => {
    fc.assert(fc.property(shops, (shop) => {
      expect(plan(shop).map(hadByPlan)).toEqual(hadByDefinition(shop));
    }), { numRuns: 2_000 });
  });

  it('takes of every place no more than it has for that day, and of every part as much as the lines need', () => {
    fc.assert(fc.property(shops, (shop) => {
      const planned = plan(shop);
      const taken = new Map<string, bigint>();
      for (const { takes } of planned) for (const { sku, locationCode, quantity } of takes) taken.set(`${sku} ${locationCode}`, (taken.get(`${sku} ${locationCode}`) ?? 0n) + scaled(quantity));
      for (const [sku, places] of Object.entries(shop.parts)) {
        for (const [index, supply] of places.entries()) expect(taken.get(`${sku} ${PLACES[index]}`) ?? 0n).toBeLessThanOrEqual(atPlace(supply, shop));
      }
      for (const { sku, takes, outcome, requested } of planned) {
        const needed = recipeOf(shop, sku).map(([part, perUnit]) => [part, perUnit * hadByPlan({ outcome, requested } as PlannedLine)] as const);
        for (const [part, quantity] of needed) expect(takes.filter((take) => take.sku === part).reduce((sum, take) => sum + scaled(take.quantity), 0n)).toBe(quantity);
        expect(takes.every((take) => (take.dueOn === null) === (shop.on === null))).toBe(true);
      }
    }), { numRuns: 1_000 });
  });

  it('names the first day on which all of a line by itself can be had, and how much by when', () => {
    fc.assert(fc.property(shops, (shop) => {
      const [line] = shop.lines;
      const alone = { ...shop, lines: [line!] };
      const [planned] = plan(alone);
      const from = shop.on ?? 0;
      const daily = Array.from({ length: HORIZON - from + 1 }, (_, offset) => hadByDefinition({ ...alone, on: from + offset })[0]!);
      const whole = daily.findIndex((had) => had >= BigInt(line!.quantity));
      const { outcome } = planned!;
      if (outcome.kind === 'REJECTED') expect(outcome.earliest).toBe(whole < 0 ? null : addDays(TODAY, from + whole));
      if (outcome.kind !== 'PARTIAL') return;
      for (const { date, quantity } of outcome.schedule) expect(scaled(quantity) / ONE).toBe(daily[daysBetween(TODAY, date) - from]);
    }), { numRuns: 1_000 });
  });

  it('a listing shows of every article and kit, now and by day, what a basket of it alone would get', () => {
    fc.assert(fc.property(shops, (shop) => {
      const [{ sku }] = shop.lines as [Shop['lines'][number]];
      const policy = inventoryPolicyOf(shop);
      const listing = listSku(sku, supplyOf(shop), { today: TODAY, policy, serving: servingOf(policy, null, null) });
      const all = (on: number | null): bigint => hadByDefinition({ ...shop, lines: [{ sku, quantity: '1000000' }], on })[0]!;
      expect(scaled(listing.now) / ONE).toBe(all(null));
      expect(dailySchedule(listing.curve(), HORIZON + 1).map(({ quantity }) => scaled(quantity) / ONE)).toEqual(Array.from({ length: HORIZON + 1 }, (_, day) => all(day)));
    }), { numRuns: 1_000 });
  });
});
