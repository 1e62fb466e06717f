import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CacheFacts, Invalidations } from '../../../../gateway/cache/facts.ts';
import { createRecentWriters } from '../../../../gateway/cache/recent-writers.ts';
import { createWholeAnswers } from '../../../../gateway/cache/whole-answers.ts';
import { createGraph, type Graph } from '../../../../gateway/graph/graph.ts';
import { createGraphSource } from '../../../../gateway/graph/graph-source.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/limits/limits.ts';
import { createTrustedDocuments, documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';
import { composeSmall } from '../../../support/small-supergraph.ts';

const ITEM = 'query Item($id: ID!) { item(id: $id) { name } }';
const id = documentId(ITEM);
const trusted = createTrustedDocuments('test', [{ id, name: 'Item', body: ITEM }]);

/** What the subgraphs would say, and how long it may be kept: both told by each test. */
let facts: CacheFacts | null;
let executed = 0;
let current = true;
const changed = new Set<string>();
let tell: (tags: readonly string[] | 'ALL') => void = () => undefined;
const invalidations: Invalidations = {
  mark: () => (current ? {} : null),
  changedSince: (tags) => tags.some((tag) => changed.has(tag)),
  onInvalidated: (listener) => {
    tell = listener;
    return () => undefined;
  },
};
const clock = manualClock(1_000_000);
const answers = createWholeAnswers({ invalidations, writers: createRecentWriters(clock), clock, maxBytes: 1_000_000 });

function graphThatSays(): Graph {
  const graph = createGraph({ sdl: composeSmall(), clients: {}, limits: DEFAULT_LIMITS, cache: null });
  return {
    ...graph,
    execute: async ({ variables, scope }) => {
      executed += 1;
      return { result: { data: { item: { name: `${String(variables['id'])} for ${scope.principal.subject}, ${scope.shopping.locale ?? 'no locale'}` } } }, facts };
    },
  };
}

let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
beforeAll(async () => {
  gateway = await startSmallGateway({ graphs: createGraphSource(graphThatSays()), trusted, answers, clock: { ...clock, monotonic: () => performance.now() } });
});
afterAll(() => gateway.drain());

const keep = (more: Partial<CacheFacts> = {}): void => {
  facts = { scope: 'PUBLIC', freshForMs: 30_000, ageMs: 5, tags: ['Item:1'], mark: {}, hits: 0, misses: 1, stale: [], ...more };
  tell('ALL');
  changed.clear();
  current = true;
};
const get = async (headers: Record<string, string> = {}, item = '1') => {
  const before = executed;
  const answer = await fetch(`${gateway.url}/graphql?${new URLSearchParams({ documentId: `sha256:${id}`, variables: JSON.stringify({ id: item }) })}`, { headers: { ...keyOf('price:read'), ...headers } });
  return { status: answer.status, headers: answer.headers, body: await answer.text(), executed: executed - before };
};
const asOperator = keyOf('price:read', 'operations');

describe('whole answers', () => {
  it('are executed once for all who may ask the same, while nothing changes and nothing expires', async () => {
    keep();
    const first = await get();
    expect([first.executed, first.headers.get('cache-control'), first.headers.get('ratelimit')]).toEqual([1, 'public, max-age=10', null]);
    expect(first.headers.get('vary')).toContain('Authorization');
    expect(await get()).toMatchObject({ executed: 0, body: first.body });
    clock.advance(29_999);
    expect((await get()).headers.get('cache-control')).toBe('private, no-cache');
    clock.advance(2);
    expect((await get()).executed).toBe(1);
  });

  it('are not sent again to whoever has them', async () => {
    keep();
    const { headers } = await get();
    const again = await get({ 'if-none-match': `"other", ${headers.get('etag')}` });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', headers.get('etag')]);
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('go when a tag of theirs changes, and are not kept when it has changed meanwhile', async () => {
    keep();
    await get();
    tell(['Item:2']);
    expect((await get()).executed).toBe(0);
    tell(['Item:1']);
    changed.add('Item:1');
    expect((await get()).executed).toBe(1);
    expect((await get()).executed).toBe(1);
  });

  it('are not trusted by a node that does not hear of changes', async () => {
    keep();
    await get();
    current = false;
    expect((await get()).executed).toBe(1);
    current = true;
    expect((await get()).executed).toBe(0);
  });

  it.each([
    ['stale parts', { stale: [{ subgraph: 'shop', ageMs: 9, reason: 'UPSTREAM_TIMEOUT' }] }],
    ['no lifetime', { freshForMs: 0 }],
  ])('with %s are not kept', async (_what, more) => {
    keep(more);
    await get();
    expect((await get()).executed).toBe(1);
  });

  it('that are one caller\'s own reach nobody else, and no cache outside repeats them', async () => {
    keep({ scope: 'PRIVATE' });
    const mine = await get();
    expect(mine.headers.get('cache-control')).toBe('private, no-cache');
    expect((await get()).executed).toBe(0);
    for (const other of [asOperator, { 'x-locale': 'de_DE' }, { 'x-currency': 'EUR' }, { 'x-channel': 'b2b' }, { 'x-company-location': 'C2' }]) {
      const theirs = await get(other);
      expect([theirs.executed, theirs.body === mine.body && !('x-currency' in other) && !('x-channel' in other) && !('x-company-location' in other)]).toEqual([1, false]);
    }
    expect((await get({}, '2')).executed).toBe(1);
  });

  it('tell how they were come by to operations people only', async () => {
    keep();
    expect((await get()).headers.get('x-cache')).toBeNull();
    await get(asOperator);
    const { headers } = await get(asOperator);
    expect(['x-cache', 'x-cache-scope', 'x-cache-tags'].map((name) => headers.get(name))).toEqual(['HIT', 'PUBLIC', 'Item:1']);
  });

  it('are sent by POST too, where no cache outside keeps them', async () => {
    keep();
    await get();
    const before = executed;
    const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...keyOf('price:read') }, body: JSON.stringify({ documentId: id, variables: { id: '1' } }) });
    expect([answer.status, answer.headers.get('cache-control'), executed - before]).toEqual([200, 'no-store', 0]);
  });
});
