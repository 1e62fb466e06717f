import type { Clock } from '../clock.ts';
import type { Lane } from './lane.ts';

/** Who asks, until when, and whether asking twice is harmless. */
export interface CallRequest {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch after which nobody listens any more. */
  readonly deadlineAtMs: number;
  /** True for reads and for writes under an idempotency key; anything else is attempted once. */
  readonly repeatable: boolean;
  /** W3C traceparent of whoever asks. */
  readonly traceparent?: string | undefined;
  /** Who goes first where the budget is short; CHECKOUT unless told. */
  readonly lane?: Lane | undefined;
}

export type Attempt<T> = (request: CallRequest) => Promise<T>;

/** Wraps an attempt. Policies are folded: the first of a list is the outermost. */
export type Policy = <T>(request: CallRequest, next: Attempt<T>) => Promise<T>;

export interface PolicyTools {
  readonly clock: Clock;
  /** Uniform in [0, 1); tests hand in a constant. */
  readonly random: () => number;
}
