/** Why a policy, not the callee, ended a call. */
export type InterruptionKind = 'timeout' | 'aborted' | 'circuit-open' | 'queue-full' | 'budget-spent';

export interface InterruptionDetails {
  readonly cause?: unknown;
  /** Sooner than this it would end the same way. */
  readonly retryAfterMs?: number;
}

/** Thrown by the policies of this folder; who calls translates it into its own failure table. */
export class CallInterruption extends Error {
  readonly kind: InterruptionKind;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(kind: InterruptionKind, message: string, { cause, retryAfterMs }: InterruptionDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CallInterruption';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    // An open circuit or a full queue is not hammered: waiting belongs to whoever schedules the next attempt.
    this.retryable = kind === 'timeout' || kind === 'budget-spent';
  }
}

/** Whether a call that ended so was certainly never sent. */
export const wasHeldBack = (error: unknown): error is CallInterruption =>
  error instanceof CallInterruption && (error.kind === 'circuit-open' || error.kind === 'queue-full' || error.kind === 'budget-spent');

/** For the details of a failure: when to come again, where the budget told. */
export const retryAfterOf = (error: unknown): { readonly retryAfterMs?: number } =>
  error instanceof CallInterruption && error.retryAfterMs !== undefined ? { retryAfterMs: error.retryAfterMs } : {};

/** What a thrown value may say about itself. Structural, so that no failure table has to live down here. */
export interface Verdict {
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
}

export function verdictOn(error: unknown): Verdict {
  const told = (typeof error === 'object' && error !== null ? error : {}) as { retryable?: unknown; retryAfterMs?: unknown };
  return {
    retryable: told.retryable === true,
    retryAfterMs: typeof told.retryAfterMs === 'number' ? told.retryAfterMs : undefined,
  };
}
