import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfAtMost, expectedOrders, findAbsence, hourOfWeek, HOURS_A_WEEK, WINDOWS_MINUTES, type WeeklyRhythm } from '../../../../subgraphs/orders/alerts/absence.ts';

const MONDAY = Date.parse('2026-11-16T00:00:00Z');
const HOUR = 3_600_000;
const flat = (aWeekAndHour: number, weeks = 8): WeeklyRhythm => ({ weeks, counts: Array<number>(HOURS_A_WEEK).fill(aWeekAndHour * weeks) });
const nothing = WINDOWS_MINUTES.map(() => 0);
/** What comes in each window at this rate an hour. */
const steady = (rate: number): number[] => WINDOWS_MINUTES.map((minutes) => Math.round((rate * minutes) / 60));

describe('the hour of the week', () => {
  it('begins on Monday, ends on Sunday, in UTC', () => {
    expect([MONDAY, MONDAY + HOUR - 1, MONDAY + 23 * HOUR, MONDAY - 1].map(hourOfWeek)).toEqual([0, 0, 23, 167]);
  });
});

describe('what is to be expected', () => {
  it('adds up: two neighbouring spans are their union, a week is the week', () => {
    fc.assert(fc.property(fc.array(fc.nat(500), { minLength: HOURS_A_WEEK, maxLength: HOURS_A_WEEK }), fc.nat(7 * 24 * 60), fc.nat(7 * 24 * 60), (counts, from, length) => {
      const rhythm = { weeks: 4, counts };
      const [start, middle, end] = [MONDAY + from * 60_000, MONDAY + (from + length) * 60_000, MONDAY + from * 60_000 + 7 * 24 * HOUR];
      expect(expectedOrders(rhythm, start, middle) + expectedOrders(rhythm, middle, end)).toBeCloseTo(counts.reduce((all, count) => all + count, 0) / 4, 6);
    }));
  });
});

describe('the chance of so few', () => {
  it('is a distribution: grows with the count, shrinks with what is expected, ends at one', () => {
    fc.assert(fc.property(fc.nat(40), fc.double({ min: 0.01, max: 40, noNaN: true }), (count, expected) => {
      expect(chanceOfAtMost(count, expected)).toBeLessThanOrEqual(chanceOfAtMost(count + 1, expected) + 1e-12);
      expect(chanceOfAtMost(count, expected)).toBeGreaterThanOrEqual(chanceOfAtMost(count, expected + 1) - 1e-12);
      expect(chanceOfAtMost(count + 200, expected)).toBeCloseTo(1, 9);
    }));
    expect(chanceOfAtMost(0, 3)).toBeCloseTo(0.0498, 4);
    expect(chanceOfAtMost(2, 5)).toBeCloseTo(0.1247, 4);
  });
});

describe('absence', () => {
  it('shows within half an hour where many come, and within a day where few do', () => {
    expect(findAbsence(flat(40), nothing, MONDAY)).toEqual({ minutes: 30, expected: 20, counted: 0 });
    expect(findAbsence(flat(0.5), nothing, MONDAY)).toMatchObject({ minutes: 1_440, expected: 12, counted: 0 });
  });

  it('is none where about as many come as usual, or more, or none are usual', () => {
    for (const rate of [0.5, 5, 40, 400]) {
      expect(findAbsence(flat(rate), steady(rate), MONDAY)).toBeNull();
      expect(findAbsence(flat(rate), steady(rate * 3), MONDAY)).toBeNull();
    }
    expect(findAbsence(flat(0), nothing, MONDAY)).toBeNull();
  });

  it('goes by the hour of the week: a quiet night is no absence', () => {
    const byDay = Array.from({ length: HOURS_A_WEEK }, (_, hour) => (hour % 24 >= 8 && hour % 24 < 20 ? 8 * 30 : 0));
    expect(findAbsence({ weeks: 8, counts: byDay }, [0, 0, 0, 0, 0, 330], MONDAY + 4 * HOUR)).toBeNull();
    expect(findAbsence({ weeks: 8, counts: byDay }, [0, 0, 0, 0, 0, 330], MONDAY + 10 * HOUR)).toMatchObject({ minutes: 30, expected: 15 });
  });

  it('is not told of a shop that has opened just now', () => {
    expect(findAbsence(flat(40, 1), nothing, MONDAY)).toBeNull();
  });

  it('is a false alarm in less than one look in a hundred', () => {
    // Counts drawn from the very rhythm they are judged by.
    const random = mulberry(7);
    let alarms = 0;
    for (let look = 0; look < 3_000; look += 1) {
      const rate = [0.5, 5, 40][look % 3]!;
      let before = 0;
      let drawn = 0;
      const counted = WINDOWS_MINUTES.map((minutes) => {
        drawn += poisson((rate * (minutes - before)) / 60, random);
        before = minutes;
        return drawn;
      });
      if (findAbsence(flat(rate), counted, MONDAY)) alarms += 1;
    }
    expect(alarms).toBeLessThan(30);
  });
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function poisson(mean: number, random: () => number): number {
  let [count, left] = [0, mean];
  for (;;) {
    left += Math.log(random());
    if (left < 0) return count;
    count += 1;
  }
}
