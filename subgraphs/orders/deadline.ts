import { Failure } from '../../domain/failure.ts';
import { CallInterruption } from '../../platform/call/interruption.ts';
import { timeout } from '../../platform/call/timeout.ts';
import type { Clock } from '../../platform/clock.ts';

export interface Deadline {
  readonly timeoutMs: number;
  /** Who is asked. */
  readonly system: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Asks with a deadline of our own. @throws Failure UPSTREAM_TIMEOUT when there is no answer by then: the outcome is unknown. */
export async function within<T>({ timeoutMs, system, signal, clock }: Deadline, ask: (call: { signal: AbortSignal; deadlineAtMs: number }) => Promise<T>): Promise<T> {
  try {
    return await timeout(timeoutMs, { clock })({ signal, deadlineAtMs: clock.now() + timeoutMs, repeatable: false }, ask);
  } catch (error) {
    if (error instanceof CallInterruption) throw new Failure('UPSTREAM_TIMEOUT', `${system}: ${error.message}`, { system, cause: error });
    throw error;
  }
}
