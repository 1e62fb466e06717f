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

test('random queries answer like one schema over the same data, and like @apollo/gateway', { timeout: timeoutMs }, async () => {
  const apollo = await startApolloGateway(shop);
  await checkRandomly(300, { aliases: null, maxDepth: 4 }, async (operation) => {
    const expected = await expectSameAsMonolith(operation);
    const reference = await apollo(operation.source, operation.variables);
    expect(asJson(reference.data), operation.source).toEqual(expected);
  });
});

/** @apollo/gateway reads `{ id: sku }` as the key, so only the monolith can judge these. */
test('aliases that take the names of keys, other fields and inherited properties change nothing', { timeout: timeoutMs }, async () => {
  const aliases = ['id', 'sku', 'name', 'price', '__proto__', 'constructor', 'alias_id', 'x', 'y'];
  await checkRandomly(300, { aliases, maxDepth: 4 }, async (operation) => {
    await expectSameAsMonolith(operation);
  });
});
