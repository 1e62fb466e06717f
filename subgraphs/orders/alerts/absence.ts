/**
 * Whether orders stay away. A shop nobody can order from is silent, and silence raises no error: what is not there is
 * compared with what usually is at this hour of the week.
 */

/** How orders came in over some whole weeks: by hour of the week, 0 = Monday 00:00 to 01:00 UTC, summed over the weeks. */
export interface WeeklyRhythm {
  readonly weeks: number;
  readonly counts: readonly number[];
}

export const HOURS_A_WEEK = 168;

const HOUR_MS = 3_600_000;
/** 1970-01-01 was a Thursday: the first Monday is four days later. */
const FIRST_MONDAY_MS = 4 * 24 * HOUR_MS;

/** 0 to 167. */
export const hourOfWeek = (atMs: number): number => (((Math.floor((atMs - FIRST_MONDAY_MS) / HOUR_MS) % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK);

/** Orders to expect between two moments; parts of an hour count as parts of it. */
export function expectedOrders({ weeks, counts }: WeeklyRhythm, fromMs: number, untilMs: number): number {
  let expected = 0;
  for (let atMs = fromMs; atMs < untilMs; ) {
    const endMs = Math.min(untilMs, (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS);
    expected += ((counts[hourOfWeek(atMs)] ?? 0) / weeks) * ((endMs - atMs) / HOUR_MS);
    atMs = endMs;
  }
  return expected;
}

/** How probable it is that so few, or fewer, come where so many are expected (Poisson); in logarithms, for a busy day is more than e^-x can hold. */
export function chanceOfAtMost(count: number, expected: number): number {
  if (expected <= 0) return 1;
  let logTerm = -expected;
  for (let n = 1; n <= count; n += 1) logTerm += Math.log(expected / n);
  let chance = 0;
  for (let n = count; n >= 0; n -= 1) {
    chance += Math.exp(logTerm);
    logTerm += Math.log(n / expected);
  }
  return Math.min(1, chance);
}

/** Windows that end now, in minutes: a busy shop's silence shows in the first, a quiet one's in the last. */
export const WINDOWS_MINUTES = [30, 60, 120, 240, 480, 1_440] as const;

export interface Absence {
  readonly minutes: number;
  readonly expected: number;
  readonly counted: number;
}

/** Rarer than this by chance is no chance: over all windows about one false alarm in a thousand looks. */
const IMPROBABLE = 0.0002;
/** Less history than this has no rhythm. */
const FEWEST_WEEKS = 2;

/**
 * The shortest window with far fewer orders than at this time of the week in the weeks before; null: none, or there is too
 * little history to tell. `counted`: orders by window, in the order of WINDOWS_MINUTES.
 */
export function findAbsence(rhythm: WeeklyRhythm, counted: readonly number[], nowMs: number): Absence | null {
  if (rhythm.weeks < FEWEST_WEEKS) return null;
  for (const [index, minutes] of WINDOWS_MINUTES.entries()) {
    const expected = expectedOrders(rhythm, nowMs - minutes * 60_000, nowMs);
    const count = counted[index] ?? 0;
    if (count < expected && chanceOfAtMost(count, expected) < IMPROBABLE) return { minutes, expected, counted: count };
  }
  return null;
}
