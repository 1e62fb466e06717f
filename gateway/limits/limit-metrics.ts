import { Counter, Gauge, type Registry } from 'prom-client';
import type { RateLimitName } from './rate/rate-limits.ts';

export type LaneName = 'browsing' | 'checkout';
/** Why the lane turned an operation away: nowhere to wait, or waited too long. */
export type ShedReason = 'full' | 'late';

/** What the limits count. Labels are bounded: classes, lanes, reasons. */
export interface LimitMetrics {
  admitted(rateClass: RateLimitName): void;
  /** `by`: whose bucket was empty; "login" and "address" among them. */
  limited(rateClass: RateLimitName, by: RateLimitName): void;
  /** Whether rates are counted by this process alone. */
  countsAlone(isAlone: boolean): void;
  entered(lane: LaneName): void;
  left(lane: LaneName): void;
  shed(lane: LaneName, reason: ShedReason): void;
  /** How many operations the lane lets run at a time now. */
  places(lane: LaneName, count: number): void;
}

export function createLimitMetrics(registry: Registry): LimitMetrics {
  const registers = [registry];
  const admitted = new Counter({ name: 'graph_rate_admitted_total', help: 'Operations within their rate limits, by class of caller', labelNames: ['class'], registers });
  const limited = new Counter({ name: 'graph_rate_limited_total', help: 'Operations turned away with RATE_LIMITED, by class of caller and whose limit it was', labelNames: ['class', 'by'], registers });
  const alone = new Gauge({ name: 'graph_rate_alone', help: '1 while this process counts rates by itself, for Redis is away', registers });
  const entered = new Counter({ name: 'graph_lane_entered_total', help: 'Operations let into a lane', labelNames: ['lane'], registers });
  const running = new Gauge({ name: 'graph_lane_running', help: 'Operations in a lane now', labelNames: ['lane'], registers });
  const shed = new Counter({ name: 'graph_lane_shed_total', help: 'Operations turned away with OVERLOADED', labelNames: ['lane', 'reason'], registers });
  const places = new Gauge({ name: 'graph_lane_places', help: 'Operations a lane lets run at a time', labelNames: ['lane'], registers });
  // Every operation passes here: what its labels hash to is found out once.
  const admittedOf = remembered((rateClass: RateLimitName) => admitted.labels(rateClass));
  const enteredOf = remembered((lane: LaneName) => entered.labels(lane));
  const runningOf = remembered((lane: LaneName) => running.labels(lane));
  let wasAlone: boolean | null = null;
  return {
    admitted: (rateClass) => admittedOf(rateClass).inc(),
    limited: (rateClass, by) => limited.inc({ class: rateClass, by }),
    countsAlone: (isAlone) => {
      if (isAlone !== wasAlone) alone.set(isAlone ? 1 : 0);
      wasAlone = isAlone;
    },
    entered: (lane) => {
      enteredOf(lane).inc();
      runningOf(lane).inc();
    },
    left: (lane) => runningOf(lane).dec(),
    shed: (lane, reason) => shed.inc({ lane, reason }),
    places: (lane, count) => places.set({ lane }, count),
  };
}

function remembered<Key extends string, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
