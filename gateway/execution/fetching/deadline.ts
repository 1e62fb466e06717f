import type { Clock } from '../../../platform/clock.ts';
import { SubgraphFailure, type SubgraphCall, type SubgraphFailureReason, type SubrequestLane } from '../subgraph-client.ts';

export interface CallLimits {
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds; null or absent: no deadline. */
  readonly deadlineAtMs?: number | null | undefined;
  readonly context?: unknown;
  /** Who goes first at a subgraph that has no room; absent: found out by what is asked. */
  readonly lane?: SubrequestLane | undefined;
}

/** A call to subgraphs that ends when its caller leaves or its deadline passes. */
export interface BoundedCall {
  readonly call: SubgraphCall;
  /** Rejects at the end of the call's time; null when nothing can end it. */
  readonly aborted: Promise<never> | null;
  /** Stops the timer and stops listening to the caller. */
  release(): void;
}

export function boundCall({ signal, deadlineAtMs = null, context, lane }: CallLimits, clock: Clock): BoundedCall {
  const told = { deadlineAtMs, context, ...(lane && { lane }) };
  if (!signal && deadlineAtMs === null) {
    return { call: { signal: new AbortController().signal, ...told }, aborted: null, release: () => undefined };
  }
  const controller = new AbortController();
  let reject: (failure: SubgraphFailure) => void = () => undefined;
  const aborted = new Promise<never>((_resolve, rejectAborted) => {
    reject = rejectAborted;
  });
  aborted.catch(() => undefined);
  const end = (message: string, reason: SubgraphFailureReason): void => {
    const failure = new SubgraphFailure('UPSTREAM_TIMEOUT', message, { reason });
    controller.abort(failure);
    reject(failure);
  };
  const onAbort = (): void => end('The caller left before the subgraph answered.', 'CALLER_LEFT');
  const onDeadline = (): void => end('The deadline passed before the subgraph answered.', 'DEADLINE');
  const leftMs = deadlineAtMs === null ? Infinity : deadlineAtMs - clock.now();
  const timer = Number.isFinite(leftMs) && leftMs > 0 ? setTimeout(onDeadline, leftMs) : undefined;
  if (leftMs <= 0) onDeadline();
  else if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    call: { signal: controller.signal, ...told },
    aborted,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
