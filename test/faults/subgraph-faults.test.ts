import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Registry } from 'prom-client';
import { createClientMetrics } from '../../gateway/clients/client-metrics.ts';
import { createPoliteClients } from '../../gateway/clients/polite-client.ts';
import { createHttpClient, type HttpClient } from '../../gateway/clients/transport/http-client.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { startFaultySubgraph, TOO_LARGE_BYTES, type Fault, type FaultySubgraph } from '../support/faulty-subgraph.ts';
import { keyOf, startSmallGateway } from '../support/small-gateway.ts';
import { smallSchemas } from '../support/small-supergraph.ts';

const TIMEOUT_MS = 400;
const PATIENT = { timeout: 10_000 };
const PAGE = 'query Page($id: ID!) { item(id: $id) { id name price } }';
const WHOLE = { id: '1', name: 'Item 1', price: '1.00' };

let shop: FaultySubgraph;
let prices: FaultySubgraph;
let heard: ReturnType<typeof smallSchemas>['heard'];
let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
let clients: Record<'shop' | 'prices', HttpClient>;
let metrics: Registry;

beforeAll(async () => {
  const small = smallSchemas();
  heard = small.heard;
  shop = await startFaultySubgraph(small.schemas['shop']!);
  prices = await startFaultySubgraph(small.schemas['prices']!);
});
afterAll(async () => {
  await gateway.drain();
  await shop.stop();
  await prices.stop();
  await Promise.all(Object.values(clients).map((client) => client.close()));
});

/** A gateway whose breakers and budgets know of nothing yet; the subgraphs are well. */
beforeEach(() => open(TIMEOUT_MS));

async function open(timeoutMs: number, { concurrency = 16, deadlineMs = 6_000 } = {}): Promise<void> {
  if (gateway) await gateway.drain();
  if (clients) await Promise.all(Object.values(clients).map((client) => client.close()));
  for (const subgraph of [shop, prices]) subgraph.inject('none');
  const connect = (name: string, { url }: FaultySubgraph): HttpClient => createHttpClient({ name, url, timeoutMs: 5_000, maxAnswerBytes: TOO_LARGE_BYTES / 2, createHeaders: () => ({}) });
  clients = { shop: connect('shop', shop), prices: connect('prices', prices) };
  metrics = new Registry();
  const polite = createPoliteClients({ timeoutMs, concurrency, hedgingPercent: 0, clock, random: Math.random, metrics: createClientMetrics(metrics) });
  gateway = await startSmallGateway({ clients: polite.wrap(clients), deadlineMs });
}

const post = (query: string, variables: object = {}, signal: AbortSignal | null = null): Promise<Response> =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST', signal, body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json', ...keyOf('price:read', 'checkout:write') },
  });

const ask = async (query: string, variables: object = {}): Promise<any> => (await post(query, variables)).json();
const page = (id = '1'): Promise<any> => ask(PAGE, { id });

const counted = async (name: string, labels: Record<string, string>): Promise<number> => {
  const { values } = await metrics.getSingleMetric(name)!.get();
  return values.find((value) => Object.entries(labels).every(([label, expected]) => value.labels[label] === expected))?.value ?? 0;
};

/** What a caller is told of each fault that lasts. */
const LASTING: readonly (readonly [Fault, string])[] = [
  ['hang', 'UPSTREAM_TIMEOUT'],
  ['hang-mid-body', 'UPSTREAM_TIMEOUT'],
  ['reset', 'UPSTREAM_UNAVAILABLE'],
  ['reset-mid-body', 'UPSTREAM_UNAVAILABLE'],
  ['html-500', 'UPSTREAM_UNAVAILABLE'],
  ['html-502', 'UPSTREAM_UNAVAILABLE'],
  ['busy-503', 'UPSTREAM_UNAVAILABLE'],
  ['garbage', 'UPSTREAM_MALFORMED'],
  ['not-graphql', 'UPSTREAM_MALFORMED'],
  ['truncated', 'UPSTREAM_MALFORMED'],
  ['too-large', 'UPSTREAM_UNAVAILABLE'],
];

describe.each(LASTING)('%s', (fault, code) => {
  test('of one subgraph takes its field, not the page, and passes with the fault', async () => {
    prices.inject(fault);
    const { data, errors } = await page();
    expect(data).toEqual({ item: { ...WHOLE, price: null } });
    expect(errors).toMatchObject([{ path: ['item'], extensions: { code, service: 'prices' } }]);
    prices.inject('none');
    expect(await page()).toEqual({ data: { item: WHOLE } });
  });

  test('of the subgraph of one root field leaves the others', async () => {
    shop.inject(fault);
    expect(await ask('{ item(id: "1") { name } mine }')).toMatchObject({ data: { item: null, mine: null }, errors: [{ extensions: { code, service: 'shop' } }] });
    shop.inject('none');
    expect(await page()).toEqual({ data: { item: WHOLE } });
  });
});

test.each(['reset', 'reset-mid-body', 'html-502', 'busy-503', 'hang'] as const)('a passing %s is not noticed by a read', async (fault) => {
  prices.inject(fault, 1);
  shop.inject(fault, 1);
  expect(await page()).toEqual({ data: { item: WHOLE } });
  for (const subgraph of ['prices', 'shop']) expect(await counted('graph_subrequest_retries_total', { subgraph, outcome: 'sent' })).toBeGreaterThan(0);
});

test('headers that are slow but in time are waited for', async () => {
  prices.inject('slow-headers');
  expect(await page()).toEqual({ data: { item: WHOLE } });
});

test.each(['reset', 'reset-mid-body', 'html-502'] as const)('a mutation that meets %s is sent once, and the caller is told', async (fault) => {
  const [renamed, received] = [heard.renamed, shop.received()];
  shop.inject(fault);
  const answer = await ask('mutation { rename(id: "1", name: "x") { id } }');
  expect(answer).toMatchObject({ data: { rename: null }, errors: [{ path: ['rename'], extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'shop' } }] });
  expect([heard.renamed - renamed, shop.received() - received]).toEqual([1, 1]);
});

test('a subgraph that refuses connections is left alone after a while, told apart as retryable, and asked again by itself when it is back', async () => {
  expect(await page()).toEqual({ data: { item: WHOLE } });
  await prices.stop();
  const failures: any[] = [];
  for (let index = 0; index < 12; index++) failures.push(await page(String(index)));
  for (const { data, errors } of failures) {
    expect(data.item).toMatchObject({ name: expect.any(String), price: null });
    expect(errors).toMatchObject([{ path: ['item'], extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'prices' } }]);
  }
  expect(failures.at(-1).errors[0].extensions).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) });
  expect(await counted('graph_subgraph_breaker', { subgraph: 'prices' })).toBe(2);
  expect(await counted('graph_subgraph_breaker', { subgraph: 'shop' })).toBe(0);
  await prices.start();
  await expect.poll(() => page(), { ...PATIENT, interval: 100 }).toEqual({ data: { item: WHOLE } });
  expect(await counted('graph_subgraph_breaker', { subgraph: 'prices' })).toBe(0);
});

test('while the breaker is half open one request finds out; the others are refused, not kept waiting', async () => {
  prices.inject('html-502');
  for (let index = 0; index < 8; index++) await page(String(index));
  expect(await counted('graph_subgraph_breaker', { subgraph: 'prices' })).toBe(2);
  prices.inject('hang');
  const before = prices.received();
  await expect.poll(async () => {
    await Promise.all(Array.from({ length: 5 }, (_, index) => page(`p${index}`)));
    return prices.received() - before;
  }, { ...PATIENT, interval: 50 }).toBe(1);
  expect(await counted('graph_subgraph_breaker', { subgraph: 'prices' })).toBe(2);
});

test('a crowd that asks the same travels together, and everybody gets the whole page', async () => {
  prices.inject('slow-headers');
  const before = prices.received();
  const answers = await Promise.all(Array.from({ length: 100 }, () => page()));
  for (const answer of answers) expect(answer).toEqual({ data: { item: WHOLE } });
  const spared = await counted('graph_subrequests_shared_total', { subgraph: 'prices' });
  expect(spared).toBeGreaterThan(0);
  expect(prices.received() - before + spared).toBe(100);
});

test('a caller who leaves takes the request to the subgraph along, over real sockets; of several the last one does', async () => {
  await open(30_000, { deadlineMs: 30_000 });
  shop.inject('hang');
  const start = { received: shop.received(), abandoned: shop.abandoned() };
  const seen = () => [shop.received() - start.received, shop.abandoned() - start.abandoned];
  const ask = () => {
    const leaving = new AbortController();
    const outcome = post('{ mine }', {}, leaving.signal).then((response) => response.status, (error: Error) => error.name);
    return { outcome, leave: () => leaving.abort() };
  };
  const alone = ask();
  await expect.poll(seen, PATIENT).toEqual([1, 0]);
  alone.leave();
  await expect.poll(seen, PATIENT).toEqual([1, 1]);
  const first = ask();
  await expect.poll(seen, PATIENT).toEqual([2, 1]);
  const [second, third] = [ask(), ask()];
  await expect.poll(seen, PATIENT).toEqual([3, 1]);
  second.leave();
  expect(await second.outcome).toBe('AbortError');
  // The flight of second and third is still up when first's ends.
  first.leave();
  await expect.poll(seen, PATIENT).toEqual([3, 2]);
  third.leave();
  await expect.poll(seen, PATIENT).toEqual([3, 3]);
  expect([await alone.outcome, await first.outcome, await third.outcome]).toEqual(['AbortError', 'AbortError', 'AbortError']);
});

test('more than may wait are refused at once, and mutations still find a place', async () => {
  // Time enough that all of the crowd wait at once, however slowly they arrive.
  await open(5_000, { concurrency: 8, deadlineMs: 20_000 });
  shop.inject('hang');
  const crowd = Array.from({ length: 400 }, (_, index) => ask('query($id: ID!) { item(id: $id) { name } }', { id: `c${index}` }));
  await expect.poll(() => counted('graph_subrequest_refusals_total', { subgraph: 'shop', reason: 'queue-full' }), PATIENT).toBeGreaterThan(0);
  shop.inject('none');
  expect(await ask('mutation { rename(id: "1", name: "x") { id } }')).toEqual({ data: { rename: { id: '1' } } });
  const answers = await Promise.all(crowd);
  const refused = answers.filter(({ errors }) => errors?.[0].extensions.retryable === true);
  expect(refused.length).toBeGreaterThan(0);
  for (const { errors } of refused) expect(errors).toMatchObject([{ path: ['item'], extensions: { code: 'UPSTREAM_UNAVAILABLE', service: 'shop', retryAfterMs: expect.any(Number) } }]);
}, 60_000);
