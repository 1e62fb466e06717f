import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { watchEventStream, watchWebSocket } from '../../../support/graph-client.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';

let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.drain());

const SUBSCRIPTION = 'subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { id price } }';
const BOTH = ['availability:read', 'price:read'] as const;
const address = () => `${gateway.url.replace('http', 'ws')}/graphql`;

/** One operation over a socket of its own: its first result or errors. */
async function once(query: string, key: Record<string, string> = keyOf(...BOTH)): Promise<any> {
  const client: Client = createClient({ url: address(), webSocketImpl: WebSocket, connectionParams: key, retryAttempts: 0 });
  try {
    return await new Promise((done, fail) => client.subscribe({ query }, { next: done, error: (error) => (Array.isArray(error) ? done({ errors: error }) : fail(error)), complete: () => undefined }));
  } finally {
    await client.dispose();
  }
}

/** Speaks the protocol by hand; resolves with the close code and what was said before. */
function speak(onOpen: (socket: WebSocket) => void, options: object = {}): Promise<{ code: number; said: any[] }> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(address(), 'graphql-transport-ws', options);
    const said: any[] = [];
    socket.on('open', () => onOpen(socket)).on('message', (data) => said.push(JSON.parse(String(data)))).on('close', (code) => done({ code, said })).on('error', fail);
  });
}

describe('graphql-transport-ws', () => {
  it('answers queries under the rules of HTTP', async () => {
    expect(await once('{ item(id: "1") { price } }')).toEqual({ data: { item: { price: '1.00' } } });
    expect(await once('{ nothing }')).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
    expect(await once('{ a: __schema { types { name } } }')).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'FORBIDDEN' } }] });
    expect(await once(`{ item(id: 1) { ${'id '.repeat(1_001)} } }`)).toMatchObject({ errors: [{ extensions: { limit: 'fields' } }] });
    expect(await once('{ broken }')).toMatchObject({ data: { broken: null }, errors: [{ message: expect.stringMatching(/^Internal error/), extensions: { code: 'INTERNAL' } }] });
    expect(await once('subscription { stockChanged(skus: ["A"]) { id } }', keyOf('price:read'))).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await once('subscription { stockChanged(skus: []) { id } }')).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT', field: ['skus'] } }] });
  });

  it('closes on credentials that are wrong, strangers\' pages, silence and size', async () => {
    const init = (payload: object) => (socket: WebSocket) => socket.send(JSON.stringify({ type: 'connection_init', payload }));
    expect((await speak(init({ 'X-Api-Key': 'wrong' }))).code).toBe(4403);
    await expect(speak(() => undefined, { origin: 'https://evil.example' })).rejects.toThrow('403');
    expect((await speak((socket) => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ mine }' } })))).code).toBe(4401);
    expect((await speak((socket) => socket.send(JSON.stringify({ type: 'connection_init', payload: { pad: 'x'.repeat(600_000) } })))).code).toBe(1009);
    expect((await speak(() => undefined)).code).toBe(4408);
  }, 15_000);

  it('closes with 4403 when the proof of identity ends', async () => {
    const { code, said } = await speak((socket) => socket.send(JSON.stringify({ type: 'connection_init', payload: keyOf(...BOTH, `expires:${Date.now() + 400}`) })));
    expect(said).toEqual([{ type: 'connection_ack' }]);
    expect(code).toBe(4403);
  });

  it('counts the work of operations whose client completed them early', async () => {
    const { said } = await speak((socket) => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: keyOf(...BOTH) }));
      socket.once('message', () => {
        for (let id = 0; id < 80; id += 1) {
          socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: '{ slow(ms: 1000) }' } }));
          if (id < 70) socket.send(JSON.stringify({ id: String(id), type: 'complete' }));
        }
        setTimeout(() => socket.close(), 600);
      });
    });
    const refused = said.filter(({ type }) => type === 'error');
    // Whether 64 to 69 hear of their refusal depends on which message came first, theirs or its.
    const ids = refused.map(({ id }) => Number(id));
    expect(ids.filter((id) => id >= 70)).toEqual([70, 71, 72, 73, 74, 75, 76, 77, 78, 79]);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(64);
    expect(refused[0].payload[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', limit: 'operations' } });
  });

  it('tells subgraphs that the socket closed', async () => {
    gateway.heard.aborted = false;
    await speak((socket) => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: keyOf(...BOTH) }));
      socket.send(JSON.stringify({ type: 'ping' }));
      socket.once('message', () => {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ slow(ms: 60000) }' } }));
        setTimeout(() => socket.terminate(), 150);
      });
    });
    await expect.poll(() => gateway.heard.aborted).toBe(true);
  });

  it('lets a running query finish and closes subscriptions properly when it drains', async () => {
    const draining = await startSmallGateway();
    const client = createClient({ url: `${draining.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: keyOf(...BOTH), retryAttempts: 0 });
    const ended: string[] = [];
    client.on('closed', (event) => ended.push(`closed ${(event as { code: number }).code}`));
    client.subscribe({ query: SUBSCRIPTION, variables: { skus: ['A'] } }, { next: () => undefined, error: () => ended.push('error'), complete: () => ended.push('complete') });
    const answer = new Promise((done, fail) => client.subscribe({ query: '{ slow(ms: 400) }' }, { next: done, error: fail, complete: () => undefined }));
    await new Promise((done) => setTimeout(done, 200));
    await draining.drain();
    expect(await answer).toEqual({ data: { slow: 'late' } });
    await expect.poll(() => ended).toEqual(['closed 1012', 'error']);
  });
});

describe('events', () => {
  it('arrive over both transports with what the client selected', async () => {
    const watches = [
      await watchWebSocket<any>(gateway.url, SUBSCRIPTION, { skus: ['A'] }, keyOf(...BOTH)),
      await watchEventStream<any>(gateway.url, SUBSCRIPTION, { skus: ['A'] }, keyOf(...BOTH)),
      await watchEventStream<any>(gateway.url, SUBSCRIPTION, { skus: ['A'] }, { ...keyOf(...BOTH), accept: 'text/event-stream, application/json' }),
    ];
    await gateway.eventLog.append('stock', [{ type: 'stock.changed', sku: 'A' }]);
    for (const watch of watches) {
      expect(await watch.until(() => true)).toEqual({ data: { stockChanged: { id: 'A', price: 'A.00' } } });
      watch.stop();
    }
  });

  it('are resumed over SSE after the last one seen, as an EventSource does, and refused after what is no cursor', async () => {
    const cursors = await gateway.eventLog.append('stock', ['R1', 'R2', 'R3'].map((sku) => ({ type: 'stock.changed', sku })));
    const controller = new AbortController();
    const ask = (lastEventId: string, signal?: AbortSignal) => fetch(`${gateway.url}/graphql?query=${encodeURIComponent('subscription { stockChanged(skus: ["R2", "R3"]) { id } }')}`, {
      headers: { accept: 'text/event-stream', 'last-event-id': lastEventId, ...keyOf(...BOTH) }, ...(signal && { signal }),
    });
    const { body } = await ask(cursors[0]!, controller.signal);
    let text = '';
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) if ((text += Buffer.from(chunk).toString()).includes('R3')) break;
    expect(text).toBe([`id: ${cursors[0]}`, `event: next\nid: ${cursors[1]}\ndata: {"data":{"stockChanged":{"id":"R2"}}}`, `event: next\nid: ${cursors[2]}\ndata: {"data":{"stockChanged":{"id":"R3"}}}`, ''].join('\n\n'));
    controller.abort();
    expect(await (await ask('yesterday')).text()).toMatch(/"code":"INVALID_INPUT".*event: complete/s);
  });

  it('are made no faster than a client takes them: what it does not read is not queued here', async () => {
    let executed = 0;
    const big = 'x'.repeat(100_000);
    const client = {
      execute: async ({ event }: { event?: unknown }) => {
        executed += 1;
        return { data: { stockChanged: { __typename: 'Item', id: (event as { sku: string }).sku, name: big } } };
      },
    };
    const slow = await startSmallGateway({ clients: { shop: client, prices: client } });
    const skus = Array.from({ length: 250 }, (_, n) => `B${n}`);
    const response = await fetch(`${slow.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...keyOf(...BOTH) },
      body: JSON.stringify({ query: 'subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { id name } }', variables: { skus } }),
    });
    const reader = response.body!.getReader();
    await slow.eventLog.append('stock', skus.map((sku) => ({ type: 'stock.changed', sku })));
    await expect.poll(() => executed).toBeGreaterThan(0);
    for (let before = -1; before !== executed; ) {
      before = executed;
      await new Promise((done) => setTimeout(done, 300));
    }
    // Twenty-five million characters do not fit into what lies between the two.
    expect(executed).toBeLessThan(250);
    const unread = executed;
    while (executed < unread + 20) await reader.read();
    await reader.cancel();
    await slow.drain();
  }, 60_000);

  it('end with the proof of identity, over SSE as well', async () => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...keyOf(...BOTH, `expires:${Date.now() + 300}`) },
      body: JSON.stringify({ query: SUBSCRIPTION, variables: { skus: ['A'] } }),
    });
    expect(await response.text()).toContain('event: complete');
  });
});
