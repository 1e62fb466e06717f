import { Failure, type FailureCode } from '../../domain/failure.ts';
import { CallInterruption, retryAfterOf } from '../../platform/call/interruption.ts';

/** Akeneo answers by HTTP status; the body only explains. */
const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  400: 'UPSTREAM_REJECTED',
  401: 'MISCONFIGURED',
  403: 'UPSTREAM_REJECTED',
  404: 'UPSTREAM_REJECTED',
  406: 'UPSTREAM_REJECTED',
  408: 'UPSTREAM_TIMEOUT',
  413: 'UPSTREAM_REJECTED',
  415: 'UPSTREAM_REJECTED',
  422: 'UPSTREAM_REJECTED',
  429: 'UPSTREAM_RATE_LIMITED',
};

export interface AkeneoRefusal {
  readonly system: string;
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

export function failureOf({ system, status, text, retryAfter }: AkeneoRefusal): Failure {
  const code = BY_STATUS[status] ?? 'UPSTREAM_UNAVAILABLE';
  const message = messageIn(text) ?? `HTTP ${status}`;
  const details = { system, vendorCode: `HTTP ${status}` };
  if (code !== 'UPSTREAM_RATE_LIMITED') return new Failure(code, message, details);
  const seconds = Number(retryAfter);
  return new Failure(code, message, { ...details, retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : 1_000 });
}

export const malformed = (system: string, message: string): Failure => new Failure('UPSTREAM_MALFORMED', message, { system });

export function silenceOf(system: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return new Failure(codeOf(error), message, { system, cause: error, ...retryAfterOf(error) });
}

/** Our own budget held it back, nobody listened any more, or nothing was heard. */
function codeOf(error: unknown): FailureCode {
  if (!(error instanceof CallInterruption)) return 'UPSTREAM_UNAVAILABLE';
  if (error.kind === 'budget-spent') return 'UPSTREAM_RATE_LIMITED';
  return error.kind === 'timeout' || error.kind === 'aborted' ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
}

function messageIn(text: string): string | null {
  try {
    const told = (JSON.parse(text) as { message?: unknown }).message;
    return typeof told === 'string' ? told : null;
  } catch {
    return null;
  }
}
