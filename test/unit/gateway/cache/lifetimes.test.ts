import { describe, expect, it } from 'vitest';
import { readCacheRules } from '../../../../gateway/cache/cache-rules.ts';
import { compileFetchPolicy } from '../../../../gateway/cache/fetch-policy.ts';
import { compileTag } from '../../../../gateway/cache/tag-format.ts';
import { FACTS_SDL } from './facts-graph.ts';

const rules = readCacheRules(FACTS_SDL);
const policyOf = (query: string) => compileFetchPolicy(rules, 'facts', query);
const entity = (fields: string) => policyOf(`query($r:[_Any!]!){_entities(representations:$r){...on Thing{${fields}}}}`)!.parts[0]!;
const lifetimeOf = (fields: string) => entity(fields).lifetimeOf('Thing');

describe('how long an answer may be kept', () => {
  it.each([
    ['a leaf that says so', 'value', 60_000, 'PUBLIC'],
    ['the shortest of several', 'value short', 5_000, 'PUBLIC'],
    ['one that is private makes all private', 'value own', 60_000, 'PRIVATE'],
    ['keys and __typename put no limit', '__typename sku value', 60_000, 'PUBLIC'],
    ['keys alone say nothing', '__typename sku', 0, 'PUBLIC'],
    ['a leaf that says nothing is not kept', 'value never', 0, 'PUBLIC'],
    ['an object that says so, with leaves that live as long', 'part { name }', 60_000, 'PUBLIC'],
    ['an object whose type is a part lives as long as what it belongs to', 'part { deeper { name } }', 60_000, 'PUBLIC'],
    ['a field that says nothing inherits nothing at the top', 'bare { name }', 0, 'PUBLIC'],
    ['what inherits at the top has nothing to inherit', 'value kin { short }', 0, 'PUBLIC'],
    ['of an abstract type the strictest of all it may be', 'either { ... on Part { name } ... on Thing { short } }', 5_000, 'PUBLIC'],
    ['a field nobody knows', 'value made', 0, 'PUBLIC'],
  ])('%s', (_name, fields, maxAgeMs, scope) => expect(lifetimeOf(fields)).toEqual({ maxAgeMs, scope }));

  it('of root fields each for itself', () => {
    const { parts, keeps } = policyOf('{ sum(sku: "a") now listing { value } again: listing { never short } }')!;
    expect(parts.map((part) => part.lifetimeOf(null).maxAgeMs)).toEqual([60_000, 0, 60_000, 5_000]);
    expect(keeps).toBe(true);
  });

  it('keeps nothing of a text that is none of the planner\'s, nor of a mutation', () => {
    for (const text of ['{ ...F } fragment F on Query { now }', 'mutation { now }', 'subscription { now }', '{ ... on Query { sum(sku: "a") } }', 'query @a { sum(sku: "a") }']) {
      expect(policyOf(text), text).toBeNull();
    }
  });

  it('reads the directive under the name it is imported by', () => {
    const renamed = FACTS_SDL.replaceAll('@cacheControl', '@kept');
    const link = 'schema @link(url: "https://example.com/cacheControl/v0.1", import: [{ name: "@cacheControl", as: "@kept" }]) { query: Query }';
    expect(compileFetchPolicy(readCacheRules(`${link}${renamed}`), 'facts', '{ sum(sku: "a") }')!.keeps).toBe(true);
    expect(compileFetchPolicy(readCacheRules(renamed), 'facts', '{ sum(sku: "a") }')!.keeps).toBe(false);
  });

  it('does not take the lifetime of an entity from a type that several subgraphs have parts of', () => {
    const hinted = FACTS_SDL.replace('type Thing', 'type Thing @cacheControl(maxAge: 60)').replace('type Thing @cacheControl(maxAge: 60) @join__type', 'type Thing @join__type');
    const whole = FACTS_SDL.replace('@join__type(graph: OTHER, key: "sku")', '@cacheControl(maxAge: 60)');
    const neverIn = (sdl: string) => compileFetchPolicy(readCacheRules(sdl), 'facts', 'query($r:[_Any!]!){_entities(representations:$r){...on Thing{never}}}')!.parts[0]!.lifetimeOf('Thing').maxAgeMs;
    expect([neverIn(hinted), neverIn(whole)]).toEqual([0, 60_000]);
  });
});

describe('what an answer changes with', () => {
  it('writes tags from keys and from arguments, given, variable or default', () => {
    expect(entity('value').tagsOf('Thing', { __typename: 'Thing', sku: 'a' })).toEqual(['Stock:a']);
    expect(policyOf('query($s:ID!){ sum(sku: $s) }')!.parts[0]!.tagsOf(null, { s: 'b' })).toEqual(['Stock:b']);
    expect(policyOf('{ listing { value } }')!.parts[0]!.tagsOf(null, {})).toEqual(['Catalog']);
    expect(compileTag('{$args.by}-{$args.at.x}', 'args')({ by: 1, at: { x: true } })).toBe('1-true');
  });

  it('says so where a tag cannot be written, and of which subgraph tags are', () => {
    expect(entity('value').tagsOf('Thing', { __typename: 'Thing', id: 7 })).toBeNull();
    const other = compileFetchPolicy(rules, 'other', 'query($r:[_Any!]!){_entities(representations:$r){...on Thing{value}}}')!;
    expect(other.parts[0]!.tagsOf('Thing', { __typename: 'Thing', sku: 'a' })).toEqual([]);
    expect(() => compileTag('{$key.sku}', 'args')).toThrow('only {$args...}');
  });
});

describe('what is the same question', () => {
  const idOf = (query: string, index = 0) => policyOf(query)!.parts[index]!.id;
  it('is one whatever it is called in a request, and another where anything else is asked', () => {
    expect(idOf('{ a: sum(sku: "x") }')).toBe(idOf('query Q { now b: sum(sku: "x") }', 1));
    expect(idOf('{ sum(sku: "x") }')).not.toBe(idOf('{ sum(sku: "y") }'));
    const one = 'query($r_0:[_Any!]!,$r_1:[_Any!]!){e0:_entities(representations:$r_0){...on Thing{value}} e1:_entities(representations:$r_1){...on Thing{short}}}';
    expect(idOf(one)).toBe(entity('value').id);
    expect(idOf(one, 1)).not.toBe(idOf(one));
    expect(compileFetchPolicy(rules, 'other', '{ sum(sku: "x") }')!.parts[0]!.id).not.toBe(idOf('{ sum(sku: "x") }'));
  });

  it('narrows a request to some of its parts, with their variables', () => {
    const policy = policyOf('query($s:ID!,$t:ID!,$r:[_Any!]!){a:sum(sku:$s) b:sum(sku:$t) _entities(representations:$r){...on Thing{value}}}')!;
    const narrowed = policy.narrow({ query: '', documentId: '', operationKind: 'query', variables: { s: '1', t: '2', r: [] } }, [policy.parts[1]!, policy.parts[2]!]);
    expect(narrowed.query).toBe('query($t:ID!$r:[_Any!]!){b:sum(sku:$t)_entities(representations:$r){...on Thing{value}}}');
    expect(narrowed.variables).toEqual({ t: '2', r: [] });
  });
});
