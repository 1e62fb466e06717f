import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createInProcessClient } from '../../../../gateway/clients/transport/in-process-client.ts';
import { createGraph } from '../../../../gateway/graph/graph.ts';
import { createGraphSource } from '../../../../gateway/graph/graph-source.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/limits/limits.ts';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';
import { composeSmall, smallSchemas } from '../../../support/small-supergraph.ts';

const { schemas } = smallSchemas();
const clients = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, createInProcessClient({ schema, createContext: () => ({}) })]));
const sdl = composeSmall();
const version = (number: number) => createGraph({ sdl: sdl.replace('type Voucher', `"""Edition ${number}."""\ntype Voucher`), clients, limits: DEFAULT_LIMITS, cache: null });

test('no request is dropped or answered wrong while graphs come and go', async () => {
  const graphs = createGraphSource(version(0));
  const gateway = await startSmallGateway({ graphs });
  let stopped = false;
  let answered = 0;
  const ask = async (query: string, operationName: string | null): Promise<unknown> => {
    const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...keyOf('price:read', 'operations') }, body: JSON.stringify({ query, operationName }) });
    return ((await answer.json()) as { data?: unknown }).data;
  };
  const shop = async (caller: number): Promise<void> => {
    while (!stopped) {
      // A text of its own now and then: it goes the way of texts that are not known yet.
      const name = `Asked${caller}x${answered % 7}`;
      expect(await ask(`query ${name} { item(id: "${caller}") { name price } slow(ms: 5) }`, name)).toEqual({ item: { name: `Item ${caller}`, price: `${caller}.00` }, slow: 'late' });
      answered += 1;
    }
  };
  const shoppers = Promise.all(Array.from({ length: 12 }, (_, caller) => shop(caller)));
  for (let number = 1; number <= 10; number++) {
    graphs.replace(version(number));
    await pause(30);
    // Apollo Server's lane as well answers of the graph that is current now.
    expect(JSON.stringify(await ask(`query Look${number} { __type(name: "Voucher") { description } }`, null))).toContain(`Edition ${number}.`);
  }
  stopped = true;
  await shoppers;
  expect(answered).toBeGreaterThan(50);
  await gateway.drain();
}, 60_000);

test('it says that it is not ready before it stops answering', async () => {
  const gateway = await startSmallGateway({ drainDelayMs: 400 });
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  const drained = gateway.drain();
  const ready = await fetch(`${gateway.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons: ['draining before a stop'] }]);
  const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...keyOf('price:read') }, body: '{"query":"{ item(id: 1) { price } }"}' });
  expect(await answer.json()).toEqual({ data: { item: { price: '1.00' } } });
  await drained;
  await expect(fetch(`${gateway.url}/health/ready`)).rejects.toThrow();
});
