import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createOpenStreams, type OpenStream } from '../../../../gateway/http/streams/open-streams.ts';
import { ANONYMOUS } from '../../../../domain/principal.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';

const BOTH = keyOf('availability:read', 'price:read');
const SUBSCRIPTION = 'subscription { stockChanged(skus: ["A"]) { id } }';
const addressOf = (url: string): string => `${url.replace('http', 'ws')}/graphql`;
const say = (socket: WebSocket, message: object): void => socket.send(JSON.stringify(message));

/** Opens a WebSocket and is let in. Rejects where the upgrade is refused. */
const enter = (url: string, key = BOTH): Promise<WebSocket> =>
  new Promise((done, fail) => {
    const socket = new WebSocket(addressOf(url), 'graphql-transport-ws');
    socket.once('open', () => say(socket, { type: 'connection_init', payload: key })).once('message', () => done(socket)).once('error', fail);
    socket.once('close', (code, reason) => fail(new Error(`closed ${code} ${String(reason)}`)));
  });

const closed = (socket: WebSocket): Promise<string> => new Promise((done) => socket.once('close', (code, reason) => done(`${code} ${String(reason)}`)));

const openStream = (url: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...BOTH }, body: JSON.stringify({ query: SUBSCRIPTION }), ...(signal && { signal }) });

describe('bounds of WebSockets and event streams', () => {
  it('hold for both together: of one caller, of one address and in all', async () => {
    const few = await startSmallGateway({ streams: { inAll: 0, perAddress: 0, perPrincipal: 2 } });
    const first = await enter(few.url);
    const leaving = new AbortController();
    const stream = await openStream(few.url, leaving.signal);
    expect(stream.status).toBe(200);
    const refused = await openStream(few.url);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([429, '10', { errors: [{ message: expect.any(String), extensions: { code: 'RATE_LIMITED', retryable: true, limit: 'streams' } }] }]);
    await expect(enter(few.url)).rejects.toThrow('closed 1013');
    leaving.abort();
    first.terminate();
    await expect.poll(async () => (await openStream(few.url)).status).toBe(200);
    await few.drain();
    const one = await startSmallGateway({ streams: { inAll: 0, perAddress: 1, perPrincipal: 0 } });
    await enter(one.url);
    await expect(enter(one.url)).rejects.toThrow('429');
    expect((await openStream(one.url)).status).toBe(429);
    await one.drain();
    const full = await startSmallGateway({ streams: { inAll: 1, perAddress: 0, perPrincipal: 0 } });
    await enter(full.url);
    await expect(enter(full.url)).rejects.toThrow('503');
    expect((await openStream(full.url)).status).toBe(503);
    await full.drain();
  });

  it('close on a flood of messages, also of pings', async () => {
    const gateway = await startSmallGateway();
    const speaking = await enter(gateway.url);
    const code = closed(speaking);
    for (let message = 0; message < 2_000; message += 1) say(speaking, { type: 'ping' });
    expect(await code).toBe('4429 Too many messages');
    const pinging = await enter(gateway.url);
    const cut = closed(pinging);
    for (let message = 0; message < 2_000; message += 1) pinging.ping();
    // Whether the reason is still read depends on how much lies before it.
    expect(await cut).toMatch(/^(4429|1006) /);
    await gateway.drain();
  });

  it('cut off a client that asks and asks and reads nothing', async () => {
    const big = 'x'.repeat(400_000);
    const client = { execute: async () => ({ data: { item: { __typename: 'Item', id: '1', name: big } } }) };
    const gateway = await startSmallGateway({ clients: { shop: client, prices: client } });
    const socket = await enter(gateway.url);
    const code = closed(socket);
    socket.pause();
    for (let id = 0; id < 60; id += 1) say(socket, { id: String(id), type: 'subscribe', payload: { query: '{ item(id: "1") { name } }' } });
    // Only what lies between the two is still there to be read.
    await new Promise((done) => setTimeout(done, 2_000));
    socket.resume();
    expect(await code).toMatch(/^1006/);
    await gateway.drain();
  });

  it('refuse other protocols', async () => {
    const gateway = await startSmallGateway();
    const socket = new WebSocket(addressOf(gateway.url), 'graphql-ws');
    expect(await new Promise((done) => socket.once('error', ({ message }) => done(message)).once('close', (code) => done(`closed ${code}`)))).toMatch(/subprotocol|closed 4406/);
    await gateway.drain();
  });
});

describe('a drain', () => {
  it('sends clients of graphql-ws on to the next gateway, where they resume after what they had', async () => {
    const [going, staying] = [await startSmallGateway(), await startSmallGateway()];
    const nodes = [going, staying];
    let connections = 0;
    const told: string[] = [];
    const client = createClient({ url: () => addressOf(nodes[Math.min(connections++, 1)]!.url), webSocketImpl: WebSocket, connectionParams: BOTH, retryWait: async () => undefined });
    client.subscribe({ query: SUBSCRIPTION }, { next: ({ data }) => told.push(JSON.stringify(data)), error: (error) => told.push(`error ${JSON.stringify(error)}`), complete: () => told.push('complete') });
    await expect.poll(async () => {
      await going.eventLog.append('stock', [{ type: 'stock.changed', sku: 'A' }]);
      return told.length;
    }).toBeGreaterThan(0);
    await going.drain();
    const before = told.length;
    await expect.poll(async () => {
      await staying.eventLog.append('stock', [{ type: 'stock.changed', sku: 'A' }]);
      return told.length;
    }).toBeGreaterThan(before);
    expect(new Set(told)).toEqual(new Set(['{"stockChanged":{"id":"A"}}']));
    await client.dispose();
    await staying.drain();
  });

  it('ends event streams without completing them: an EventSource comes back by itself', async () => {
    const gateway = await startSmallGateway();
    const stream = await openStream(gateway.url);
    const text = stream.text();
    await gateway.eventLog.append('stock', [{ type: 'stock.changed', sku: 'A' }]);
    await gateway.drain();
    expect(await text).toMatch(/^id: \S+\n\nevent: next\nid: \S+\ndata: \{"data":\{"stockChanged":\{"id":"A"\}\}\}\n\nretry: 1000\n\n$/);
  });
});

describe('proofs of identity', () => {
  const caller = (identity: object) => ({ identity: { principal: { ...ANONYMOUS, kind: 'SERVICE', subject: 's' }, expiresAtMs: null, ...identity }, address: 'a', requestId: 'r', transport: 'websocket' }) as never;
  const open = { inAll: 0, perAddress: 0, perPrincipal: 0 };

  it('that have expired hear nothing more, from that moment on', () => {
    const clock = manualClock(1_000);
    const streams = createOpenStreams(open, clock);
    const stream = streams.enter('a') as OpenStream;
    const ends: string[] = [];
    stream.identify(caller({ expiresAtMs: 2_000 }), (reason) => ends.push(reason));
    expect(stream.mayHear()).toBe(true);
    clock.advance(1_000);
    expect([stream.mayHear(), stream.mayHear(), ends]).toEqual([false, false, ['EXPIRED']]);
    streams.close();
  });

  it('that are revoked end within seconds; those that cannot be asked about go on', async () => {
    const clock = manualClock(1_000);
    const streams = createOpenStreams(open, clock);
    const ends: string[] = [];
    const answers = { revoked: async () => false, valid: async () => true, unknown: async () => Promise.reject(new Error('away')) };
    for (const [name, recheck] of Object.entries(answers)) (streams.enter('a') as OpenStream).identify(caller({ recheck }), (reason) => ends.push(`${name} ${reason}`));
    clock.advance(5_000);
    await expect.poll(() => ends, { timeout: 10_000 }).toEqual(['revoked REVOKED']);
    streams.close();
  });
});
