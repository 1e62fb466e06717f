import { request as send, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { readTrustedProxies } from '../../../../gateway/http/edge/client-address.ts';
import { chooseEncoding, registerCompression } from '../../../../gateway/http/edge/compression.ts';
import { registerDrainHint } from '../../../../gateway/http/edge/drain-hint.ts';
import { boundRequests, serverBounds, type ServerTimes } from '../../../../gateway/http/edge/request-bounds.ts';
import { boundSockets } from '../../../../gateway/http/edge/socket-bounds.ts';
import { collectingLog } from '../../../support/small-gateway.ts';

const LARGE = JSON.stringify({ data: { names: Array.from({ length: 500 }, (_, index) => `product ${index}`) } });
const MAX_BODY = 10_000;

const open: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

async function serve({ times = {}, maxPerAddress = 0 }: { readonly times?: Partial<ServerTimes>; readonly maxPerAddress?: number } = {}) {
  const app = Fastify({ ...serverBounds(times), bodyLimit: MAX_BODY, forceCloseConnections: true });
  const readiness = { draining: false };
  const { log, lines } = collectingLog();
  const bodies: unknown[] = [];
  boundRequests(app, { exempt: ['/webhooks/'] });
  boundSockets(app.server, { maxPerAddress, isTrusted: () => false, log });
  registerDrainHint(app, readiness);
  registerCompression(app);
  app.get('/graphql', async (_request, reply) => reply.header('vary', 'Origin').header('etag', '"1"').type('application/json').send(LARGE));
  app.get('/small', async () => ({ small: true }));
  app.get('/picture', async (_request, reply) => reply.type('image/png').send(Buffer.alloc(5_000)));
  app.get('/whole', async (_request, reply) => reply.header('cache-control', 'no-transform').type('application/json').send(LARGE));
  app.post('/graphql', async ({ body }) => (bodies.push(body), { ok: true }));
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/webhooks/shop', async ({ body }) => ({ bytes: (body as Buffer).length }));
  open.push(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: (app.server.address() as AddressInfo).port, readiness, bodies, lines };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const ask = (port: number, path: string, { method = 'GET', headers = {}, body }: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: Buffer | string } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = send({ port, path, method, headers, host: '127.0.0.1' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on('error', reject);
    request.end(body);
  });

describe('a request', () => {
  it.each(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip'])('with a body in %s is refused before any of it is inflated', async (encoding) => {
    const { port, bodies } = await serve();
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const { status, headers, body } = await ask(port, '/graphql', { method: 'POST', headers: { 'content-type': 'application/json', 'content-encoding': encoding }, body: bomb.subarray(0, 9_000) });
    expect(status).toBe(415);
    expect(headers['accept-encoding']).toBe('identity');
    expect(JSON.parse(body.toString()).errors[0].extensions.code).toBe('INVALID_INPUT');
    expect(bodies).toEqual([]);
  });

  it('is taken plain, and where nobody unpacks it as it is', async () => {
    const { port, bodies } = await serve();
    const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' };
    expect((await ask(port, '/graphql', { method: 'POST', headers, body: '{"query":"{ a }"}' })).status).toBe(200);
    expect(bodies).toEqual([{ query: '{ a }' }]);
    const pushed = await ask(port, '/webhooks/shop', { method: 'POST', headers: { 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' }, body: gzipSync('{}') });
    expect(JSON.parse(pushed.body.toString())).toEqual({ bytes: gzipSync('{}').length });
  });

  it('has a URL, headers and a body of bounded size', async () => {
    const { port } = await serve();
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1']));
    const statuses = await Promise.all([
      ask(port, `/graphql?query=${'a'.repeat(8_000)}`), ask(port, `/graphql?query=${'a'.repeat(8_200)}`),
      ask(port, '/graphql', { headers: headers(90) }), ask(port, '/graphql', { headers: headers(101) }), ask(port, '/graphql', { headers: { 'x-long': 'a'.repeat(20_000) } }),
      ask(port, '/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: 'a'.repeat(MAX_BODY) }) }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 414, 200, 431, 431, 413]);
  });

  it.each([
    ['its headers', 'GET /graphql HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['its body', 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'],
  ])('that never comes to the end of %s is cut off', async (_what, beginning) => {
    const { port, bodies } = await serve({ times: { headersMs: 300, requestMs: 400, checkMs: 50 } });
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk)).on('error', () => undefined);
    socket.write(beginning);
    const drip = setInterval(() => socket.write('a'), 20);
    await new Promise((done) => socket.once('close', done));
    clearInterval(drip);
    expect(answer).toContain('408');
    expect(bodies).toEqual([]);
  });
});

describe('connections', () => {
  it('of one address are so many at a time; those beyond are closed unread, and told once', async () => {
    const { port, lines } = await serve({ maxPerAddress: 3 });
    const dial = () => connect(port, '127.0.0.1').on('error', () => undefined);
    const first = [dial(), dial(), dial()];
    await Promise.all(first.map((socket) => new Promise((done) => socket.once('connect', done))));
    for (let index = 0; index < 5; index += 1) await new Promise((done) => dial().once('close', done).resume());
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    first.forEach((socket) => socket.destroy());
    await Promise.all(first.map((socket) => (socket.closed ? null : new Promise((done) => socket.once('close', done)))));
    // The server hears of it a moment later.
    let status = 0;
    while (status !== 200) status = await ask(port, '/small').then((answer) => answer.status, () => 0);
  });

  it('are closed by answers while the gateway drains', async () => {
    const { port, readiness } = await serve();
    const headers = { connection: 'keep-alive' };
    expect((await ask(port, '/small', { headers })).headers.connection).toBe('keep-alive');
    readiness.draining = true;
    expect((await ask(port, '/small', { headers })).headers.connection).toBe('close');
  });
});

describe('answers', () => {
  it.each([['br', brotliDecompressSync], ['gzip', gunzipSync]] as const)('are compressed with %s for who asks', async (encoding, inflate) => {
    const { port } = await serve();
    const { headers, body } = await ask(port, '/graphql', { headers: { 'accept-encoding': encoding } });
    expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Origin, Accept-Encoding', etag: 'W/"1"', 'content-length': String(body.length) });
    expect(body.length).toBeLessThan(LARGE.length / 2);
    expect(inflate(body).toString()).toBe(LARGE);
  });

  it('are left as they are where nobody asks, nothing is won or nothing may be changed', async () => {
    const { port } = await serve();
    const headers = { 'accept-encoding': 'gzip, br' };
    const plain = await Promise.all([ask(port, '/graphql'), ask(port, '/small', { headers }), ask(port, '/picture', { headers }), ask(port, '/whole', { headers })]);
    expect(plain.map((answer) => answer.headers['content-encoding'])).toEqual([undefined, undefined, undefined, undefined]);
    expect(plain[0]!.headers).toMatchObject({ vary: 'Origin, Accept-Encoding', etag: '"1"' });
    expect(plain[0]!.body.toString()).toBe(LARGE);
  });

  it.each([
    ['gzip, deflate, br', 'br'], ['gzip', 'gzip'], ['br;q=0.5, gzip;q=0.9', 'gzip'], ['br;q=0, gzip', 'gzip'], ['*', 'br'], ['*;q=0, gzip', 'gzip'],
    ['identity', null], ['', null], [undefined, null], ['gzip;q=0', null], ['gzip;q=much', null],
  ])('to %s come in %s', (accepted, encoding) => {
    expect(chooseEncoding(accepted)).toBe(encoding);
  });
});

describe('the address of a client', () => {
  const addressOf = (proxies: readonly string[], peer: string | undefined, forwarded?: string) =>
    readTrustedProxies(proxies).clientAddressOf({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress: peer } });

  it.each([
    ['nobody is trusted', [], '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['a stranger forwards', ['10.0.0.0/8'], '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['a proxy forwards', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['a proxy forwards, in IPv6 clothes', ['10.0.0.0/8'], '::ffff:10.1.2.3', '::ffff:203.0.113.9', '203.0.113.9'],
    ['a client wrote the header before it reached the proxy', ['10.0.0.0/8'], '10.1.2.3', '192.0.2.1, 203.0.113.9', '203.0.113.9'],
    ['a client claims to be a proxy', ['10.0.0.0/8'], '10.1.2.3', '192.0.2.1, 10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['there are two proxies', ['10.0.0.0/8', '192.0.2.7'], '10.1.2.3', '203.0.113.9, 192.0.2.7', '203.0.113.9'],
    ['everybody is a proxy', ['private'], '10.1.2.3', '10.0.0.9, 192.168.1.1', '10.0.0.9'],
    ['a proxy forwards nothing', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
    ['a proxy forwards nonsense', ['loopback'], '127.0.0.1', '203.0.113.9, unknown', '127.0.0.1'],
    ['a proxy tells the port', ['loopback'], '::1', '203.0.113.9:4711', '203.0.113.9'],
    ['a proxy tells an IPv6 client', ['2001:db8::/32'], '2001:db8::5', '[2001:db9::1]:443', '2001:db9::1'],
    ['the socket has gone', [], undefined, '203.0.113.9', '0.0.0.0'],
  ] as const)('where %s', (_case, proxies, peer, forwarded, expected) => {
    expect(addressOf(proxies, peer, forwarded)).toBe(expected);
  });

  it('is told of once where a neighbour of ours forwards that nobody named, and not where a stranger does', () => {
    const told: string[] = [];
    const { clientAddressOf } = readTrustedProxies(['10.0.0.0/8'], (peer) => told.push(peer));
    for (const remoteAddress of ['198.51.100.1', '10.1.1.1', '::ffff:192.168.1.1', '192.168.1.1']) clientAddressOf({ headers: { 'x-forwarded-for': '203.0.113.9' }, socket: { remoteAddress } });
    expect(told).toEqual(['192.168.1.1']);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'proxy.example', '10.0.0.0/', '::/129', '10.0.0.0/-1'])('is not configured by %s', (entry) => {
    expect(() => readTrustedProxies([entry])).toThrow('TRUSTED_PROXIES');
  });
});
