import { CallInterruption } from './interruption.ts';
import type { Policy, PolicyTools } from './policy.ts';

/** Ends an attempt after `timeoutMs`, or at the deadline if that is sooner, and aborts the work behind it. */
export function timeout(timeoutMs: number, { clock }: Pick<PolicyTools, 'clock'>): Policy {
  return async (request, next) => {
    const leftMs = Math.min(timeoutMs, request.deadlineAtMs - clock.now());
    if (request.signal.aborted) throw new CallInterruption('aborted', 'the caller went away', { cause: request.signal.reason });
    if (leftMs <= 0) throw new CallInterruption('timeout', 'the deadline had passed before the call');
    const cut = new AbortController();
    const signal = AbortSignal.any([request.signal, cut.signal]);
    const ended = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(interruptionOf(request.signal, leftMs)), { once: true });
    });
    // Not unref'd: a process waiting only for this answer must live to see the timeout.
    const timer = setTimeout(() => cut.abort(), leftMs);
    try {
      return await Promise.race([next({ ...request, signal }), ended]);
    } finally {
      clearTimeout(timer);
    }
  };
}

const interruptionOf = (caller: AbortSignal, afterMs: number): CallInterruption =>
  caller.aborted
    ? new CallInterruption('aborted', 'the caller went away', { cause: caller.reason })
    : new CallInterruption('timeout', `no answer within ${Math.round(afterMs)} ms`);
