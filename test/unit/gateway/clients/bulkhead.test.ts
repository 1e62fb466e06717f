import { expect, test } from 'vitest';
import { limitConcurrency } from '../../../../gateway/clients/bulkhead.ts';
import { createLaneOf } from '../../../../gateway/clients/lanes.ts';
import { manualClock, systemClock as clock } from '../../../../platform/clock.ts';
import type { SubrequestLane } from '../../../../gateway/execution/subgraph-client.ts';
import { callOf, EVENT, failed, manualClient, metricsOf, MUTATION, QUERY, settle } from './support.ts';

function open(options: { concurrency?: number; reserved?: number; maxQueued?: number } = {}) {
  const upstream = manualClient();
  const { metrics, read } = metricsOf();
  const client = limitConcurrency(upstream, { name: 'shop', concurrency: 4, reserved: 1, maxQueued: 2, clock, metrics, ...options });
  const ask = (lane: SubrequestLane, variables: Record<string, unknown> = {}, signal?: AbortSignal) => {
    const asked = client.execute({ ...QUERY, variables }, { ...callOf(signal ? { signal } : {}), lane });
    asked.catch(() => undefined);
    return asked;
  };
  return { upstream, client, ask, read, sent: () => upstream.asked.map(({ request }) => request.variables!['n']) };
}

test('so many at once, so many waiting, the rest refused; who leaves the queue makes room in it', async () => {
  const { ask, read, sent, upstream } = open({ reserved: 0, concurrency: 2 });
  for (let n = 1; n <= 3; n++) void ask('BROWSING', { n });
  const leaver = new AbortController();
  const leaving = ask('BROWSING', { n: 4 }, leaver.signal);
  await expect(ask('BROWSING', { n: 5 })).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', reason: 'HELD_BACK', retryAfterMs: 1_000 });
  expect(await read('graph_subrequests_waiting', { lane: 'BROWSING' })).toBe(2);
  leaver.abort();
  await expect(leaving).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  void ask('BROWSING', { n: 6 });
  expect(sent()).toEqual([1, 2]);
  upstream.asked[0]!.answer();
  upstream.asked[1]!.fail(failed('UNREACHABLE'));
  await settle();
  expect(sent()).toEqual([1, 2, 3, 6]);
  expect(await read('graph_subrequest_refusals_total', { reason: 'queue-full' })).toBe(1);
  expect(await read('graph_subrequests_waiting', { lane: 'BROWSING' })).toBe(0);
});

test('the checkout finds a place where browsing has taken all it may, and goes first where it waits', async () => {
  const { ask, sent, upstream } = open();
  for (let n = 1; n <= 4; n++) void ask('BROWSING', { n });
  expect(sent()).toEqual([1, 2, 3]);
  void ask('CHECKOUT', { n: 'c1' });
  void ask('CHECKOUT', { n: 'c2' });
  void ask('EVENTS', { n: 'e1' });
  expect(sent()).toEqual([1, 2, 3, 'c1']);
  upstream.asked[0]!.answer();
  await settle();
  expect(sent()).toEqual([1, 2, 3, 'c1', 'c2']);
  for (const index of [1, 2, 3]) {
    upstream.asked[index]!.answer();
    await settle();
  }
  expect(sent()).toEqual([1, 2, 3, 'c1', 'c2', 4, 'e1']);
});

test('browsing and events take turns: neither starves the other', async () => {
  const { ask, sent, upstream } = open({ reserved: 0, concurrency: 1, maxQueued: 10 });
  for (const n of ['b0', 'b1', 'b2', 'b3']) void ask('BROWSING', { n });
  for (const n of ['e1', 'e2', 'e3', 'e4']) void ask('EVENTS', { n });
  for (let n = 0; n < 8; n++) {
    upstream.asked[n]!.answer();
    await settle();
  }
  expect(sent()).toEqual(['b0', 'b1', 'e1', 'b2', 'e2', 'b3', 'e3', 'e4']);
});

test('events are late, never refused', async () => {
  const { ask, sent, upstream } = open({ reserved: 0, concurrency: 1, maxQueued: 1 });
  for (let n = 0; n < 100; n++) void ask('EVENTS', { n });
  for (let n = 0; n < 99; n++) {
    upstream.asked[n]!.answer();
    await settle();
  }
  expect(sent()).toEqual([...Array(100).keys()]);
});

test('the lane of a mutation is the checkout\'s, and so is that of what is read for its answer; of reads it is browsing unless told', () => {
  const laneOf = createLaneOf();
  const [placing, reading] = [callOf(), callOf()];
  expect(laneOf(QUERY, placing)).toBe('BROWSING');
  expect([laneOf(MUTATION, placing), laneOf(QUERY, { ...placing })]).toEqual(['CHECKOUT', 'CHECKOUT']);
  expect([laneOf(QUERY, reading), laneOf(EVENT, reading), laneOf(QUERY, { ...reading, lane: 'CHECKOUT' })]).toEqual(['BROWSING', 'EVENTS', 'CHECKOUT']);
});

test('who has no time left when a place comes free is not sent for', async () => {
  const upstream = manualClient();
  const stopped = manualClock(1_000);
  const client = limitConcurrency(upstream, { name: 'shop', concurrency: 1, reserved: 0, maxQueued: 5, clock: stopped, metrics: metricsOf().metrics });
  void client.execute(QUERY, callOf());
  const late = client.execute(QUERY, callOf({ deadlineAtMs: 2_000 }));
  late.catch(() => undefined);
  void client.execute({ ...QUERY, variables: { n: 'next' } }, callOf({ deadlineAtMs: 9_000 }));
  stopped.advance(995);
  upstream.asked[0]!.answer();
  await expect(late).rejects.toMatchObject({ reason: 'DEADLINE' });
  expect(upstream.asked.map(({ request }) => request.variables)).toEqual([{ id: 1 }, { n: 'next' }]);
});
