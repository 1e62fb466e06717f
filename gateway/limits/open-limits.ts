import { availableParallelism } from 'node:os';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { TokenBuckets } from '../../platform/stores/token-bucket.ts';
import type { Door } from '../identity/door.ts';
import type { Checkpoint } from '../pipeline/checkpoint.ts';
import { CHECKOUT_FIELDS } from './lanes/checkout-operations.ts';
import { createLanes, type LaneSettings } from './lanes/lanes.ts';
import type { LimitMetrics } from './limit-metrics.ts';
import { createLoginThrottle } from './rate/login-throttle.ts';
import { createMistakeLimit, type MistakeLimit } from './rate/mistake-limit.ts';
import { createRateLimit } from './rate/rate-limit.ts';
import { readRateLimits } from './rate/rate-limits.ts';

export interface OpenLimitsOptions {
  readonly config: Config;
  readonly buckets: TokenBuckets;
  readonly metrics: LimitMetrics;
  readonly clock: Clock;
  /** The door that is to be kept from floods of wrong credentials. */
  readonly door: Door;
}

/** How many operations of a process run at a time: a core computes one, the others wait for subgraphs. */
const BROWSING_A_CORE = 64;
const CHECKOUT_A_CORE = 32;
const FEWEST_CORES = 2;

export interface OpenLimits {
  readonly door: Door;
  readonly mistakes: MistakeLimit;
  /** In the order an operation passes them. */
  readonly checkpoints: readonly Checkpoint[];
}

/** Rate limits and lanes as configured. @throws Error naming an unusable setting */
export function openLimits({ config, buckets, metrics, clock, door }: OpenLimitsOptions): OpenLimits {
  const limits = readRateLimits(config.RATE_LIMITS);
  return {
    door: createLoginThrottle({ door, buckets, limit: limits.login, metrics }),
    mistakes: createMistakeLimit({ buckets, limit: limits.mistakes, metrics, clock }),
    checkpoints: [createRateLimit({ buckets, limits, metrics }), createLanes({ settings: readLanes(config), metrics, clock })],
  };
}

function readLanes({ LANE_BROWSING, LANE_CHECKOUT, LANE_CHECKOUT_FIELDS, LANE_CHECKOUT_MAX_COST, LANE_MAX_LAG_MS }: Config): LaneSettings {
  const cores = Math.max(FEWEST_CORES, availableParallelism());
  const strange = LANE_CHECKOUT_FIELDS.find((field) => !/^(?:Query|Mutation)\.[_A-Za-z]\w*$/.test(field));
  if (strange !== undefined) throw new Error(`LANE_CHECKOUT_FIELDS: "${strange}" is no root field such as Mutation.placeOrder`);
  return {
    browsing: LANE_BROWSING ?? BROWSING_A_CORE * cores,
    checkout: LANE_CHECKOUT ?? CHECKOUT_A_CORE * cores,
    maxCheckoutCost: LANE_CHECKOUT_MAX_COST,
    maxLagMs: LANE_MAX_LAG_MS,
    checkoutFields: LANE_CHECKOUT_FIELDS.length > 0 ? LANE_CHECKOUT_FIELDS : CHECKOUT_FIELDS,
  };
}
