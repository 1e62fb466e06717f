import { expect, test } from 'vitest';
import { breakCircuit } from '../../../../gateway/clients/breaker.ts';
import { manualClock } from '../../../../platform/clock.ts';
import type { SubgraphFailureReason, SubgraphRequest } from '../../../../gateway/execution/subgraph-client.ts';
import { callOf, failed, manualClient, metricsOf, MUTATION, QUERY } from './support.ts';

function open() {
  const clock = manualClock(1_000);
  const upstream = manualClient();
  const { metrics, read } = metricsOf();
  const client = breakCircuit(upstream, { name: 'shop', breakAfter: 3, breakForMs: 1_000, clock, metrics });
  const ask = (request: SubgraphRequest = QUERY): Promise<unknown> => client.execute(request, callOf());
  const fail = async (reason: SubgraphFailureReason, request = QUERY): Promise<void> => {
    const asked = ask(request);
    upstream.asked.at(-1)!.fail(failed(reason));
    await expect(asked).rejects.toMatchObject({ reason });
  };
  const answer = async (): Promise<void> => {
    const asked = ask();
    upstream.asked.at(-1)!.answer();
    await asked;
  };
  return { clock, upstream, ask, fail, answer, state: () => read('graph_subgraph_breaker'), refused: () => read('graph_subrequest_refusals_total', { reason: 'breaker-open' }) };
}

test('opens after silences in a row, refuses at once with a time to come again, and tells the metrics', async () => {
  const { upstream, clock, ask, fail, answer, state, refused } = open();
  await fail('UNREACHABLE');
  await fail('SILENT');
  await answer();
  await fail('TURNED_AWAY');
  await fail('UNREACHABLE');
  expect(await state()).toBe(0);
  await fail('SILENT');
  expect(await state()).toBe(2);
  clock.advance(400);
  await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', reason: 'HELD_BACK', retryAfterMs: 600 });
  expect([upstream.asked.length, await refused()]).toEqual([6, 1]);
});

test('one request probes; the others are refused until it has answered', async () => {
  const { upstream, clock, ask, fail, answer, state } = open();
  for (let count = 0; count < 3; count++) await fail('UNREACHABLE');
  clock.advance(1_000);
  const probe = ask();
  expect(await state()).toBe(1);
  await expect(ask()).rejects.toMatchObject({ reason: 'HELD_BACK', retryAfterMs: 1_000 });
  upstream.asked.at(-1)!.answer();
  await probe;
  expect(await state()).toBe(0);
  await answer();
});

test('a probe that fails opens it anew; one that its caller abandons leaves the next to try', async () => {
  const { clock, ask, fail, answer, state } = open();
  for (let count = 0; count < 3; count++) await fail('UNREACHABLE');
  clock.advance(1_000);
  await fail('SILENT');
  clock.advance(999);
  await expect(ask()).rejects.toMatchObject({ reason: 'HELD_BACK' });
  clock.advance(1);
  await fail('CALLER_LEFT');
  expect(await state()).toBe(2);
  await answer();
  expect(await state()).toBe(0);
});

test('callers who leave or have no time, slow mutations and unusable answers never open it', async () => {
  const { fail, state } = open();
  for (const reason of ['CALLER_LEFT', 'DEADLINE', 'HELD_BACK', 'UNUSABLE'] as const) for (let count = 0; count < 5; count++) await fail(reason);
  for (let count = 0; count < 5; count++) await fail('SILENT', MUTATION);
  expect(await state()).toBe(0);
  for (let count = 0; count < 3; count++) await fail('UNREACHABLE', MUTATION);
  expect(await state()).toBe(2);
});
