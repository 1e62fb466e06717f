import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, ZERO } from '../../../../domain/decimal.ts';
import type { ChannelShare } from '../../../../subgraphs/inventory/promise/allocation.ts';
import type { DemandLine, PlannedLine } from '../../../../subgraphs/inventory/promise/plan.ts';
import { createBasketPlanner } from '../../../../subgraphs/inventory/promise/planner.ts';
import { DEFAULT_POLICY, type InventoryPolicy, type ItemPolicy } from '../../../../subgraphs/inventory/promise/policy.ts';
import { afterTakes, day, HORIZON, mayPromise, mayPromiseUnits, q, supplyOf, TODAY, worlds, type Kits, type World } from './promise-oracle.ts';

const POLICY: InventoryPolicy = { ...DEFAULT_POLICY, atp: { ...DEFAULT_POLICY.atp, horizonDays: HORIZON } };
const SKUS = ['A', 'B', 'C'];
const LOCATIONS = ['L1', 'L2', 'L3'];
const KITS: Kits = { K1: { A: 2, B: 1 }, K2: { A: 1, C: 3 } };

const wanted = fc.option(fc.integer({ min: 0, max: HORIZON }), { nil: null });
const lines = (skus: readonly string[], maxLength = 4): fc.Arbitrary<DemandLine[]> =>
  fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 15 }).map(q) }), { minLength: 1, maxLength });

const plan = (world: World, demand: readonly DemandLine[], on: number | null, policy = POLICY, kits: Kits = KITS): readonly PlannedLine[] =>
  createBasketPlanner(supplyOf(world, kits), TODAY, policy).plan({ lines: demand, channel: null, shipTo: null, on: on === null ? null : day(on) });

const had = ({ outcome, requested }: PlannedLine): number =>
  outcome.kind === 'CONFIRMED' ? Number(requested) : outcome.kind === 'PARTIAL' ? Number(outcome.confirmed) : 0;

describe('judging a basket', () => {
  it('confirms what the definition allows, line after line, components summed over the basket', () => {
    fc.assert(fc.property(worlds(SKUS, LOCATIONS), lines([...SKUS, 'K1', 'K2']), wanted, (world, demand, on) => {
      let left = world;
      for (const [index, line] of plan(world, demand, on).entries()) {
        const { sku, quantity } = demand[index]!;
        expect(had(line)).toBe(Math.min(Number(quantity), mayPromiseUnits(left, KITS, sku, on)));
        left = afterTakes(left, line.takes);
      }
    }), { numRuns: 500 });
  });

  it('takes exactly what it confirms, of components, and nowhere more than is there', () => {
    fc.assert(fc.property(worlds(SKUS, LOCATIONS), lines([...SKUS, 'K1', 'K2']), wanted, (world, demand, on) => {
      const planned = plan(world, demand, on);
      for (const line of planned) {
        const recipe = KITS[line.sku] ?? { [line.sku]: 1 };
        for (const [sku, per] of Object.entries(recipe)) {
          const taken = line.takes.filter((take) => take.sku === sku).reduce((total, take) => total + Number(take.quantity), 0);
          expect(taken).toBe(had(line) * per);
        }
        expect(line.takes.every((take) => take.dueOn === (on === null ? null : day(on)) && Number(take.quantity) > 0)).toBe(true);
      }
      const all = planned.flatMap((line) => line.takes);
      for (const sku of SKUS) for (const code of LOCATIONS) {
        const taken = all.filter((take) => take.sku === sku && take.locationCode === code).reduce((total, take) => total + Number(take.quantity), 0);
        expect(taken).toBeLessThanOrEqual(mayPromise(world[sku]![code]!, on));
      }
    }));
  });

  it('answers after many takings as a planner that starts from what they leave, and plans without taking', () => {
    const takings = fc.array(fc.record({ demand: lines([...SKUS, 'K1', 'K2'], 3), on: wanted }), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(worlds(SKUS, LOCATIONS), takings, (world, questions) => {
      const planner = createBasketPlanner(supplyOf(world, KITS), TODAY, POLICY);
      let left = world;
      for (const { demand, on } of questions) {
        const question = { lines: demand, channel: null, shipTo: null, on: on === null ? null : day(on) };
        const planned = planner.plan(question);
        expect(planned).toEqual(plan(left, demand, on));
        expect(planner.plan(question)).toEqual(planned);
        const takes = planned.flatMap((line) => line.takes);
        planner.take(takes, null);
        left = afterTakes(left, takes);
      }
    }), { numRuns: 300 });
  });

  it('gives back what is taken with a negative quantity', () => {
    fc.assert(fc.property(worlds(SKUS, LOCATIONS), lines(SKUS, 3), wanted, (world, demand, on) => {
      const planner = createBasketPlanner(supplyOf(world, KITS), TODAY, POLICY);
      const question = { lines: demand, channel: null, shipTo: null, on: on === null ? null : day(on) };
      const before = planner.plan(question);
      const takes = before.flatMap((line) => line.takes);
      planner.take(takes, null);
      planner.take(takes.map((take) => ({ ...take, quantity: `-${take.quantity}` as never })), null);
      expect(planner.plan(question)).toEqual(before);
    }));
  });

  it('never breaks what was promised before: every day keeps what it had committed', () => {
    fc.assert(fc.property(worlds(['A'], LOCATIONS), fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), wanted), { maxLength: 6 }), (world, asks) => {
      const planner = createBasketPlanner(supplyOf(world), TODAY, POLICY);
      const projected = (place: World['A'][string], on: number): number => Math.max(0, place.onHand) - place.allocated - place.held
        + place.receipts.filter(([due]) => due >= 0 && due <= on).reduce((total, [, quantity]) => total + quantity, 0)
        - [...place.issues, ...place.dated].filter(([due]) => due <= on).reduce((total, [, quantity]) => total + quantity, 0);
      let left = world;
      for (const [quantity, on] of asks) {
        const [line] = planner.plan({ lines: [{ sku: 'A', quantity: q(quantity) }], channel: null, shipTo: null, on: on === null ? null : day(on) });
        planner.take(line!.takes, null);
        left = afterTakes(left, line!.takes);
      }
      for (const code of LOCATIONS) for (let on = 0; on <= HORIZON; on += 1) {
        const before = projected(world['A']![code]!, on);
        expect(projected(left['A']![code]!, on)).toBeGreaterThanOrEqual(Math.min(before, 0));
      }
    }));
  });

  it('takes off the other locations what our own holds exceed one by, but not what the ERP promised beyond its goods', () => {
    const none = { onHand: 0, allocated: 0, held: 0, receipts: [], issues: [], dated: [] };
    const ask = (world: World): number => had(plan(world, [{ sku: 'A', quantity: q(9) }], null)[0]!);
    expect(ask({ A: { L1: { ...none, onHand: 1 }, L2: { ...none, held: 1 } } })).toBe(0);
    expect(ask({ A: { L1: { ...none, onHand: 3 }, L2: { ...none, onHand: 1, held: 2 } } })).toBe(2);
    expect(ask({ A: { L1: { ...none, onHand: 3 }, L2: { ...none, allocated: 2 } } })).toBe(3);
  });

  it('names the earliest day and what comes by when as a search through the days would', () => {
    fc.assert(fc.property(worlds(['A', 'B'], ['L1', 'L2']), fc.constantFrom('A', 'K1'), fc.integer({ min: 1, max: 30 }), wanted, (world, sku, quantity, on) => {
      const [{ outcome }] = plan(world, [{ sku, quantity: q(quantity) }], on) as [PlannedLine];
      const units = (offset: number | null): number => mayPromiseUnits(world, KITS, sku, offset);
      const from = on ?? 0;
      const found = Array.from({ length: HORIZON - from + 1 }, (_, index) => from + index).find((offset) => units(offset) >= quantity);
      if (outcome.kind === 'CONFIRMED') expect(units(on)).toBeGreaterThanOrEqual(quantity);
      if (outcome.kind === 'REJECTED') expect(outcome.earliest).toBe(found === undefined ? null : day(found));
      if (outcome.kind !== 'PARTIAL') return;
      for (const { date, quantity: total } of outcome.schedule) {
        const offset = Array.from({ length: HORIZON + 1 }, (_, index) => index).find((index) => day(index) === date)!;
        expect(Number(total)).toBe(Math.min(quantity, units(offset)));
      }
      if (found !== undefined) expect(outcome.schedule.at(-1)).toEqual({ date: day(found), quantity: q(quantity) });
    }));
  });
});

describe('policies', () => {
  const place = { onHand: 0, allocated: 0, held: 0, receipts: [], issues: [], dated: [] };
  const world = (onHand: number, receipts: [number, number][] = []): World => ({ A: { L1: { ...place, onHand, receipts } } });
  const ask = (of: World, quantity: number, on: number | null, item: Partial<ItemPolicy>) => plan(of, [{ sku: 'A', quantity: q(quantity) }], on, { ...POLICY, ...item })[0]!;

  it('sells by lead time what no receipt covers, where the policy says so', () => {
    const policy = { backorder: 'LEAD_TIME', leadTimeDays: 7 } as const;
    expect(ask(world(3), 5, null, policy)).toMatchObject({
      outcome: { kind: 'CONFIRMED', basis: 'LEAD_TIME', date: day(7), sources: [{ quantity: '3' }] },
      takes: [{ quantity: '3', dueOn: null }], held: { held: '3', backordered: '2', promisedOn: day(7) },
    });
    expect(ask(world(3, [[4, 9]]), 5, null, policy)).toMatchObject({ outcome: { kind: 'CONFIRMED', basis: 'INCOMING', date: day(4) }, takes: [{ quantity: '5', dueOn: day(4) }], held: { held: '5', backordered: '0' } });
    expect(ask(world(3), 5, 3, policy).outcome).toMatchObject({ kind: 'PARTIAL', confirmed: '3', schedule: [{ date: day(3), quantity: '3' }, { date: day(7), quantity: '5' }] });
    expect(ask(world(0), 5, 9, policy).outcome).toMatchObject({ kind: 'CONFIRMED', basis: 'LEAD_TIME', date: day(9), sources: [] });
    expect(ask(world(0), 5, null, {}).outcome).toMatchObject({ kind: 'REJECTED', reason: 'OUT_OF_STOCK', earliest: null });
  });

  it('keeps a preorder until its day, and within its limit whatever was promised before', () => {
    const preorder = { availableFrom: day(5), limit: q(10) };
    expect(ask(world(0), 4, null, { preorder })).toMatchObject({
      outcome: { kind: 'CONFIRMED', basis: 'LEAD_TIME', date: day(5) }, takes: [{ quantity: '4', dueOn: day(5), locationCode: 'L1' }], held: { held: '0', backordered: '4', promisedOn: day(5) },
    });
    expect(ask({ A: { L1: { ...place, held: 7 } } }, 4, null, { preorder }).outcome).toMatchObject({ kind: 'PARTIAL', confirmed: '3' });
    expect(ask(world(50), 4, 2, { preorder }).outcome).toMatchObject({ kind: 'REJECTED', reason: 'OUT_OF_STOCK', earliest: day(5) });
    expect(ask(world(2, [[4, 4]]), 6, null, { preorder: { ...preorder, limit: null } })).toMatchObject({ outcome: { kind: 'CONFIRMED', basis: 'INCOMING', date: day(5) }, held: { held: '6', backordered: '0' } });
    expect(ask(world(9), 1, null, { preorder: { availableFrom: TODAY, limit: null } }).outcome).toMatchObject({ kind: 'CONFIRMED', basis: 'ON_HAND', date: TODAY });
  });

  it('counts a limited preorder down, hold by hold', () => {
    const policy = { ...POLICY, preorder: { availableFrom: day(5), limit: q(3) } };
    const planner = createBasketPlanner(supplyOf(world(0)), TODAY, policy);
    const question = { lines: [{ sku: 'A', quantity: q(2) }], channel: null, shipTo: null, on: null };
    const [first] = planner.plan(question);
    planner.take(first!.takes, null);
    expect(planner.plan(question)[0]!.outcome).toMatchObject({ kind: 'PARTIAL', confirmed: '1' });
  });

  it('shares out what is there: goods due today are on their way, and in no pool', () => {
    const site: ChannelShare = { channel: 'site', share: { kind: 'FIXED', quantity: q(3) }, moved: ZERO, used: ZERO, buffer: ZERO };
    const supply = { ...supplyOf(world(6, [[0, 2]]), {}), allocations: new Map([['A', { shares: [site], usedWithoutShare: ZERO }]]) };
    const planner = createBasketPlanner(supply, TODAY, POLICY);
    const most = (channel: string | null, on: number | null): number =>
      had(planner.plan({ lines: [{ sku: 'A', quantity: q(20) }], channel, shipTo: null, on: on === null ? null : day(on) })[0]!);
    expect([most(null, null), most('site', null), most(null, 0), most('site', 0)]).toEqual([3, 6, 5, 8]);
    planner.take([{ sku: 'A', locationCode: 'L1', quantity: q(3), dueOn: null }], null);
    expect([most(null, null), most('site', null)]).toEqual([0, 3]);
  });

  it('gives a channel its share and the pool, of goods to come all, and says when other channels have the rest', () => {
    const percent = (channel: string, value: string): ChannelShare => ({ channel, share: { kind: 'PERCENT', percent: decimal(value) }, moved: ZERO, used: ZERO, buffer: ZERO });
    const supply = { ...supplyOf(world(10, [[4, 6]]), { KIT: { A: 2 } }), allocations: new Map([['A', { shares: [percent('site', '70'), percent('amazon', '20')], usedWithoutShare: ZERO }]]) };
    const planner = createBasketPlanner(supply, TODAY, POLICY);
    const of = (channel: string | null, demand: [string, number][], on: number | null = null) =>
      planner.plan({ lines: demand.map(([sku, quantity]) => ({ sku, quantity: q(quantity) })), channel, shipTo: null, on: on === null ? null : day(on) });
    expect(of('amazon', [['A', 9]]).map(had)).toEqual([3]);
    expect(of('amazon', [['A', 2], ['A', 2]]).map(had)).toEqual([2, 1]);
    expect(of('amazon', [['KIT', 2]]).map(had)).toEqual([1]);
    expect(of('amazon', [['A', 9]], 4).map(had)).toEqual([9]);
    expect(of(null, [['A', 9]]).map(had)).toEqual([1]);
    planner.take(of('amazon', [['A', 3]])[0]!.takes, 'amazon');
    expect(of('amazon', [['A', 1]])[0]!.outcome).toMatchObject({ kind: 'REJECTED', reason: 'CHANNEL_EXHAUSTED', earliest: day(4) });
    expect(of('site', [['A', 9]]).map(had)).toEqual([7]);
  });

  it('sells no kit whose component is unknown or inactive, and takes a kit made of a preorder no sooner than that', () => {
    const supply = supplyOf({ A: { L1: { ...place, onHand: 9 } } }, { K: { A: 1, GHOST: 1 }, OK: { A: 2 } });
    const one = (sku: string, policy = POLICY) => createBasketPlanner(supply, TODAY, policy).plan({ lines: [{ sku, quantity: q(1) }], channel: null, shipTo: null, on: null })[0]!;
    expect(one('K').outcome).toMatchObject({ kind: 'REJECTED', reason: 'NOT_SELLABLE' });
    expect(one('NOPE').outcome).toMatchObject({ kind: 'REJECTED', reason: 'UNKNOWN_SKU' });
    expect(one('OK').takes).toEqual([{ sku: 'A', locationCode: 'L1', quantity: '2', dueOn: null }]);
    const items = new Map([['A', { ...POLICY, preorder: { availableFrom: day(3), limit: null } }]]);
    expect(one('OK', { ...POLICY, items }).outcome).toMatchObject({ kind: 'CONFIRMED', date: day(3) });
  });
});
