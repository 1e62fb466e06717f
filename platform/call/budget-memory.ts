import type { Clock } from '../clock.ts';
import { paceOf, reserveOf, waitForRequests, type BudgetLedger, type BudgetLimits } from './budget.ts';

/** The count of a system that one process alone calls. */
export function createMemoryLedger(limits: BudgetLimits, clock: Pick<Clock, 'now'>): BudgetLedger {
  const pace = limits.requestsPerMinute === null ? null : paceOf(limits.requestsPerMinute);
  let fullAtMs = 0;
  let inFlight = 0;
  return {
    tryTake: async (lane) => {
      const reserve = reserveOf(lane, limits);
      const now = clock.now();
      const spacingMs = pace?.intervalMs ?? 0;
      const waitMs = pace === null ? 0 : waitForRequests(fullAtMs, now, pace, reserve.requests);
      if (waitMs > 0) return { granted: false, waitMs, spacingMs };
      if (inFlight >= limits.maxConcurrency - reserve.places) return { granted: false, waitMs: null, spacingMs };
      inFlight += 1;
      fullAtMs = Math.max(fullAtMs, now) + spacingMs;
      return { granted: true, lease: '' };
    },
    giveBack: () => {
      inFlight -= 1;
    },
    leave: () => undefined,
  };
}
