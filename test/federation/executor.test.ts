import { execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { createShop } from './shop-fixture.ts';

const shop = createShop();
const executor = createExecutor({ supergraph: shop.supergraph });
test('x', async () => {
  const source = '{ products { upc: name id: sku shippingClass price { amount } reviews { body author { name email } subject { __typename ... on Product { stock } ... on Location { city } } } media { __typename title rating ... on Book { pages } } } topRated { title rating } __typename __schema { queryType { name } } }';
  const result = await executor.execute({ source, clients: shop.clients, reportSubrequests: true });
  const expected = await execute({ schema: shop.monolith, document: parse(source) });
  console.log(JSON.stringify(result, null, 1).slice(0, 3000));
  expect(result.errors).toBeUndefined();
  expect(result.data).toEqual(JSON.parse(JSON.stringify(expected.data)));
});
