import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import { addDays, calendarDate, daysBetween } from '../../../../domain/time.ts';
import { dailySchedule, projectAtp, quantityOn, quantityToday, type AtpPolicy, type SupplyPosition } from '../../../../subgraphs/inventory/promise/availability.ts';

const TODAY = calendarDate('2026-03-01');
const DROP: AtpPolicy = { horizonDays: 20, safetyStock: ZERO, overdueReceipts: { kind: 'DROP' } };

const whole = (min: number, max: number): fc.Arbitrary<Decimal> => fc.integer({ min, max }).map((value) => decimal(value));
const dated = fc.array(fc.record({ date: fc.integer({ min: -5, max: 25 }).map((days) => addDays(TODAY, days)), quantity: whole(1, 30) }), { maxLength: 6 });
const positions: fc.Arbitrary<SupplyPosition> = fc.record({
  level: fc.record({ quantityBasis: fc.constantFrom('ON_HAND' as const, 'SELLABLE' as const), onHand: whole(-10, 60), allocated: whole(0, 20), unsellable: whole(0, 10) }),
  held: whole(0, 20),
  receipts: dated,
  issues: dated,
});
const policies: fc.Arbitrary<AtpPolicy> = fc.record({
  horizonDays: fc.constant(20),
  safetyStock: whole(0, 5),
  overdueReceipts: fc.oneof(fc.constant({ kind: 'DROP' as const }), fc.integer({ min: 0, max: 9 }).map((days) => ({ kind: 'PUSH' as const, days }))),
});

/** The formula of the definition, day by day, in plain numbers, with nothing shared with the module. */
function oracle(position: SupplyPosition, policy: AtpPolicy): number[] {
  const { onHand, unsellable, allocated, quantityBasis } = position.level;
  const start = Math.max(0, Number(onHand) - Number(unsellable)) - (quantityBasis === 'ON_HAND' ? Number(allocated) : 0) - Number(position.held);
  const arrivesOn = (date: string): number => {
    const day = daysBetween(TODAY, date as never);
    if (day >= 0) return day;
    return policy.overdueReceipts.kind === 'DROP' ? Infinity : policy.overdueReceipts.days;
  };
  const projected = Array.from({ length: policy.horizonDays + 1 }, (_, day) => {
    const received = position.receipts.filter((receipt) => arrivesOn(receipt.date) <= day).reduce((total, receipt) => total + Number(receipt.quantity), 0);
    const issued = position.issues.filter((issue) => daysBetween(TODAY, issue.date) <= day).reduce((total, issue) => total + Number(issue.quantity), 0);
    return start + received - issued;
  });
  return projected.map((_, day) => Math.max(0, Math.min(...projected.slice(day)) - Number(policy.safetyStock)));
}

const days = (curve: ReturnType<typeof projectAtp>): number[] => dailySchedule(curve, 100).map((entry) => Number(entry.quantity));

describe('available-to-promise', () => {
  it('agrees with the definition computed day by day', () => {
    fc.assert(
      fc.property(positions, policies, (position, policy) => {
        expect(days(projectAtp(position, TODAY, policy))).toEqual(oracle(position, policy));
      }),
      { numRuns: 500 },
    );
  });

  it('never promises what a later issue was promised: selling all of today leaves every issue covered', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const today = quantityToday(projectAtp(position, TODAY, DROP));
        const after = projectAtp({ ...position, held: decimal(Number(position.held) + Number(today)) }, TODAY, DROP);
        if (today === '0') return;
        // Nothing is left today, and of each later day exactly what was there beyond it: no issue went short.
        expect(days(after)).toEqual(oracle(position, DROP).map((value) => value - Number(today)));
      }),
    );
  });

  it('rises with time', () => {
    fc.assert(
      fc.property(positions, policies, (position, policy) => {
        const daily = days(projectAtp(position, TODAY, policy));
        expect([...daily].sort((a, b) => a - b)).toEqual(daily);
      }),
    );
  });

  const level = (onHand: string, rest: Partial<SupplyPosition['level']> = {}): SupplyPosition => ({
    level: { quantityBasis: 'ON_HAND', onHand: decimal(onHand), allocated: ZERO, unsellable: ZERO, ...rest }, held: ZERO, receipts: [], issues: [],
  });

  it('counts negative stock as none for sale, and never nets a SELLABLE figure with allocations', () => {
    const today = (position: SupplyPosition): string => quantityToday(projectAtp(position, TODAY, DROP));
    expect(today({ ...level('-3'), receipts: [{ date: TODAY, quantity: decimal('2') }] })).toBe('2');
    expect(today(level('10', { allocated: decimal('4') }))).toBe('6');
    expect(today(level('10', { allocated: decimal('4'), quantityBasis: 'SELLABLE' }))).toBe('10');
  });

  it('keeps exact decimals', () => {
    expect(quantityToday(projectAtp({ ...level('0.3'), held: decimal('0.1') }, TODAY, DROP))).toBe('0.2');
  });

  it('knows nothing before today and beyond the horizon', () => {
    const curve = projectAtp(level('5'), TODAY, DROP);
    expect(quantityOn(curve, addDays(TODAY, -1))).toBeNull();
    expect(quantityOn(curve, addDays(TODAY, 20))).toBe('5');
    expect(quantityOn(curve, addDays(TODAY, 21))).toBeNull();
  });
});
