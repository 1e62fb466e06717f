import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openForeign } from '../../../../gateway/hosting/foreign-subgraphs.ts';
import { openServices } from '../../../../gateway/hosting/services.ts';
import { systemClock as clock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { callOf, manualClient, QUERY } from '../clients/support.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A subgraph that keeps the headers it was asked with. */
async function startSubgraph() {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    request.resume().on('end', () => response.end('{"data":{"a":1}}'));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  cleanups.push(() => new Promise((done) => server.close(done)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, heard };
}

const NOWHERE = 'http://nowhere.invalid/graphql';

test('services: clients of subgraphs that stay are the same; SUBGRAPH_URLS go before what a supergraph says; only our own hear who asks', async () => {
  const [catalog, reviews] = [await startSubgraph(), await startSubgraph()];
  const config = readConfig({
    HOSTING: 'services', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1', SUBGRAPH_SECRET: 's'.repeat(32), SUBGRAPH_URLS: `reviews=${reviews.url}`,
  });
  const hosting = openServices({ config, urls: { catalog: catalog.url }, eventLog: null as never, kv: null as never, clock });
  cleanups.push(() => hosting.close());
  const clients = hosting.connect([{ name: 'catalog', url: catalog.url }, { name: 'reviews', url: NOWHERE }]);
  expect(clients['catalog']).toBe(hosting.clients['catalog']);
  for (const name of ['catalog', 'reviews']) expect((await clients[name]!.execute(QUERY, callOf({ deadlineAtMs: clock.now() + 5_000 }))).data).toEqual({ a: 1 });
  expect(catalog.heard[0]).toMatchObject({ 'x-request-scope': expect.any(String), 'x-deadline-at': expect.any(String) });
  expect(Object.keys(reviews.heard[0]!).filter((name) => name.startsWith('x-'))).toEqual([]);
  expect(() => hosting.connect([{ name: 'other', url: '' }])).toThrow('SUBGRAPH_URLS');
});

test('embedded: ours are in this process wherever a supergraph says they are; others are asked over HTTP and hear nothing of the caller', async () => {
  const reviews = await startSubgraph();
  const catalog = manualClient();
  const foreign = openForeign({ REQUEST_DEADLINE_MS: 2_000, SUBGRAPH_CONCURRENCY: 4, SUBGRAPH_URLS: [] }, { catalog });
  cleanups.push(() => foreign.close());
  const clients = foreign.connect([{ name: 'catalog', url: NOWHERE }, { name: 'reviews', url: reviews.url }]);
  expect(clients['catalog']).toBe(catalog);
  expect((await clients['reviews']!.execute(QUERY, callOf())).data).toEqual({ a: 1 });
  expect(Object.keys(reviews.heard[0]!).filter((name) => name.startsWith('x-'))).toEqual([]);
  expect(Object.keys(foreign.connect([{ name: 'reviews', url: reviews.url }]))).toEqual(['reviews']);
});
