import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { elapsedPercentOf, findSurplus } from '../../../../subgraphs/inventory/channels/reallocation.ts';
import { settleMoves } from '../../../../subgraphs/inventory/channels/moves.ts';
import { describeAllocation, type AllocationStanding, type ChannelAllocation } from '../../../../subgraphs/inventory/promise/allocation.ts';

const zero = decimal(0);
const CHANNELS = ['site', 'amazon', 'edi'];

const shopOf = (percents: readonly number[], used: readonly number[], moved: readonly number[] = []): ChannelAllocation => ({
  usedWithoutShare: zero,
  shares: percents.map((percent, index) => ({
    channel: CHANNELS[index]!, share: { kind: 'PERCENT', percent: decimal(percent) }, used: decimal(used[index]!), moved: decimal(moved[index] ?? 0), buffer: zero,
  })),
});
const standing = (used: readonly number[], base = 100): AllocationStanding =>
  describeAllocation(shopOf([70, 20, 10], used), decimal(base - used.reduce((sum, one) => sum + one, 0)), 0);
const RULE = { afterPercent: decimal(25), safetyFactor: decimal('1.5') };
const surplus = (used: readonly number[], elapsed: number, rule = RULE) => findSurplus(standing(used), decimal(elapsed), rule, 0).map(({ channel, quantity }) => `${channel} ${quantity}`);

describe('surplus by sell-through', () => {
  it('is what a slow channel will not need until the end of the period', () => {
    // amazon sold 4 of 20 in half the time: needs 4 more, keeps 6, returns 10.
    expect(surplus([40, 4, 5], 50)).toEqual(['amazon 10']);
    expect(surplus([40, 4, 5], 50, { ...RULE, safetyFactor: decimal(1) })).toEqual(['amazon 12']);
    expect(surplus([40, 4, 0], 50)).toEqual(['amazon 10', 'edi 10']);
  });

  it('says nothing too early, at or above the pace, or for a trifle', () => {
    expect(surplus([0, 0, 0], 24)).toEqual([]);
    expect(surplus([0, 0, 0], 0, { ...RULE, afterPercent: zero })).toEqual([]);
    expect(surplus([35, 10, 5], 50)).toEqual([]);
    expect(surplus([68, 20, 10], 98)).toEqual([]);
    // site keeps 1 of its last 3; two of seventy are not worth a move.
    expect(surplus([67, 20, 10], 99)).toEqual([]);
  });

  it('keeps the figures it rests on', () => {
    expect(findSurplus(standing([40, 4, 5]), decimal(50), RULE, 0)).toEqual([
      { channel: 'amazon', quantity: '10', restsOn: { elapsedPercent: '50', base: '100', own: '20', used: '4', soldPercent: '20', need: '4', kept: '6' } },
    ]);
  });

  it('never takes what is used, kept or above pace, conserves the base, and finds nothing twice', () => {
    const figures = fc.record({
      percents: fc.tuple(fc.nat(60), fc.nat(30), fc.nat(10)), base: fc.integer({ min: 1, max: 500 }), sold: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)),
      elapsed: fc.integer({ min: 1, max: 100 }), safety: fc.integer({ min: 10, max: 40 }),
    });
    fc.assert(fc.property(figures, ({ percents, base, sold, elapsed, safety }) => {
      // Each sells some part of its own share.
      const own = percents.map((percent) => Math.floor((base * percent) / 100));
      const used = own.map((share, index) => Math.floor((share * sold[index]!) / 100));
      const atp = decimal(base - used.reduce((sum, one) => sum + one, 0));
      const rule = { afterPercent: zero, safetyFactor: decimal(safety / 10) };
      const before = describeAllocation(shopOf(percents, used), atp, 0);
      const found = findSurplus(before, decimal(elapsed), rule, 0);
      const moved = [0, 0, 0];
      for (const move of settleMoves(before, found.map(({ channel, quantity }) => ({ from: channel, to: null, quantity })))) moved[CHANNELS.indexOf(move.from!)]! -= Number(move.quantity);
      const after = describeAllocation(shopOf(percents, used, moved), atp, 0);
      expect(after.base).toBe(before.base);
      expect(Number(after.pool)).toBe(Number(before.pool) + found.reduce((sum, { quantity }) => sum + Number(quantity), 0));
      for (const { channel, quantity, restsOn } of found) {
        const index = CHANNELS.indexOf(channel);
        expect(used[index]! * 100).toBeLessThan(own[index]! * elapsed);
        expect(Number(restsOn.need)).toBe(Math.ceil((used[index]! * (100 - elapsed)) / elapsed));
        expect(Number(quantity)).toBe(own[index]! - used[index]! - Math.ceil((Number(restsOn.need) * safety) / 10));
        expect(Number(after.channels[index]!.unused)).toBe(Number(restsOn.kept));
      }
      expect(findSurplus(after, decimal(elapsed), rule, 0)).toEqual([]);
    }), { numRuns: 500 });
  });

  it('measures how much of a period is over', () => {
    expect(elapsedPercentOf(decimal(84 * 3_600_000), 168)).toBe('50');
    expect(elapsedPercentOf(decimal(-5), 168)).toBe('0');
    expect(elapsedPercentOf(decimal(1e12), 168)).toBe('100');
  });
});
