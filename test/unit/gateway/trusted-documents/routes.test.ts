import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ANONYMOUS, SCOPES } from '../../../../domain/principal.ts';
import { createInProcessClient } from '../../../../gateway/clients/transport/in-process-client.ts';
import { createGraph } from '../../../../gateway/graph/graph.ts';
import { createGraphSource } from '../../../../gateway/graph/graph-source.ts';
import { createDoor } from '../../../../gateway/identity/door.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/limits/limits.ts';
import { createRollout } from '../../../../gateway/rollout/rollout.ts';
import { openTrustedDocuments, type OpenTrustedDocuments } from '../../../../gateway/trusted-documents/open.ts';
import { documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { composeSmall, smallSchemas } from '../../../support/small-supergraph.ts';
import { collectingLog, startSmallGateway } from '../../../support/small-gateway.ts';

const ITEM = 'query Item { item(id: "1") { name __typename } }';
const ITEMS = 'query Items { items(first: 2) { name __typename } }';
const entry = (body: string) => ({ id: documentId(body), body, name: /\w+ (\w+)/.exec(body)![1]!, type: body.split(' ')[0] });
const manifest = (...bodies: readonly string[]) => ({ format: 'apollo-persisted-query-manifest', version: 1, operations: bodies.map(entry) });

/** Keys say what they are: operations may do everything, a shop sends trusted documents only. */
const door = createDoor({
  tokens: null, withoutCredentials: ANONYMOUS,
  apiKeys: (key) => ({ principal: { ...ANONYMOUS, subject: `key:${key}`, kind: 'SERVICE', scopes: key === 'operations' ? SCOPES : ['catalog:read'] }, expiresAtMs: null, documents: key === 'shop' ? 'TRUSTED' : 'ANY' }),
});

let directory: string;
let documents: OpenTrustedDocuments;
let gateway: Awaited<ReturnType<typeof startSmallGateway>>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trusted-'));
  const { log } = collectingLog();
  const clients = Object.fromEntries(Object.entries(smallSchemas().schemas).map(([name, schema]) => [name, createInProcessClient({ schema, createContext: () => ({}) })]));
  const build = (sdl: string) => createGraph({ sdl, clients, limits: DEFAULT_LIMITS, cache: null });
  const graphs = createGraphSource(build(composeSmall()));
  // The checked-in manifest is that of another graph: none of it can be answered here.
  const config = { TRUSTED_DOCUMENTS: 'schema/client/manifest.json', TRUSTED_DOCUMENTS_DIR: directory, TRUSTED_DOCUMENTS_KEPT: 5, DATA_DIR: directory };
  documents = await openTrustedDocuments({ config, graphs, clock: systemClock, log });
  const rollout = createRollout({ graphs, read: composeSmall, build, trusted: documents.live, clock: systemClock, log, pollMs: 0 });
  gateway = await startSmallGateway({ graphs, door, trusted: documents.live, changing: { documents, rollout } });
});
afterEach(async () => {
  await gateway.drain();
  documents.live.close();
  rmSync(directory, { recursive: true, force: true });
});

async function call(path: string, body?: unknown, key = 'operations'): Promise<{ status: number; body: any }> {
  const response = await fetch(`${gateway.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST', headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
const register = (body: unknown, key?: string) => call('/operations/trusted-documents', body, key);
const ask = (body: object, key = 'shop') => call('/graphql', body, key);

describe('registering', () => {
  it('makes documents executable at once, and listed', async () => {
    expect(await ask({ documentId: `sha256:${documentId(ITEM)}` })).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'FORBIDDEN', reason: 'DOCUMENT_NOT_TRUSTED' } }] } });
    expect(await register({ client: 'shop', manifest: manifest(ITEM) })).toMatchObject({ status: 201, body: { version: 1, changed: true, documents: [{ id: documentId(ITEM), name: 'Item', depth: 2, cost: expect.any(Number) }] } });
    expect(await ask({ documentId: `sha256:${documentId(ITEM)}` })).toMatchObject({ status: 200, body: { data: { item: { name: 'Item 1' } } } });
    expect(await call('/operations/trusted-documents')).toMatchObject({ body: { serving: 1, documents: 1, problem: null, versions: [{ version: 1, by: 'key:operations', reason: 'REGISTERED', client: 'shop', clients: ['shop'] }] } });
    expect(await register({ client: 'shop', manifest: manifest(ITEM) })).toMatchObject({ status: 200, body: { version: 1, changed: false } });
  });

  it('takes a manifest as a whole or not at all, and says everything that is wrong', async () => {
    const wrong = manifest(ITEM, 'query Nothing { nothing }', `query Deep { item(id: "1") ${'{ related '.repeat(25)}{ id }${' }'.repeat(25)} }`);
    const { status, body } = await register({ client: 'shop', manifest: wrong });
    expect(status).toBe(400);
    expect(body.problems).toEqual([expect.stringMatching(/^Deep: .*depth/), expect.stringMatching(/^Nothing: Cannot query field "nothing"/)]);
    expect(await register({ client: 'shop', manifest: { ...manifest(ITEM), operations: [{ ...entry(ITEM), id: documentId(ITEMS) }] } })).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('its id is')] } });
    expect(await register({ client: 'Our Shop', manifest: manifest(ITEM) })).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('client:')] } });
    expect(await register([])).toMatchObject({ status: 400 });
    expect(documents.live.operations()).toEqual([]);
  });

  it('is for operations only, and not for pages of somebody else', async () => {
    for (const [path, body] of [['/operations/trusted-documents', undefined], ['/operations/trusted-documents', {}], ['/operations/trusted-documents/rollback', { to: 0 }]] as const) {
      expect((await call(path, body, 'shop')).status).toBe(403);
      expect((await fetch(`${gateway.url}${path}`, { method: body ? 'POST' : 'GET', headers: { 'content-type': 'application/json' }, ...(body && { body: '{}' }) })).status).toBe(401);
    }
    const foreign = await fetch(`${gateway.url}/operations/trusted-documents/rollback`, { method: 'POST', headers: { 'x-api-key': 'operations', 'content-type': 'application/json', origin: 'https://elsewhere.example' }, body: '{"to":0}' });
    expect(foreign.status).toBe(403);
  });

  it('is rolled back', async () => {
    await register({ client: 'shop', manifest: manifest(ITEM) });
    await register({ client: 'shop', manifest: manifest(ITEMS), replace: true });
    expect((await ask({ documentId: documentId(ITEM) })).status).toBe(403);
    expect(await call('/operations/trusted-documents/rollback', { to: 1 })).toEqual({ status: 201, body: { version: 3, equals: 1 } });
    expect((await ask({ documentId: documentId(ITEM) })).status).toBe(200);
    expect((await ask({ documentId: documentId(ITEMS) })).status).toBe(403);
    expect(await call('/operations/trusted-documents/rollback', { to: 9 })).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('no version 9')] } });
    expect((await call('/operations/trusted-documents/rollback', {})).status).toBe(400);
  });
});

describe('whoever may send trusted documents only', () => {
  const hashed = (body: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: documentId(body) } } });
  beforeEach(() => register({ client: 'shop', manifest: manifest(ITEM) }));

  const overSocket = (payload: object) => new Promise<any>((resolve) => {
    const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { 'x-api-key': 'shop' }, retryAttempts: 0 });
    client.subscribe({ query: '', ...payload }, { next: (result) => resolve(result), error: (errors) => resolve({ errors }), complete: () => void client.dispose() });
  });
  const overStream = async (payload: object): Promise<any> => {
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': 'shop' }, body: JSON.stringify(payload) });
    return JSON.parse(/^data: (.+)$/m.exec(await response.text())![1]!);
  };
  const overHttp = async (payload: object) => (await ask(payload)).body;
  const byGet = async (payload: object): Promise<any> => {
    const given = Object.entries(payload).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
    return (await fetch(`${gateway.url}/graphql?${new URLSearchParams(given)}`, { headers: { 'x-api-key': 'shop', 'apollo-require-preflight': 'true' } })).json();
  };
  const transports = { overHttp, byGet, overStream, overSocket };

  it.each(Object.entries(transports))('%s is answered what was registered, however it is named', async (_name, send) => {
    for (const payload of [{ query: ITEM }, hashed(ITEM), { query: ITEM, ...hashed(ITEM) }]) expect(await send(payload)).toMatchObject({ data: { item: { name: 'Item 1' } } });
  });

  it.each(Object.entries(transports))('%s is refused everything else', async (_name, send) => {
    for (const payload of [{ query: ITEMS }, { query: `${ITEM} ` }, { query: ITEMS, ...hashed(ITEMS) }, { query: '{ __schema { types { name } } }' }]) {
      expect(await send(payload)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN', reason: 'DOCUMENT_NOT_TRUSTED' } }] });
    }
    expect(await send({ query: ITEMS, ...hashed(ITEM) })).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
  });

  it('may name a document by documentId wherever there is JSON or a query string', async () => {
    for (const send of [overHttp, byGet, overStream]) expect(await send({ documentId: `sha256:${documentId(ITEM)}` })).toMatchObject({ data: { item: { name: 'Item 1' } } });
  });
});

describe('others', () => {
  it('may send any text, and register it by their own requests, over every transport of one house', async () => {
    const hash = { extensions: { persistedQuery: { version: 1, sha256Hash: documentId(ITEMS) } } };
    expect((await ask(hash, 'any')).body.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    expect((await ask({ query: ITEMS, ...hash }, 'any')).body.data.items).toHaveLength(2);
    expect((await ask(hash, 'any')).body.data.items).toHaveLength(2);
    // Kept for those who may send any text: it is no trust.
    expect((await ask(hash)).body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
