import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bulkhead } from '../../../../gateway/clients/bulkhead.ts';
import { hedgeReads } from '../../../../gateway/clients/hedge.ts';
import { createLatencies } from '../../../../gateway/clients/latencies.ts';
import { createShareBudget } from '../../../../gateway/clients/share-budget.ts';
import { systemClock as clock } from '../../../../platform/clock.ts';
import { callOf, failed, manualClient, metricsOf, MUTATION, QUERY } from './support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A hedger that has seen reads of 10 ms. */
async function open({ share = 0.05, reserve = 5, room = true } = {}) {
  const upstream = manualClient();
  const { metrics, read } = metricsOf();
  const bulkhead: Bulkhead = { ...upstream, hasRoom: () => room };
  const client = hedgeReads(bulkhead, { name: 'shop', budget: createShareBudget(share, reserve), clock, metrics });
  for (let index = 0; index < 32; index++) {
    const asked = client.execute(QUERY, callOf());
    await vi.advanceTimersByTimeAsync(10);
    upstream.asked.at(-1)!.answer();
    await asked;
  }
  const before = upstream.asked.length;
  return { client, read, asked: () => upstream.asked.slice(before) };
}

test('a read that takes longer than most is asked a second time; the first answer wins, the other is aborted', async () => {
  const { client, asked, read } = await open();
  const answer = client.execute(QUERY, callOf());
  await vi.advanceTimersByTimeAsync(9);
  expect(asked()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toHaveLength(2);
  asked()[1]!.answer({ a: 'second' });
  expect((await answer).data).toEqual({ a: 'second' });
  expect(asked().map(({ call }) => call.signal.aborted)).toEqual([true, false]);
  expect(await read('graph_subrequest_hedges_total', { outcome: 'won' })).toBe(1);
});

test('one of two may fail; the read fails when both have', async () => {
  const { client, asked, read } = await open();
  const first = client.execute(QUERY, callOf());
  await vi.advanceTimersByTimeAsync(10);
  asked()[1]!.fail(failed('UNREACHABLE'));
  await vi.advanceTimersByTimeAsync(0);
  asked()[0]!.answer();
  expect((await first).data).toEqual({ a: 1 });
  expect(await read('graph_subrequest_hedges_total', { outcome: 'lost' })).toBe(1);
  const second = client.execute(QUERY, callOf());
  second.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(10);
  asked()[2]!.fail(failed('UNREACHABLE'));
  asked()[3]!.fail(failed('SILENT'));
  await expect(second).rejects.toMatchObject({ reason: 'SILENT' });
});

test('mutations, a full subgraph and a spent budget are not hedged', async () => {
  const mutations = await open();
  void mutations.client.execute(MUTATION, callOf());
  const full = await open({ room: false });
  void full.client.execute(QUERY, callOf());
  const spent = await open({ share: 0, reserve: 2 });
  for (let index = 0; index < 10; index++) void spent.client.execute(QUERY, callOf());
  await vi.advanceTimersByTimeAsync(1_000);
  expect([mutations.asked().length, full.asked().length, spent.asked().length]).toEqual([1, 1, 12]);
});

test('a caller who leaves ends both', async () => {
  const { client, asked } = await open();
  const leaving = new AbortController();
  const answer = client.execute(QUERY, callOf({ signal: leaving.signal }));
  await vi.advanceTimersByTimeAsync(10);
  leaving.abort();
  await expect(answer).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  expect(asked().map(({ call }) => call.signal.aborted)).toEqual([true, true]);
});

test('latencies forget what is long ago', () => {
  const latencies = createLatencies();
  for (let index = 0; index < 31; index++) latencies.record(5);
  expect(latencies.p95()).toBeNull();
  for (let index = 0; index < 96; index++) latencies.record(index % 20 === 0 ? 100 : 5);
  latencies.record(5);
  expect(latencies.p95()).toBe(5);
  for (let index = 0; index < 256; index++) latencies.record(80);
  expect(latencies.p95()).toBe(80);
});
