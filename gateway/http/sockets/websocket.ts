import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { handleProtocols, makeServer, type Server as ProtocolServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Door } from '../../identity/door.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { SubscriptionHub } from '../../subscriptions/hub.ts';
import { createResultTexts } from '../../subscriptions/result-texts.ts';
import { readTrustedProxies, type ClientAddressOf } from '../edge/client-address.ts';
import type { OpenStream, OpenStreams } from '../streams/open-streams.ts';
import { isAllowedOrigin, type HostRule } from '../edge/origins.ts';
import { firstOf, requestIdOf } from '../request.ts';
import { createRunningWork, type RunningWork } from './running-work.ts';
import { CLOSE, SocketConnection } from './socket-connection.ts';
import { createSocketOperations, type ConnectionParams, type SocketExtra } from './socket-operations.ts';

export interface WebSocketOptions {
  readonly httpServer: Server;
  readonly pipeline: Pipeline;
  readonly hub: SubscriptionHub;
  readonly streams: OpenStreams;
  readonly door: Door;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineMs: number;
  readonly drainTimeoutMs: number;
  readonly corsOrigins: readonly string[];
  readonly allowsHost: HostRule;
  /** Default: the address of the socket. */
  readonly clientAddressOf?: ClientAddressOf;
}

const INIT_TIMEOUT_MS = 5_000;
/** Each is pinged so often; not all in the same second. */
const PING_EVERY_S = 12;
/** How long a client may take to answer the close of a connection before it is cut off. */
const CLOSING_MS = 1_000;

/** graphql-transport-ws on /graphql: queries, mutations and subscriptions under the same limits as HTTP. */
export function serveWebSocket(options: WebSocketOptions): { close(): Promise<void> } {
  const { httpServer, streams, clientAddressOf = readTrustedProxies([]).clientAddressOf } = options;
  const sockets = new WebSocketServer({ noServer: true, clientTracking: false, handleProtocols, perMessageDeflate: false, maxPayload: options.limits.maxBodyBytes });
  const work = createRunningWork();
  const protocol = createProtocol(options, work);
  const open = new Map<SocketConnection, number>();
  let isDraining = false;
  let next = 0;
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (isDraining) return refuse(socket, '503 Service Unavailable', 'Retry-After: 1\r\n');
    if (!mayConnect(options, request)) return refuse(socket, '403 Forbidden');
    const address = clientAddressOf(request);
    const stream = streams.enter(address);
    if (typeof stream === 'string') return refuse(socket, stream === 'TOO_MANY' ? '503 Service Unavailable' : '429 Too Many Requests', 'Retry-After: 10\r\n');
    // Until it is a WebSocket, and also if it never becomes one.
    socket.once('close', () => stream.leave());
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = connect(options, protocol, { webSocket, stream, request, address });
      open.set(connection, (next += 1) % PING_EVERY_S);
      webSocket.once('close', () => open.delete(connection));
    });
  };
  httpServer.on('upgrade', onUpgrade);
  let second = 0;
  const pings = setInterval(() => {
    second = (second + 1) % PING_EVERY_S;
    for (const [connection, turn] of open) if (turn === second) connection.ping();
  }, 1_000).unref();
  return {
    close: async () => {
      isDraining = true;
      await Promise.race([work.settled(), wait(options.drainTimeoutMs)]);
      for (const connection of open.keys()) connection.close(CLOSE.SERVICE_RESTART, 'Service restart: connect again and resume');
      await Promise.race([whenEmpty(open), wait(CLOSING_MS)]);
      for (const { socket } of open.keys()) socket.terminate();
      clearInterval(pings);
      httpServer.removeListener('upgrade', onUpgrade);
      sockets.close();
    },
  };
}

const wait = (forMs: number): Promise<void> => new Promise((done) => setTimeout(done, forMs).unref());

const LOOK_MS = 10;

async function whenEmpty(open: { readonly size: number }): Promise<void> {
  while (open.size > 0) await wait(LOOK_MS);
}

function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

function mayConnect({ allowsHost, corsOrigins }: WebSocketOptions, { url, headers }: IncomingMessage): boolean {
  if (!URL.canParse(url ?? '', 'http://gateway.invalid') || new URL(url!, 'http://gateway.invalid').pathname !== '/graphql') return false;
  return allowsHost(headers.host) && isAllowedOrigin(headers.origin, headers.host, corsOrigins);
}

function createProtocol(options: WebSocketOptions, work: RunningWork): ProtocolServer<SocketExtra> {
  const { pipeline } = options;
  const operations = createSocketOperations({ ...options, work, textOf: createResultTexts((result) => pipeline.present(result)) });
  return makeServer<ConnectionParams, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (context) => operations.identify(context),
    onSubscribe: (context, id, payload) => operations.prepare(context, id, payload),
    execute: (args: ExecutionArgs) => operations.execute(args),
    subscribe: (args: ExecutionArgs) => operations.subscribe(args),
    onNext: (_context, _id, _payload, _args, result) => pipeline.present(result as ExecutionResult) as never,
    onError: (_context, _id, _payload, errors) => pipeline.present({ errors }).errors as never,
  });
}

interface Opened {
  readonly webSocket: WebSocket;
  readonly stream: OpenStream;
  readonly request: IncomingMessage;
  readonly address: string;
}

/** Speaks the protocol over one socket. The request it came with is not kept. */
function connect({ clock, log }: WebSocketOptions, protocol: ProtocolServer<SocketExtra>, { webSocket, stream, request: { headers }, address }: Opened): SocketConnection {
  const kept = { authorization: headers.authorization, apiKey: firstOf(headers['x-api-key']), requestId: requestIdOf(headers) };
  const connection = new SocketConnection({ socket: webSocket, stream, headers: kept, address, clock });
  let take: (text: string) => Promise<void> = async () => undefined;
  const closed = protocol.opened({
    protocol: webSocket.protocol,
    send: async (text) => void (await connection.send(text)),
    close: (code, reason) => connection.close(code ?? CLOSE.NORMAL, reason ?? ''),
    onMessage: (listener) => (take = listener),
  }, { connection });
  webSocket.on('message', (data) => {
    if (!connection.mayBeHeard()) return;
    take(String(data)).catch((error: Error) => {
      // graphql-ws throws at what only a server says; strangers must not be able to fill a log of faults with it.
      if (error.message.startsWith('Unexpected message of type')) return connection.close(CLOSE.BAD_REQUEST, 'Unexpected message');
      log.error({ error: error.message, requestId: kept.requestId }, 'a message of a WebSocket could not be handled');
      connection.close(4500, 'Internal server error');
    });
  });
  webSocket.on('ping', () => connection.mayBeHeard()).on('pong', () => connection.onPong());
  // What the WebSocket itself finds wrong (size, encoding) it closes with a code of its own.
  webSocket.on('error', () => undefined);
  webSocket.once('close', (code, reason) => {
    connection.left.abort(new Error('the caller left'));
    stream.leave();
    void closed(code, String(reason));
  });
  return connection;
}
