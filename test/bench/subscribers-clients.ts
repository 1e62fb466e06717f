import { request } from 'node:http';
import { WebSocket } from 'ws';
import { keyOf } from '../support/small-gateway.ts';

/* A process of subscribers that do as little as they can: subscribers-clients.ts <url> <how many> <websocket | sse>. Tells of each event when the first and the last of them had it. */

const [url = '', countText = '', transport = ''] = process.argv.slice(2);
const count = Number(countText);
const QUERY = 'subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { cursor variant { sku figure } } }';
const variables = { skus: ['A'] };
const key = keyOf('availability:read');
/** Opened at once. */
const BATCH = 100;
/** After this long without news all have it who ever will. */
const QUIET_MS = 1_000;

let first = 0;
let last = 0;
let heard = 0;
let quiet: NodeJS.Timeout | undefined;

function hear(): void {
  const now = Date.now();
  if (heard === 0) first = now;
  last = now;
  heard += 1;
  if (heard < count) {
    clearTimeout(quiet);
    quiet = setTimeout(tell, QUIET_MS);
  } else tell();
}

function tell(): void {
  clearTimeout(quiet);
  process.send!({ first, last, count: heard });
  heard = 0;
}

function openSocket(): Promise<void> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false });
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: key })));
    socket.once('message', () => {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables } }));
      // What is answered after the operation says that it has been taken.
      socket.send(JSON.stringify({ type: 'ping' }));
      socket.once('message', () => {
        socket.on('message', hear);
        done();
      });
    });
    socket.once('error', fail);
  });
}

function openStream(): Promise<void> {
  return new Promise((done, fail) => {
    const asking = request(`${url}/graphql`, { method: 'POST', agent: false, headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...key } }, (response) => {
      response.once('data', () => {
        response.on('data', (chunk: Buffer) => {
          if (chunk.includes('event: next')) hear();
        });
        done();
      });
    });
    asking.once('error', fail).end(JSON.stringify({ query: QUERY, variables }));
  });
}

for (let opened = 0; opened < count; opened += BATCH) {
  await Promise.all(Array.from({ length: Math.min(BATCH, count - opened) }, () => (transport === 'sse' ? openStream() : openSocket())));
}
process.on('disconnect', () => process.exit(0));
process.send!('OPEN');
