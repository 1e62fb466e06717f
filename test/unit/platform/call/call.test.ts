import { describe, expect, it, vi } from 'vitest';
import { breaker } from '../../../../platform/call/breaker.ts';
import { createCaller, DEFAULT_CALL_POLICY, fold } from '../../../../platform/call/call.ts';
import type { CallRequest, Policy } from '../../../../platform/call/policy.ts';
import { delayBefore, retry } from '../../../../platform/call/retry.ts';
import { timeout } from '../../../../platform/call/timeout.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';

class Silence extends Error {
  readonly retryable = true;
}
class Refusal extends Error {
  readonly retryable = false;
}
class Slower extends Error {
  readonly retryable = true;
  constructor(readonly retryAfterMs: number) {
    super('slower');
  }
}

const request = (over: Partial<CallRequest> = {}): CallRequest => ({ signal: new AbortController().signal, deadlineAtMs: Date.now() + 60_000, repeatable: true, ...over });
const quick = { attempts: 3, baseDelayMs: 1, maxDelayMs: 2 };
const tools = { clock: systemClock, random: () => 0 };
const never = (): Promise<never> => new Promise(() => undefined);

describe('retry', () => {
  it('repeats silence until an answer comes', async () => {
    const attempt = vi.fn().mockRejectedValueOnce(new Silence()).mockRejectedValueOnce(new Silence()).mockResolvedValue('ok');
    expect(await retry(quick, tools)(request(), attempt)).toBe('ok');
    expect(attempt).toHaveBeenCalledTimes(3);
  });
  it.each([
    ['a refusal', request(), new Refusal()],
    ['a write without a key', request({ repeatable: false }), new Silence()],
    ['a wait beyond the deadline', request({ deadlineAtMs: Date.now() + 500 }), new Slower(600_000)],
  ])('leaves %s alone', async (_what, asked, error) => {
    const attempt = vi.fn().mockRejectedValue(error);
    await expect(retry(quick, tools)(asked, attempt)).rejects.toBe(error);
    expect(attempt).toHaveBeenCalledTimes(1);
  });
  it('gives up after its attempts with the last failure', async () => {
    const attempt = vi.fn().mockRejectedValue(new Silence());
    await expect(retry(quick, tools)(request(), attempt)).rejects.toBeInstanceOf(Silence);
    expect(attempt).toHaveBeenCalledTimes(3);
  });
  it('waits with full jitter below a growing ceiling, never less than told', () => {
    const options = { attempts: 9, baseDelayMs: 100, maxDelayMs: 1_000 };
    expect([1, 2, 3, 9].map((attempt) => delayBefore(attempt, new Silence(), options, () => 0.999999))).toEqual([100, 200, 400, 1_000]);
    expect(delayBefore(1, new Silence(), options, () => 0)).toBe(0);
    expect(delayBefore(1, new Slower(5_000), options, () => 0.5)).toBe(5_000);
  });
});

describe('timeout', () => {
  it('ends the wait and aborts the work', async () => {
    let inner: AbortSignal | undefined;
    await expect(timeout(5, tools)(request(), ({ signal }) => ((inner = signal), never()))).rejects.toMatchObject({ kind: 'timeout', retryable: true });
    expect(inner?.aborted).toBe(true);
  });
  it('does not start after the deadline', async () => {
    const attempt = vi.fn();
    const clock = manualClock(1_000);
    await expect(timeout(50, { clock })(request({ deadlineAtMs: 1_000 }), attempt)).rejects.toMatchObject({ kind: 'timeout' });
    expect(attempt).not.toHaveBeenCalled();
  });
  it('tells a caller who left from a callee who is slow', async () => {
    const caller = new AbortController();
    const waiting = timeout(60_000, tools)(request({ signal: caller.signal }), never);
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted', retryable: false });
  });
});

describe('breaker', () => {
  const open = (): Policy => breaker({ target: 'erp', breakAfter: 2, breakForMs: 60_000 });
  const fail = (policy: Policy, error: Error): Promise<unknown> => policy(request(), () => Promise.reject(error)).catch((thrown: unknown) => thrown);
  it('opens after silence in a row and asks nobody then', async () => {
    const policy = open();
    await fail(policy, new Silence());
    await fail(policy, new Silence());
    const attempt = vi.fn();
    await expect(policy(request(), attempt)).rejects.toMatchObject({ kind: 'circuit-open', retryable: false });
    expect(attempt).not.toHaveBeenCalled();
  });
  it('takes a refusal and a "slow down" for answers', async () => {
    const policy = open();
    for (const error of [new Refusal(), new Slower(1), new Refusal(), new Slower(1)]) await fail(policy, error);
    expect(await policy(request(), () => Promise.resolve('ok'))).toBe('ok');
  });
});

describe('folded', () => {
  it('the first policy is the outermost', async () => {
    const order: string[] = [];
    const named = (name: string): Policy => (asked, next) => (order.push(name), next(asked));
    await fold([named('a'), named('b')])(request(), () => Promise.resolve());
    expect(order).toEqual(['a', 'b']);
  });
  it('a waiting retry holds no slot', async () => {
    const caller = createCaller('erp', { ...DEFAULT_CALL_POLICY, maxConcurrency: 1, maxQueued: 1, attempts: 2, baseDelayMs: 1 }, tools);
    let failed = false;
    const answer = await caller(request(), () => (failed ? Promise.resolve('ok') : ((failed = true), Promise.reject(new Silence()))));
    expect(answer).toBe('ok');
  });
});
