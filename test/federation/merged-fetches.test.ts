import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { execute, graphql, parse, type GraphQLSchema } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { createExecutor, type ExecutorOptions } from '../../gateway/execution/executor.ts';
import { createHttpClient } from '../../gateway/clients/transport/http-client.ts';
import type { SubgraphAnswer, SubgraphClient, SubgraphRequest } from '../../gateway/execution/subgraph-client.ts';
import { createShopData } from './shop-data.ts';
import { createShop, type Shop } from './shop-fixture.ts';

type Clients = Record<string, SubgraphClient>;
type Sent = SubgraphRequest & { readonly service: string };

/** The same subgraphs, and what they are sent. */
function listenTo(clients: Readonly<Clients>): { clients: Clients; sent: Sent[] } {
  const sent: Sent[] = [];
  const wrapped = Object.entries(clients).map(([service, client]): [string, SubgraphClient] => [service, {
    execute(request, call) {
      sent.push({ ...request, service });
      return client.execute(request, call);
    },
  }]);
  return { clients: Object.fromEntries(wrapped), sent };
}

interface Asking extends Omit<ExecutorOptions, 'supergraph'> {
  readonly variables?: Record<string, unknown>;
  readonly replaced?: Clients;
  readonly shop?: Shop;
}

async function ask(source: string, { variables = {}, replaced = {}, shop = createShop(), ...options }: Asking = {}) {
  const { clients, sent } = listenTo({ ...shop.clients, ...replaced });
  const result = await createExecutor({ supergraph: shop.supergraph, ...options }).execute({ source, variables, clients });
  const { data, errors } = JSON.parse(JSON.stringify(result)) as { data: unknown; errors?: Record<string, unknown>[] };
  return { data, errors, sent, services: sent.map(({ service }) => service).sort() };
}

async function expectLikeMonolith(source: string, asking: Asking & { readonly shop: Shop }) {
  const asked = await ask(source, asking);
  const expected = await execute({ schema: asking.shop.monolith, document: parse(source), variableValues: asking.variables ?? {} });
  expect(asked.errors).toBeUndefined();
  expect(JSON.stringify(asked.data)).toBe(JSON.stringify(expected.data));
  return asked;
}

const LISTING = `query Listing($quantity: Int) { products { name stock shippingClass taxRate price(quantity: $quantity) { amount } reviews { body } media { title rating }
  related { stock taxRate price(quantity: $quantity) { amount currency } levels { quantity } } } }`;

test('a listing asks each subgraph once per stage, whatever types and places it needs from it', async () => {
  const { services, sent } = await expectLikeMonolith(LISTING, { shop: createShop(), variables: { quantity: 2 } });
  expect(services).toEqual(['catalog', 'inventory', 'pricing', 'reviews']);
  const pricing = sent.find(({ service }) => service === 'pricing')!;
  expect(pricing.query).toContain('e0:_entities(representations:$representations_0)');
  expect(Object.keys(pricing.variables!).sort()).toEqual(['quantity', 'representations_0', 'representations_1']);
});

test('the option keeps each fetch by itself, with the same answer', async () => {
  const shop = createShop();
  const asking = { shop, variables: { quantity: 2 }, mergeParallelFetches: false };
  const { services, sent } = await expectLikeMonolith(LISTING, asking);
  expect(services).toEqual(['catalog', 'inventory', 'inventory', 'pricing', 'pricing', 'reviews', 'reviews']);
  expect(sent.some(({ query }) => query.includes('e0:'))).toBe(false);
});

test('what waits for merged fetches is merged again', async () => {
  const { services } = await expectLikeMonolith('{ products { reviews { author { email } } media { reviewedBy { email } } } }', { shop: createShop() });
  expect(services).toEqual(['accounts', 'catalog', 'reviews']);
});

test('fetches kept apart by the types above them share a request, each with its own arguments', async () => {
  const source = '{ offers { ... on Discount { product { levels(min: 0) { quantity } x: name } } ... on Bundle { product { levels(min: 6) { quantity } x: stock y: name } } } }';
  const shop = createShop();
  const merged = await expectLikeMonolith(source, { shop });
  const apart = await expectLikeMonolith(source, { shop, mergeParallelFetches: false });
  expect(merged.services).toEqual(['catalog', 'inventory', 'pricing']);
  expect(apart.sent.length).toBeGreaterThan(merged.sent.length);
});

test('a client variable with the name of ours stays what it is', async () => {
  const source = 'query Q($representations_0: Int!) { products { price(quantity: $representations_0) { amount } related { price(quantity: $representations_0) { amount } } } }';
  const { sent } = await expectLikeMonolith(source, { shop: createShop(), variables: { representations_0: 3 } });
  expect(Object.keys(sent[1]!.variables!).sort()).toEqual(['representations_0', 'representations__0', 'representations__1']);
});

test('a place without entities is not asked for, and documents keep their ids', async () => {
  const shop = createShop();
  const source = 'query Q($id: ID!) { product(id: $id) { reviews { body } media { rating } related { reviews { id } } } }';
  const executor = createExecutor({ supergraph: shop.supergraph });
  const { clients, sent } = listenTo(shop.clients);
  for (const id of ['p1', 'p2', 'p3', 'nobody', 'p1', 'p2', 'p3']) {
    const { data } = await executor.execute({ source, variables: { id }, clients });
    const expected = await execute({ schema: shop.monolith, document: parse(source), variableValues: { id } });
    expect(JSON.stringify(data)).toBe(JSON.stringify(expected.data));
  }
  const reviews = sent.filter(({ service }) => service === 'reviews');
  const fields = reviews.map(({ query }) => query.match(/e\d(?=:)/g)?.length);
  expect(fields).toEqual([3, 2, 2, 3, 2, 2]);
  expect(new Set(reviews.map(({ documentId }) => documentId)).size).toBe(3);
  expect(new Set(reviews.map(({ query }) => query)).size).toBe(3);
  for (const { variables } of reviews) for (const value of Object.values(variables!)) expect(value).not.toEqual([]);
});

test('a place that asks alone sends what the planner wrote', async () => {
  const { sent } = await ask('{ product(id: "p3") { taxRate related { price { amount } } } }');
  expect(sent.map(({ service }) => service)).toEqual(['catalog', 'pricing']);
  expect(sent[1]!.query).toContain('{_entities(representations:$representations)');
  expect(Object.keys(sent[1]!.variables!)).toEqual(['representations']);
});

/** Fetches that differ: equal ones would share their representations. */
const PRICES = '{ product(id: "p1") { name price { amount } related { price(quantity: 1) { amount } } } }';
const answering = (answer: SubgraphAnswer): SubgraphClient => ({ execute: () => Promise.resolve(structuredClone(answer)) });
const price = (amount: string) => ({ price: { amount } });
const nothing = { price: null };

test('an error of one place stays there, and has the path of the client', async () => {
  const errors = [{ message: 'no', path: ['e1', 1, 'price', 'amount'], extensions: { code: 'FORBIDDEN' } }];
  const pricing = answering({ data: { e0: [price('1')], e1: [price('2'), nothing] }, errors });
  const asked = await ask(PRICES, { replaced: { pricing } });
  expect(asked.data).toEqual({ product: { name: 'Lamp', ...price('1'), related: [price('2'), nothing] } });
  expect(asked.errors).toEqual([{ message: 'no', path: ['product', 'related', 1, 'price', 'amount'], extensions: { code: 'FORBIDDEN', service: 'pricing' } }]);
});

test('a malformed answer for one place nulls that place alone', async () => {
  for (const e1 of [undefined, null, [], 3]) {
    const asked = await ask(PRICES, { replaced: { pricing: answering({ data: { e0: [price('1')], e1 } }) } });
    expect(asked.data).toEqual({ product: { name: 'Lamp', ...price('1'), related: [nothing, nothing] } });
    expect(asked.errors).toMatchObject([{ path: ['product', 'related'], extensions: { code: 'UPSTREAM_MALFORMED', service: 'pricing' } }]);
  }
});

test('what fails the whole request is explained at each of its places', async () => {
  const both = [['product'], ['product', 'related']];
  const down: SubgraphClient = { execute: () => Promise.reject(new Error('down')) };
  const failures: [SubgraphClient, string][] = [
    [down, 'UPSTREAM_UNAVAILABLE'],
    [answering({}), 'UPSTREAM_MALFORMED'],
    [answering({ errors: [{ message: 'too many aliases' }] }), 'INTERNAL'],
    [answering({ data: null, errors: [{ message: 'no', path: ['e1'] }] }), 'INTERNAL'],
  ];
  for (const [pricing, code] of failures) {
    const asked = await ask(PRICES, { replaced: { pricing } });
    expect(asked.data).toEqual({ product: { name: 'Lamp', ...nothing, related: [nothing, nothing] } });
    expect(asked.errors?.map(({ path }) => path).sort()).toEqual(both);
    for (const { extensions } of asked.errors!) expect(extensions).toEqual({ code, service: 'pricing' });
  }
});

test('places that have their deepest common path in common get one error', async () => {
  const asked = await ask('{ products { stock related { stock } } }', { replaced: { inventory: { execute: () => Promise.reject(new Error('down')) } } });
  expect(asked.errors).toEqual([{ message: 'Subgraph "inventory" cannot be reached.', path: ['products'], extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'inventory' } }]);
});

test('an event of a subscription is enriched with one request per subgraph and stage', async () => {
  const shop = createShop();
  const executor = createExecutor({ supergraph: shop.supergraph });
  const plan = executor.plan({ source: 'subscription { productChanged { price { amount } reviews { author { email } } media { rating reviewedBy { email } } related { price { amount } stock } stock } }' });
  const { clients, sent } = listenTo(shop.clients);
  const { data, errors } = await executor.executeSubscriptionEvent({ plan, event: createShopData().product[0], clients });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ productChanged: { price: { amount: '19.99' }, media: [{ rating: 4.5 }, { rating: 3 }], related: [{ stock: 0 }, { price: null }], stock: 5 } });
  expect(sent.map(({ service }) => service).sort()).toEqual(['accounts', 'catalog', 'inventory', 'pricing', 'reviews']);
});

/** A subgraph behind HTTP. */
async function serve(name: string, schema: GraphQLSchema, bodies: string[]): Promise<SubgraphClient> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    bodies.push(name);
    const { query, operationName, variables } = JSON.parse(body) as SubgraphRequest;
    const answer = await graphql({ schema, source: query, operationName: operationName ?? null, variableValues: variables ?? null });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const client = createHttpClient({ name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, createHeaders: () => ({}), timeoutMs: 10_000 });
  onTestFinished(async () => {
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return client;
}

test('over HTTP it is the same', async () => {
  const shop = createShop();
  const bodies: string[] = [];
  const served = await Promise.all(Object.entries(shop.subgraphs).map(async ([name, schema]) => [name, await serve(name, schema, bodies)] as const));
  await expectLikeMonolith(LISTING, { shop, variables: { quantity: 1 }, replaced: Object.fromEntries(served) });
  expect(bodies.sort()).toEqual(['catalog', 'inventory', 'pricing', 'reviews']);
});

test('an entity at two places is asked for once, and its error is told at both', async () => {
  const errors = [{ message: 'no', path: ['_entities', 0, 'price'] }, { message: 'other', path: ['_entities', 1, 'price'] }];
  const pricing = answering({ data: { _entities: [nothing, nothing, price('3')] }, errors });
  const asked = await ask('{ product(id: "p1") { price { amount } related { price { amount } } } products(first: 1) { price { amount } } }', { replaced: { pricing } });
  const sent = asked.sent.find(({ service }) => service === 'pricing')!;
  expect((sent.variables!['representations'] as { id: string }[]).map(({ id }) => id).toSorted()).toEqual(['p1', 'p2', 'p3']);
  const first = (sent.variables!['representations'] as { id: string }[])[0]!.id;
  expect(first).toBe('p1');
  expect(asked.errors?.map(({ message, path }) => `${message} ${String(path)}`).toSorted()).toEqual(['no product,price', 'no products,0,price', 'other product,related,0,price']);
});
