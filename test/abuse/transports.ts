import { WebSocket } from 'ws';

export interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

/** What came back, whatever the transport. */
export interface Answered {
  readonly data?: Record<string, any> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

export type Transport = 'HTTP' | 'SSE' | 'WebSocket';

export type Send = (url: string, asked: Asked, headers: Readonly<Record<string, string>>) => Promise<Answered>;

/** One operation as each transport takes it, over a connection of its own. */
export const SENDERS: Readonly<Record<Transport, Send>> = {
  HTTP: async (url, asked, headers) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(asked) });
    return (await response.json()) as Answered;
  },
  SSE: async (url, asked, headers) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers }, body: JSON.stringify(asked) });
    const text = await response.text();
    return JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text) as Answered;
  },
  // By hand: client libraries refuse to send much of what is sent here.
  WebSocket: async (url, asked, payload) => {
    const { code, said } = await speak(
      url,
      (socket) => {
        socket.send(JSON.stringify({ type: 'connection_init', payload }));
        socket.once('message', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: asked })));
      },
      { enough: (messages) => messages.some(({ id }) => id === '1') },
    );
    const answer = said.find(({ id }) => id === '1');
    if (answer) return answer.type === 'error' ? { errors: answer.payload } : answer.payload;
    return { errors: [{ message: `closed with ${code}`, extensions: { code: code === 4400 ? 'INVALID_INPUT' : `CLOSED_${code}` } }] };
  },
};

export interface Spoken {
  /** Close code; 1006 when the connection was cut. */
  readonly code: number;
  readonly said: readonly any[];
  readonly socket: WebSocket;
}

/** Speaks graphql-transport-ws by hand until the gateway closes, or `enough` says that what is there will do. */
export function speak(url: string, act: (socket: WebSocket) => void, { headers = {}, enough = () => false }: { headers?: Record<string, string>; enough?: (said: readonly any[]) => boolean } = {}): Promise<Spoken> {
  return new Promise((done) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const said: any[] = [];
    socket.on('open', () => act(socket));
    socket.on('message', (data) => {
      said.push(JSON.parse(String(data)));
      if (!enough(said)) return;
      done({ code: 0, said, socket });
      socket.terminate();
    });
    socket.on('close', (code) => done({ code, said, socket }));
    // A refused handshake has a status and no close code.
    socket.on('unexpected-response', (_request, response) => done({ code: response.statusCode ?? 0, said, socket }));
    socket.on('error', () => undefined);
  });
}
