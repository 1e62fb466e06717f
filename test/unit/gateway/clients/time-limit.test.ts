import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limitTime } from '../../../../gateway/clients/time-limit.ts';
import { systemClock as clock } from '../../../../platform/clock.ts';
import { callOf, EVENT, manualClient, MUTATION, QUERY } from './support.ts';

const NOW = 1_000_000;
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

function open() {
  const upstream = manualClient();
  return { upstream, client: limitTime(upstream, { name: 'shop', timeoutMs: 5_000, clock }) };
}

test.each([['a read', QUERY], ['an event', EVENT]])('%s is cut after the limit, and the work behind it aborted', async (_name, request) => {
  const { upstream, client } = open();
  const asked = client.execute(request, callOf({ deadlineAtMs: NOW + 9_000 }));
  asked.catch(() => undefined);
  expect(upstream.asked[0]!.call.deadlineAtMs).toBe(NOW + 5_000);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(upstream.asked[0]!.call.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'SILENT', message: 'Subgraph "shop" did not answer in time.' });
  expect(upstream.asked[0]!.call.signal.aborted).toBe(true);
});

test('never beyond the deadline of the call; a subgraph that had little time is not called silent', async () => {
  const { client } = open();
  const [short, long] = [client.execute(QUERY, callOf({ deadlineAtMs: NOW + 100 })), client.execute(QUERY, callOf({ deadlineAtMs: NOW + 3_000 }))];
  for (const one of [short, long]) one.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(100);
  await expect(short).rejects.toMatchObject({ reason: 'DEADLINE' });
  await vi.advanceTimersByTimeAsync(2_900);
  await expect(long).rejects.toMatchObject({ reason: 'SILENT' });
});

test('a mutation has until its caller\'s deadline', async () => {
  const { upstream, client } = open();
  const asked = client.execute(MUTATION, callOf({ deadlineAtMs: NOW + 9_000 }));
  await vi.advanceTimersByTimeAsync(8_999);
  upstream.asked[0]!.answer({ done: true });
  expect((await asked).data).toEqual({ done: true });
});

test('a caller who leaves aborts the work; one who has left starts none', async () => {
  const { upstream, client } = open();
  const leaving = new AbortController();
  const asked = client.execute(QUERY, callOf({ signal: leaving.signal, deadlineAtMs: NOW + 9_000 }));
  leaving.abort();
  await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'CALLER_LEFT' });
  expect(upstream.asked[0]!.call.signal.aborted).toBe(true);
  await expect(client.execute(QUERY, callOf({ signal: leaving.signal }))).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  await expect(client.execute(QUERY, callOf({ deadlineAtMs: NOW }))).rejects.toMatchObject({ reason: 'DEADLINE' });
  expect(upstream.asked).toHaveLength(1);
});

test('an answer in time leaves no timer and no listener behind', async () => {
  const { upstream, client } = open();
  const { signal } = new AbortController();
  const unlisten = vi.spyOn(signal, 'removeEventListener');
  const asked = client.execute(QUERY, callOf({ signal, deadlineAtMs: NOW + 9_000 }));
  upstream.asked[0]!.answer();
  await asked;
  expect(vi.getTimerCount()).toBe(0);
  expect(unlisten).toHaveBeenCalledTimes(1);
});
