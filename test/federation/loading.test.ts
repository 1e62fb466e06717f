import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { loadSupergraph } from '../../gateway/execution/planning/supergraph.ts';
import { createShop } from './shop-fixture.ts';

function compose(subgraphs: Readonly<Record<string, string>>, imports = '"@key", "@override", "@shareable"', more = ''): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${imports}])${more}\n`;
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: `http://${name}.test`, typeDefs: parse(link + sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

const plain = compose({ a: 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }' });
const linking = (link: string): string => plain.replace('schema\n', `schema\n  @link(${link})\n`);

test('a feature that nobody enforces is refused by name when the supergraph is loaded', () => {
  const refusals: [string, RegExp][] = [
    ['url: "https://example.com/secrets/v1.0", for: SECURITY', /secrets\/v1\.0: linked for SECURITY, and nothing here enforces it/],
    ['url: "https://example.com/run/v1.0", for: EXECUTION', /run\/v1\.0: linked for EXECUTION, and nothing here executes it/],
    ['url: "https://specs.apollo.dev/authenticated/v9.0", for: SECURITY', /authenticated\/v9\.0.*known: v0\.1/],
    ['url: "https://specs.apollo.dev/connect/v0.2", for: EXECUTION', /connect\/v0\.2/],
    ['url: "https://specs.apollo.dev/join/v7.0", for: EXECUTION', /join\/v7\.0: this version of join is not known/],
    ['url: "https://specs.apollo.dev/context/v0.1", as: "ctx", for: SECURITY', /another name \("ctx"\)/],
  ];
  for (const [link, message] of refusals) expect(() => loadSupergraph(linking(link)), link).toThrow(message);
});

test('what asks nothing of a gateway is served', () => {
  expect(() => loadSupergraph(linking('url: "https://example.com/notes/v1.0"'))).not.toThrow();
  const composed = compose(
    { a: 'directive @owner(team: String) on OBJECT\n type Query { t: T } type T @key(fields: "id") @owner(team: "x") @cacheTag(format: "t-{$key.id}") @cost(weight: 3) { id: ID! x: [Int] @listSize(assumedSize: 3) @authenticated y: Int @policy(policies: [["p"]]) }' },
    '"@key", "@cost", "@listSize", "@authenticated", "@policy", "@cacheTag", "@composeDirective"',
    ' @link(url: "https://example.com/owner/v1.0", import: ["@owner"]) @composeDirective(name: "@owner")',
  );
  expect(composed).toContain('example.com/owner');
  expect(() => loadSupergraph(composed)).not.toThrow();
});

test('a subgraph schema, or nonsense, is no supergraph', () => {
  expect(() => loadSupergraph('type Query { a: Int }')).toThrow('This is no supergraph');
  expect(() => loadSupergraph('type Query {')).toThrow('Syntax Error');
});

const overridden = compose({
  old: 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
  fresh: 'type T @key(fields: "id") { id: ID! x: Int @override(from: "old", label: "friday") }',
});

test('a label that nothing decides is refused before the first query', () => {
  const supergraph = loadSupergraph(overridden);
  expect(() => createExecutor({ supergraph })).toThrow('The field T.x is overridden under the label "friday"');
  expect(() => createExecutor({ supergraph, resolveLabel: () => true })).not.toThrow();
});

test('percentages count the same callers in on every node, and about as many as they say', () => {
  const sdl = overridden.replaceAll('"friday"', '"percent(25)"');
  const executor = createExecutor({ supergraph: loadSupergraph(sdl) });
  const clients = (took: string[]) => ({
    old: { execute: async () => ({ data: { t: { __typename: 'T', id: '1', x: 1 } } }) },
    fresh: { execute: async () => (took.push('fresh'), { data: { _entities: [{ x: 2 }] } }) },
  });
  return Promise.all(Array.from({ length: 400 }, async (_, caller) => {
    const took: string[] = [];
    const request = { source: '{ t { x } }', clients: clients(took), rolloutKey: `caller-${caller}` };
    const [first, second] = [await executor.execute(request), await executor.execute(request)];
    expect(second).toEqual(first);
    return took.length / 2;
  })).then((counts) => {
    const included = counts.reduce((sum, count) => sum + count, 0);
    expect(included).toBeGreaterThan(70);
    expect(included).toBeLessThan(130);
  });
});

test('warm-up plans what it can, names what it cannot, and lets other work through', async () => {
  const shop = createShop();
  let planned = 0;
  const executor = createExecutor({ supergraph: { ...shop.supergraph, buildPlan: (...asked) => (planned++, shop.supergraph.buildPlan(...asked)) } });
  const turns: string[] = [];
  setImmediate(() => turns.push('other work'));
  const result = await executor.warmUp([
    { source: 'query A($all: Boolean = true) { me { name @include(if: $all) } }', operationName: 'A' },
    { source: 'query B { nothing', operationName: 'B' },
    { source: 'query C($id: ID!) { product(id: $id) { stock } }' },
  ]);
  turns.push('warm');
  expect(turns).toEqual(['other work', 'warm']);
  expect(result).toEqual({ planned: 2, failed: [{ operationName: 'B', message: expect.stringContaining('Syntax Error') }] });
  expect(planned).toBe(2);
  await executor.execute({ source: 'query C($id: ID!) { product(id: $id) { stock } }', variables: { id: 'p1' }, clients: shop.clients });
  await executor.execute({ source: 'query A($all: Boolean = true) { me { name @include(if: $all) } }', operationName: 'A', clients: shop.clients });
  expect(planned).toBe(2);
});

test('names of variables that belong to the protocol are refused', async () => {
  const shop = createShop();
  const result = await createExecutor({ supergraph: shop.supergraph }).execute({ source: 'query ($contextualArgument_1_0: ID!) { product(id: $contextualArgument_1_0) { stock } }', variables: { contextualArgument_1_0: 'p1' }, clients: shop.clients });
  expect(result).toMatchObject({ errors: [{ message: expect.stringContaining('$contextualArgument_1_0'), extensions: { code: 'INVALID_INPUT' } }] });
});
