import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, credentials } from '../support/access.ts';
import { freePorts, hostings, interrupt, run, startDeployment, waitUntilOk, withoutStores, type Deployment, type Running } from '../support/deployment.ts';
import { createGraph, watchWebSocket } from '../support/graph-client.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.ts';
import { composeSmall, smallSchemas } from '../support/small-supergraph.ts';
import { CHECK, eventually, LISTING, order, PLACE, STOCK, type Check, type Listing, type Placed, type StockPush } from '../support/storefront-operations.ts';

const possible = hasRedisServer();
const readiness = async (url: string) => (await (await fetch(`${url}/health/ready`)).json()) as { readonly ready: boolean; readonly reasons: readonly string[] };

/** Subgraphs of somebody else's: plain Apollo Server, no health page, no signature, in our test's process. */
describe.runIf(possible)('a supergraph of somebody else\'s', () => {
  let redis: RedisServer;
  let gateway: Running;
  let url: string;
  let graph: ReturnType<typeof createGraph>;
  const servers: Record<string, ApolloServer> = {};
  const ports: Record<string, number> = {};

  const startSubgraph = async (name: string, schema: GraphQLSchema) => {
    servers[name] = new ApolloServer({ schema, stopOnTerminationSignals: false });
    await startStandaloneServer(servers[name], { listen: { port: ports[name]!, host: '127.0.0.1' } });
  };
  const { schemas } = smallSchemas();

  beforeAll(async () => {
    redis = await startRedisServer();
    const [port, shop, prices] = (await freePorts(3)) as [number, number, number];
    Object.assign(ports, { shop, prices });
    for (const [name, schema] of Object.entries(schemas)) await startSubgraph(name, schema);
    const file = join(mkdtempSync(join(tmpdir(), 'ucg-foreign-')), 'supergraph.graphql');
    writeFileSync(file, composeSmall());
    gateway = run(['gateway/main.ts'], {
      ...withoutStores(), ...access('services'), HOSTING: 'services', PORT: String(port), SUPERGRAPH: file, REDIS_URL: redis.url, REQUEST_DEADLINE_MS: '3000',
      // No subgraph of this supergraph has a table of ours; the gateway itself keeps nothing in PostgreSQL.
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', SUBGRAPH_SECRET: 'foreign-foreign-foreign-foreign-foreign',
      SUBGRAPH_URLS: `shop=http://127.0.0.1:${shop}/,prices=http://127.0.0.1:${prices}/`,
    });
    url = `http://127.0.0.1:${port}`;
    await waitUntilOk(`${url}/health/ready`, gateway);
    graph = createGraph(url, credentials('services'));
  }, 60_000);
  afterAll(async () => {
    expect(await interrupt(gateway, 'SIGTERM')).toBe(0);
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    await redis.kill();
  }, 60_000);

  it('is served with a file and URLs, joined, and under its own access rules', async () => {
    expect(await graph('{ items(first: 2) { name price } }')).toMatchObject({ data: { items: [{ name: 'Item 0', price: '0.00' }, { name: 'Item 1', price: '1.00' }] }, errors: [] });
    expect(await createGraph(url)('{ item(id: "1") { price } }')).toMatchObject({ status: 401 });
  });

  it('shows no word of what broke inside it', async () => {
    const { data, errors } = await graph('{ broken item(id: "1") { name } }');
    expect(data).toEqual({ broken: null, item: { name: 'Item 1' } });
    expect(errors).toEqual([{ message: expect.stringMatching(/^Internal error [0-9a-f-]{36}$/), path: ['broken'], extensions: { code: 'INTERNAL', retryable: false, errorId: expect.any(String), service: 'shop' } }]);
    await eventually(async () => expect(gateway.output).toContain('hunter2'));
  });

  it('is not ready while one of it is away, says which, and answers what the others know', async () => {
    await servers['prices']!.stop();
    expect(await readiness(url)).toEqual({ ready: false, reasons: ['prices: cannot be reached (ECONNREFUSED)'] });
    const { data, errors } = await graph('{ item(id: "1") { name price } }');
    expect(data).toEqual({ item: { name: 'Item 1', price: null } });
    expect(errors[0]!.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', service: 'prices' });
    await startSubgraph('prices', schemas['prices']!);
    await eventually(async () => expect(await readiness(url)).toEqual({ ready: true, reasons: [] }));
  });
});

/** Redis is never the truth: without it everything is slower and nothing is wrong. */
describe.runIf(possible && hostings().includes('services'))('when Redis is killed', () => {
  let redis: RedisServer;
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;

  beforeAll(async () => {
    redis = await startRedisServer();
    house = await startDeployment({ hosting: 'services', env: { ...access('services'), REDIS_URL: redis.url } });
    graph = createGraph(house.url, credentials('services'));
  }, 120_000);
  afterAll(async () => {
    expect(await house.stop()).toEqual({ exitCode: 0 });
    await redis.kill();
  }, 60_000);

  it('pages and checkout stay correct, and subscriptions go on when it is back', async () => {
    const { data } = await graph<Listing>(LISTING, { first: 50 });
    const { sku } = data!.products.nodes.flatMap((product) => product.variants).find(({ sellable, price, availability }) => sellable && price && Number(availability?.quantity ?? 0) > 20)!;
    const watch = await watchWebSocket<StockPush>(house.url, STOCK, { skus: [sku] }, credentials('services'));
    await redis.kill();

    const page = await graph<Listing>(LISTING, { first: 24 });
    expect([page.status, page.errors, page.data!.products.nodes.length]).toEqual([200, [], 24]);
    // On a busy machine the first question may find no time left; it says so, and the next one is answered.
    await eventually(async () => {
      const check = await graph<Check>(CHECK, { input: { lines: [{ sku, quantity: '1' }] } });
      expect(check.data!.checkAvailability.lines[0]!.outcome.__typename).toBe('AvailabilityConfirmed');
    });
    const input = order(sku, '1');
    const placed = await graph<Placed>(PLACE, { input });
    expect(placed.data!.placeOrder.userErrors).toEqual([]);
    const { number } = placed.data!.placeOrder.order!;
    const again = await graph<Placed>(PLACE, { input });
    expect(again.data!.placeOrder.order!.number).toBe(number);
    await eventually(async () => expect((await house.sandbox.ordersOf(number)).map(({ state }) => state)).toEqual(['sale']));

    await redis.start();
    const seen = watch.events.length;
    await eventually(async () => {
      await graph<Placed>(PLACE, { input: order(sku, '1') });
      expect(watch.events.length).toBeGreaterThan(seen);
    });
    expect(watch.events.at(-1)!.data!.stockChanged.variant).toMatchObject({ sku });
    watch.stop();
  }, 90_000);
});
