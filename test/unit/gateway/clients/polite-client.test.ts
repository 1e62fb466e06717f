import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLaneOf } from '../../../../gateway/clients/lanes.ts';
import { createPoliteClients, politeClient, type PoliteSettings } from '../../../../gateway/clients/polite-client.ts';
import { systemClock as clock } from '../../../../platform/clock.ts';
import type { SubgraphCall } from '../../../../gateway/execution/subgraph-client.ts';
import { callOf, EVENT, failed, manualClient, metricsOf, MUTATION, QUERY } from './support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
let asking = 0;
/** A question nobody else asks. */
const fresh = () => ({ ...QUERY, variables: { asking: asking++ } });

function settings(options: Partial<PoliteSettings> = {}): PoliteSettings {
  return { timeoutMs: 5_000, concurrency: 8, hedgingPercent: 0, clock, random: () => 0.5, laneOf: createLaneOf(), metrics: metricsOf().metrics, ...options };
}

function open(options: Partial<PoliteSettings> = {}) {
  const upstream = manualClient();
  const client = politeClient('shop', upstream, settings(options));
  const ask = (request = fresh(), call: SubgraphCall = callOf()) => {
    const asked = client.execute(request, call);
    asked.catch(() => undefined);
    return asked;
  };
  return { upstream, ask };
}

test('what waits for its retry holds no place', async () => {
  const { upstream, ask } = open({ concurrency: 2 });
  const retried = [ask(), ask()];
  upstream.asked.forEach((asked) => asked.fail(failed('UNREACHABLE')));
  await settle();
  const other = ask();
  expect(upstream.asked).toHaveLength(3);
  upstream.asked[2]!.answer();
  await other;
  await vi.advanceTimersByTimeAsync(100);
  upstream.asked.slice(3).forEach((asked) => asked.answer());
  await Promise.all(retried);
});

test('waiting for a place is not taken for silence', async () => {
  const { upstream, ask } = open({ concurrency: 2 });
  const slow = [ask(), ask()];
  const waiting = ask();
  await vi.advanceTimersByTimeAsync(4_000);
  upstream.asked.forEach((asked) => asked.answer());
  await Promise.all(slow);
  await vi.advanceTimersByTimeAsync(4_000);
  upstream.asked[2]!.answer();
  expect((await waiting).data).toEqual({ a: 1 });
});

test('what is read for the answer of a mutation finds the places that are kept for the checkout', async () => {
  const { upstream, ask } = open();
  for (let index = 0; index < 20; index++) void ask();
  expect(upstream.asked).toHaveLength(7);
  const call = callOf();
  const placed = ask({ ...MUTATION, variables: { asking: -1 } }, call);
  expect(upstream.asked).toHaveLength(8);
  upstream.asked[7]!.answer();
  await placed;
  void ask(fresh(), { ...call });
  expect(upstream.asked).toHaveLength(9);
});

test('an event is asked again as a read is, and never shared', async () => {
  const { upstream, ask } = open();
  const events = [ask(EVENT as never), ask(EVENT as never)];
  expect(upstream.asked).toHaveLength(2);
  upstream.asked[0]!.fail(failed('TURNED_AWAY'));
  upstream.asked[1]!.answer();
  await vi.advanceTimersByTimeAsync(100);
  upstream.asked[2]!.answer();
  expect((await Promise.all(events)).map(({ data }) => data)).toEqual([{ a: 1 }, { a: 1 }]);
});

test('a dead subgraph is refused at once, without retries, and counts for itself alone', async () => {
  const upstream = manualClient();
  const clients = createPoliteClients(settings()).wrap({ shop: upstream, prices: manualClient() });
  const outcomes: unknown[] = [];
  for (let index = 0; index < 12; index++) {
    const asked = clients['shop']!.execute({ ...MUTATION, variables: { index } }, callOf()).catch((error: { reason: string }) => error.reason);
    if (upstream.asked.length > index) upstream.asked[index]!.fail(failed('UNREACHABLE'));
    outcomes.push(await asked);
  }
  expect(outcomes).toEqual([...Array<string>(10).fill('UNREACHABLE'), 'HELD_BACK', 'HELD_BACK']);
  void clients['prices']!.execute(QUERY, callOf());
  await expect(clients['shop']!.execute(QUERY, callOf())).rejects.toMatchObject({ reason: 'HELD_BACK' });
  expect(upstream.asked).toHaveLength(10);
});

test('the same client is made polite once: a new graph over it finds its breaker as it was', () => {
  const { wrap } = createPoliteClients(settings());
  const [shop, prices] = [manualClient(), manualClient()];
  const [before, after] = [wrap({ shop, prices }), wrap({ shop, prices: manualClient() })];
  expect(after['shop']).toBe(before['shop']);
  expect(after['prices']).not.toBe(before['prices']);
});
