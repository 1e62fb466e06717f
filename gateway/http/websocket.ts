import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { handleProtocols, type Context } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../platform/clock.ts';
import type { Door, Identity } from '../identity/door.ts';
import type { Limits } from '../limits/limits.ts';
import type { PreparedOperation, PrepareOperation } from '../prepare-operation.ts';
import { openScope, readShopping } from '../request-scope.ts';
import type { SubscriptionHub } from '../subscriptions/hub.ts';
import type { SupergraphServer } from '../supergraph-server.ts';
import { asGraphQLError, formatResult } from './errors.ts';
import { isAllowedOrigin } from './origins.ts';

export interface WebSocketOptions {
  readonly httpServer: Server;
  readonly server: SupergraphServer;
  readonly hub: SubscriptionHub;
  readonly prepare: PrepareOperation;
  readonly door: Door;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly corsOrigins: readonly string[];
}

type Connection = Extra & {
  identity?: Identity;
  expiry?: NodeJS.Timeout;
} & Record<PropertyKey, unknown>;

type ConnectionContext = Context<Record<string, unknown> | undefined, Connection>;

const MAX_OPERATIONS_PER_SOCKET = 64;
/** Close codes in the range applications may use; the first two are graphql-ws's own. */
const FORBIDDEN = 4403;

/** graphql-transport-ws on /graphql: queries, mutations and subscriptions under the same limits as HTTP. */
export function serveWebSocket(options: WebSocketOptions): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: options.limits.maxBodyBytes });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path !== '/graphql' || !isAllowedOrigin(request.headers.origin, request.headers.host, options.corsOrigins)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  options.httpServer.on('upgrade', onUpgrade);
  const disposable = useServer<Record<string, unknown> | undefined, Connection>(
    {
      connectionInitWaitTimeout: 5_000,
      onConnect: (context) => connect(options, context),
      onDisconnect: (context) => clearTimeout(context.extra.expiry),
      onSubscribe: (context, _id, payload) => prepareOperation(options, context, payload),
      execute: async (args) => options.server.execute(preparedOf(args)),
      subscribe: async (args) => subscribe(options.hub, preparedOf(args)),
      onNext: (_context, _id, _payload, _args, result) => formatResult(result as ExecutionResult) as never,
    },
    sockets,
  );
  return {
    close: async () => {
      options.httpServer.removeListener('upgrade', onUpgrade);
      await disposable.dispose();
    },
  };
}

async function connect({ door, clock }: WebSocketOptions, context: ConnectionContext): Promise<boolean> {
  const { extra, connectionParams } = context;
  const { headers } = extra.request;
  try {
    extra.identity = await door({
      authorization: param(connectionParams, 'authorization') ?? headers.authorization,
      apiKey: param(connectionParams, 'x-api-key') ?? (headers['x-api-key'] as string | undefined),
    });
  } catch {
    return false;
  }
  const { expiresAtMs } = extra.identity;
  if (expiresAtMs !== null) {
    const remainingMs = Math.min(expiresAtMs - clock.now(), 2 ** 31 - 1);
    extra.expiry = setTimeout(() => (extra.socket as WebSocket).close(FORBIDDEN, 'Token expired'), Math.max(0, remainingMs)).unref();
  }
  return true;
}

/** Header names are case-insensitive; connection parameters are treated alike. */
function param(params: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const entry = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}

function prepareOperation(options: WebSocketOptions, context: ConnectionContext, payload: { query: string; operationName?: unknown; variables?: unknown }): ExecutionArgs | readonly GraphQLError[] {
  const { principal } = context.extra.identity!;
  if (Object.keys(context.subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
    return [new GraphQLError(`A connection may have ${MAX_OPERATIONS_PER_SOCKET} operations open.`, { extensions: { code: 'INVALID_INPUT' } })];
  }
  try {
    const shopping = readShopping((name) => param(context.connectionParams, name), principal);
    const left = new AbortController();
    (context.extra.socket as WebSocket).once('close', () => left.abort(new Error('the caller left')));
    const scope = openScope({ principal, shopping, left: left.signal, nowMs: options.clock.now(), deadlineMs: options.deadlineMs, traceparent: null });
    const prepared = options.prepare(payload as never, scope);
    const { document, operation, variables } = prepared;
    return { schema: options.server.schema, document, operationName: operation.name?.value ?? null, variableValues: { ...variables }, contextValue: prepared };
  } catch (error) {
    return [asGraphQLError(error)];
  }
}

const preparedOf = (args: ExecutionArgs): PreparedOperation => args.contextValue as PreparedOperation;

async function subscribe(hub: SubscriptionHub, operation: PreparedOperation): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  try {
    return await hub.open(operation);
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}
