/** Why a policy, not the callee, ended a call. */
export type InterruptionKind = 'timeout' | 'aborted' | 'circuit-open' | 'queue-full';

/** Thrown by the policies of this folder; who calls translates it into its own failure table. */
export class CallInterruption extends Error {
  readonly kind: InterruptionKind;
  readonly retryable: boolean;

  constructor(kind: InterruptionKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CallInterruption';
    this.kind = kind;
    // An open circuit or a full queue is not hammered: waiting belongs to whoever schedules the next attempt.
    this.retryable = kind === 'timeout';
  }
}

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
