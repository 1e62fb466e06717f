import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { BARE_EDGE } from '../../gateway/http/edge/edge.ts';
import { createLimitMetrics } from '../../gateway/limits/limit-metrics.ts';
import { createRateLimit } from '../../gateway/limits/rate/rate-limit.ts';
import { readRateLimits } from '../../gateway/limits/rate/rate-limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { createMemoryTokenBuckets } from '../../platform/stores/memory-token-buckets.ts';
import { watchEventStream } from '../support/graph-client.ts';
import { keyOf, startSmallGateway } from '../support/small-gateway.ts';
import { SENDERS, speak, type Transport } from './transports.ts';

type Gateway = Awaited<ReturnType<typeof startSmallGateway>>;

let gateway: Gateway | null = null;
const open: Socket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await gateway?.drain();
  gateway = null;
});

const QUERY = { query: '{ item(id: "1") { name } }' };
const ANSWER = { data: { item: { name: 'Item 1' } } };
const answersOthers = async ({ url }: Gateway): Promise<void> => {
  for (const send of Object.values(SENDERS)) expect(await send(url, QUERY, keyOf())).toEqual(ANSWER);
};
const dial = (url: string): Promise<Socket> =>
  new Promise((done) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => done(socket)).on('error', () => undefined);
    open.push(socket);
  });
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((done) => setTimeout(done, 20));
};

describe('a flood', () => {
  it.each(Object.keys(SENDERS) as Transport[])('of operations over %s is told to come later, and other callers are answered', async (transport) => {
    const buckets = createMemoryTokenBuckets({ clock: systemClock, capacity: 100 });
    const limit = createRateLimit({ buckets, limits: readRateLimits(['anonymous=0.001/5', 'address=off']), metrics: createLimitMetrics(new Registry()) });
    gateway = await startSmallGateway({ checkpoints: [limit] });
    const { url } = gateway;
    const answers = await Promise.all(Array.from({ length: 40 }, () => SENDERS[transport](url, QUERY, {})));
    expect(answers.filter(({ data }) => data)).toHaveLength(5);
    for (const { data, errors } of answers) if (!data) expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', limit: 'anonymous', retryAfterMs: expect.any(Number) });
    await answersOthers(gateway);
  });

  it('of connections closes those that are too many', async () => {
    gateway = await startSmallGateway({ edge: { ...BARE_EDGE, maxSocketsPerAddress: 20 } });
    const { url } = gateway;
    const sockets = await Promise.all(Array.from({ length: 60 }, () => dial(url)));
    await until(() => sockets.filter(({ closed }) => closed).length >= 40);
    expect(sockets.filter(({ closed }) => !closed)).toHaveLength(20);
    for (const socket of sockets) socket.destroy();
    // The gateway hears of each end in its own time.
    while (!(await SENDERS.HTTP(url, QUERY, keyOf()).then(() => true, () => false))) await new Promise((done) => setTimeout(done, 20));
    await answersOthers(gateway);
  });

  it('of streams is held to so many of an address, and goes on where one is given up', async () => {
    gateway = await startSmallGateway({ streams: { inAll: 100, perAddress: 5, perPrincipal: 100 } });
    const { url } = gateway;
    const ask = async (): Promise<{ status: number; give: () => void }> => {
      const give = new AbortController();
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream', ...keyOf('availability:read') };
      const { status } = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: 'subscription { stockChanged(skus: ["A"]) { id } }' }), signal: give.signal });
      return { status, give: () => give.abort() };
    };
    const streams = [];
    for (let index = 0; index < 8; index += 1) streams.push(await ask());
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect((await speak(url, () => undefined)).code).toBe(429);
    for (const { give } of streams) give();
    await answersOthers(gateway);
  });
});

describe('a client that reads nothing', () => {
  it.each(['POST', 'GET'])('of its event stream (%s) keeps nobody else from theirs', async (method) => {
    gateway = await startSmallGateway();
    const { url, eventLog } = gateway;
    const query = `subscription { stockChanged(skus: ["A"]) { id ${Array.from({ length: 50 }, (_, index) => `n${index}: name`).join(' ')} } }`;
    const slow = await dial(url);
    slow.pause();
    const body = method === 'POST' ? JSON.stringify({ query }) : '';
    const path = method === 'POST' ? '/graphql' : `/graphql?query=${encodeURIComponent(query)}`;
    slow.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nX-Api-Key: availability:read\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const watch = await watchEventStream<any>(url, 'subscription { stockChanged(skus: ["A", "LAST"]) { id } }', {}, keyOf('availability:read'));
    for (let round = 0; round < 100; round += 1) await eventLog.append('stock', Array.from({ length: 50 }, () => ({ sku: 'A' })));
    await eventLog.append('stock', [{ sku: 'LAST' }]);
    await watch.until(({ data }) => data?.stockChanged?.id === 'LAST');
    watch.stop();
    await answersOthers(gateway);
  });
});
