import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { handleProtocols, type Context } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../platform/clock.ts';
import { invalid } from '../graph/documents.ts';
import type { Door } from '../identity/door.ts';
import type { Limits } from '../limits/limits.ts';
import type { Caller } from '../pipeline/caller.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { OperationRequest, PreparedOperation } from '../pipeline/prepared-operation.ts';
import { asGraphQLError } from '../pipeline/presented-errors.ts';
import { openScope, readShopping } from '../pipeline/request-scope.ts';
import type { SubscriptionHub } from '../subscriptions/hub.ts';
import { createRunningWork } from './running-work.ts';
import { isAllowedOrigin, type HostRule } from './origins.ts';
import { firstOf, requestIdOf, traceparentOf } from './request.ts';

export interface WebSocketOptions {
  readonly httpServer: Server;
  readonly pipeline: Pipeline;
  readonly hub: SubscriptionHub;
  readonly door: Door;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly drainTimeoutMs: number;
  readonly corsOrigins: readonly string[];
  readonly allowsHost: HostRule;
}

type Connection = Extra & {
  caller?: Caller;
  expiry?: NodeJS.Timeout;
  /** Aborted once, when the connection closes. */
  left?: AbortController;
  /** Operations that are executed or opened, also those whose client no longer waits for them. */
  running?: number;
} & Record<PropertyKey, unknown>;

type ConnectionContext = Context<Record<string, unknown> | undefined, Connection>;

/** What an execution is handed through graphql-ws. */
interface Execution {
  readonly prepared: PreparedOperation;
  readonly connection: Connection;
}

const MAX_OPERATIONS_PER_SOCKET = 64;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Close codes in the range applications may use; the same as graphql-ws's own. */
const FORBIDDEN = 4403;

/** graphql-transport-ws on /graphql: queries, mutations and subscriptions under the same limits as HTTP. */
export function serveWebSocket(options: WebSocketOptions): { close(): Promise<void> } {
  const { hub, pipeline } = options;
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: options.limits.maxBodyBytes });
  const work = createRunningWork();
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!mayConnect(options, request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  options.httpServer.on('upgrade', onUpgrade);
  const disposable = useServer<Record<string, unknown> | undefined, Connection>(
    {
      isProd: true,
      connectionInitWaitTimeout: 5_000,
      onConnect: (context) => connect(options, context),
      onClose: ({ extra }) => {
        clearTimeout(extra.expiry);
        extra.left?.abort(new Error('the caller left'));
      },
      onSubscribe: (context, _id, payload) => prepareOperation(options, context, payload),
      execute: (args) => work.track(execute(pipeline, executionOf(args))),
      subscribe: (args) => subscribe(pipeline, hub, executionOf(args)),
      onNext: (_context, _id, _payload, _args, result) => pipeline.present(result as ExecutionResult) as never,
      onError: (_context, _id, _payload, errors) => pipeline.present({ errors }).errors as never,
    },
    sockets,
  );
  return {
    close: async () => {
      options.httpServer.removeListener('upgrade', onUpgrade);
      await Promise.race([work.settled(), new Promise((done) => setTimeout(done, options.drainTimeoutMs).unref())]);
      await disposable.dispose();
    },
  };
}

function mayConnect({ allowsHost, corsOrigins }: WebSocketOptions, { url, headers }: IncomingMessage): boolean {
  if (!URL.canParse(url ?? '', 'http://gateway.invalid') || new URL(url!, 'http://gateway.invalid').pathname !== '/graphql') return false;
  return allowsHost(headers.host) && isAllowedOrigin(headers.origin, headers.host, corsOrigins);
}

async function connect({ door, clock }: WebSocketOptions, { extra, connectionParams }: ConnectionContext): Promise<boolean> {
  const { headers } = extra.request;
  extra.left = new AbortController();
  extra.running = 0;
  const identity = await door({
    authorization: param(connectionParams, 'authorization') ?? headers.authorization,
    apiKey: param(connectionParams, 'x-api-key') ?? firstOf(headers['x-api-key']),
  }).catch(() => null);
  if (!identity) return false;
  extra.caller = { identity, address: extra.request.socket.remoteAddress ?? '', requestId: requestIdOf(headers), transport: 'websocket' };
  const { expiresAtMs } = identity;
  if (expiresAtMs !== null) {
    const remainingMs = Math.min(Math.max(0, expiresAtMs - clock.now()), LONGEST_TIMER_MS);
    extra.expiry = setTimeout(() => (extra.socket as WebSocket).close(FORBIDDEN, 'Token expired'), remainingMs).unref();
  }
  return true;
}

/** Header names are case-insensitive; connection parameters are treated alike. */
function param(params: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const entry = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}

/** Completing an operation early frees its id, not its work: both are counted. */
const isBusy = ({ subscriptions, extra }: ConnectionContext): boolean =>
  Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET || extra.running! >= MAX_OPERATIONS_PER_SOCKET;

async function prepareOperation({ pipeline, clock, deadlineMs }: WebSocketOptions, context: ConnectionContext, request: OperationRequest): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { connectionParams, extra } = context;
  const caller = extra.caller!;
  const { principal } = caller.identity;
  const tell = pipeline.begin(caller);
  const isRefused = isBusy(context);
  // Counted here and not where it runs: a burst of messages is taken before the first of them does.
  extra.running! += 1;
  try {
    if (isRefused) throw invalid(`A connection may have ${MAX_OPERATIONS_PER_SOCKET} operations open.`, { limit: 'operations' });
    const shopping = readShopping((name) => param(connectionParams, name), principal);
    const traceparent = traceparentOf(param(connectionParams, 'traceparent'));
    const scope = openScope({ principal, shopping, left: extra.left!.signal, nowMs: clock.now(), deadlineMs, traceparent });
    const prepared = await pipeline.prepare(request, scope, caller);
    const { document, operation, variables, graph } = prepared;
    const execution: Execution = { prepared, connection: extra };
    return { schema: graph.schema, document, operationName: operation.name?.value ?? null, variableValues: { ...variables }, contextValue: execution };
  } catch (error) {
    extra.running! -= 1;
    const errors = [asGraphQLError(error)];
    tell(null, errors);
    return errors;
  }
}

const executionOf = (args: ExecutionArgs): Execution => args.contextValue as Execution;

async function execute(pipeline: Pipeline, { prepared, connection }: Execution): Promise<ExecutionResult> {
  const tell = pipeline.begin(prepared.caller);
  const { result } = await pipeline.execute(prepared);
  connection.running! -= 1;
  tell(prepared, result.errors);
  return result;
}

async function subscribe(pipeline: Pipeline, hub: SubscriptionHub, { prepared, connection }: Execution): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  try {
    const pass = await pipeline.pass(prepared);
    try {
      return await hub.open(prepared);
    } finally {
      pass.leave?.();
    }
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  } finally {
    connection.running! -= 1;
  }
}
