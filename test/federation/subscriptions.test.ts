import { expect, test } from 'vitest';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { subscriptionRootField } from '../../gateway/execution/fetching/subscription-root.ts';
import { createShopData } from './shop-data.ts';
import { createShop } from './shop-fixture.ts';

const source = `subscription Watch($id: ID!, $withStock: Boolean = true) {
  changed: productChanged(id: $id) { name price { amount } stock @include(if: $withStock) reviews(first: 1) { author { email } } }
}`;
const shop = createShop();
const executor = createExecutor({ supergraph: shop.supergraph });
const plan = executor.plan({ source });

test('an event is executed by its subgraph and enriched by the others', async () => {
  const [event] = createShopData().product;
  const request = { plan, event, clients: shop.clients, reportSubrequests: true };
  expect(await executor.executeSubscriptionEvent({ ...request, variables: { id: 'p1' } })).toEqual({
    data: { changed: { name: 'Lamp', price: { amount: '19.99' }, stock: 5, reviews: [{ author: { email: 'ada@example.org' } }] } },
    extensions: { subrequests: ['catalog', 'reviews', 'inventory', 'pricing', 'accounts'].map((service) => ({ service, count: 1 })) },
  });
  const { data } = await executor.executeSubscriptionEvent({ ...request, variables: { id: 'p1', withStock: false } });
  expect(data).toEqual({ changed: { name: 'Lamp', price: { amount: '19.99' }, reviews: [{ author: { email: 'ada@example.org' } }] } });
});

test('a subgraph that is down nulls its part of the event only', async () => {
  const inventory = { execute: () => Promise.reject(new Error('down')) };
  const [event] = createShopData().product;
  const result = await executor.executeSubscriptionEvent({ plan, event, variables: { id: 'p1' }, clients: { ...shop.clients, inventory } });
  expect(result.data).toMatchObject({ changed: { name: 'Lamp', stock: null } });
  expect(result.errors).toMatchObject([{ path: ['changed'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});

test('the root field is known before any event, with coerced arguments', () => {
  expect(subscriptionRootField(plan, { id: 7 })).toEqual({ name: 'productChanged', responseKey: 'changed', args: { id: '7', first: 5 }, argumentVariables: { id: 'id' } });
  expect(() => subscriptionRootField(plan, {})).toThrow('$id');
  expect(() => subscriptionRootField(executor.plan({ source: '{ me { id } }' }))).toThrow('not a subscription');
});

test('a subscription is not answered as a query', async () => {
  expect(await executor.execute({ source, variables: { id: 1 }, clients: shop.clients })).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
});
