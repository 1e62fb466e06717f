import type { Lane } from './lane.ts';
import type { CallRequest } from './policy.ts';

/*
 * What a system takes from all processes of a deployment together: so many requests in any minute, so many at a time.
 * Requests come in lanes; where the budget is short, an earlier lane goes first, and a part is kept for it.
 */

export interface BudgetLimits {
  readonly maxConcurrency: number;
  /** In any 60 s; null = no limit of our own. */
  readonly requestsPerMinute: number | null;
  /** The longest one request may take: a place that is held longer is of a process that is gone. */
  readonly callTimeoutMs: number;
}

export interface BudgetName {
  /** Connector instance, e.g. "erp". */
  readonly source: string;
  /** Which system: instances of one name that point at different systems share nothing. */
  readonly address: string;
}

/** One request of one system at a time; `take` resolves with what gives the place back. */
export interface CallBudget {
  /** @throws CallInterruption `budget-spent` where there is no room before the deadline, `queue-full`, `aborted` */
  take(request: CallRequest): Promise<() => void>;
}

/** The budgets of this process's connectors. */
export interface CallBudgets {
  open(name: BudgetName, limits: BudgetLimits, maxQueued: number): CallBudget;
  /** What is wrong with them, in sentences. */
  troubles(): readonly string[];
  close(): Promise<void>;
}

/** What a lane must leave to the lanes before it. */
export interface Reserve {
  readonly requests: number;
  readonly places: number;
}

/** A bucket: `burst` requests at once, then one each `intervalMs`. */
export interface Pace {
  readonly burst: number;
  readonly intervalMs: number;
}

/** Requests that left a second apart may arrive together: the window is longer than a minute by that. */
const WINDOW_MS = 61_000;

/**
 * The bucket that lets no more than `requestsPerMinute` through in any 60 s, however the bursts fall: what is let through at once is
 * missing from the steady flow. A fifth may burst.
 */
export function paceOf(requestsPerMinute: number): Pace {
  const burst = Math.max(1, Math.floor(requestsPerMinute / 5));
  // In 1/1024 ms, so that adding and comparing is exact.
  return { burst, intervalMs: Math.ceil((WINDOW_MS * 1_024) / (requestsPerMinute - burst + 1)) / 1_024 };
}

/**
 * Time between requests of one of `processes` that cannot count together, so that with all of them, and a burst that was let through
 * just before, there are no more than `requestsPerMinute` in any 60 s. Null: a part is less than one request a minute.
 */
export function aloneIntervalMs(requestsPerMinute: number, processes: number): number | null {
  const part = Math.floor((requestsPerMinute - paceOf(requestsPerMinute).burst) / processes);
  return part < 1 ? null : Math.ceil(WINDOW_MS / part);
}

/** Half of the burst and a quarter of the places are for CHECKOUT alone; HOT goes half as deep into that as it is. */
export function reserveOf(lane: Lane, { maxConcurrency, requestsPerMinute }: Pick<BudgetLimits, 'maxConcurrency' | 'requestsPerMinute'>): Reserve {
  if (lane === 'CHECKOUT') return { requests: 0, places: 0 };
  const requests = requestsPerMinute === null ? 0 : Math.floor(paceOf(requestsPerMinute).burst / 2);
  const places = maxConcurrency < 2 ? 0 : Math.max(1, Math.floor(maxConcurrency / 4));
  return lane === 'FEED' ? { requests, places } : { requests: Math.floor(requests / 2), places: Math.floor(places / 2) };
}

/**
 * Keeps the count of one budget. `waitMs` is when to ask again: null where a place must come free first.
 */
export interface BudgetLedger {
  tryTake(lane: Lane): Promise<Take>;
  giveBack(lease: string): void;
  /** Nobody of this process waits in the lane any more. */
  leave(lane: Lane): void;
}

export type Take =
  | { readonly granted: true; readonly lease: string }
  /** `spacingMs`: how long each further request takes the bucket. */
  | { readonly granted: false; readonly waitMs: number | null; readonly spacingMs: number };

/** A bucket as the time at which it will be full: arithmetic of the generic cell rate algorithm. */
export function waitForRequests(fullAtMs: number, nowMs: number, { burst, intervalMs }: Pace, reserved: number): number {
  return Math.max(0, fullAtMs - nowMs - (burst - 1 - reserved) * intervalMs);
}
