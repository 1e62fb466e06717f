/**
 * Requests/s of our executor, @apollo/gateway (LocalGraphQLDataSource) and graphql-js over one schema, on the same
 * data in one process. Rounds alternate, so that a noisy machine hurts all alike; ratios are what counts.
 *   tsx test/bench/executor.ts [seconds per round]
 */
import { cpus } from 'node:os';
import { execute, parse } from 'graphql';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { systemClock } from '../../platform/clock.ts';
import { startApolloGateway } from '../federation/apollo-gateway.ts';
import { createShop } from '../federation/shop-fixture.ts';

const source = `query Page($quantity: Int) { products { id sku name status dims { w h } category { title } media { __typename id title rating }
  price(quantity: $quantity) { amount currency } stock levels { quantity location { code city } } shippingClass
  reviews(first: 2) { body author { name email } } related { id name price { amount } } } }`;
const variables = { quantity: 2 };
const roundMs = Number(process.argv[2] ?? 2) * 1000;

const shop = createShop();
const executor = createExecutor({ supergraph: shop.supergraph });
const apollo = await startApolloGateway(shop);
const document = parse(source);
const contenders: Record<string, () => Promise<unknown>> = {
  'own executor': async () => (await executor.execute({ source, variables, clients: shop.clients })).data,
  '@apollo/gateway': async () => (await apollo(source, variables)).data,
  'graphql-js monolith': async () => (await execute({ schema: shop.monolith, document, variableValues: variables })).data,
};

async function measure(run: () => Promise<unknown>): Promise<number> {
  const start = systemClock.monotonic();
  let count = 0;
  while (systemClock.monotonic() - start < roundMs) {
    await run();
    count += 1;
  }
  return (count * 1000) / (systemClock.monotonic() - start);
}

const answers = await Promise.all(Object.values(contenders).map(async (run) => JSON.stringify(await run())));
if (new Set(answers).size > 1) throw new Error('The contenders do not answer alike.');

const rates: Record<string, number[]> = {};
for (let round = 0; round < 4; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    const rate = await measure(run);
    // The first round warms up.
    if (round > 0) (rates[name] ??= []).push(rate);
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const base = median(rates['@apollo/gateway'] ?? []);
console.log(`${cpus().length} x ${cpus()[0]?.model}, node ${process.version}, median of 3 rounds of ${roundMs} ms, one at a time`);
for (const [name, values] of Object.entries(rates)) {
  const rate = median(values);
  console.log(`${name.padEnd(20)} ${rate.toFixed(0).padStart(6)} requests/s  ${(rate / base).toFixed(2)}x`);
}
