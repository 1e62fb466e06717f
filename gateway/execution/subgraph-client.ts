import type { GraphQLFormattedError } from 'graphql';

/** One operation for one subgraph, as the plan wrote it. */
export interface SubgraphRequest {
  /** Operation text. */
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  /** `variables` as JSON, where somebody on the way has needed that already. */
  readonly variablesText?: string;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  /** Payload of one subscription event; the host executes the operation with it as root value. */
  readonly event?: unknown;
  /** Stable hash of `query`, so that a host can reuse the parsed document. */
  readonly documentId: string;
}

/** Whose request goes first where a subgraph has no room. */
export type SubrequestLane = 'CHECKOUT' | 'BROWSING' | 'EVENTS';

export interface SubgraphCall {
  /** Aborted when the caller leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds; null means no deadline. */
  readonly deadlineAtMs: number | null;
  /** Opaque per-request value of the gateway, for example the principal. */
  readonly context: unknown;
  /** Found out on the way (gateway/clients); BROWSING unless told. */
  readonly lane?: SubrequestLane;
}

/** `data` belongs to the executor from here on: it is merged into, so a client must never hand out shared objects. */
export interface SubgraphAnswer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[] | undefined;
  readonly extensions?: unknown;
}

/** The way to one subgraph. Rejects with `SubgraphFailure` when there is no answer at all. */
export interface SubgraphClient {
  execute(request: SubgraphRequest, call: SubgraphCall): Promise<SubgraphAnswer>;
}

export type SubgraphFailureCode = 'UPSTREAM_TIMEOUT' | 'UPSTREAM_UNAVAILABLE' | 'UPSTREAM_MALFORMED';

/** What happened on the way, for those who decide whether to ask again. */
export type SubgraphFailureReason =
  /** No connection, or it broke. */
  | 'UNREACHABLE'
  /** 502, 503 or 504 without a GraphQL answer: something before the subgraph says that it cannot now. */
  | 'TURNED_AWAY'
  /** It had its time and did not answer. */
  | 'SILENT'
  /** It answered, but nothing of use. */
  | 'UNUSABLE'
  /** The caller's own deadline came too soon to say anything about the subgraph. */
  | 'DEADLINE'
  | 'CALLER_LEFT'
  /** Certainly never sent: its breaker is open, or too many wait. */
  | 'HELD_BACK';

export interface SubgraphFailureDetails extends ErrorOptions {
  readonly reason?: SubgraphFailureReason;
  /** Sooner than this it would end the same way. */
  readonly retryAfterMs?: number;
}

/** A subgraph's silence or nonsense, as opposed to the errors it reports itself. */
export class SubgraphFailure extends Error {
  override readonly name = 'SubgraphFailure';
  readonly code: SubgraphFailureCode;
  readonly reason: SubgraphFailureReason;
  readonly retryAfterMs: number | undefined;

  constructor(code: SubgraphFailureCode, message: string, { reason = 'UNUSABLE', retryAfterMs, cause }: SubgraphFailureDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
