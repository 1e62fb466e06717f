import type { WebSocket } from 'ws';
import type { Spoken } from './transports.ts';

/** What somebody may do to a WebSocket, and what must come of it. */
export interface SocketCase {
  readonly name: string;
  readonly act: (socket: WebSocket) => void;
  readonly headers?: Readonly<Record<string, string>>;
  /** When there is enough to judge; else the gateway has to close. */
  readonly enough?: (said: readonly any[]) => boolean;
  readonly holds: (spoken: Spoken) => boolean;
}

const send = (socket: WebSocket, message: unknown): void => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
const INIT = { type: 'connection_init', payload: { 'x-api-key': 'availability:read' } };
const subscribe = (id: unknown, query: unknown = '{ item(id: "1") { name } }', more: object = {}) => ({ id, type: 'subscribe', payload: { query, ...more } });
const WATCH = 'subscription { stockChanged(skus: ["A"]) { id } }';

/** Introduces itself, and then does what it came for. */
const introduced = (act: (socket: WebSocket) => void) => (socket: WebSocket): void => {
  socket.once('message', () => act(socket));
  send(socket, INIT);
};
const closes = (...codes: readonly number[]) => ({ code }: Spoken): boolean => codes.includes(code);
const flood = (count: number, act: (index: number) => void): void => {
  for (let index = 0; index < count; index += 1) act(index);
};

const HANDSHAKES: readonly SocketCase[] = [
  { name: 'a page of another origin', act: () => undefined, headers: { origin: 'https://evil.example' }, holds: closes(403) },
  { name: 'an origin that only begins like ours', act: () => undefined, headers: { origin: 'https://shop.example.evil.example' }, holds: closes(403) },
  { name: 'an origin that is nothing', act: () => undefined, headers: { origin: 'null' }, holds: closes(403) },
  { name: 'nobody who introduces himself', act: () => undefined, holds: closes(4408) },
  { name: 'operations before an introduction', act: (socket) => send(socket, subscribe('1')), holds: closes(4401) },
  { name: 'two introductions', act: introduced((socket) => send(socket, INIT)), holds: closes(4429) },
  { name: 'an introduction that is a list', act: (socket) => send(socket, { type: 'connection_init', payload: [] }), holds: closes(4400) },
  { name: 'credentials that are wrong', act: (socket) => send(socket, { type: 'connection_init', payload: { 'x-api-key': 'wrong' } }), holds: closes(4403) },
];

const MESSAGES: readonly SocketCase[] = [
  { name: 'JSON that is none', act: introduced((socket) => send(socket, '{')), holds: closes(4400) },
  { name: 'JSON that is a number', act: introduced((socket) => send(socket, '1')), holds: closes(4400) },
  { name: 'a type nobody knows', act: introduced((socket) => send(socket, { type: '__proto__' })), holds: closes(4400) },
  { name: 'an operation without a name of its own', act: introduced((socket) => send(socket, subscribe(undefined))), holds: closes(4400) },
  { name: 'an operation whose text is an object', act: introduced((socket) => send(socket, subscribe('1', { toString: 1 }))), holds: closes(4400) },
  { name: 'variables that are a text', act: introduced((socket) => send(socket, subscribe('1', '{ mine }', { variables: 'x' }))), holds: closes(4400) },
  { name: 'the prototype as id', act: introduced((socket) => send(socket, subscribe('__proto__'))), enough: (said) => said.length > 1, holds: ({ code, said }) => (code === 0 ? said.length > 1 : code >= 1000) && ({} as any).id === undefined },
  { name: 'bytes in place of text', act: introduced((socket) => socket.send(Buffer.from([0xff, 0xfe, 0x00, 0x80]), { binary: true })), holds: closes(4400) },
  { name: 'text that is no UTF-8', act: introduced((socket) => socket.send(Buffer.from([0xc3, 0x28]), { binary: false })), holds: closes(1007) },
  { name: 'a frame above the limit', act: introduced((socket) => send(socket, subscribe('1', '{ mine }', { pad: 'x'.repeat(600_000) }))), holds: closes(1009) },
  { name: 'a frame above the limit in pieces', act: introduced((socket) => flood(20, (index) => socket.send('x'.repeat(50_000), { fin: index === 19 }))), holds: closes(1009) },
  { name: 'an id of a hundred thousand letters', act: introduced((socket) => send(socket, subscribe('i'.repeat(100_000)))), enough: (said) => said.length > 1, holds: ({ code }) => code === 0 || code === 4400 },
  { name: 'one id for two operations', act: introduced((socket) => flood(2, () => send(socket, subscribe('1', WATCH)))), holds: closes(4409) },
  { name: 'an answer nobody asked for', act: introduced((socket) => send(socket, { id: '1', type: 'next', payload: {} })), holds: closes(4400) },
];

const FLOODS: readonly SocketCase[] = [
  { name: 'a thousand operations', act: introduced((socket) => flood(1_000, (index) => send(socket, subscribe(`${index}`, WATCH)))), holds: closes(4429) },
  {
    name: 'a hundred operations that stay open',
    act: introduced((socket) => flood(100, (index) => send(socket, subscribe(`${index}`, WATCH)))),
    enough: (said) => said.filter(({ type }) => type === 'error').length >= 36,
    holds: ({ said }) => said.filter(({ type }) => type === 'error').every(({ payload }) => payload[0].extensions.limit === 'operations'),
  },
  { name: 'a flood of pings', act: introduced((socket) => flood(2_000, () => send(socket, { type: 'ping' }))), holds: closes(4429) },
  { name: 'a flood of pings of the WebSocket itself', act: introduced((socket) => flood(2_000, () => socket.ping())), holds: closes(4429, 1006) },
  { name: 'operations that are given up as fast as they are opened', act: introduced((socket) => flood(500, (index) => (send(socket, subscribe(`${index}`, WATCH)), send(socket, { id: `${index}`, type: 'complete' })))), holds: closes(4429) },
  { name: 'messages that complete what was never begun', act: introduced((socket) => flood(2_000, (index) => send(socket, { id: `${index}`, type: 'complete' }))), holds: closes(4429) },
];

export const SOCKET_CASES: readonly SocketCase[] = [...HANDSHAKES, ...MESSAGES, ...FLOODS];
