import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceOf } from '../../../../platform/call/budget.ts';
import { chooseLane, ENTER_COVER_MINUTES, LEAVE_COVER_MINUTES, planLane, type HotCandidate } from '../../../../subgraphs/inventory/supply/hot-lane-choice.ts';

const candidate: fc.Arbitrary<HotCandidate> = fc.record({
  sku: fc.stringMatching(/^[A-E][0-9]$/), unitsPerMinute: fc.integer({ min: 1, max: 200 }).map((tenths) => tenths / 5), available: fc.nat(400), holds: fc.nat(9), refusals: fc.nat(9),
});
const candidates = fc.uniqueArray(candidate, { selector: ({ sku }) => sku, maxLength: 30 });
const of = (sku: string, unitsPerMinute: number, available: number): HotCandidate => ({ sku, unitsPerMinute, available, holds: 1, refusals: 0 });

describe('who is in the hot lane', () => {
  it('never is more than fit, and nobody whose stock lasts', () => {
    fc.assert(fc.property(candidates, fc.nat(12), fc.array(fc.stringMatching(/^[A-E][0-9]$/)), (all, size, members) => {
      const before = new Set(members);
      const lane = chooseLane(all, before, size);
      expect(lane.length).toBeLessThanOrEqual(size);
      for (const { sku, coverMinutes } of lane) expect(coverMinutes).toBeLessThanOrEqual(before.has(sku) ? LEAVE_COVER_MINUTES : ENTER_COVER_MINUTES);
    }));
  });

  it('never leaves out one that is faster and nearer to zero than one that is in', () => {
    fc.assert(fc.property(candidates, fc.nat(12), (all, size) => {
      const lane = chooseLane(all, new Set(), size);
      const inside = new Set(lane.map(({ sku }) => sku));
      for (const out of all.filter(({ sku }) => !inside.has(sku))) {
        expect(lane.filter((member) => member.unitsPerMinute < out.unitsPerMinute && member.available > out.available)).toEqual([]);
      }
      expect(lane.map(({ coverMinutes }) => coverMinutes)).toEqual(lane.map(({ coverMinutes }) => coverMinutes).sort((a, b) => a - b));
    }));
  });

  it('is the same in whatever order they are given, and chosen again from what was chosen', () => {
    fc.assert(fc.property(candidates, fc.nat(12), fc.integer(), (all, size, seed) => {
      const shuffled = all.toSorted((a, b) => ((a.unitsPerMinute * seed) % 7) - ((b.unitsPerMinute * seed) % 7));
      const lane = chooseLane(all, new Set(), size);
      expect(chooseLane(shuffled, new Set(), size)).toEqual(lane);
      expect(chooseLane(lane, new Set(lane.map(({ sku }) => sku)), size)).toEqual(lane);
    }));
  });

  it('is decided by minutes of cover: 10,000 in stock at five a minute need no lane', () => {
    const lane = chooseLane([of('PLENTY', 5, 10_000), of('NEAR', 5, 20), of('GONE', 0.2, 0), of('SLOW', 0.2, 6)], new Set(), 10);
    expect(lane.map(({ sku, coverMinutes }) => [sku, coverMinutes])).toEqual([['GONE', 0], ['NEAR', 4], ['SLOW', 30]]);
  });

  it('keeps a member whose stock lasts a little longer by now', () => {
    expect(chooseLane([of('A', 1, 40)], new Set(), 10)).toEqual([]);
    expect(chooseLane([of('A', 1, 40)], new Set(['A']), 10)).toHaveLength(1);
    expect(chooseLane([of('A', 1, 46)], new Set(['A']), 10)).toEqual([]);
  });
});

describe('how many, how often', () => {
  const settings = fc.record({ maxSize: fc.integer({ min: 1, max: 2_000 }), refreshMs: fc.integer({ min: 500, max: 60_000 }), callShare: fc.integer({ min: 1, max: 90 }).map((percent) => percent / 100) });
  const source = fc.record({ requestsPerMinute: fc.integer({ min: 1, max: 10_000 }), requestsPerStockRead: fc.integer({ min: 1, max: 9 }), stock: fc.integer({ min: 1, max: 500 }) });

  it('never costs more than its share of the steady flow, never asks for more than it may hold', () => {
    fc.assert(fc.property(settings, source, (lane, { requestsPerMinute, requestsPerStockRead, stock }) => {
      const plan = planLane({ requestsPerMinute, requestsPerStockRead, maxBatch: { page: 1, stock, price: 1 } }, lane);
      if (plan === null) return;
      expect(plan.size).toBeGreaterThan(0);
      expect(plan.size).toBeLessThanOrEqual(lane.maxSize);
      expect(plan.everyMs).toBeGreaterThanOrEqual(lane.refreshMs);
      const perMinute = Math.ceil(plan.size / stock) * requestsPerStockRead * (60_000 / plan.everyMs);
      expect(perMinute).toBeLessThanOrEqual((requestsPerMinute - paceOf(requestsPerMinute).burst) * lane.callShare + 1e-9);
    }));
  });

  const wish = { maxSize: 200, refreshMs: 3_000, callShare: 0.25 };
  it.each([
    ['no limit: as wished', { requestsPerMinute: null }, { size: 200, everyMs: 3_000 }],
    ['enough: as wished', { requestsPerMinute: 1_000, requestsPerStockRead: 4 }, { size: 200, everyMs: 3_000 }],
    ['short: fewer SKUs', { requestsPerMinute: 1_000, requestsPerStockRead: 4, maxBatch: { page: 1, stock: 50, price: 1 } }, { size: 100, everyMs: 3_000 }],
    ['shorter: less often', { requestsPerMinute: 100, requestsPerStockRead: 4 }, { size: 200, everyMs: 12_000 }],
    ['too short for a lane', { requestsPerMinute: 15, requestsPerStockRead: 4 }, null],
  ])('%s', (_what, source, plan) => {
    expect(planLane({ maxBatch: { page: 1, stock: 500, price: 1 }, ...source }, wish)).toEqual(plan);
  });
  it('none where none is wished', () => {
    expect(planLane({ requestsPerMinute: null, maxBatch: { page: 1, stock: 500, price: 1 } }, { ...wish, maxSize: 0 })).toBeNull();
  });
});
