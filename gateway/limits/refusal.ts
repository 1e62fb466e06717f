import { GraphQLError } from 'graphql';
import { Failure } from '../../domain/failure.ts';

export interface Refusal {
  readonly code: 'RATE_LIMITED' | 'OVERLOADED';
  readonly message: string;
  readonly retryAfterMs: number;
  /** Which limit it was, for whoever debugs a client. */
  readonly limit: string;
  /** More headers for transports that have them. */
  readonly headers?: Readonly<Record<string, string>>;
}

const STATUS = { RATE_LIMITED: 429, OVERLOADED: 503 } as const;

/** Whole seconds, as Retry-After has it; "at once" would bring them all back together. */
export const retryAfterSeconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)));

/** Turns a caller away for now: the same words over HTTP, SSE and WebSocket; status and headers where there are any. */
export function turnAway({ code, message, retryAfterMs, limit, headers = {} }: Refusal): GraphQLError {
  const { retryable } = new Failure(code, message);
  const waitMs = Math.ceil(retryAfterMs);
  const http = { status: STATUS[code], headers: new Map(Object.entries({ ...headers, 'retry-after': retryAfterSeconds(waitMs) })) };
  return new GraphQLError(message, { extensions: { code, retryable, retryAfterMs: waitMs, limit, http } });
}
