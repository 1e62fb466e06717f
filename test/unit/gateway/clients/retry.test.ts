import { expect, test } from 'vitest';
import { retryReads } from '../../../../gateway/clients/retry.ts';
import { createShareBudget } from '../../../../gateway/clients/share-budget.ts';
import type { SubgraphClient, SubgraphFailureReason } from '../../../../gateway/execution/subgraph-client.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { callOf, EVENT, failed, metricsOf, MUTATION, QUERY, scripted } from './support.ts';

function wrap(upstream: SubgraphClient, { reserve = 10, share = 0.1, baseDelayMs = 1 } = {}) {
  const { metrics, read } = metricsOf();
  const clock = manualClock(1_000);
  const client = retryReads(upstream, { name: 'shop', attempts: 3, baseDelayMs, maxDelayMs: 10, budget: createShareBudget(share, reserve), clock, random: () => 0.5, metrics });
  return { client, read, clock };
}

test('reads and events that got no answer are asked again, three times in all', async () => {
  const cured = scripted('UNREACHABLE', 'TURNED_AWAY');
  expect((await wrap(cured).client.execute(QUERY, callOf())).data).toEqual({ a: 3 });
  expect((await wrap(scripted('SILENT')).client.execute(EVENT, callOf())).data).toEqual({ a: 2 });
  const dead = scripted('UNREACHABLE', 'SILENT', 'TURNED_AWAY');
  await expect(wrap(dead).client.execute(QUERY, callOf())).rejects.toMatchObject({ reason: 'TURNED_AWAY' });
  expect(dead.count).toBe(3);
});

test('a mutation is asked once, whatever happened', async () => {
  for (const reason of ['UNREACHABLE', 'TURNED_AWAY', 'SILENT'] as const) {
    const upstream = scripted(reason);
    await expect(wrap(upstream).client.execute(MUTATION, callOf())).rejects.toMatchObject({ reason });
    expect(upstream.count).toBe(1);
  }
});

test('what was answered, refused here or abandoned is not asked again', async () => {
  for (const reason of ['UNUSABLE', 'HELD_BACK', 'DEADLINE', 'CALLER_LEFT'] as SubgraphFailureReason[]) {
    const upstream = scripted(reason);
    await expect(wrap(upstream).client.execute(QUERY, callOf())).rejects.toMatchObject({ reason });
    expect(upstream.count).toBe(1);
  }
});

test('not when the wait would outlast the deadline, nor after the caller has left', async () => {
  const late = scripted('UNREACHABLE');
  await expect(wrap(late, { baseDelayMs: 10 }).client.execute(QUERY, callOf({ deadlineAtMs: 1_005 }))).rejects.toMatchObject({ reason: 'UNREACHABLE' });
  expect(late.count).toBe(1);
  const leaving = new AbortController();
  let count = 0;
  const upstream: SubgraphClient = {
    execute: async () => {
      count += 1;
      setTimeout(() => leaving.abort(), 1);
      throw failed('UNREACHABLE');
    },
  };
  await expect(wrap(upstream, { baseDelayMs: 60_000 }).client.execute(QUERY, callOf({ signal: leaving.signal }))).rejects.toMatchObject({ reason: 'UNREACHABLE' });
  expect(count).toBe(1);
});

test('a subgraph that is down is asked a tenth more, not three times as much', async () => {
  let count = 0;
  const upstream: SubgraphClient = {
    execute: async () => {
      count += 1;
      throw failed('UNREACHABLE');
    },
  };
  const { client, read } = wrap(upstream);
  for (let index = 0; index < 500; index++) await client.execute(QUERY, callOf()).catch(() => undefined);
  // 500, a tenth of them, and the reserve of ten.
  expect(count).toBeGreaterThan(540);
  expect(count).toBeLessThanOrEqual(560);
  expect(await read('graph_subrequest_retries_total', { outcome: 'sent' })).toBe(count - 500);
  expect(await read('graph_subrequest_retries_total', { outcome: 'spent' })).toBeGreaterThan(400);
});
