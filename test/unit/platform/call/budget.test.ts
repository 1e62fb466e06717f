import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { paceOf, reserveOf, type BudgetLimits, type Take } from '../../../../platform/call/budget.ts';
import { createMemoryLedger } from '../../../../platform/call/budget-memory.ts';
import { createShare } from '../../../../platform/call/budget-share.ts';
import { createMemoryBudgets } from '../../../../platform/call/budgets.ts';
import { LANES, type Lane } from '../../../../platform/call/lane.ts';
import type { CallRequest } from '../../../../platform/call/policy.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import { partMetrics } from '../../../../platform/metrics.ts';

const limits = (over: Partial<BudgetLimits> = {}): BudgetLimits => ({ maxConcurrency: 8, requestsPerMinute: null, callTimeoutMs: 1_000, ...over });
const lanes = fc.constantFrom(...LANES);
const asks = fc.array(fc.record({ lane: lanes, afterMs: fc.integer({ min: 0, max: 20_000 }), endsFirst: fc.boolean() }), { minLength: 1, maxLength: 400 });

/** The most requests that fall into any 60 s, by looking at each. */
const busiestMinute = (times: readonly number[]): number =>
  Math.max(0, ...times.map((start) => times.filter((time) => time >= start && time < start + 60_000).length));

describe('the count of one process', () => {
  it('never lets more than the budget through in any minute, nor at a time, however the questions fall', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 6 }), asks, async (requestsPerMinute, maxConcurrency, questions) => {
      const clock = manualClock(1_000_000);
      const ledger = createMemoryLedger(limits({ requestsPerMinute, maxConcurrency }), clock);
      const times: number[] = [];
      let running = 0;
      for (const { lane, afterMs, endsFirst } of questions) {
        clock.advance(afterMs);
        if (endsFirst && running > 0) {
          running -= 1;
          ledger.giveBack('');
        }
        const take = await ledger.tryTake(lane);
        if (!take.granted) continue;
        times.push(clock.now());
        running += 1;
        expect(running).toBeLessThanOrEqual(maxConcurrency - reserveOf(lane, limits({ maxConcurrency })).places);
      }
      expect(busiestMinute(times)).toBeLessThanOrEqual(requestsPerMinute);
    }));
  });

  it('keeps half of the burst for checkout, and never promises a wait that then is not enough', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 200 }), lanes, async (requestsPerMinute, lane) => {
      const clock = manualClock(0);
      const ledger = createMemoryLedger(limits({ requestsPerMinute, maxConcurrency: 10_000 }), clock);
      const drain = async (of: Lane): Promise<{ taken: number; last: Extract<Take, { granted: false }> }> => {
        for (let taken = 0; ; taken += 1) {
          const take = await ledger.tryTake(of);
          if (!take.granted) return { taken, last: take };
        }
      };
      const { burst } = paceOf(requestsPerMinute);
      const fed = await drain(lane);
      const kept = await drain('CHECKOUT');
      expect(kept.taken).toBe(reserveOf(lane, limits({ requestsPerMinute })).requests);
      expect(fed.taken + kept.taken).toBe(burst);
      clock.advance(Math.ceil(kept.last.waitMs!));
      expect(await ledger.tryTake('CHECKOUT')).toMatchObject({ granted: true });
    }));
  });
});

describe('the part of a process that counts alone', () => {
  it('adds up to no more than the budget, with any number of processes', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 }), asks, (requestsPerMinute, maxConcurrency, processes, questions) => {
      const clock = manualClock(0);
      const shares = Array.from({ length: processes }, () => createShare(limits({ requestsPerMinute, maxConcurrency }), clock));
      for (const share of shares) share.begin(0);
      const inFlight = shares.map(() => 0);
      const times: number[] = [];
      for (const { afterMs, endsFirst } of questions) {
        clock.advance(afterMs);
        for (const [index, share] of shares.entries()) {
          if (endsFirst && inFlight[index]! > 0) inFlight[index]! -= 1;
          if (!share.tryTake(inFlight[index]!, processes).granted) continue;
          inFlight[index]! += 1;
          times.push(clock.now());
        }
        expect(inFlight.reduce((a, b) => a + b)).toBeLessThanOrEqual(maxConcurrency);
      }
      // A burst that was let through before may fall into the same minute: there is room for it.
      expect(busiestMinute(times)).toBeLessThanOrEqual(requestsPerMinute - paceOf(requestsPerMinute).burst);
    }));
  });
  it('is nothing while it is not known', () => {
    const share = createShare(limits(), manualClock(0));
    expect(share.tryTake(0, 0)).toMatchObject({ granted: false });
    expect(share.tryTake(0, 9)).toMatchObject({ granted: false });
  });
});

const request = (over: Partial<CallRequest> = {}): CallRequest => ({ signal: new AbortController().signal, deadlineAtMs: Date.now() + 60_000, repeatable: true, ...over });

describe('who waits', () => {
  const open = (over: Partial<BudgetLimits>, maxQueued = 10, clock = systemClock): ReturnType<ReturnType<typeof createMemoryBudgets>['open']> =>
    createMemoryBudgets({ clock }).open({ source: 'erp', address: 'here' }, limits(over), maxQueued);

  it('is served by lane, and within a lane in order of arrival', async () => {
    const budget = open({ maxConcurrency: 1 });
    const release = await budget.take(request());
    const order: string[] = [];
    const asked = (['FEED', 'HOT', 'CHECKOUT', 'FEED', 'CHECKOUT'] as const).map(async (lane, index) => {
      const giveBack = await budget.take(request({ lane }));
      order.push(`${lane} ${index}`);
      giveBack();
    });
    release();
    await Promise.all(asked);
    expect(order).toEqual(['CHECKOUT 2', 'CHECKOUT 4', 'HOT 1', 'FEED 0', 'FEED 3']);
  });

  it('beyond the deadline is refused at once, and told when to come again', async () => {
    const clock = manualClock(Date.now());
    const budget = open({ requestsPerMinute: 1 }, 10, clock);
    (await budget.take(request()))();
    await expect(budget.take(request({ deadlineAtMs: clock.now() + 5_000 }))).rejects.toMatchObject({ kind: 'budget-spent', retryable: true, retryAfterMs: 61_000 });
  });

  it('counts those before: the second in the queue waits twice', async () => {
    const clock = manualClock(Date.now());
    const budget = open({ requestsPerMinute: 4 }, 10, clock);
    (await budget.take(request()))();
    const leaving = new AbortController();
    const first = budget.take(request({ deadlineAtMs: clock.now() + 16_000, signal: leaving.signal }));
    await expect(budget.take(request({ deadlineAtMs: clock.now() + 16_000 }))).rejects.toMatchObject({ kind: 'budget-spent', retryAfterMs: 30_500 });
    leaving.abort();
    await expect(first).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('for a place is refused when the deadline comes', async () => {
    const budget = open({ maxConcurrency: 1 });
    await budget.take(request());
    await expect(budget.take(request({ deadlineAtMs: Date.now() + 30 }))).rejects.toMatchObject({ kind: 'budget-spent', retryable: true });
  });

  it('and leaves gives the place up; more than may wait are refused', async () => {
    const budget = open({ maxConcurrency: 1 }, 1);
    const release = await budget.take(request());
    const leaving = new AbortController();
    const waits = budget.take(request({ signal: leaving.signal }));
    await expect(budget.take(request())).rejects.toMatchObject({ kind: 'queue-full', retryable: false });
    leaving.abort();
    await expect(waits).rejects.toMatchObject({ kind: 'aborted' });
    release();
    await expect(budget.take(request())).resolves.toBeTypeOf('function');
  });

  it('a checkout finds a place kept from the feeds', async () => {
    const budget = open({ maxConcurrency: 4 });
    await Promise.all([1, 2, 3].map(() => budget.take(request({ lane: 'FEED' }))));
    const fed = vi.fn();
    void budget.take(request({ lane: 'FEED' })).then(fed);
    (await budget.take(request()))();
    expect(fed).not.toHaveBeenCalled();
  });

  it('is counted by source and lane', async () => {
    const text = await partMetrics.metrics();
    expect(text).toMatch(/source_calls_total\{source="erp",lane="CHECKOUT"\} \d+/);
    expect(text).toMatch(/source_call_refusals_total\{source="erp",lane="CHECKOUT",reason="budget-spent"\} [1-9]/);
  });
});
