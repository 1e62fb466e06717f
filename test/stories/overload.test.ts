import { Agent, request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '../../domain/principal.ts';
import { accessOf } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, type GraphAnswer } from '../support/graph-client.ts';
import { CHECK, eventually, LISTING, order, PLACE, type Check, type Listing, type Placed } from '../support/storefront-operations.ts';

const SERVICE = 'service.of-the-story-of-overload';
const SHOP = 'shop.of-the-story-of-overload';
const CONNECTIONS = 200;
const CHECKOUTS = 20;

/** What the flood asks for: fifty products with all that is slow about them. */
const HEAVY = `query Browse { products(first: 50, sort: NAME_ASC) { nodes { code name description priceRange { min { amount } } variants { sku price { unitPrice { amount } } availability { status quantity asOf source } } } } }`;
/** Dressed up as a checkout: one field of it is one. */
const DISGUISED = `query placeOrder($input: CheckAvailabilityInput!) { checkAvailability(input: $input) { asOf: __typename } ${HEAVY.slice('query Browse { '.length)}`;

/** Browsing floods, checkouts go through: on the shape that is deployed where its stores are at hand. */
const hosting = hostings().at(-1)!;
describe(`overload on ${hosting} hosting`, () => {
  let house: Deployment;
  let listing: Listing['products']['nodes'];

  beforeAll(async () => {
    house = await startDeployment({
      hosting,
      env: {
        ...accessOf({ [SERVICE]: SCOPES, [SHOP]: ['catalog:read', 'availability:read', 'price:read'] }),
        LANE_BROWSING: '8', RATE_LIMITS: 'storefront=off,address=off,anonymous=1/20', LOG_LEVEL: 'warn',
      },
    });
    const { data } = await createGraph(house.url, { 'x-api-key': SERVICE })<Listing>(LISTING, { first: 24 });
    listing = data!.products.nodes;
  }, 180_000);
  afterAll(() => house.stop(), 60_000);

  it('sheds browsing, no checkout, and is as it was when the flood is over', async () => {
    const skus = listing.flatMap(({ variants }) => variants).filter(({ sellable, availability }) => sellable && Number(availability?.quantity) >= 5).map(({ sku }) => sku);
    expect(skus.length).toBeGreaterThan(3);
    const checkout = createGraph(house.url, { 'x-api-key': SERVICE });
    const input = (index: number) => ({ lines: [{ sku: skus[index % skus.length], quantity: '1' }] });
    const flood = startFlood(house.url, { 'x-api-key': SHOP }, (index) => (index % 3 === 0 ? { query: DISGUISED, variables: { input: input(0) } } : { query: HEAVY }));
    const placed: string[] = [];
    try {
      // The flood is on when the first of it has been turned away.
      await eventually(async () => expect(flood.statuses.get(503) ?? 0).toBeGreaterThan(0));
      for (let index = 0; index < CHECKOUTS; index += 1) {
        const checked = await checkout<Check>(CHECK, { input: input(index) });
        expect([checked.status, checked.errors]).toEqual([200, []]);
        const { status, data, errors } = await checkout<Placed>(PLACE, { input: order(skus[index % skus.length]!, '1') });
        expect([status, errors, data?.placeOrder.userErrors]).toEqual([200, [], []]);
        placed.push(data!.placeOrder.order!.number);
      }
    } finally {
      await flood.stop();
    }
    const { statuses, refused } = flood;
    expect(new Set(placed).size).toBe(CHECKOUTS);
    // Browsing was answered as far as there was room, the rest told when to come again, and nothing else happened to it.
    expect([...statuses.keys()].sort()).toEqual([200, 503]);
    expect(statuses.get(503)).toBeGreaterThan(statuses.get(200)!);
    expect(refused).toEqual(new Set(['OVERLOADED 1']));

    const after = await Promise.all(Array.from({ length: 8 }, () => createGraph(house.url, { 'x-api-key': SHOP })<Listing>(LISTING, { first: 24 })));
    expect(after.map(({ status, errors }) => [status, errors])).toEqual(Array(8).fill([200, []]));
    await eventually(async () => expect(await metric('graph_lane_running{lane="browsing"}')).toBe(0));
    expect(await metric('graph_lane_shed_total{lane="checkout",reason="full"}')).toBe(0);
    expect(await metric('graph_lane_shed_total{lane="checkout",reason="late"}')).toBe(0);
    await eventually(async () => expect(await metric('graph_lane_places{lane="browsing"}')).toBe(8));
  }, 600_000);

  it('limits by cost who has no credentials, with headers that say how', async () => {
    const answers: GraphAnswer[] = [];
    const headers: Headers[] = [];
    for (let index = 0; index < 30; index += 1) {
      const response = await fetch(`${house.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ __typename }' }) });
      headers.push(response.headers);
      answers.push({ status: response.status, ...((await response.json()) as object), data: null, errors: [] });
    }
    const limited = answers.findIndex(({ status }) => status === 429);
    expect(limited).toBeGreaterThanOrEqual(20);
    expect(headers[0]!.get('ratelimit-policy')).toBe('"anonymous";q=20;w=20');
    expect(headers[0]!.get('ratelimit')).toMatch(/^"anonymous";r=\d+;t=\d+$/);
    expect(headers[limited]!.get('retry-after')).toBe('1');
    expect(headers[limited]!.get('ratelimit')).toBe('"anonymous";r=0;t=1');
  });

  async function metric(name: string): Promise<number> {
    const response = await fetch(`${house.url}/metrics`, { headers: { 'x-api-key': SERVICE } });
    const line = (await response.text()).split('\n').find((text) => text.startsWith(`${name} `));
    return line ? Number(line.slice(name.length)) : 0;
  }
});

interface Flood {
  readonly statuses: Map<number, number>;
  readonly refused: Set<string>;
}

/** Hundreds of connections that ask again as soon as they are answered, whatever the answer says of when to come again. */
function startFlood(url: string, headers: Readonly<Record<string, string>>, bodyOf: (index: number) => object): Flood & { stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const flood: Flood = { statuses: new Map(), refused: new Set() };
  let isOn = true;
  const askOnce = (index: number): Promise<void> =>
    new Promise((resolve) => {
      const asking = send(`${url}/graphql`, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
          const status = response.statusCode!;
          flood.statuses.set(status, (flood.statuses.get(status) ?? 0) + 1);
          if (status !== 200) flood.refused.add(`${JSON.parse(Buffer.concat(chunks).toString()).errors[0].extensions.code} ${response.headers['retry-after']}`);
          resolve();
        });
      });
      asking.on('error', (error: NodeJS.ErrnoException) => {
        flood.refused.add(String(error.code));
        resolve();
      });
      asking.end(JSON.stringify(bodyOf(index)));
    });
  const clients = Array.from({ length: CONNECTIONS }, async (_, index) => {
    while (isOn) await askOnce(index);
  });
  return {
    ...flood,
    stop: async () => {
      isOn = false;
      await Promise.all(clients);
      agent.destroy();
    },
  };
}
