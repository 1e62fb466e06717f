import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { addDays, calendarDate } from '../../../../domain/time.ts';
import { dailySchedule, projectAtp, quantityToday } from '../../../../subgraphs/inventory/promise/availability.ts';
import { atpBruteForce, projectBruteForce, scaled, type OraclePolicy, type OracleSupply } from '../../../support/brute-force-atp.ts';
import { policyOf, positionOf } from '../../../support/oracle-supply.ts';

/* Production's ATP against the definition computed by brute force, on random schedules. */

const TODAY = calendarDate('2026-03-01');
const HORIZON = 30;

/** Up to three fraction digits, as kilograms have. */
const quantity = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(fc.integer({ min, max }).map(String), fc.integer({ min: min * 1000, max: max * 1000 }).map((thousandths) => decimal(thousandths / 1000)));
const onDays = fc.array(fc.record({ date: fc.integer({ min: -6, max: HORIZON + 6 }).map((days) => addDays(TODAY, days)), quantity: quantity(0, 30) }), { maxLength: 8 });
const supplies: fc.Arbitrary<OracleSupply> = fc.record({
  quantityBasis: fc.constantFrom('ON_HAND', 'SELLABLE'), onHand: quantity(-20, 80), allocated: quantity(0, 20), unsellable: quantity(0, 20), held: quantity(0, 20),
  receipts: onDays, issues: onDays, datedHolds: onDays,
});
const policies: fc.Arbitrary<OraclePolicy> = fc.record({
  horizonDays: fc.integer({ min: 0, max: HORIZON }),
  safetyStock: quantity(0, 10),
  overdueReceipts: fc.oneof(fc.constant({ kind: 'DROP' as const }), fc.integer({ min: 0, max: HORIZON + 3 }).map((days) => ({ kind: 'PUSH' as const, days }))),
});

const expected = (supply: OracleSupply, policy: OraclePolicy): bigint[] => atpBruteForce(projectBruteForce(supply, TODAY, policy), scaled(policy.safetyStock));
const curveOf = (supply: OracleSupply, policy: OraclePolicy) => projectAtp(positionOf(supply), TODAY, policyOf(policy));
const daysOf = (curve: ReturnType<typeof curveOf>): bigint[] => dailySchedule(curve, HORIZON + 10).map((entry) => scaled(entry.quantity));

describe('the ATP schedule against the definition', () => {
  it('is the same on every day, whatever is due when', () => {
    fc.assert(fc.property(supplies, policies, (supply, policy) => {
      expect(daysOf(curveOf(supply, policy))).toEqual(expected(supply, policy));
    }), { numRuns: 3_000 });
  });
});

describe('what look-ahead is for', () => {
  const DAYS = 14;
  const RULE: OraclePolicy = { horizonDays: DAYS - 1, safetyStock: '0', overdueReceipts: { kind: 'DROP' } };
  /** A schedule that keeps all its commitments as it stands. */
  const feasible = fc.record({
    onHand: fc.integer({ min: 0, max: 40 }),
    moves: fc.array(fc.record({ day: fc.integer({ min: 0, max: DAYS - 1 }), quantity: fc.integer({ min: -20, max: 20 }) }), { minLength: 2, maxLength: 10 }),
  }).map(({ onHand, moves }): OracleSupply => {
    const dated = moves.map(({ day, quantity: moved }) => ({ date: addDays(TODAY, day), moved }));
    const only = (sign: 1 | -1) => dated.filter(({ moved }) => moved * sign > 0).map(({ date, moved }) => ({ date, quantity: String(moved * sign) }));
    return { quantityBasis: 'ON_HAND', onHand: String(onHand), allocated: '0', unsellable: '0', held: '0', receipts: only(1), issues: only(-1), datedHolds: [] };
  }).filter((supply) => projectBruteForce(supply, TODAY, RULE).every((left) => left >= 0n));

  it('promising today\'s ATP breaks no later commitment; without looking ahead, or not far enough, it does', () => {
    const broken = { none: 0, threeDays: 0, all: 0 };
    const schedules = fc.sample(feasible, { numRuns: 20_000, seed: 20_261_121 });
    for (const supply of schedules) {
      const projected = projectBruteForce(supply, TODAY, RULE);
      const breaks = (promised: bigint): number => (projected.some((left) => left < promised) ? 1 : 0);
      broken.none += breaks(projected[0]!);
      broken.threeDays += breaks(atpBruteForce(projected.slice(0, 4), 0n)[0]!);
      broken.all += breaks(scaled(quantityToday(curveOf(supply, RULE))));
    }
    const share = (count: number): string => `${((100 * count) / schedules.length).toFixed(1)} %`;
    console.log(`of ${schedules.length} feasible ${DAYS}-day schedules, promising what is there today broke a later commitment in ${share(broken.none)} without look-ahead, `
      + `${share(broken.threeDays)} looking three days ahead, ${share(broken.all)} with the suffix minimum`);
    expect(broken.all).toBe(0);
    expect(broken.threeDays).toBeGreaterThan(0);
    expect(broken.none).toBeGreaterThan(broken.threeDays);
  });
});
