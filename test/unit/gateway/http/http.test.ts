import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../../gateway/clients/transport/http-client.ts';
import { eventually } from '../../../support/storefront-operations.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';

type Gateway = Awaited<ReturnType<typeof startSmallGateway>>;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.drain());

const post = (body: unknown, headers: Record<string, string> = {}, at = gateway) =>
  fetch(`${at.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...keyOf('price:read'), ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
const ask = async (query: string, headers: Record<string, string> = {}) => {
  const response = await post({ query }, headers);
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
};
const stream = async (query: string, headers: Record<string, string> = {}) => (await post({ query }, { accept: 'text/event-stream', ...headers })).text();

describe('GraphQL over HTTP', () => {
  it('answers, with headers a browser needs to be told', async () => {
    const { status, headers, body } = await ask('{ item(id: "1") { name price } }', { 'x-request-id': 'mine-1' });
    expect({ status, body }).toEqual({ status: 200, body: { data: { item: { name: 'Item 1', price: '1.00' } } } });
    expect(headers.get('x-request-id')).toBe('mine-1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('lets nobody keep an answer, however it is asked for: a price in it may be one buyer\'s own', async () => {
    const query = '{ item(id: "1") { price } }';
    const answers = [await post({ query }), await post({ query }, { accept: 'text/event-stream' }), await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { ...keyOf('price:read'), 'apollo-require-preflight': 'true' } })];
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await answer.text()).toContain('"price":"1.00"');
    }
  });

  it('makes a request id where none was given, or one that would forge log lines', async () => {
    for (const given of [undefined, 'a b\t{}', 'x'.repeat(500)]) {
      const { headers } = await ask('{ __typename }', given === undefined ? {} : { 'x-request-id': given });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('refuses what weighs too much before validating it', async () => {
    const { status, body } = await ask(`{ item(id: 1) { ${'nonsense '.repeat(1_001)} } }`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ message: expect.stringContaining('1002 fields'), extensions: { code: 'INVALID_INPUT', limit: 'fields' } }]);
  });

  it.each([
    ['a text that is no GraphQL', { query: '{' }],
    ['a field nobody has', { query: '{ nothing }' }],
    ['an operation the document does not hold', { query: 'query A { __typename }', operationName: 'B' }],
    ['a variable of another type', { query: 'query ($n: Int) { items(first: $n) { id } }', variables: { n: 'x' } }],
    ['a list of operations', [{ query: '{ __typename }' }]],
    ['no query', {}],
    ['a subscription without a stream', { query: 'subscription { stockChanged(skus: []) { id } }' }],
  ])('says INVALID_INPUT to %s', async (_what, body) => {
    const response = await post(body);
    const { errors } = (await response.json()) as any;
    expect(errors[0].extensions.code).toBe('INVALID_INPUT');
    expect(JSON.stringify(errors)).not.toMatch(/stack|node_modules|at Object/);
  });

  it('refuses in the same words what never became an operation', async () => {
    const broken = await post('{"query":');
    expect([broken.status, await broken.json()]).toEqual([400, { errors: [{ message: expect.any(String), extensions: { code: 'INVALID_INPUT' } }] }]);
    const large = await post(JSON.stringify({ query: '{ __typename }', variables: { pad: 'x'.repeat(600_000) } }));
    expect(large.status).toBe(413);
    const unknown = await fetch(`${gateway.url}/nowhere`);
    expect([unknown.status, await unknown.json()]).toEqual([404, { code: 'NOT_FOUND', message: 'nothing is served here' }]);
  });

  it('masks what breaks, and logs it under the id it shows', async () => {
    const { body } = await ask('query Broken { broken item(id: "1") { name } }');
    expect(body.data).toEqual({ broken: null, item: { name: 'Item 1' } });
    expect(body.errors).toHaveLength(1);
    const { message, path, extensions } = body.errors[0];
    expect({ path, extensions }).toEqual({ path: ['broken'], extensions: { code: 'INTERNAL', retryable: false, errorId: expect.any(String), service: 'shop' } });
    expect(message).toBe(`Internal error ${extensions.errorId}`);
    expect(gateway.lines.find(({ fields }) => fields['errorId'] === extensions.errorId)?.fields['error']).toContain('hunter2');
  });

  it('introspects for operators only, however it is asked', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ a: __type(name: "Item") { name } }', '{ ...F } fragment F on Query { __type(name: "Item") { name } }']) {
      expect((await ask(query)).body.errors[0].extensions.code).toBe('FORBIDDEN');
      expect((await ask(query, keyOf('operations'))).body.errors).toBeUndefined();
      expect(await stream(query)).toContain('"code":"FORBIDDEN"');
    }
    expect((await ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });

  it('takes no orders from pages that did not ask first', async () => {
    const mutation = 'mutation { rename(id: 1, name: "x") { id } }';
    const powerful = keyOf('checkout:write');
    const get = (headers: Record<string, string>) => fetch(`${gateway.url}/graphql?query=${encodeURIComponent(mutation)}`, { headers: { ...powerful, ...headers } });
    expect((await get({ 'apollo-require-preflight': '1' })).status).toBe(405);
    expect((await get({ accept: 'text/event-stream' })).status).toBe(405);
    for (const contentType of ['text/plain', 'text/plain; application/json', 'application/x-www-form-urlencoded']) {
      for (const accept of ['*/*', 'text/event-stream']) {
        expect((await post({ query: mutation }, { ...powerful, 'content-type': contentType, accept })).status).toBe(415);
      }
    }
    const plainGet = await fetch(`${gateway.url}/graphql?query={__typename}`);
    expect(plainGet.status).toBe(400);
    expect(gateway.heard.renamed).toBe(0);
  });

  it('lets only the listed origins read', async () => {
    const preflight = (origin: string) => fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('https://shop.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example']);
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('says who is not let in, without telling why it would be', async () => {
    expect(await ask('{ mine }', { 'x-api-key': 'wrong' })).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
    expect(await ask('{ mine }', { authorization: 'Bearer x.y.z' })).toMatchObject({ status: 401 });
    expect(await ask('{ item(id: 1) { cost } }')).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } });
    expect(await ask('{ __typename }', { 'x-currency': 'XXL' })).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'INVALID_INPUT', field: ['x-currency'] } }] } });
  });
});

describe('time', () => {
  it('ends an operation at the deadline the caller asks for, and no later than ours', async () => {
    const { body } = await ask('{ slow(ms: 60000) item(id: "1") { name } }', { 'x-deadline-ms': '150' });
    expect(body).toMatchObject({ data: { slow: null, item: null }, errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
  });

  it('lets a subgraph over HTTP know that the caller left, on a connection that is kept alive', async () => {
    let cut = 0;
    const slow = createServer((incoming, response) => {
      incoming.resume();
      response.once('close', () => (cut += response.writableFinished ? 0 : 1));
    });
    await new Promise<void>((ready) => slow.listen(0, '127.0.0.1', ready));
    const client = createHttpClient({ name: 'shop', url: `http://127.0.0.1:${(slow.address() as AddressInfo).port}/graphql`, timeoutMs: 30_000, createHeaders: () => ({}) });
    const remote = await startSmallGateway({ clients: { shop: client, prices: client }, deadlineMs: 30_000 });
    const { port } = new URL(remote.url);
    const leaving = httpRequest({ port, path: '/graphql', method: 'POST', headers: { 'content-type': 'application/json', ...keyOf() } });
    leaving.on('error', () => undefined).end(JSON.stringify({ query: '{ slow(ms: 1) }' }));
    setTimeout(() => leaving.destroy(), 200);
    await eventually(async () => expect(cut).toBe(1));
    await post({ query: '{ slow(ms: 1) }' }, { 'x-deadline-ms': '100' }, remote);
    await eventually(async () => expect(cut).toBe(2));
    await remote.drain();
    await client.close();
    slow.close();
  });

  it('lets a running request finish when it drains, and starts no new one', async () => {
    const draining = await startSmallGateway();
    const running = post({ query: '{ slow(ms: 400) }' }, {}, draining);
    await new Promise((done) => setTimeout(done, 100));
    const drained = draining.drain();
    expect(await (await running).json()).toEqual({ data: { slow: 'late' } });
    await drained;
    await expect(post({ query: '{ __typename }' }, {}, draining)).rejects.toThrow();
  });
});

describe('what is told', () => {
  it('is one line for a failed operation, with who and how long, and never what they sent', async () => {
    await ask('query Peek { item(id: "4111111111111111") { cost } }', { 'x-request-id': 'told-1', authorization: '' });
    const line = gateway.lines.filter(({ fields }) => fields['requestId'] === 'told-1');
    expect(line).toEqual([
      {
        level: 'info', message: 'operation failed',
        fields: { transport: 'http', kind: 'query', operation: 'Peek', subject: 'key:price:read', requestId: 'told-1', durationMs: expect.any(Number), code: 'FORBIDDEN', errors: 1 },
      },
    ]);
    expect(JSON.stringify(gateway.lines)).not.toContain('4111111111111111');
  });

  it('is a line for a slow operation', async () => {
    const slow = await startSmallGateway({ slowOperationMs: 50 });
    await post({ query: 'query Late { slow(ms: 80) }' }, { 'x-request-id': 'late-1' }, slow);
    expect(slow.lines).toMatchObject([{ level: 'warn', message: 'slow operation', fields: { operation: 'Late', requestId: 'late-1' } }]);
    await slow.drain();
  });

  it('to scrapers: metrics, with their token or the scope operations', async () => {
    const scraped = await startSmallGateway({ metricsToken: 'a-token-of-the-scraper' });
    const read = (headers: Record<string, string>) => fetch(`${scraped.url}/metrics`, { headers });
    expect((await read({})).status).toBe(401);
    expect((await read({ authorization: 'Bearer another-token-of-a-scraper' })).status).toBe(401);
    expect((await read(keyOf('price:read'))).status).toBe(401);
    expect((await read(keyOf('operations'))).status).toBe(200);
    expect(await (await read({ authorization: 'Bearer a-token-of-the-scraper' })).text()).toContain('graph_operations_total');
    await scraped.drain();
  });

  it('to nobody whose page points its own name at this machine', async () => {
    const open = await startSmallGateway({ development: true });
    const { port } = new URL(open.url);
    const statusFor = (host: string) => new Promise((done) => httpRequest({ port, path: '/health/live', headers: { host } }, (response) => done(response.statusCode)).end());
    expect(await statusFor(`evil.example:${port}`)).toBe(421);
    expect(await statusFor(`localhost:${port}`)).toBe(200);
    await open.drain();
  });
});
