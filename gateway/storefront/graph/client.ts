import { createClient } from 'graphql-ws';
import type { Operation } from './operations.ts';

/** The whole GraphQL client: queries and mutations over fetch, subscriptions over one graphql-ws socket. */

const REQUEST_TIMEOUT_MS = 15_000;

export type Connection = 'IDLE' | 'OPEN' | 'LOST';

interface GraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

/** The graph could not be asked, or answered nothing at all. `definite` = it was refused, so nothing was done. */
export class RequestFailure extends Error {
  readonly definite: boolean;
  readonly code: string;

  constructor(message: string, definite: boolean, code: string) {
    super(message);
    this.name = 'RequestFailure';
    this.definite = definite;
    this.code = code;
  }
}

export interface Answer<Data> {
  readonly data: Data;
  /** Parts that could not be answered are null in `data` and told here. */
  readonly errors: readonly GraphError[];
}

export interface Listener<Data> {
  readonly onData: (data: Data) => void;
  /** The socket came back after a loss: what happened meanwhile must be read again. */
  readonly onReconnect: () => void;
}

export interface GraphClient {
  /** @throws RequestFailure */
  request<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables, signal?: AbortSignal): Promise<Answer<Data>>;
  /** @returns stops listening */
  subscribe<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables, listener: Listener<Data>): () => void;
  close(): void;
}

/** Refusals before anything runs; every other silence or error leaves the outcome open. */
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']);

export function createGraphClient(locale: string | null, onConnection: (connection: Connection) => void): GraphClient {
  const headers: Record<string, string> = locale === null ? {} : { 'x-locale': locale };
  const reconnects = new Set<() => void>();
  let lost = false;
  const socket = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: headers,
    lazyCloseTimeout: 2_000,
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** retries, 8_000))),
    on: {
      connected: () => {
        onConnection('OPEN');
        if (lost) for (const tell of reconnects) tell();
        lost = false;
      },
      closed: (event) => {
        lost = (event as CloseEvent).code !== 1000;
        onConnection(lost ? 'LOST' : 'IDLE');
      },
    },
  });
  return {
    request: (operation, variables, signal) => post(operation, variables, headers, signal),
    subscribe: (operation, variables, { onData, onReconnect }) => {
      reconnects.add(onReconnect);
      const stop = socket.subscribe<never>(
        { query: operation.document, operationName: operation.name, variables: variables as Record<string, unknown> },
        { next: ({ data }) => data && onData(data), error: () => onConnection('LOST'), complete: () => undefined },
      );
      return () => {
        reconnects.delete(onReconnect);
        stop();
      };
    },
    close: () => void socket.dispose(),
  };
}

async function post<Data, Variables>({ name, document }: Operation<Data, Variables>, variables: Variables, headers: Record<string, string>, signal?: AbortSignal): Promise<Answer<Data>> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify({ operationName: name, query: document, variables }),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new RequestFailure(timeout.aborted ? 'timeout' : 'unreachable', false, 'UNREACHABLE');
  });
  const body = (await response.json().catch(() => null)) as { data?: Data | null; errors?: readonly GraphError[] } | null;
  const { data, errors = [] } = body ?? {};
  if (data == null) {
    const code = errors[0]?.extensions?.code ?? `HTTP_${response.status}`;
    throw new RequestFailure(errors[0]?.message ?? `HTTP ${response.status}`, REFUSALS.has(code), code);
  }
  return { data, errors };
}
