import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpClient, type HttpClientOptions } from '../../../../gateway/clients/transport/http-client.ts';
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

test('a caller who leaves takes the socket along: before the headers, amid the answer, and while waiting for a socket', async () => {
  let [arrived, cut] = [0, 0];
  const client = await startHost((incoming, response, body) => {
    arrived += 1;
    response.once('close', () => (cut += response.writableFinished ? 0 : 1));
    if (body.includes('begun')) response.writeHead(200).write('{"data":');
    if (body.includes('quick')) response.end('{"data":{"a":1}}');
  }, { connections: 1 });
  const ask = (query: string) => {
    const leaving = new AbortController();
    const asked = client.execute({ ...request, query }, { ...call, signal: leaving.signal });
    asked.catch(() => undefined);
    return { asked, leave: () => leaving.abort() };
  };
  for (const query of ['{ silent }', '{ begun }']) {
    const [before, { asked, leave }] = [cut, ask(query)];
    await expect.poll(() => arrived).toBe(before + 1);
    leave();
    await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'CALLER_LEFT' });
    await expect.poll(() => cut).toBe(before + 1);
  }
  const holding = ask('{ silent }');
  await expect.poll(() => arrived).toBe(3);
  const queued = ask('{ quick }');
  queued.leave();
  await expect(queued.asked).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  holding.leave();
  expect((await ask('{ quick }').asked).data).toEqual({ a: 1 });
  expect(arrived).toBe(4);
});

test('an answer is whole however its bytes are cut, and a request that never began leaves nothing', async () => {
  const client = await startHost((_incoming, response) => {
    const bytes = Buffer.from('{"data":{"a":"Größe – 寸法"}}');
    response.writeHead(200);
    let at = 0;
    const next = (): void => void (at < bytes.length ? response.write(bytes.subarray(at, (at += 3)), () => setImmediate(next)) : response.end());
    next();
  });
  expect((await client.execute(request, call)).data).toEqual({ a: 'Größe – 寸法' });
  await expect(client.execute(request, { ...call, signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
});

test('failures say what happened on the way', async () => {
  const reasonOf = async (respond: Parameters<typeof startHost>[0], options: Partial<HttpClientOptions> = {}): Promise<unknown> => {
    const client = await startHost(respond, options);
    return client.execute(request, call).catch((error: { reason: unknown }) => error.reason);
  };
  expect(await reasonOf((incoming) => incoming.socket.resetAndDestroy())).toBe('UNREACHABLE');
  expect(await reasonOf((_incoming, response) => response.writeHead(503).end('busy'))).toBe('TURNED_AWAY');
  expect(await reasonOf((_incoming, response) => response.writeHead(500).end('oops'))).toBe('UNUSABLE');
  expect(await reasonOf(() => undefined, { timeoutMs: 50 })).toBe('SILENT');
  expect(await reasonOf((_incoming, response) => response.end('{"data":'))).toBe('UNUSABLE');
  expect(await reasonOf((_incoming, response) => response.end('x'.repeat(5_000)), { maxAnswerBytes: 1_000 })).toBe('UNUSABLE');
});
