import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBoundedCache } from '../../../../gateway/execution/bounded-cache.ts';
import { copyAnswer, mergeInto } from '../../../../gateway/execution/fetching/merge.ts';
import { compileRepresentations } from '../../../../gateway/execution/fetching/representations.ts';
import { collectEntities, compilePath, locateEntities } from '../../../../gateway/execution/fetching/response-path.ts';
import { compileRewrites } from '../../../../gateway/execution/fetching/rewrites.ts';

const types = { isSubtype: (type: string, condition: string) => type === condition || (condition === 'Media' && type === 'Book'), isAbstract: (type: string) => type === 'Media' };

test('paths look through lists at any depth and follow type conditions', () => {
  const tree = { rows: [[{ __typename: 'Book', a: { n: 1 } }, null], null, [{ __typename: 'Film', a: { n: 2 } }, { a: { n: 3 } }]] };
  const all = compilePath(['', 'rows', '@', '@', 'a']);
  expect(collectEntities(tree, all).map(({ n }) => n)).toEqual([1, 2, 3]);
  expect(locateEntities(tree, all)).toEqual([['rows', 0, 0, 'a'], ['rows', 2, 0, 'a'], ['rows', 2, 1, 'a']]);
  const books = compilePath(['rows', '@', '@|[Book,Atlas]', 'a']);
  expect(collectEntities(tree, books).map(({ n }) => n)).toEqual([1, 3]);
  expect(compilePath(['|[Query]', 'rows|[Book]'])).toEqual([{ key: 'rows', types: new Set(['Book']) }]);
});

test('representations hold what is required, once each, without incomplete entities', () => {
  const represent = compileRepresentations({
    kind: 'Fetch', serviceName: 's', operation: '', operationName: undefined, operationKind: 'query' as never,
    requires: [
      { kind: 'InlineFragment', typeCondition: 'Book', selections: [{ kind: 'Field', name: '__typename' }, { kind: 'Field', name: 'id' }, { kind: 'Field', name: 'dims', selections: [{ kind: 'Field', name: 'w' }] }] },
      { kind: 'InlineFragment', typeCondition: 'Media', selections: [{ kind: 'Field', name: '__typename' }, { kind: 'Field', name: 'dims', selections: [{ kind: 'Field', name: 'h' }] }] },
    ],
    inputRewrites: [{ kind: 'ValueSetter', path: ['... on Book', '__typename'], setValueTo: 'Media' }],
  }, types);
  const book = (id: string | undefined, dims: unknown) => ({ __typename: 'Book', id, dims, other: 1 });
  // What one fragment requires and another has does not make an entity whole: the subgraph would compute with the rest missing.
  const { representations, targets, incomplete } = represent([
    book('1', [{ w: 1, h: 2 }, null]), { __typename: 'Film', id: '1' }, book('1', [{ w: 1, h: 2, x: 3 }, null]), book('2', null), { id: '1' }, book('3', { w: 1 }), book('4', {}),
  ]);
  expect(representations).toEqual([
    { __typename: 'Media', id: '1', dims: [{ w: 1, h: 2 }, null] },
    { __typename: 'Media', id: '2', dims: null },
  ]);
  expect(targets).toEqual([[0, 2], [3]]);
  expect(incomplete).toBe(true);
});

test('renaming reaches through lists and fragments and does not lose falsy values', () => {
  const rewrite = compileRewrites([{ kind: 'KeyRenamer', path: ['items', '... on Media', 'x__alias_0'], renameKeyTo: 'x' }], types);
  const data = { items: [{ __typename: 'Book', x__alias_0: 0 }, { __typename: 'Film', x__alias_0: 1 }, null, { x__alias_0: null }] };
  rewrite?.(data, undefined);
  expect(data.items).toEqual([{ __typename: 'Book', x: 0 }, { __typename: 'Film', x__alias_0: 1 }, null, { x: null }]);
});

test('merging keeps values over nulls and concrete types over interfaces', () => {
  const target = { __typename: 'Book', a: { b: 1 }, list: [{ x: 1 }, null], kept: 'k', gap: null };
  mergeInto(target, { __typename: 'Media', a: { c: 2 }, list: [{ y: 2 }, { z: 3 }], kept: null, gap: 0 }, types);
  expect(target).toEqual({ __typename: 'Book', a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }, { z: 3 }], kept: 'k', gap: 0 });
  mergeInto(target, JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as Record<string, unknown>, types);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a copied answer is equal and shares nothing that could be merged into', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const copy = copyAnswer(value);
    expect(copy).toEqual(value);
    if (value !== null && typeof value === 'object') expect(copy).not.toBe(value);
  }));
  const date = new Date(0);
  expect(copyAnswer({ date }).date).toBe(date);
});

test('a bounded cache keeps what was used last', () => {
  const cache = createBoundedCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([1, undefined, 3, 2]);
});
