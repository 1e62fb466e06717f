/**
 * The only place that asks the machine for the time. Everything else is given a `Clock`, so that tests and the
 * deterministic simulation decide what time it is.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Monotonic milliseconds, for measuring durations only. */
  monotonic(): number;
  /** The current instant, UTC. */
  date(): Date;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  date: () => new Date(),
};

/** A clock that stands still until it is told to move. */
export function manualClock(startMs: number): Clock & { advance(ms: number): void } {
  let current = startMs;
  return {
    now: () => current,
    monotonic: () => current,
    date: () => new Date(current),
    advance: (ms) => {
      current += ms;
    },
  };
}
