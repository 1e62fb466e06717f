import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { execute, parse, validate, type ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { startApolloGateway } from './apollo-gateway.ts';
import { writeRandomOperation, type RandomOperation, type RandomOperationOptions } from './random-operation.ts';
import { createShop } from './shop-fixture.ts';

const shop = createShop();
const executor = createExecutor({ supergraph: shop.supergraph });
const seed = Number(process.env['FEDERATION_SEED'] ?? 20_260_101);
const timeoutMs = 300_000;

/** Results of graphql-js have no prototype; what a client sees is JSON. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

async function askMonolith({ source, variables }: RandomOperation): Promise<ExecutionResult> {
  return execute({ schema: shop.monolith, document: parse(source), variableValues: variables });
}

async function checkRandomly(runs: number, options: RandomOperationOptions, check: (operation: RandomOperation) => Promise<void>): Promise<void> {
  console.log(`random queries: seed ${seed}, ${runs} runs`);
  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    const operation = writeRandomOperation(shop.monolith, (max) => gen(fc.nat, { max }), options);
    fc.pre(validate(shop.monolith, parse(operation.source)).length === 0);
    await check(operation);
  });
  await fc.assert(property, { seed, numRuns: runs, maxSkipsPerRun: 1000, endOnFailure: false });
}

async function expectSameAsMonolith(operation: RandomOperation): Promise<unknown> {
  const expected = await askMonolith(operation);
  expect(expected.errors, operation.source).toBeUndefined();
  const result = await executor.execute({ ...operation, clients: shop.clients });
  expect(result.errors, operation.source).toBeUndefined();
  expect(JSON.stringify(result.data), operation.source).toBe(JSON.stringify(expected.data));
  return asJson(expected.data);
}

/**
 * Where @apollo/gateway 2.14 differs it is the one that differs from the monolith, too. Known: it has no plan for a
 * fragment on another interface of an @interfaceObject, forgets fragments on concrete types of such an interface, and
 * drops `... on User` inside `... on Account` where the plan left out `__typename`.
 */
test('random queries answer like one schema over the same data, and like @apollo/gateway', { timeout: timeoutMs }, async () => {
  const apollo = await startApolloGateway(shop);
  let same = 0;
  await checkRandomly(300, { aliases: null, conditions: false, maxDepth: 3 }, async (operation) => {
    const expected = await expectSameAsMonolith(operation);
    const reference = await apollo(operation.source, operation.variables).catch(() => null);
    if (isDeepStrictEqual(asJson(reference?.data), expected)) same += 1;
  });
  console.log(`@apollo/gateway gave the same answer to ${same} of 300`);
  expect(same).toBeGreaterThan(240);
});

/**
 * Only the monolith can judge these: @apollo/gateway takes an object whose selections are all skipped for null, drops
 * it when inner and outer conditions exclude each other, and reads `{ id: sku }` as the key.
 */
test('conditions, and aliases with the names of keys, fields and inherited properties, change nothing', { timeout: timeoutMs }, async () => {
  const aliases = ['id', 'sku', 'name', 'price', '__proto__', 'constructor', 'alias_id', 'x', 'y'];
  await checkRandomly(400, { aliases, conditions: true, maxDepth: 4 }, async (operation) => {
    await expectSameAsMonolith(operation);
  });
});

/** Equal, but for nulls in the place of values. */
function isNulled(actual: unknown, expected: unknown): boolean {
  if (actual === null || actual === expected) return true;
  if (typeof actual !== 'object' || typeof expected !== 'object' || expected === null) return false;
  const keys = Object.keys(expected);
  if (Object.keys(actual).join() !== keys.join()) return false;
  return keys.every((key) => isNulled((actual as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key]));
}

test('whichever subgraphs are down, what is answered is true and what is missing is explained', { timeout: timeoutMs }, async () => {
  const names = Object.keys(shop.clients);
  let differing = 0;
  await checkRandomly(300, { aliases: null, conditions: true, maxDepth: 3 }, async (operation) => {
    const expected = asJson((await askMonolith(operation)).data);
    const down = { execute: () => Promise.reject(new Error('down')) };
    for (const name of names) {
      const { data, errors } = await executor.execute({ ...operation, clients: { ...shop.clients, [name]: down } });
      const actual = asJson(data);
      const label = `${operation.source}\nwithout ${name}: ${JSON.stringify(actual)}`;
      expect(isNulled(actual, expected), label).toBe(true);
      expect(errors !== undefined || isDeepStrictEqual(actual, expected), label).toBe(true);
      expect((errors ?? []).every(({ extensions }) => extensions['service'] === name), label).toBe(true);
      if (errors) differing += 1;
    }
  });
  expect(differing).toBeGreaterThan(100);
});

test('fetches that share requests answer like fetches by themselves, whichever subgraph is down', { timeout: timeoutMs }, async () => {
  const apart = createExecutor({ supergraph: shop.supergraph, mergeParallelFetches: false });
  let requests = 0;
  let saved = 0;
  await checkRandomly(150, { aliases: null, conditions: true, maxDepth: 4 }, async (operation) => {
    for (const down of [null, ...Object.keys(shop.clients)]) {
      const failing = down === null ? {} : { [down]: { execute: () => Promise.reject(new Error('down')) } };
      const request = { ...operation, clients: { ...shop.clients, ...failing }, reportSubrequests: true };
      const [merged, single] = await Promise.all([executor.execute(request), apart.execute(request)]);
      expect(JSON.stringify(merged.data), operation.source).toBe(JSON.stringify(single.data));
      expect(new Set(merged.errors?.map(({ path }) => String(path))), operation.source).toEqual(new Set(single.errors?.map(({ path }) => String(path))));
      requests += countRequests(single);
      saved += countRequests(single) - countRequests(merged);
    }
  });
  console.log(`${saved} of ${requests} requests saved`);
  expect(saved).toBeGreaterThan(0);
});

const countRequests = ({ extensions }: ExecutionResult): number =>
  (extensions!['subrequests'] as readonly { readonly count: number }[]).reduce((sum, { count }) => sum + count, 0);
