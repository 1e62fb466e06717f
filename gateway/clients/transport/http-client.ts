import { Pool, type Dispatcher } from 'undici';
import {
  SubgraphFailure,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphClient,
  type SubgraphRequest,
} from '../../execution/subgraph-client.ts';
import { createBoundedCache } from '../../execution/bounded-cache.ts';
import { HttpExchange, type RawAnswer } from './http-exchange.ts';

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
  const path = pathname + search;
  const writeBody = createBodyWriter();
  // One timer an exchange (ours) bounds it as a whole, whatever it hangs at; undici's would each bound a part.
  const pool = new Pool(origin, {
    connections: options.connections ?? 64,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.timeoutMs },
    maxResponseSize: options.maxAnswerBytes ?? 16 * 1024 * 1024,
  });
  const send = (request: Dispatcher.DispatchOptions, call: SubgraphCall): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const exchange = new HttpExchange({ signal: call.signal, timeoutMs: options.timeoutMs, resolve, reject });
      if (exchange.begin()) pool.dispatch(request, exchange);
    });
  return {
    async execute(request, call) {
      const headers = HEADERS.slice();
      const own = options.createHeaders(call);
      for (const name in own) headers.push(name, own[name]!);
      try {
        const { status, body } = await send({ method: 'POST', path, headers, body: writeBody(request) }, call);
        return readAnswer(options.name, status, body.toString());
      } catch (cause) {
        throw asFailure(options.name, cause, call.signal.aborted);
      }
    },
    close: () => pool.close(),
  };
}

const HEADERS: readonly string[] = [
  'content-type', 'application/json',
  'accept', 'application/graphql-response+json, application/json',
  'accept-encoding', 'identity',
];

/** What of the bodies does not change: texts are long, and the plans' repeat. */
function createBodyWriter(): (request: SubgraphRequest) => string {
  const heads = createBoundedCache<{ readonly query: string; readonly text: string }>(MAX_HEADS);
  return ({ query, operationName, documentId, variables, variablesText, operationKind, event }) => {
    let head = heads.get(documentId);
    if (head?.query !== query) heads.set(documentId, (head = { query, text: JSON.stringify({ query, operationName }).slice(0, -1) }));
    const asked = variablesText ?? (variables === undefined ? undefined : JSON.stringify(variables));
    const body = asked === undefined ? head.text : `${head.text},"variables":${asked}`;
    return operationKind === 'subscription' ? `${body},"extensions":${JSON.stringify({ event })}}` : `${body}}`;
  };
}

const MAX_HEADS = 2_000;

/** Said by what stands before a subgraph, or by one that is going down: somebody else may answer a moment later. */
const TURNED_AWAY = [502, 503, 504];

/** GraphQL over HTTP: a status of 4xx or 5xx may still carry a GraphQL answer; one that does not is no answer. */
function readAnswer(name: string, status: number, text: string): SubgraphAnswer {
  const answer = parseAnswer(text);
  if (answer) return answer;
  if (status >= 200 && status < 300) {
    throw new SubgraphFailure('UPSTREAM_MALFORMED', `Subgraph "${name}" did not answer in GraphQL.`);
  }
  throw new SubgraphFailure('UPSTREAM_UNAVAILABLE', `Subgraph "${name}" answered HTTP ${status}.`, { reason: TURNED_AWAY.includes(status) ? 'TURNED_AWAY' : 'UNUSABLE' });
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

/** An answer that is too large is one; it would be as large a second time. */
const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

function asFailure(name: string, cause: unknown, aborted: boolean): SubgraphFailure {
  if (cause instanceof SubgraphFailure) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  if (aborted || (typeof code === 'string' && code.includes('TIMEOUT'))) {
    return new SubgraphFailure('UPSTREAM_TIMEOUT', `Subgraph "${name}" did not answer in time.`, { cause, reason: aborted ? 'CALLER_LEFT' : 'SILENT' });
  }
  return new SubgraphFailure('UPSTREAM_UNAVAILABLE', `Subgraph "${name}" cannot be reached.`, { cause, reason: code === TOO_LARGE ? 'UNUSABLE' : 'UNREACHABLE' });
}
