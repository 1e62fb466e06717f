import { composeServices } from '@apollo/composition';
import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, type Principal, type Scope } from '../../../domain/principal.ts';
import { loadSupergraph } from '../../../gateway/execution/planning/supergraph.ts';
import { readGraphRules } from '../../../gateway/graph/rules/graph-rules.ts';
import { createPolicies } from '../../../gateway/graph/rules/policies.ts';
import { rightsOf } from '../../../domain/roles.ts';

const LINK = (more: string) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@external", "@requires", "@interfaceObject", ${more}])`;
const RENAMED = LINK('{name: "@authenticated", as: "@known"}, {name: "@requiresScopes", as: "@scoped"}, {name: "@policy", as: "@ruled"}, {name: "@cost", as: "@dear"}, {name: "@listSize", as: "@long"}, "@cacheTag"');

const SHOP = `${RENAMED}
  type Query {
    item(id: ID!): Item @cacheTag(format: "item-{$args.id}")
    nodes: [Node!]!
    things: [Thing]
    color: Color
    safe: Safe
    page(first: Int @dear(weight: 2)): Page @long(slicingArguments: ["first"], sizedFields: ["nodes"])
  }
  interface Node @key(fields: "id") { id: ID! }
  union Thing = Item | Safe
  type Page { nodes: [Item] }
  type Safe @known { code: String @scoped(scopes: [["price:read", "finance:read"], ["operations"]]) }
  enum Color @ruled(policies: [["artists"]]) { RED }
  type Item implements Node @key(fields: "id") @cacheTag(format: "item-{$key.id}") {
    id: ID! name: String @dear(weight: 7)
    margin: Int @ruled(policies: [["bookkeepers", "staff"], ["owners"]])
  }
`;
const NOTES = `${RENAMED}
  type Node @interfaceObject @key(fields: "id") { id: ID! note: String @scoped(scopes: [["order:read"]]) }
  type Query { hello: String }
`;

function compose(...texts: string[]): string {
  const { supergraphSdl, errors } = composeServices(texts.map((text, index) => ({ name: `s${index}`, url: `http://s${index}.test`, typeDefs: parse(text) })));
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

const POLICIES = createPolicies(['artists=price:read', 'bookkeepers=role:finance', 'staff=order:read', 'owners=operations', 'owners=access:admin']);
const read = (sdl: string) => readGraphRules(sdl, loadSupergraph(sdl).apiSchema, POLICIES);
const shop = compose(SHOP, NOTES);
const rules = read(shop);
const holding = (...scopes: readonly Scope[]): Principal => ({ ...ANONYMOUS, subject: 's', kind: 'SERVICE', scopes });

function refusal(text: string, principal: Principal, from = rules): string | null {
  const document = parse(text);
  try {
    from.access.check(document, getOperationAST(document)!, principal);
  } catch (error) {
    const { message, extensions } = error as { message: string; extensions: Record<string, unknown> };
    return `${extensions['code']}: ${message}`;
  }
  return null;
}

describe('rules of a supergraph', () => {
  it('are read under the names it gives them', () => {
    expect(shop).toContain('@ruled(policies:');
    expect(Object.fromEntries(rules.weights.costs)).toEqual({ 'Item.name': 7, 'Query.page(first:)': 2 });
    expect(rules.weights.lists.get('Query.page')).toEqual({ assumed: null, slicing: [['first']], sizedFields: ['nodes'], requireOne: true });
    expect(rules.cacheTags).toEqual([
      { place: 'Item', format: 'item-{$key.id}', graphs: ['S0'] },
      { place: 'Query.item', format: 'item-{$args.id}', graphs: ['S0'] },
    ]);
  });

  it('leave a graph that can be planned', () => {
    const { buildPlan } = loadSupergraph(shop);
    expect(JSON.stringify(buildPlan(parse('{ item(id: 1) { margin name note } page(first: 2) { nodes { id } } }')))).toContain('note');
  });

  it('ask for all that type and field ask for', () => {
    expect(refusal('{ safe { code } }', ANONYMOUS)).toMatch(/^UNAUTHENTICATED: Safe needs a signed-in caller/);
    expect(refusal('{ safe { __typename } }', holding())).toBeNull();
    expect(refusal('{ safe { code } }', holding('price:read'))).toBe('FORBIDDEN: Safe.code needs the scope price:read and finance:read, or operations.');
    expect(refusal('{ safe { code } }', holding('price:read', 'finance:read'))).toBeNull();
    expect(refusal('{ safe { code } }', holding('operations'))).toBeNull();
  });

  it('hold for what may stand behind a union, and not for what may not', () => {
    expect(refusal('{ things { __typename } }', ANONYMOUS)).toMatch(/^UNAUTHENTICATED: Safe/);
    expect(refusal('{ things { ... on Item { name } } }', ANONYMOUS)).toBeNull();
    expect(refusal('{ item(id: 1) { ...F } } fragment F on Node { id }', ANONYMOUS)).toBeNull();
  });

  it('stay with the field of an @interfaceObject on every type behind it', () => {
    for (const text of ['{ nodes { note } }', '{ item(id: 1) { note } }', '{ item(id: 1) { ... on Node { note } } }']) {
      expect(refusal(text, ANONYMOUS)).toMatch(/^UNAUTHENTICATED: \w+\.note needs the scope order:read/);
      expect(refusal(text, holding('order:read'))).toBeNull();
    }
    // An older composition leaves the rule on the interface alone.
    const older = shop.replace(/note: String @scoped\(scopes: \[\["order:read"\]\]\) @join__field$/m, 'note: String @join__field');
    expect(older).not.toBe(shop);
    expect(refusal('{ item(id: 1) { note } }', ANONYMOUS, read(older))).toMatch(/Node\.note needs the scope order:read/);
  });
});

describe('policies', () => {
  it('are alternatives of which one must hold whole', () => {
    const text = '{ item(id: 1) { margin } }';
    expect(refusal(text, holding('order:read'))).toBe('FORBIDDEN: Item.margin needs the policy bookkeepers and staff, or owners.');
    expect(refusal(text, ANONYMOUS)).toMatch(/^UNAUTHENTICATED/);
    expect(refusal(text, holding('operations'))).toBeNull();
    expect(refusal(text, holding('access:admin'))).toBeNull();
    const { kind, scopes } = rightsOf('finance');
    expect(refusal(text, { ...holding(...scopes), kind })).toBeNull();
    // The scopes of a role in the hands of another kind of caller do not make it one.
    expect(refusal(text, holding(...scopes))).toMatch(/^FORBIDDEN/);
    expect(refusal('{ color }', holding())).toBe('FORBIDDEN: Color needs the policy artists.');
    expect(refusal('{ color }', holding('price:read'))).toBeNull();
  });

  it('that nobody decides are told at the start, with their place', () => {
    const { apiSchema } = loadSupergraph(shop);
    expect(() => readGraphRules(shop, apiSchema)).toThrow(/Color carries the policy "artists".*POLICIES="artists=/);
    expect(() => createPolicies(['staff'])).toThrow('POLICIES: "staff" cannot be used');
    expect(() => createPolicies(['staff=order:rede'])).toThrow('"order:rede" is no scope');
    expect(() => createPolicies(['staff=role:king'])).toThrow('there is no role "king"; roles are storefront');
  });
});

describe('a field that is made from protected ones', () => {
  const PRICES = `${LINK('"@requiresScopes"')}
    type Query { item: Item } type Secret { amount: Int }
    type Item @key(fields: "id") { id: ID! cost: Secret @requiresScopes(scopes: [["finance:read"]]) }`;
  const OFFERS = `${LINK('"@requiresScopes"')}
    type Item @key(fields: "id") { id: ID! cost: Secret @external score: Int @requires(fields: "cost { amount }") @requiresScopes(scopes: [["finance:read"]]) }
    type Secret { amount: Int @external }`;
  const SALES = `${LINK('"@requiresScopes"')}
    type Item @key(fields: "id") { id: ID! score: Int @external rank: Int @requires(fields: "score") @requiresScopes(scopes: [["finance:read"]]) }`;

  it('asks for what they ask for, through every step, where an older composition let it go', () => {
    // Composition of today refuses the fields without a rule of their own; that of yesterday did not.
    const today = compose(PRICES, OFFERS, SALES);
    const yesterday = today.replace(/(score|rank)(: Int .*) @requiresScopes\(scopes: \[\["finance:read"\]\]\)/g, '$1$2');
    expect(yesterday.match(/@requiresScopes\(scopes/g)).toHaveLength(1 + 1);
    for (const text of ['{ item { score } }', '{ item { rank } }']) {
      expect(refusal(text, holding('price:read'), read(yesterday))).toBe('FORBIDDEN: Item.cost needs the scope finance:read.');
      expect(refusal(text, holding('finance:read'), read(yesterday))).toBeNull();
    }
    expect(refusal('{ item { id } }', ANONYMOUS, read(yesterday))).toBeNull();
  });
});

describe('a rule nobody would enforce', () => {
  const schema = loadSupergraph(shop).apiSchema;
  const start = (text: string) => () => readGraphRules(text, schema, POLICIES);

  it.each([
    ['on an argument', 'type Query { a(b: Int @authenticated): Int }', 'Query.a(b:) carries a rule'],
    ['on an input', 'input I @authenticated { a: Int }', 'I carries a rule'],
    ['on a field of an input', 'input I { a: Int @policy(policies: [["staff"]]) }', 'I.a carries a rule'],
    ['on a union', 'union U @authenticated = A type A { a: Int }', 'U carries a rule'],
    ['on a value of an enum', 'enum E { A @requiresScopes(scopes: [["operations"]]) }', 'E.A carries a rule'],
    ['on a scalar that is never returned', 'scalar S @authenticated type Query { a(s: S): Int }', 'S carries a rule that would go unenforced: no field returns it'],
    ['of a version that is not known', 'schema @link(url: "https://specs.apollo.dev/policy/v0.9", for: SECURITY) { query: Query }', 'only v0.1 of it is known'],
    ['with a weight that is none', 'type Query { a: Int @cost(weight: "heavy") }', 'Query.a carries a rule that would go unenforced: the weight'],
    ['with a weight on an interface', 'interface I @cost(weight: 3) { a: Int }', 'I carries a rule'],
    ['with a length of no list', 'type Query { a: Int @listSize(assumedSize: 3) }', 'Query.a carries a rule'],
    ['with a length by no argument', 'type Query { a(n: Int): [Int] @listSize(slicingArguments: ["first"]) }', 'names no argument of the field: first'],
    ['with sized fields that are no lists', 'type Query { a: A @listSize(assumedSize: 3, sizedFields: ["b"]) } type A { b: Int }', 'names A.b, which is no list'],
    ['with a cache tag nobody can fill', 'type Query { a(n: Int): Int @join__directive(graphs: [S], name: "federation__cacheTag", args: {format: "x-{$args.m}"}) }', 'Query.a carries a rule that would go unenforced: its @cacheTag cannot fill {$args.m}'],
  ])('%s stops the start and is named', (_what, text, message) => {
    expect(start(text)).toThrow(message);
  });

  it('is no directive of somebody else\'s that has the same name', () => {
    expect(start('schema @link(url: "https://example.com/rules/v1.0", import: ["@policy"]) { query: Query } type Query { a(b: Int @policy): Int }')).not.toThrow();
  });
});
