import { Pool } from 'undici';
import {
  SubgraphFailure,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphClient,
  type SubgraphRequest,
} from './subgraph-client.ts';

export interface HttpClientOptions {
  /** Name of the subgraph, for messages. */
  readonly name: string;
  readonly url: string;
  /** Principal, trace and deadline of this call as the host wants them. */
  readonly createHeaders: (call: SubgraphCall) => Record<string, string>;
  /** Upper bound of one request; a nearer deadline aborts it earlier through the call's signal. */
  readonly timeoutMs: number;
  /** Sockets kept open. */
  readonly connections?: number;
  readonly maxAnswerBytes?: number;
}

export interface HttpClient extends SubgraphClient {
  /** Waits for running requests and closes the sockets. */
  close(): Promise<void>;
}

/**
 * A subgraph over HTTP with kept-alive connections. Compression is off: hosts are near, and deflating costs more than
 * it saves. An event of a subscription travels as `extensions.event`.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { origin, pathname, search } = new URL(options.url);
  const pool = new Pool(origin, {
    connections: options.connections ?? 64,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    connect: { timeout: options.timeoutMs },
    maxResponseSize: options.maxAnswerBytes ?? 16 * 1024 * 1024,
  });
  return {
    async execute(request, call) {
      const signal = AbortSignal.any([call.signal, AbortSignal.timeout(options.timeoutMs)]);
      try {
        const { statusCode, body } = await pool.request({
          method: 'POST',
          path: pathname + search,
          headers: { ...HEADERS, ...options.createHeaders(call) },
          body: writeBody(request),
          signal,
        });
        return readAnswer(options.name, statusCode, await body.text());
      } catch (cause) {
        throw asFailure(options.name, cause, signal.aborted);
      }
    },
    close: () => pool.close(),
  };
}

const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
  'accept-encoding': 'identity',
};

function writeBody({ query, operationName, variables, operationKind, event }: SubgraphRequest): string {
  const extensions = operationKind === 'subscription' ? { event } : undefined;
  return JSON.stringify({ query, operationName, variables, extensions });
}

/** GraphQL over HTTP: a status of 4xx or 5xx may still carry a GraphQL answer; one that does not is no answer. */
function readAnswer(name: string, status: number, text: string): SubgraphAnswer {
  const answer = parseAnswer(text);
  if (answer) return answer;
  if (status >= 200 && status < 300) {
    throw new SubgraphFailure('UPSTREAM_MALFORMED', `Subgraph "${name}" did not answer in GraphQL.`);
  }
  throw new SubgraphFailure('UPSTREAM_UNAVAILABLE', `Subgraph "${name}" answered HTTP ${status}.`);
}

function parseAnswer(text: string): SubgraphAnswer | null {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    const { data, errors } = value as { data?: unknown; errors?: unknown };
    const hasData = typeof data === 'object' && data !== null && !Array.isArray(data);
    const reported: readonly unknown[] = Array.isArray(errors) ? errors : [];
    const readable = reported.every((error) => typeof (error as { message?: unknown } | null)?.message === 'string');
    if (!readable || (!hasData && reported.length === 0)) return null;
    return { ...(value as SubgraphAnswer), errors: reported as NonNullable<SubgraphAnswer['errors']> };
  } catch {
    return null;
  }
}

function asFailure(name: string, cause: unknown, aborted: boolean): SubgraphFailure {
  if (cause instanceof SubgraphFailure) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  if (aborted || (typeof code === 'string' && code.includes('TIMEOUT'))) {
    return new SubgraphFailure('UPSTREAM_TIMEOUT', `Subgraph "${name}" did not answer in time.`, { cause });
  }
  return new SubgraphFailure('UPSTREAM_UNAVAILABLE', `Subgraph "${name}" cannot be reached.`, { cause });
}
