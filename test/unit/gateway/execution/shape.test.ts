import fc from 'fast-check';
import { buildSchema, executeSync, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import { compileShape, type ShapeRun } from '../../../../gateway/execution/shaping/shape.ts';

const schema = buildSchema(`
  type Query { one: Node must: Node! list: [Node] strict: [Node!]! deep: [[Node!]] any: Thing color: Color }
  type Node implements Thing { id: Int must: Int! one: Node sure: Node! list: [Node!] thing: Thing! color: Color! }
  type Other implements Thing { id: Int label: String! }
  interface Thing { id: Int }
  enum Color { RED GREEN }
`);

const source = `{ one { ...N } must { must one { must ...N } } list { must thing { __typename id ... on Node { must } ...O } } strict { sure { id } list { must } }
  deep { x: must sure { one { must } } } any { id ...O ...N } color }
  fragment N on Node { id must y: color sure { must } } fragment O on Other { label }`;

const document = parse(source);
const operation = document.definitions[0] as OperationDefinitionNode;
const fragments = new Map(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [])));
const shape = compileShape({ schema, fragments, conditions: {}, restore: (key) => key }, schema.getQueryType()!, [operation.selectionSet]);

const rarely = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 9 });
/** A tree with both names and aliases as keys, as subgraphs and resolvers would see it, and nulls anywhere. */
const { node, thing } = fc.letrec<{ node: Record<string, unknown>; thing: Record<string, unknown> }>((tie) => ({
  node: fc.record({
    __typename: fc.constant('Node'), id: rarely(fc.nat()), must: rarely(fc.nat()), color: rarely(fc.constantFrom('RED', 'GREEN')),
    one: fc.option(tie('node'), { maxDepth: 3, depthIdentifier: 'tree' }), sure: fc.option(tie('node'), { freq: 6, maxDepth: 3, depthIdentifier: 'tree' }),
    list: rarely(fc.array(rarely(tie('node')), { maxLength: 2, depthIdentifier: 'tree' })), thing: fc.option(tie('thing'), { freq: 6, maxDepth: 3, depthIdentifier: 'tree' }),
  }).map((record) => ({ ...record, x: record.must, y: record.color })),
  thing: fc.oneof({ depthIdentifier: 'tree', maxDepth: 3 }, fc.record({ __typename: fc.constant('Other'), id: rarely(fc.nat()), label: rarely(fc.string()) }), tie('node')),
}));
const nodes = fc.array(rarely(node), { maxLength: 3 });
const tree = fc.record({
  one: rarely(node), must: fc.option(node, { freq: 30 }), list: rarely(nodes), strict: fc.array(node, { maxLength: 2 }), deep: rarely(fc.array(rarely(nodes), { maxLength: 2 })),
  any: rarely(thing), color: rarely(fc.constantFrom('RED', 'GREEN')),
});

test('shapes like graphql-js executes: same data, same order, an error where a non-null field is null', () => {
  const seed = 7;
  let nulled = 0;
  const property = fc.property(tree, (value) => {
    const expected = executeSync({ schema, document, rootValue: value });
    const run: ShapeRun = { path: [], violations: [], missing: [], introspection: null };
    expect(JSON.stringify(shape(value, run))).toBe(JSON.stringify(expected.data));
    const paths = run.violations.map(({ path }) => path?.join('.'));
    for (const { path } of expected.errors ?? []) expect(paths).toContain(path?.join('.'));
    expect(run.violations.length > 0).toBe(expected.errors !== undefined);
    if (expected.data === null) nulled += 1;
  });
  fc.assert(property, { seed, numRuns: 300 });
  expect(nulled).toBeLessThan(250);
});

test('values no client may see become null with an error that says where', () => {
  const run: ShapeRun = { path: [], violations: [], missing: [], introspection: null };
  const odd = { must: { must: 1, one: null }, strict: [], color: 'BLUE', any: { __typename: 'Ghost', id: 1 }, list: 'text', one: [] };
  expect(shape(odd, run)).toMatchObject({ color: null, any: null, list: null, one: null, must: { must: 1 } });
  expect(run.violations.map(({ path, message }) => [path?.join('.'), message])).toEqual([
    ['one', 'Expected an object for field Query.one.'],
    ['list', 'Expected a list for field Query.list.'],
    ['any', 'The type of the object at field Query.any is not known.'],
    ['color', 'Invalid value found for field Query.color.'],
  ]);
});
