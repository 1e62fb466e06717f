import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isSameAsker, questionOf } from '../../../../gateway/clients/shared-question.ts';
import { shareFlights } from '../../../../gateway/clients/single-flight.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { callOf, EVENT, failed, manualClient, metricsOf, MUTATION, QUERY, SHOPPING } from './support.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

function open() {
  const upstream = manualClient();
  const { metrics, read } = metricsOf();
  const client = shareFlights(upstream, { name: 'shop', questionOf, isSameAsker, patienceMs: 20, clock: systemClock, metrics });
  return { client, upstream, read };
}

test('what is asked while an equal question is on its way travels together in the next flight, each with data of its own', async () => {
  const { client, upstream, read } = open();
  const first = client.execute(QUERY, callOf());
  const others = Array.from({ length: 50 }, () => client.execute({ ...QUERY, variables: { id: 1 } }, callOf()));
  expect(upstream.asked).toHaveLength(1);
  upstream.asked[0]!.answer({ a: { at: 'first' } });
  await settle();
  expect(upstream.asked).toHaveLength(2);
  upstream.asked[1]!.answer({ a: { at: 'second' } });
  expect((await first).data).toEqual({ a: { at: 'first' } });
  const answers = await Promise.all(others);
  expect(answers.every(({ data }) => (data as { a: { at: string } }).a.at === 'second')).toBe(true);
  expect(new Set(answers.map(({ data }) => (data as { a: object }).a)).size).toBe(50);
  expect(await read('graph_subrequests_shared_total')).toBe(49);
  // Nothing is kept: the next question flies by itself.
  const later = client.execute(QUERY, callOf());
  upstream.asked[2]!.answer();
  await later;
  expect(upstream.asked).toHaveLength(3);
});

test('nobody gets an answer that was read before they asked: what they wrote meanwhile is in it', async () => {
  let stored = 'old';
  const reads: (() => void)[] = [];
  const { metrics } = metricsOf();
  const client = shareFlights({
    execute: async ({ operationKind }) => {
      if (operationKind === 'mutation') return { data: { stored: (stored = 'new') } };
      const read = stored;
      await new Promise<void>((land) => reads.push(land));
      return { data: { stored: read } };
    },
  }, { name: 'shop', questionOf, isSameAsker, patienceMs: 20, clock: systemClock, metrics });
  const before = client.execute(QUERY, callOf());
  await client.execute(MUTATION, callOf());
  const after = client.execute(QUERY, callOf());
  reads[0]!();
  await settle();
  reads[1]!();
  expect([(await before).data, (await after).data]).toEqual([{ stored: 'old' }, { stored: 'new' }]);
});

test('a slow flight does not hold up those who ask after it longer than the patience', async () => {
  const { client, upstream } = open();
  void client.execute(QUERY, callOf());
  const waiting = [client.execute(QUERY, callOf()), client.execute(QUERY, callOf())];
  await vi.advanceTimersByTimeAsync(20);
  expect(upstream.asked).toHaveLength(2);
  upstream.asked[1]!.answer({ a: 2 });
  expect((await Promise.all(waiting)).map(({ data }) => data)).toEqual([{ a: 2 }, { a: 2 }]);
  upstream.asked[0]!.answer();
});

test('mutations, events and requests of unknown askers are never shared', async () => {
  const { client, upstream } = open();
  for (const request of [MUTATION, MUTATION, EVENT, EVENT]) void client.execute(request, callOf());
  for (let index = 0; index < 2; index++) void client.execute(QUERY, { signal: new AbortController().signal, deadlineAtMs: null, context: null });
  expect(upstream.asked).toHaveLength(6);
});

test('who asks, where they shop, the variables and the lane keep flights apart', async () => {
  const buyer: Principal = { ...ANONYMOUS, subject: 'b1', kind: 'BUYER', companyNumber: 'C1' };
  const { client, upstream } = open();
  const calls = [
    callOf(),
    callOf({ principal: buyer }),
    callOf({ principal: { ...buyer, subject: 'b2' } }),
    callOf({ principal: { ...buyer, companyNumber: 'C2' } }),
    callOf({ principal: { ...buyer, scopes: ['price:read'] } }),
    callOf({ shopping: { ...SHOPPING, channel: 'b2b' } }),
    callOf({ shopping: { ...SHOPPING, locale: 'de_DE' } }),
    callOf({ shopping: { ...SHOPPING, currencyCode: 'USD' } }),
    callOf({ shopping: { ...SHOPPING, companyLocation: 'L1' } }),
    { ...callOf(), lane: 'CHECKOUT' as const },
  ];
  for (const call of calls) void client.execute(QUERY, call);
  void client.execute({ ...QUERY, variables: { id: 2 } }, callOf());
  void client.execute({ ...QUERY, documentId: 'other' }, callOf());
  expect(upstream.asked).toHaveLength(12);
  void client.execute(QUERY, callOf({ principal: { ...buyer } }));
  expect(upstream.asked).toHaveLength(12);
});

test('one waiter who leaves leaves alone; the last one ends the flight', async () => {
  const { client, upstream } = open();
  const first = client.execute(QUERY, callOf());
  const leavers = [new AbortController(), new AbortController(), new AbortController()];
  const waiting = leavers.map(({ signal }) => client.execute(QUERY, callOf({ signal })));
  waiting.forEach((one) => one.catch(() => undefined));
  leavers[0]!.abort();
  await expect(waiting[0]).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  upstream.asked[0]!.answer();
  await first;
  await settle();
  const { signal } = upstream.asked[1]!.call;
  leavers[1]!.abort();
  await expect(waiting[1]).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  expect(signal.aborted).toBe(false);
  leavers[2]!.abort();
  await expect(waiting[2]).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  expect(signal.aborted).toBe(true);
});

test('when all who wait have left nothing is sent for them', async () => {
  const { client, upstream } = open();
  const first = client.execute(QUERY, callOf());
  const leaver = new AbortController();
  const waiting = client.execute(QUERY, callOf({ signal: leaver.signal }));
  leaver.abort();
  await expect(waiting).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  upstream.asked[0]!.answer();
  await first;
  await settle();
  expect(upstream.asked).toHaveLength(1);
});

test('a shared flight has the time of its longest waiter, and its failure is everybody\'s', async () => {
  const { client, upstream } = open();
  const first = client.execute(QUERY, callOf({ deadlineAtMs: 1 }));
  const waiting = [client.execute(QUERY, callOf({ deadlineAtMs: 500 })), client.execute(QUERY, callOf({ deadlineAtMs: 900 }))];
  waiting.forEach((one) => one.catch(() => undefined));
  upstream.asked[0]!.fail(failed('UNREACHABLE'));
  await expect(first).rejects.toMatchObject({ reason: 'UNREACHABLE' });
  await settle();
  expect(upstream.asked[1]!.call.deadlineAtMs).toBe(900);
  upstream.asked[1]!.fail(failed('TURNED_AWAY'));
  for (const one of waiting) await expect(one).rejects.toMatchObject({ reason: 'TURNED_AWAY' });
});
