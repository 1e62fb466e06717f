import { getOperationAST, parse, type GraphQLError } from 'graphql';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLimitMetrics } from '../../../../gateway/limits/limit-metrics.ts';
import { CHECKOUT_FIELDS, createCheckoutRule } from '../../../../gateway/limits/lanes/checkout-operations.ts';
import { createLanes, laneOf, placesAt, type LaneSettings } from '../../../../gateway/limits/lanes/lanes.ts';
import type { Pass } from '../../../../gateway/pipeline/checkpoint.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import { preparedOperation, type PreparedFacts } from '../../../support/prepared.ts';

const SETTINGS: LaneSettings = { browsing: 4, checkout: 4, maxCheckoutCost: 1_000, maxLagMs: 100, checkoutFields: CHECKOUT_FIELDS };
const BROWSE = '{ products(first: 24) { nodes { id } } }';
const CHECK = '{ checkPrices(input: {}) { __typename } }';
const ORDER = 'mutation { placeOrder(input: {}) { __typename } }';

function lanes(settings: Partial<LaneSettings> = {}, clock: { monotonic(): number } = systemClock) {
  const registry = new Registry();
  const check = createLanes({ settings: { ...SETTINGS, ...settings }, metrics: createLimitMetrics(registry), clock });
  const enter = async (query: string, facts: PreparedFacts = {}): Promise<Pass> => check(preparedOperation({ query, ...facts }));
  const fill = (query: string, count: number): Promise<Pass[]> => Promise.all(Array.from({ length: count }, () => enter(query)));
  return { registry, enter, fill };
}

const codeOf = (entering: Promise<Pass>): Promise<unknown> => entering.then(() => 'in', (error: GraphQLError) => error.extensions['code']);

describe('the lane of an operation', () => {
  const isCheckout = createCheckoutRule(CHECKOUT_FIELDS);
  const lane = (query: string, facts: PreparedFacts = {}) => laneOf(preparedOperation({ query, ...facts }), SETTINGS, isCheckout);

  it.each([
    [ORDER, 'checkout'],
    [CHECK, 'checkout'],
    ['{ __typename checkAvailability(input: {}) { __typename } }', 'checkout'],
    ['query ($i: I) { ...A } fragment A on Query { ... on Query { hold(id: 1) { id } ...B } } fragment B on Query { priceQuote(input: $i) { __typename } }', 'checkout'],
    ['mutation placeOrder { importOrders(input: {}) { __typename } }', 'browsing'],
    ['query checkout { placeOrder: products { nodes { id } } }', 'browsing'],
    [`{ checkPrices(input: {}) { __typename } ...A } fragment A on Query ${BROWSE}`, 'browsing'],
    ['{ __typename }', 'browsing'],
    ['subscription { stockChanged(skus: []) { __typename } }', 'browsing'],
    [BROWSE, 'browsing'],
  ])('is told by its root fields: %s', (query, expected) => {
    expect(lane(query)).toBe(expected);
  });

  it('is browsing where the operation may return much, whatever it asks for and whoever asks', () => {
    expect([1_000, 1_001].map((cost) => lane(CHECK, { cost }))).toEqual(['checkout', 'browsing']);
    expect([1_000, 1_001].map((cost) => lane(BROWSE, { cost, traffic: 'operations' }))).toEqual(['checkout', 'browsing']);
  });

  it('is checkout for what checkouts and operations people ask', () => {
    expect((['browsing', 'service', 'checkout', 'operations'] as const).map((traffic) => lane(BROWSE, { traffic }))).toEqual(['browsing', 'browsing', 'checkout', 'checkout']);
  });

  it('is looked up once for a document', () => {
    const document = parse(ORDER);
    const operation = getOperationAST(document)!;
    const rule = createCheckoutRule(CHECKOUT_FIELDS);
    expect(rule(document, operation)).toBe(true);
    expect(rule({ ...document, definitions: [] }, operation)).toBe(true);
  });
});

describe('lanes', () => {
  it('turn browsing away with OVERLOADED, 503, when it is full, while checkouts go on', async () => {
    const { registry, enter, fill } = lanes();
    await fill(BROWSE, 4);
    const waiting = Array.from({ length: 8 }, () => codeOf(enter(BROWSE)));
    const error = await enter(BROWSE).then(() => null, (refused: GraphQLError) => refused);
    expect(error!.extensions).toMatchObject({ code: 'OVERLOADED', retryable: true, retryAfterMs: 1_000, limit: 'browsing', http: { status: 503 } });
    expect((error!.extensions['http'] as { headers: Map<string, string> }).headers.get('retry-after')).toBe('1');
    expect(await fill(ORDER, 4)).toHaveLength(4);
    expect(await Promise.all(waiting)).toEqual(Array(8).fill('OVERLOADED'));
    const text = await registry.metrics();
    expect(text).toContain('graph_lane_shed_total{lane="browsing",reason="full"} 1');
    expect(text).toContain('graph_lane_shed_total{lane="browsing",reason="late"} 8');
    expect(text).toContain('graph_lane_running{lane="checkout"} 4');
  });

  it('let those who wait in, in order, as others leave', async () => {
    const { enter, fill } = lanes();
    const [first, second] = await fill(BROWSE, 4);
    const order: number[] = [];
    const waiting = [1, 2].map((number) => enter(BROWSE).then((pass) => (order.push(number), pass)));
    first!.leave!();
    first!.leave!();
    await waiting[0];
    second!.leave!();
    await waiting[1];
    expect(order).toEqual([1, 2]);
  });

  it('keep a quarter of the checkout lane for orders and holds', async () => {
    const { enter, fill } = lanes();
    await fill(CHECK, 3);
    const leaving = new AbortController();
    const check = codeOf(enter(CHECK, { signal: leaving.signal }));
    // An order takes the kept place at once, past the check that waits; and the check does not get it afterwards.
    for (let index = 0; index < 3; index += 1) (await fill(ORDER, 1))[0]!.leave!();
    leaving.abort(new Error('the caller left'));
    expect(await check).toBe('UPSTREAM_TIMEOUT');
  });

  it('forget who left while it waited', async () => {
    const { enter, fill } = lanes({ browsing: 1 });
    const [first] = await fill(BROWSE, 1);
    const leaving = new AbortController();
    const gone = codeOf(enter(BROWSE, { signal: leaving.signal }));
    const stays = enter(BROWSE);
    leaving.abort(new Error('the caller left'));
    expect(await gone).toBe('UPSTREAM_TIMEOUT');
    expect(await codeOf(enter(BROWSE, { signal: AbortSignal.abort(new Error('left before')) }))).toBe('UPSTREAM_TIMEOUT');
    first!.leave!();
    expect(await codeOf(stays)).toBe('in');
  });

  it('hold no place for a subscription once it is open', async () => {
    const { fill } = lanes({ browsing: 1 });
    expect(await fill('subscription { stockChanged(skus: []) { __typename } }', 50)).toHaveLength(50);
    expect(await fill(BROWSE, 1)).toHaveLength(1);
  });
});

describe('the places for browsing', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('get fewer while the process lags, never none, and come back', () => {
    const settings = { browsing: 64, maxLagMs: 100 };
    const lagging = [64];
    for (let index = 0; index < 20; index += 1) lagging.push(placesAt(101, lagging.at(-1)!, settings));
    expect(lagging.slice(0, 4)).toEqual([64, 48, 36, 27]);
    expect(lagging.at(-1)).toBe(8);
    let places = 8;
    for (let index = 0; index < 28; index += 1) places = placesAt(100, places, settings);
    expect(places).toBe(64);
    expect(placesAt(0, 64, settings)).toBe(64);
    expect(placesAt(1_000, 1, { browsing: 1, maxLagMs: 100 })).toBe(1);
  });

  it('follow the lag of this process, and its checkouts keep theirs', async () => {
    const clock = manualClock(0);
    const { registry, enter, fill } = lanes({ browsing: 64 }, clock);
    const passes = await fill(BROWSE, 8);
    // Each measurement is due after 50 ms and comes after 1,000.
    const lag = async (): Promise<void> => {
      for (let index = 0; index < 12; index += 1) {
        clock.advance(1_000);
        await vi.advanceTimersByTimeAsync(50);
      }
    };
    await lag();
    const places = async (lane: string): Promise<number> => Number(new RegExp(`graph_lane_places\\{lane="${lane}"\\} (\\d+)`).exec(await registry.metrics())![1]);
    expect([await places('browsing'), await places('checkout')]).toEqual([8, 4]);
    const ninth = codeOf(enter(BROWSE));
    await lag();
    expect(await ninth).toBe('OVERLOADED');
    for (const { leave } of passes) leave!();
    for (let index = 0; index < 80; index += 1) {
      clock.advance(50);
      vi.advanceTimersByTime(50);
    }
    expect(await places('browsing')).toBe(64);
    // Nobody is here and nothing is to come back: it is no longer measured.
    expect(vi.getTimerCount()).toBe(0);
  });
});
