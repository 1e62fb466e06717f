import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrustedDocuments, documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';

type Gateway = Awaited<ReturnType<typeof startSmallGateway>>;

const ITEM = 'query Item($id: ID! = "1") { item(id: $id) { name price } }';
const trusted = createTrustedDocuments('test', [{ id: documentId(ITEM), name: 'Item', body: ITEM }]);

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startSmallGateway({ trusted });
});
afterAll(() => gateway.drain());

interface Shown {
  readonly status: number;
  readonly type: string | null;
  readonly caching: string | null;
  readonly body: unknown;
}

async function show(answer: Response): Promise<Shown> {
  const text = await answer.text();
  // An id is made for each masked error.
  const body = JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an-id'));
  return { status: answer.status, type: answer.headers.get('content-type'), caching: answer.headers.get('cache-control'), body };
}

const post = async (body: object, headers: Record<string, string> = {}): Promise<Shown> =>
  show(await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...keyOf('price:read'), ...headers }, body: JSON.stringify(body) }));

/** The hot lane does not know this form of Accept: Apollo Server answers. */
const COLD = { accept: `application/json${';a=b'.repeat(80)}, application/json` };

const CASES: readonly [what: string, body: object, headers?: Record<string, string>][] = [
  ['an answer', { query: '{ item(id: "1") { name price } }' }],
  ['an answer with variables', { query: ITEM, variables: { id: '7' } }],
  ['null variables', { query: ITEM, variables: null }],
  ['one of two operations', { query: 'query A { mine } query B { items(first: 2) { id } }', operationName: 'B' }],
  ['no name for one of two', { query: 'query A { mine } query B { items(first: 2) { id } }' }],
  ['a name nobody has', { query: 'query A { items { id } }', operationName: 'C' }],
  ['a variable of another type', { query: 'query ($n: Int) { items(first: $n) { id } }', variables: { n: 'x' } }],
  ['a variable that is missing', { query: 'query ($id: ID!) { item(id: $id) { id } }' }],
  ['a field that fails', { query: '{ broken item(id: "1") { id } }' }],
  ['a field for others', { query: '{ item(id: "1") { cost } }' }],
  ['a field for those signed in', { query: '{ mine }' }, { 'x-api-key': '' }],
  ['a mutation', { query: 'mutation { rename(id: "1", name: "x") { id } }' }, keyOf('checkout:write')],
  ['a mutation for others', { query: 'mutation { rename(id: "1", name: "x") { id } }' }],
  ['a wrong key', { query: '{ items { id } }' }, { 'x-api-key': 'wrong' }],
  ['an unusable header', { query: '{ items { id } }' }, { 'x-currency': 'money' }],
  ['introspection', { query: '{ __schema { queryType { name } } }' }, keyOf('operations')],
  ['introspection for others', { query: '{ __schema { queryType { name } } }' }],
  ['its own name only', { query: '{ __typename }' }],
];

describe('the hot lane', () => {
  it.each(CASES)('answers as Apollo Server does: %s', async (_what, body, headers = {}) => {
    const cold = await post(body, { ...headers, ...COLD });
    // Known by now, if it can be.
    const warm = await post(body, headers);
    const hot = await post(body, headers);
    expect(warm).toEqual(hot);
    expect({ ...hot, type: null }).toEqual({ ...cold, type: null });
    expect(hot.type).toBe('application/json; charset=utf-8');
    const asResponse = await post(body, { ...headers, accept: 'application/graphql-response+json' });
    expect(asResponse).toEqual(await post(body, { ...headers, accept: `application/graphql-response+json${';a=b'.repeat(80)}, application/graphql-response+json` }));
    expect(asResponse.body).toEqual(hot.body);
    expect(asResponse.status === 200).toBe('data' in (hot.body as object));
  });

  it('answers a trusted document by its id, by POST and by GET', async () => {
    const id = documentId(ITEM);
    const expected = { status: 200, type: 'application/json; charset=utf-8', caching: 'no-store', body: { data: { item: { name: 'Item 7', price: '7.00' } } } };
    expect(await post({ documentId: `sha256:${id}`, variables: { id: '7' } })).toEqual(expected);
    expect(await post({ extensions: { persistedQuery: { version: 1, sha256Hash: id } }, variables: { id: '7' } })).toEqual(expected);
    const link = new URLSearchParams({ documentId: `sha256:${id}`, variables: '{"id":"7"}' });
    expect(await show(await fetch(`${gateway.url}/graphql?${link}`, { headers: keyOf('price:read') }))).toEqual(expected);
  });

  it('lets no link change anything, nor ask in words of its own', async () => {
    const change = 'mutation { rename(id: "1", name: "x") { id } }';
    const before = gateway.heard.renamed;
    await post({ query: change, extensions: { persistedQuery: { version: 1, sha256Hash: documentId(change) } } }, keyOf('checkout:write'));
    const byHash = new URLSearchParams({ extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: documentId(change) } }) });
    const answer = await fetch(`${gateway.url}/graphql?${byHash}`, { headers: keyOf('checkout:write') });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    const inWords = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent('{ items { id } }')}`, { headers: keyOf('price:read') });
    expect(inWords.status).toBe(400);
    expect(gateway.heard.renamed).toBe(before + 1);
  });
});
