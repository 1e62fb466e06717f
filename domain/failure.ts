/**
 * Everything that can go wrong, in one table. Business outcomes (out of stock, price changed, credit blocked) are not
 * here: they are schema types. Not found is null.
 */
const FAILURES = {
  /** The caller sent something unusable; `field` names it and the message says the remedy. */
  INVALID_INPUT: { retryable: false },
  UNAUTHENTICATED: { retryable: false },
  FORBIDDEN: { retryable: false },
  /** Same idempotency key, other payload; or a state that no longer allows the step. */
  CONFLICT: { retryable: false },
  /** The caller asks more than its share; again after `retryAfterMs`. */
  RATE_LIMITED: { retryable: true },
  /** There is more to do than can be done; what is not urgent is turned away first. Again after `retryAfterMs`. */
  OVERLOADED: { retryable: true },
  /** Silence: the answer did not come in time, the outcome is unknown. */
  UPSTREAM_TIMEOUT: { retryable: true },
  /** Refused connection, 5xx, open breaker. */
  UPSTREAM_UNAVAILABLE: { retryable: true },
  /** 429 and its relatives; retry after `retryAfterMs`. */
  UPSTREAM_RATE_LIMITED: { retryable: true },
  /** The vendor said no, in words we mapped. */
  UPSTREAM_REJECTED: { retryable: false },
  /** The answer could not be mapped; alerts. */
  UPSTREAM_MALFORMED: { retryable: false },
  /** The connector lacks the capability. */
  UNSUPPORTED: { retryable: false },
  /** Found at start; the process exits. */
  MISCONFIGURED: { retryable: false },
  /** A bug; masked for callers. */
  INTERNAL: { retryable: false },
} as const;

export type FailureCode = keyof typeof FAILURES;

export interface FailureDetails {
  /** Connector instance or subgraph that failed. */
  readonly system?: string;
  /** Path of the input field at fault, as in userErrors. */
  readonly field?: readonly string[];
  readonly retryAfterMs?: number;
  /** The vendor's own code or status, for logs and manual resolution. */
  readonly vendorCode?: string;
  /** True where it is certain that the system neither carried the request out nor will: never sent, or rolled back by its own word. */
  readonly unprocessed?: boolean;
  readonly cause?: unknown;
}

export class Failure extends Error {
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly system: string | undefined;
  readonly field: readonly string[] | undefined;
  readonly retryAfterMs: number | undefined;
  readonly vendorCode: string | undefined;
  readonly unprocessed: boolean;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = code;
    this.retryable = FAILURES[code].retryable;
    this.system = details.system;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
    this.vendorCode = details.vendorCode;
    this.unprocessed = details.unprocessed ?? false;
  }
}

export const isFailureCode = (text: unknown): text is FailureCode => typeof text === 'string' && Object.hasOwn(FAILURES, text);

export const invalidInput = (field: readonly string[], message: string): Failure => new Failure('INVALID_INPUT', message, { field });

/** Any thrown value as a Failure; what is not one already is a bug. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
