import type { ExecutionResult } from 'graphql';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createExecutor, type ExecutionRequest } from '../../gateway/execution/executor.ts';
import { SubgraphFailure, type SubgraphAnswer, type SubgraphClient } from '../../gateway/execution/subgraph-client.ts';
import { manualClock } from '../../platform/clock.ts';
import { createShop } from './shop-fixture.ts';

/** Asks a shop in which some subgraphs are replaced. */
async function askWith(replaced: Record<string, SubgraphClient>, source: string, limits: Partial<ExecutionRequest> = {}): Promise<ExecutionResult> {
  const shop = createShop();
  const executor = createExecutor({ supergraph: shop.supergraph, clock: manualClock(0) });
  const result = await executor.execute({ source, clients: { ...shop.clients, ...replaced }, ...limits });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

const answering = (answer: SubgraphAnswer): SubgraphClient => ({ execute: () => Promise.resolve(structuredClone(answer)) });
const failing = (error: unknown): SubgraphClient => ({ execute: () => Promise.reject(error) });
const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:4001'), { code: 'ECONNREFUSED' });

test('a subgraph that is down nulls only its fields, with one error that does not tell its address', async () => {
  const { data, errors } = await askWith({ inventory: failing(refused) }, '{ products(first: 2) { name stock price { amount } } }');
  expect(data).toEqual({ products: [{ name: 'Lamp', stock: null, price: { amount: '19.99' } }, { name: 'Lamp US', stock: null, price: { amount: '25.00' } }] });
  expect(errors).toEqual([{ message: 'Subgraph "inventory" cannot be reached.', path: ['products'], extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'inventory' } }]);
});

test('nulls rise to the nearest nullable field when a non-null field lost its subgraph', async () => {
  const { data, errors } = await askWith({ inventory: failing(refused) }, '{ product(id: "p1") { name levels { quantity } } me { name } }');
  expect(data).toEqual({ product: null, me: { name: 'Ada' } });
  expect(errors).toHaveLength(1);
  expect(errors?.[0]).toMatchObject({ path: ['product'] });
});

test('a root field whose subgraph is down names its path; fetches that depend on it are skipped', async () => {
  const result = await askWith({ catalog: failing(refused) }, '{ p: product(id: "p1") { name stock } }');
  expect(result).toMatchObject({ data: { p: null }, errors: [{ path: ['p'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
  expect(result.errors).toHaveLength(1);
});

test('errors keep their code and message and get the path of every place their entity has', async () => {
  const error = (index: number) => ({ message: 'no', path: ['_entities', index, 'email'], locations: [{ line: 1, column: 1 }], extensions: { code: 'FORBIDDEN', reason: 7 } });
  const accounts = answering({ data: { _entities: [{ email: null }, { email: null }] }, errors: [error(0), error(1)] });
  const { errors } = await askWith({ accounts }, '{ latestReviews { id: author { sku: email } } }');
  const extensions = { code: 'FORBIDDEN', reason: 7, service: 'accounts' };
  expect(errors).toEqual([[0, 'email'], [3, 'email'], [1, 'email']].map(([index]) => ({ message: 'no', path: ['latestReviews', index, 'id', 'email'], extensions })));
});

test('an error without path or code is laid at the place the fetch was for', async () => {
  const { errors } = await askWith({ reviews: answering({ errors: [{ message: 'overloaded' }] }) }, '{ bestOffer { reviews { body } } }');
  expect(errors).toEqual([{ message: 'overloaded', path: ['bestOffer'], extensions: { code: 'INTERNAL', service: 'reviews' } }]);
});

test('an answer that is no answer, or has the wrong number of entities, is malformed', async () => {
  for (const answer of [{}, { data: null }, { data: [] }, { data: { _entities: [] } }, { data: { _entities: 3 } }]) {
    const { data, errors } = await askWith({ inventory: answering(answer) }, '{ products { stock } }');
    expect(errors).toMatchObject([{ path: ['products'], extensions: { code: 'UPSTREAM_MALFORMED', service: 'inventory' } }]);
    expect(data).toEqual({ products: [null, null, null, null].map(() => ({ stock: null })) });
  }
});

test('an entity that another subgraph does not know nulls its fields; unexplained nulls in non-null fields are errors', async () => {
  const unknown = answering({ data: { _entities: [null, null, null, null] } });
  expect(await askWith({ inventory: unknown }, '{ products { stock } }')).toEqual({ data: { products: [0, 1, 2, 3].map(() => ({ stock: null })) } });
  const { data, errors } = await askWith({ inventory: answering({ data: { _entities: [null] } }) }, '{ product(id: "p1") { levels { quantity } } }');
  expect(data).toEqual({ product: null });
  expect(errors).toEqual([{ message: 'Cannot return null for non-nullable field Product.levels.', path: ['product', 'levels'], extensions: { code: 'UPSTREAM_MALFORMED' } }]);
});

test('enum values and types that clients may not see do not leave', async () => {
  const catalog = answering({ data: { product: { __typename: 'Product', status: 'SECRET' } } });
  expect(await askWith({ catalog }, '{ product(id: 1) { status } }')).toMatchObject({
    data: { product: { status: null } },
    errors: [{ message: 'Invalid value found for field Product.status.', path: ['product', 'status'] }],
  });
  const ghost = answering({ data: { nodes: [{ __typename: 'Ghost', id: '1' }] } });
  expect(await askWith({ catalog: ghost }, '{ nodes { id } }')).toMatchObject({ data: { nodes: [null] }, errors: [{ path: ['nodes', 0] }] });
});

test('an object whose concrete type could not be fetched is answered only where the type makes no difference', async () => {
  const { data, errors } = await askWith({ catalog: failing(refused) }, '{ a: topRated { rating } b: topRated { ... on Book { rating } id } }');
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'catalog' } }]);
  expect(await askWith({ catalog: failing(refused) }, '{ topRated { rating } }')).toEqual({ data: { topRated: [{ rating: 3 }, { rating: 4.5 }] } });
});

test('a deadline ends a subgraph that says nothing, and the rest is answered', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const inventory: SubgraphClient = {
    execute: () => {
      // The others answer in microtasks, so they are done by then.
      setImmediate(() => vi.advanceTimersByTime(1000));
      return new Promise(() => undefined);
    },
  };
  const { data, errors } = await askWith({ inventory }, '{ products(first: 1) { name stock price { amount } } }', { deadlineAtMs: 1000 });
  expect(data).toEqual({ products: [{ name: 'Lamp', stock: null, price: { amount: '19.99' } }] });
  expect(errors).toMatchObject([{ path: ['products', 0], extensions: { code: 'UPSTREAM_TIMEOUT', service: 'inventory' } }]);
});

test('a deadline that has passed already asks nobody', async () => {
  const unasked = failing(new Error('must not be asked'));
  const { data, errors } = await askWith({ accounts: unasked }, '{ me { name } }', { deadlineAtMs: 0 });
  expect(data).toEqual({ me: null });
  expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
});

test('a caller that leaves aborts the subrequests, and later mutations are not started', async () => {
  const caller = new AbortController();
  let started = 0;
  const pricing: SubgraphClient = {
    execute: (_request, { signal }) => {
      started += 1;
      caller.abort();
      expect(signal.aborted).toBe(true);
      return new Promise(() => undefined);
    },
  };
  const catalog: SubgraphClient = { execute: () => Promise.reject(new Error('must not be asked')) };
  const source = 'mutation { a: reprice(id: "p1", amount: "1") { id } b: rename(id: "p1", name: "x") { id } }';
  const { data, errors } = await askWith({ pricing, catalog }, source, { signal: caller.signal });
  expect(started).toBe(1);
  expect(data).toBeNull();
  expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([[['a'], 'UPSTREAM_TIMEOUT'], [['b'], 'UPSTREAM_TIMEOUT']]);
});

test('a failure with an UPSTREAM_ code of its own keeps it', async () => {
  const error = new SubgraphFailure('UPSTREAM_TIMEOUT', 'Subgraph "accounts" did not answer in time.');
  const { errors } = await askWith({ accounts: failing(error) }, '{ me { name } }');
  expect(errors).toEqual([{ message: error.message, path: ['me'], extensions: { code: 'UPSTREAM_TIMEOUT', service: 'accounts' } }]);
});
