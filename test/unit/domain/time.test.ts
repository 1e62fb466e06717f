import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, calendarDate, daysBetween } from '../../../domain/time.ts';

const DAY_MS = 86_400_000;

describe('calendar days', () => {
  it('are counted as the calendar does, over months, years and leap days', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -1_500, max: 1_500 }), (start, days) => {
      const date = calendarDate(new Date(start * DAY_MS));
      expect(addDays(date, days)).toBe(new Date((start + days) * DAY_MS).toISOString().slice(0, 10));
      expect(daysBetween(date, addDays(date, days))).toBe(days);
    }), { numRuns: 2_000 });
  });

  it('refuse a day no calendar has', () => {
    expect(() => calendarDate('2026-02-29')).toThrow(RangeError);
    expect(calendarDate('2028-02-29')).toBe('2028-02-29');
  });
});
