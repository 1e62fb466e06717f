import { execute, parse } from 'graphql';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { startApolloGateway } from '../federation/apollo-gateway.ts';
import { createShop } from '../federation/shop-fixture.ts';
import { median, printTable, type BenchOptions, type Outcome } from './report.ts';

const source = `query Page($quantity: Int) { products { id sku name status dims { w h } category { title } media { __typename id title rating }
  price(quantity: $quantity) { amount currency } stock levels { quantity location { code city } } shippingClass
  reviews(first: 2) { body author { name email } } related { id name price { amount } } } }`;
const variables = { quantity: 2 };

type Contenders = Readonly<Record<string, () => Promise<unknown>>>;

/** Our executor (also with mergeParallelFetches off), @apollo/gateway (LocalGraphQLDataSource) and graphql-js over one schema, on the same data in one process. */
export async function run({ roundMs, rounds }: BenchOptions): Promise<Outcome> {
  const contenders = await createContenders();
  const answers = await Promise.all(Object.values(contenders).map(async (answer) => JSON.stringify(await answer())));
  if (new Set(answers).size > 1) return { failures: ['the contenders do not answer alike'] };
  const rates = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (const answer of Object.values(contenders)) await measure(answer, roundMs);
  for (let round = 0; round < rounds; round++) for (const [name, answer] of Object.entries(contenders)) rates.get(name)!.push(await measure(answer, roundMs));
  const base = median(rates.get('@apollo/gateway')!);
  printTable(['', 'requests/s', 'to @apollo/gateway'], [...rates].map(([name, values]) => [name, median(values).toFixed(0), `${(median(values) / base).toFixed(2)}x`]));
  console.log(`
  A test graph with every federation feature, in memory: execution alone, one operation at a time. After one warm-up round
  each, ${rounds} alternating rounds of ${roundMs / 1000} s; medians of rounds.`);
  return { failures: [] };
}

async function createContenders(): Promise<Contenders> {
  const shop = createShop();
  const executor = createExecutor({ supergraph: shop.supergraph });
  const apart = createExecutor({ supergraph: shop.supergraph, mergeParallelFetches: false });
  const apollo = await startApolloGateway(shop);
  const document = parse(source);
  return {
    'own executor': async () => (await executor.execute({ source, variables, clients: shop.clients })).data,
    'without shared requests': async () => (await apart.execute({ source, variables, clients: shop.clients })).data,
    '@apollo/gateway': async () => (await apollo(source, variables)).data,
    'graphql-js monolith': async () => (await execute({ schema: shop.monolith, document, variableValues: variables })).data,
  };
}

async function measure(answer: () => Promise<unknown>, roundMs: number): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < roundMs) {
    await answer();
    count += 1;
  }
  return (count * 1000) / (performance.now() - startedAt);
}
