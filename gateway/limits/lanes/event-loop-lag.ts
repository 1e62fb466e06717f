import type { Clock } from '../../../platform/clock.ts';

const INTERVAL_MS = 50;
/** How much the newest measurement counts: one pause of the garbage collector is no overload. */
const WEIGHT = 0.2;

/** How late this process comes to what is due, smoothed, ms. It is measured only while somebody wants to know. */
export interface LagMeter {
  start(): void;
  stop(): void;
}

/** @param onMeasured told the lag after every measurement, each 50 ms or, where it lags, later */
export function createLagMeter(clock: Pick<Clock, 'monotonic'>, onMeasured: (lagMs: number) => void): LagMeter {
  let timer: NodeJS.Timeout | null = null;
  let lagMs = 0;
  return {
    start: () => {
      if (timer) return;
      let beforeMs = clock.monotonic();
      timer = setInterval(() => {
        const nowMs = clock.monotonic();
        lagMs += WEIGHT * (Math.max(0, nowMs - beforeMs - INTERVAL_MS) - lagMs);
        beforeMs = nowMs;
        onMeasured(lagMs);
      }, INTERVAL_MS).unref();
    },
    stop: () => {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
