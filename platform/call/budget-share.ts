import type { Clock } from '../clock.ts';
import { aloneIntervalMs, type BudgetLimits, type Take } from './budget.ts';

/**
 * What one of `processes` may do by itself while they cannot count together: its part of the places and of the steady flow, no
 * burst. All parts together are no more than the budget.
 */
export interface Share {
  /** Begins to count, from an empty bucket, after `pauseMs`. */
  begin(pauseMs: number): void;
  /** Takes a place if this process, which has `inFlight`, has one left. `processes` 0: its part is not known. */
  tryTake(inFlight: number, processes: number): { readonly granted: true } | Extract<Take, { granted: false }>;
}

/** Who has no part, or does not know how many share, looks again after this. */
const NO_PART_MS = 1_000;

export function createShare({ maxConcurrency, requestsPerMinute }: BudgetLimits, clock: Pick<Clock, 'now'>): Share {
  let fromMs = 0;
  let lastMs = 0;
  return {
    begin: (pauseMs) => {
      lastMs = clock.now();
      fromMs = lastMs + pauseMs;
    },
    tryTake: (inFlight, processes) => {
      const places = processes === 0 ? 0 : Math.floor(maxConcurrency / processes);
      const spacingMs = places === 0 ? null : requestsPerMinute === null ? 0 : aloneIntervalMs(requestsPerMinute, processes);
      if (spacingMs === null) return { granted: false, waitMs: NO_PART_MS, spacingMs: 0 };
      const now = clock.now();
      const waitMs = Math.max(fromMs, lastMs + spacingMs) - now;
      if (waitMs > 0) return { granted: false, waitMs, spacingMs };
      if (inFlight >= places) return { granted: false, waitMs: null, spacingMs };
      lastMs = now;
      return { granted: true };
    },
  };
}
