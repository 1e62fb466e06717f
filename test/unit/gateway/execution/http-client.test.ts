import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpClient, type HttpClientOptions } from '../../../../gateway/execution/http-client.ts';
import type { SubgraphRequest } from '../../../../gateway/execution/subgraph-client.ts';

const request: SubgraphRequest = { query: '{ a }', operationName: 'Q', variables: { id: 1 }, operationKind: 'query', documentId: 'x' };
const call = { signal: new AbortController().signal, deadlineAtMs: 5, context: { token: 'abc' } };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((clean) => clean()));
});

/** A client of a host that answers with `respond`. */
async function startHost(respond: (request: IncomingMessage, response: ServerResponse, body: string) => void, options: Partial<HttpClientOptions> = {}) {
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => respond(incoming, response, body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql?a=b`;
  const client = createHttpClient({ name: 'stock', url, timeoutMs: 2000, createHeaders: () => ({}), ...options });
  cleanups.push(async () => {
    server.closeAllConnections();
    await client.close();
    server.close();
  });
  return client;
}

test('sends the operation with the headers of the call over one kept-alive connection', async () => {
  const seen: unknown[] = [];
  const sockets = new Set<unknown>();
  const client = await startHost((incoming, response, body) => {
    sockets.add(incoming.socket);
    seen.push([incoming.method, incoming.url, incoming.headers['authorization'], incoming.headers['accept-encoding'], JSON.parse(body)]);
    response.end('{"data":{"a":1}}');
  }, { connections: 1, createHeaders: ({ context, deadlineAtMs }) => ({ authorization: (context as { token: string }).token, 'x-deadline': String(deadlineAtMs) }) });
  expect((await client.execute(request, call)).data).toEqual({ a: 1 });
  await client.execute({ ...request, operationKind: 'subscription', event: { id: 9 } }, call);
  const body = { query: '{ a }', operationName: 'Q', variables: { id: 1 } };
  expect(seen).toEqual([
    ['POST', '/graphql?a=b', 'abc', 'identity', body],
    ['POST', '/graphql?a=b', 'abc', 'identity', { ...body, extensions: { event: { id: 9 } } }],
  ]);
  expect(sockets.size).toBe(1);
});

test('a GraphQL answer counts whatever its status; anything else is a failure with a code', async () => {
  const answers: [number, string, unknown][] = [
    [400, '{"errors":[{"message":"bad"}]}', { errors: [{ message: 'bad' }] }],
    [200, '{"data":null,"errors":[{"message":"bad"}]}', { data: null, errors: [{ message: 'bad' }] }],
    [502, '<html>', 'UPSTREAM_UNAVAILABLE'],
    [503, '{"status":"down"}', 'UPSTREAM_UNAVAILABLE'],
    [200, '{"data":{"a":', 'UPSTREAM_MALFORMED'],
    [200, '{"data":null}', 'UPSTREAM_MALFORMED'],
    [200, '{"errors":["text"]}', 'UPSTREAM_MALFORMED'],
    [200, '[]', 'UPSTREAM_MALFORMED'],
  ];
  for (const [status, text, expected] of answers) {
    const client = await startHost((_incoming, response) => response.writeHead(status).end(text));
    if (typeof expected === 'string') await expect(client.execute(request, call)).rejects.toMatchObject({ code: expected });
    else expect(await client.execute(request, call)).toEqual(expected);
  }
});

test('silence, a dropped connection, an aborted call and an endless answer are failures', async () => {
  const silent = await startHost(() => undefined, { timeoutMs: 100 });
  await expect(silent.execute(request, call)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  const dropping = await startHost((incoming) => incoming.socket.destroy());
  await expect(dropping.execute(request, call)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', message: 'Subgraph "stock" cannot be reached.' });
  const leaving = new AbortController();
  const waiting = await startHost(() => leaving.abort());
  await expect(waiting.execute(request, { ...call, signal: leaving.signal })).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  const endless = await startHost((_incoming, response) => response.end(`{"data":{"a":"${'x'.repeat(5000)}"}}`), { maxAnswerBytes: 1000 });
  await expect(endless.execute(request, call)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
});
