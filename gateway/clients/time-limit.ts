import type { Clock } from '../../platform/clock.ts';
import { SubgraphFailure, type SubgraphAnswer, type SubgraphCall, type SubgraphClient, type SubgraphRequest } from '../execution/subgraph-client.ts';
import { callerLeft } from './caller-left.ts';

export interface TimeLimitOptions {
  /** Name of the subgraph, for messages. */
  readonly name: string;
  /** A read gets so long, a mutation as long as its caller waits: cut short, nobody would know whether it was carried out. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Ends a request when its time is up or its caller leaves, and aborts the work behind it. Never waits beyond the call's own deadline. */
export function limitTime(client: SubgraphClient, options: TimeLimitOptions): SubgraphClient {
  return {
    execute: (request, call) => {
      const nowMs = options.clock.now();
      const callMs = call.deadlineAtMs === null ? Infinity : call.deadlineAtMs - nowMs;
      if (call.signal.aborted || callMs <= 0) return Promise.reject(callerLeft(call, nowMs));
      const leftMs = request.operationKind === 'mutation' ? callMs : Math.min(callMs, options.timeoutMs);
      return executeWithin(leftMs, client, request, call, options);
    },
  };
}

/** One controller and one listener: AbortSignal.any and AbortSignal.timeout cost more than the rest of the policies together. */
function executeWithin(leftMs: number, client: SubgraphClient, request: SubgraphRequest, call: SubgraphCall, options: TimeLimitOptions): Promise<SubgraphAnswer> {
  const controller = new AbortController();
  const deadlineAtMs = Number.isFinite(leftMs) ? options.clock.now() + leftMs : null;
  return new Promise((resolve, reject) => {
    const release = (): void => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', leave);
    };
    const end = (failure: SubgraphFailure): void => {
      release();
      reject(failure);
      controller.abort(failure);
    };
    const leave = (): void => end(callerLeft(call, options.clock.now()));
    const timer = Number.isFinite(leftMs) ? setTimeout(() => end(silence(leftMs, options)), leftMs) : undefined;
    call.signal.addEventListener('abort', leave, { once: true });
    client.execute(request, { ...call, signal: controller.signal, deadlineAtMs }).then(
      (answer) => {
        release();
        resolve(answer);
      },
      (error: unknown) => {
        release();
        reject(error as Error);
      },
    );
  });
}

/** Who was given less than half of its time cannot be called silent. */
function silence(leftMs: number, { name, timeoutMs }: TimeLimitOptions): SubgraphFailure {
  const reason = leftMs >= timeoutMs / 2 ? 'SILENT' : 'DEADLINE';
  return new SubgraphFailure('UPSTREAM_TIMEOUT', `Subgraph "${name}" did not answer in time.`, { reason });
}
