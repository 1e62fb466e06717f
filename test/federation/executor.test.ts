import { composeServices } from '@apollo/composition';
import { execute, parse, type GraphQLObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { loadSupergraph } from '../../gateway/execution/planning/supergraph.ts';
import { createShop, type Shop } from './shop-fixture.ts';

type Variables = Record<string, unknown>;

async function ask(shop: Shop, source: string, variables: Variables = {}) {
  const executor = createExecutor({ supergraph: shop.supergraph });
  return executor.execute({ source, variables, clients: shop.clients, reportSubrequests: true });
}

/** Field order counts, so texts are compared. */
async function expectLikeMonolith(shop: Shop, source: string, variables: Variables = {}) {
  const result = await ask(shop, source, variables);
  const expected = await execute({ schema: shop.monolith, document: parse(source), variableValues: variables });
  expect(expected.errors).toBeUndefined();
  expect(result.errors).toBeUndefined();
  expect(JSON.stringify(result.data)).toBe(JSON.stringify(expected.data));
  return result;
}

const cases: Record<string, string> = {
  'compound key and @requires with nested selections': '{ products { shippingClass stock levels { quantity location { city nearest { code } } } } }',
  '@requires of a field behind another entity': '{ products { name taxRate } offers { product { taxRate } } }',
  '@provides and @shareable': '{ latestReviews { author { name } subject { ... on Product { dims { w } } ... on Location { code city } } } }',
  'lists in lists with nulls': '{ grid { name price { amount } reviews { body } } products { tags spec } }',
  'interfaces and unions across subgraphs': '{ search { __typename ... on Product { stock } ... on Media { title rating } } accounts { name ... on User { reviews { body } employer { name } } ... on Company { staff { id } } } nodes { id __typename ... on Book { pages rating } } }',
  '@interfaceObject in both directions': '{ topRated { __typename title rating ... on Book { pages } } media { rating reviewedBy { name email } ... on Film { cast(first: 1) rating } } }',
  'aliases that take the names of keys and inherited properties': '{ products { id: sku sku: id name: stock constructor: name __proto__: price { amount } } }',
  'one response key, two arguments, two types': '{ media { ... on Book { related { x: rating } } ... on Film { related { x: reviewedBy { name } } cast(first: 1) } } }',
  'one path, two arguments by the type above it': '{ offers { ... on Discount { product { levels(min: 0) { quantity } x: name } } ... on Bundle { product { levels(min: 6) { quantity } x: stock y: name } } } }',
  'meta fields only': '{ __typename q: __typename }',
  'introspection beside data': '{ me { name } __schema { queryType { name } } __type(name: "Status") { enumValues { name } } }',
  'a field merged from fragments': '{ product(id: "p1") { price { amount } ...A ...B } } fragment A on Product { price { currency } reviews { id } } fragment B on Product { reviews { body author { id } } }',
};

for (const [name, source] of Object.entries(cases)) {
  test(name, async () => {
    await expectLikeMonolith(createShop(), source);
  });
}

test('variables are coerced, with defaults, and steer @skip and @include', async () => {
  const source = `query Q($id: ID! = "p1", $first: Int = 1, $in: Boolean = true, $out: Boolean!) {
    product(id: $id) { name @skip(if: $out) reviews(first: $first) @include(if: $in) { body } stock @include(if: $out) }
  }`;
  const shop = createShop();
  await expectLikeMonolith(shop, source, { out: false });
  const result = await expectLikeMonolith(shop, source, { out: true, in: false });
  expect(result.extensions).toEqual({ subrequests: [{ service: 'catalog', count: 1 }, { service: 'inventory', count: 1 }] });
  const refused = await ask(shop, source, { out: 'maybe' });
  expect(refused).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
  expect('data' in refused).toBe(false);
});

test('one request per subgraph and plan stage, however many entities there are', async () => {
  const { extensions } = await expectLikeMonolith(createShop(), '{ products { name price { amount } stock reviews { body author { email } } related { price { amount } } } }');
  const counts = ['catalog', 'inventory', 'pricing', 'reviews', 'accounts'].map((service) => ({ service, count: 1 }));
  expect(extensions).toEqual({ subrequests: expect.arrayContaining(counts) });
});

test('entities of different types at one path share a request', async () => {
  const { extensions } = await expectLikeMonolith(createShop(), '{ search { ... on Product { reviews { body } } ... on Book { rating } ... on Film { rating minutes } } }');
  expect(extensions).toEqual({ subrequests: [{ service: 'catalog', count: 1 }, { service: 'reviews', count: 1 }] });
});

test('equal representations are sent once', async () => {
  const shop = createShop();
  let sent: unknown[] = [];
  const accounts = { execute: (...[request, call]: Parameters<(typeof shop.clients)['x']['execute']>) => {
    sent = request.variables?.['representations'] as unknown[];
    return shop.clients['accounts']!.execute(request, call);
  } };
  const executor = createExecutor({ supergraph: shop.supergraph });
  const result = await executor.execute({ source: '{ latestReviews { author { email employer { name } } } }', clients: { ...shop.clients, accounts } });
  expect(sent).toEqual([{ __typename: 'User', id: 'u1' }, { __typename: 'User', id: 'u2' }]);
  const authors = (result.data?.['latestReviews'] as { author: unknown }[]).map(({ author }) => author);
  expect(authors).toEqual([
    { email: 'ada@example.org', employer: { name: 'Acme' } }, { email: null, employer: { name: 'Acme' } }, null, { email: 'ada@example.org', employer: { name: 'Acme' } },
  ]);
});

test('mutations run one after the other across subgraphs', async () => {
  const source = `mutation { a: rename(id: "p1", name: "One") { name price { amount } } b: reprice(id: "p1", amount: "1.00") { name price { amount } }
    c: rename(id: "p1", name: "Two") { name price { amount } } d: adjust(id: "p1", by: 3) { stock name } }`;
  const result = await ask(createShop(), source);
  expect(result.errors).toBeUndefined();
  expect(result.data).toEqual({
    a: { name: 'One', price: { amount: '19.99' } },
    b: { name: 'One', price: { amount: '1.00' } },
    c: { name: 'Two', price: { amount: '1.00' } },
    d: { stock: 8, name: 'Two' },
  });
});

test('an operation is planned once, and a document may hold several', async () => {
  const shop = createShop();
  const executor = createExecutor({ supergraph: shop.supergraph, maxPlans: 2 });
  const source = 'query A { me { id } } query B { bestOffer { id } }';
  expect(executor.plan({ source, operationName: 'A' })).toBe(executor.plan({ source, operationName: 'A' }));
  expect((await executor.execute({ source, operationName: 'B', clients: shop.clients })).data).toEqual({ bestOffer: { id: 'p2' } });
  expect(await executor.execute({ source, clients: shop.clients })).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
  expect(await executor.execute({ source, operationName: 'C', clients: shop.clients })).toMatchObject({ errors: [{ message: 'Unknown operation named "C".' }] });
});

test('the variable name of the federation protocol is refused', async () => {
  const result = await ask(createShop(), 'query Q($representations: ID!) { product(id: $representations) { stock } }', { representations: 'p1' });
  expect(result).toMatchObject({ errors: [{ message: expect.stringContaining('$representations'), extensions: { code: 'INVALID_INPUT' } }] });
});

test('a supergraph with security features and features of others is loaded, its hidden parts are not shown', () => {
  const typeDefs = parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@authenticated", "@requiresScopes", "@policy", "@inaccessible", "@tag"])
    type Query { secret: Secret @authenticated open: Int @tag(name: "public") }
    type Secret @key(fields: "id") @requiresScopes(scopes: [["read"]]) { id: ID! cost: Int @inaccessible name: String @policy(policies: [["p"]]) }`);
  const { supergraphSdl } = composeServices([{ name: 'vault', url: 'http://vault.test', typeDefs }]);
  const { apiSchema, subgraphs } = loadSupergraph(supergraphSdl as string);
  expect(subgraphs).toEqual([{ name: 'vault', url: 'http://vault.test' }]);
  expect(Object.keys((apiSchema.getType('Secret') as GraphQLObjectType).getFields())).toEqual(['id', 'name']);
});

test('fragments that double at each level are refused before they are planned', async () => {
  const levels = Array.from({ length: 20 }, (_, level) => `fragment F${level} on Product { a: related { ...F${level + 1} } b: related { ...F${level + 1} } }`);
  const result = await ask(createShop(), `{ products { ...F0 } } ${levels.join(' ')} fragment F20 on Product { id }`);
  expect(result.errors?.[0]?.message).toContain('selects more than 50000 fields');
});
