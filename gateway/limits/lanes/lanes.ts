import { GraphQLError } from 'graphql';
import type { Clock } from '../../../platform/clock.ts';
import type { Checkpoint, Pass } from '../../pipeline/checkpoint.ts';
import type { PreparedOperation } from '../../pipeline/prepared-operation.ts';
import type { LaneName, LimitMetrics } from '../limit-metrics.ts';
import { turnAway } from '../refusal.ts';
import { createCheckoutRule, type IsCheckoutOperation } from './checkout-operations.ts';
import { createLagMeter } from './event-loop-lag.ts';
import { Lane, Shed } from './lane.ts';

export interface LaneSettings {
  /** Operations of this process at a time. */
  readonly browsing: number;
  readonly checkout: number;
  /** An operation that may return more objects is no checkout's. */
  readonly maxCheckoutCost: number;
  /** Above this lag of the event loop browsing gets fewer places, ms. */
  readonly maxLagMs: number;
  /** Root fields of the checkout lane, "Mutation.placeOrder". */
  readonly checkoutFields: readonly string[];
}

export interface LanesOptions {
  readonly settings: LaneSettings;
  readonly metrics: LimitMetrics;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Browsing waits shortly: who is turned away soon can be told by its page. A checkout waits rather than fails. */
const BROWSING_WAIT_MS = 500;
const BROWSING_WAITING_FOR_A_PLACE = 2;
const CHECKOUT_WAIT_MS = 5_000;
const CHECKOUT_WAITING = 1_024;
const RETRY_MS = { browsing: 1_000, checkout: 1_000 } as const;
/** Checks leave this part of the checkout lane to orders and holds. */
const KEPT_FOR_ORDERS = 0.25;
/** Never fewer: else nobody could find out that it is over. */
const FEWEST_PART = 1 / 8;

/**
 * Two lanes beside each other in every process: what a checkout needs has places of its own that browsing cannot take, and under load it is
 * browsing that is turned away (OVERLOADED, 503, retryable). Which lane is decided by what an operation asks for, its cost and who asks.
 * A subscription needs a place only to be opened.
 */
export function createLanes(options: LanesOptions): Checkpoint {
  const { settings, metrics } = options;
  const isCheckoutOperation = createCheckoutRule(settings.checkoutFields);
  const lanes: Readonly<Record<LaneName, Lane>> = {
    browsing: new Lane({ name: 'browsing', places: settings.browsing, maxWaiting: settings.browsing * BROWSING_WAITING_FOR_A_PLACE, maxWaitMs: BROWSING_WAIT_MS, metrics }),
    checkout: new Lane({ name: 'checkout', places: settings.checkout, maxWaiting: CHECKOUT_WAITING, maxWaitMs: CHECKOUT_WAIT_MS, metrics }),
  };
  const meter = createLagMeter(options.clock, (lagMs) => {
    lanes.browsing.resize(placesAt(lagMs, lanes.browsing.places, settings));
    // The last one measures until everything is as it was.
    if (lanes.browsing.isIdle && lanes.checkout.isIdle && lanes.browsing.places === settings.browsing) meter.stop();
  });
  return (operation) => {
    const name = laneOf(operation, settings, isCheckoutOperation);
    const isQuery = operation.operation.operation === 'query';
    const spare = name === 'checkout' && isQuery ? Math.floor(settings.checkout * KEPT_FOR_ORDERS) : 0;
    meter.start();
    try {
      const leave = lanes[name].enter(spare, operation.scope.signal);
      return leave instanceof Promise ? leave.then(passOf(operation, name), (error: unknown) => refuse(name, error)) : passOf(operation, name)(leave);
    } catch (error) {
      return refuse(name, error);
    }
  };
}

/** By what it asks for and costs, or by who asks: what it calls itself says nothing. */
export function laneOf({ document, operation, cost, caller }: PreparedOperation, { maxCheckoutCost }: LaneSettings, isCheckoutOperation: IsCheckoutOperation): LaneName {
  if (cost > maxCheckoutCost || operation.operation === 'subscription') return 'browsing';
  const { traffic } = caller.identity;
  return traffic === 'checkout' || traffic === 'operations' || isCheckoutOperation(document, operation) ? 'checkout' : 'browsing';
}

/** A quarter fewer places while the process lags, some more when it does not: as TCP finds out what a line carries. */
export function placesAt(lagMs: number, places: number, { browsing, maxLagMs }: Pick<LaneSettings, 'browsing' | 'maxLagMs'>): number {
  if (lagMs > maxLagMs) return Math.max(Math.ceil(browsing * FEWEST_PART), Math.floor(places * 0.75));
  return Math.min(browsing, places + Math.ceil(browsing / 32));
}

const passOf = ({ operation }: PreparedOperation, name: LaneName) => (leave: () => void): Pass => {
  if (operation.operation !== 'subscription') return { leave, isCheckout: name === 'checkout' };
  leave();
  return {};
};

function refuse(name: LaneName, error: unknown): never {
  if (error instanceof Shed) {
    const message = name === 'browsing' ? 'There is more to do than can be done now, and checkouts go first: ask again.' : 'There is more to do than can be done now: ask again.';
    throw turnAway({ code: 'OVERLOADED', message, retryAfterMs: RETRY_MS[name], limit: name });
  }
  // The caller left while it waited: nobody reads this.
  throw new GraphQLError('The caller left.', { originalError: error as Error, extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } });
}
