import { expect, test } from 'vitest';
import { createPoliteClients } from '../../../../gateway/clients/polite-client.ts';
import { createExecutor } from '../../../../gateway/execution/executor.ts';
import type { SubgraphClients } from '../../../../gateway/execution/fetching/run.ts';
import { systemClock as clock } from '../../../../platform/clock.ts';
import { createShop } from '../../../federation/shop-fixture.ts';
import { callOf, metricsOf } from './support.ts';

/** Plans with several stages over the same entities: answers are merged into, so shared ones would show. */
const QUERIES = [
  'query A { products { id sku name media { __typename id title rating } related { id name price { amount } } stock levels { quantity location { code city } } } }',
  'query B($q: Int) { products { id name price(quantity: $q) { amount currency } reviews(first: 2) { body author { name email } } related { sku stock } shippingClass } }',
];

test('a crowd over shared flights is answered as each alone, and what one does with its answer is not another\'s', async () => {
  const shop = createShop();
  const executor = createExecutor({ supergraph: shop.supergraph });
  const { metrics, read } = metricsOf();
  const polite = createPoliteClients({ timeoutMs: 5_000, concurrency: 32, hedgingPercent: 0, clock, random: Math.random, metrics }).wrap(shop.clients);
  const ask = async (source: string, clients: SubgraphClients) =>
    executor.execute({ source, variables: { q: 2 }, clients, context: callOf().context });
  const expected = await Promise.all(QUERIES.map(async (source) => JSON.stringify(await ask(source, shop.clients))));
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => ask(QUERIES[index % QUERIES.length]!, polite)));
  answers.forEach((answer, index) => expect(JSON.stringify(answer)).toBe(expected[index % QUERIES.length]));
  expect(JSON.parse(expected[0]!).errors).toBeUndefined();
  expect(await read('graph_subrequests_shared_total')).toBeGreaterThan(0);
  const [first, , third] = answers as [any, any, any];
  expect(third.data.products[0]).not.toBe(first.data.products[0]);
  expect(third.data.products[0].related).not.toBe(first.data.products[0].related);
});
