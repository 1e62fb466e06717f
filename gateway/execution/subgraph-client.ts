import type { GraphQLFormattedError } from 'graphql';

/** One operation for one subgraph, as the plan wrote it. */
export interface SubgraphRequest {
  /** Operation text. */
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  /** Payload of one subscription event; the host executes the operation with it as root value. */
  readonly event?: unknown;
  /** Stable hash of `query`, so that a host can reuse the parsed document. */
  readonly documentId: string;
}

export interface SubgraphCall {
  /** Aborted when the caller leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds; null means no deadline. */
  readonly deadlineAtMs: number | null;
  /** Opaque per-request value of the gateway, for example the principal. */
  readonly context: unknown;
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

/** A subgraph's silence or nonsense, as opposed to the errors it reports itself. */
export class SubgraphFailure extends Error {
  override readonly name = 'SubgraphFailure';
  readonly code: SubgraphFailureCode;

  constructor(code: SubgraphFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
