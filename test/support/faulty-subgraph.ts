import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { graphql, type GraphQLSchema } from 'graphql';

/** What may go wrong on the way to a subgraph. */
export type Fault =
  | 'none'
  /** No answer, the connection stays open. */
  | 'hang'
  /** Headers at once, then nothing. */
  | 'hang-mid-body'
  /** The connection breaks before a byte, or amid the answer. */
  | 'reset'
  | 'reset-mid-body'
  | 'slow-headers'
  | 'html-500'
  | 'html-502'
  | 'busy-503'
  | 'garbage'
  | 'not-graphql'
  | 'truncated'
  | 'too-large';

export interface FaultySubgraph {
  readonly url: string;
  /** From the next request on; `times`: for so many, then none. */
  inject(fault: Fault, times?: number): void;
  /** Requests that came in. */
  readonly received: () => number;
  /** Requests whose connection was closed before they were answered whole. */
  readonly abandoned: () => number;
  /** Refuses connections from now on. */
  stop(): Promise<void>;
  /** Listens again, at the same address. */
  start(): Promise<void>;
}

const SLOW_MS = 60;
export const TOO_LARGE_BYTES = 200_000;

/** A real HTTP server with a subgraph's schema behind it, which fails as told. */
export async function startFaultySubgraph(schema: GraphQLSchema): Promise<FaultySubgraph> {
  let [fault, left, received, abandoned, port] = ['none' as Fault, Infinity, 0, 0, 0];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    received += 1;
    const injected = left > 0 ? fault : 'none';
    left -= 1;
    response.once('close', () => (abandoned += response.writableFinished ? 0 : 1));
    void answer(schema, injected, request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const start = async (): Promise<void> => {
    await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
    ({ port } = server.address() as AddressInfo);
  };
  await start();
  return {
    get url() {
      return `http://127.0.0.1:${port}/graphql`;
    },
    inject: (next, times = Infinity) => void ([fault, left] = [next, times]),
    received: () => received,
    abandoned: () => abandoned,
    start,
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function answer(schema: GraphQLSchema, fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await execute(schema, await readBody(request), response);
  const half = text.slice(0, text.length / 2);
  const json = { 'content-type': 'application/json' };
  switch (fault) {
    case 'hang': return;
    case 'hang-mid-body': return void response.writeHead(200, { ...json, 'content-length': text.length }).write(half);
    case 'reset': return void request.socket.resetAndDestroy();
    case 'reset-mid-body':
      response.writeHead(200, { ...json, 'content-length': text.length }).write(half, () => request.socket.resetAndDestroy());
      return;
    case 'slow-headers': return void setTimeout(() => response.writeHead(200, json).end(text), SLOW_MS);
    case 'html-500': return void response.writeHead(500, { 'content-type': 'text/html' }).end('<html><h1>Oops</h1></html>');
    case 'html-502': return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>Bad Gateway</h1></html>');
    case 'busy-503': return void response.writeHead(503, json).end('{"status":"busy"}');
    case 'garbage': return void response.writeHead(200, json).end('\u0000\u0001 no JSON');
    case 'not-graphql': return void response.writeHead(200, json).end('{"items":[]}');
    case 'truncated': return void response.writeHead(200, json).end(half);
    case 'too-large': return void response.writeHead(200, json).end(text.replace(/}\s*$/, `,"extensions":{"x":"${'x'.repeat(TOO_LARGE_BYTES)}"}}`));
    case 'none': return void response.writeHead(200, json).end(text);
  }
}

async function readBody(request: IncomingMessage): Promise<{ query: string; variables?: Record<string, unknown> }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as { query: string };
}

async function execute(schema: GraphQLSchema, { query, variables }: { query: string; variables?: Record<string, unknown> }, response: ServerResponse): Promise<string> {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  return JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? null, contextValue: { scope: { signal: leaving.signal } } }));
}
