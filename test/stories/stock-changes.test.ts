import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '../../domain/principal.ts';
import { accessOf } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, watchEventStream, watchWebSocket, type Watch } from '../support/graph-client.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.ts';
import { eventually } from '../support/storefront-operations.ts';

const OPERATOR = { 'x-api-key': 'oper.may-do-everything-in-the-stories-of-stock' };
const SHOPPER = { 'x-api-key': 'shop.may-see-that-there-is-stock-but-not-how-much' };
const KEYS = { [OPERATOR['x-api-key']]: SCOPES, [SHOPPER['x-api-key']]: ['catalog:read', 'availability:read'] } as const;

const FOLLOW = `subscription ($skus: [ID!], $category: ID, $channel: ID, $after: String, $crossingsOnly: Boolean) {
  stockChanged(skus: $skus, category: $category, channel: $channel, after: $after, crossingsOnly: $crossingsOnly) {
    cursor version isSnapshot statusBefore statusAfter crossedThreshold locationCodes quantity quantityIsCapped
    availability { status quantity } variant { sku product { name } }
  } }`;

interface Change {
  readonly cursor: string;
  readonly version: string | null;
  readonly isSnapshot: boolean;
  readonly statusBefore: string | null;
  readonly statusAfter: string | null;
  readonly crossedThreshold: boolean;
  readonly locationCodes: readonly string[];
  readonly quantity: string;
  readonly quantityIsCapped: boolean;
  readonly availability: { readonly status: string; readonly quantity: string };
  readonly variant: { readonly sku: string; readonly product: { readonly name: string } };
}

interface Pushed {
  readonly data?: { readonly stockChanged: Change } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly field?: readonly string[] } }[];
}

interface Catalogue {
  readonly products: { readonly nodes: readonly { readonly categories: readonly { readonly code: string }[]; readonly variants: readonly { readonly sku: string; readonly sellable: boolean }[] }[] };
}

const changesOf = ({ events }: Watch<Pushed>): readonly Change[] => events.flatMap(({ data }) => data?.stockChanged ?? []);

describe.each(hostings().filter((hosting) => hosting === 'embedded' || hasRedisServer()).map((hosting) => ({ hosting })))('changes of stock on $hosting hosting', ({ hosting }) => {
  let house: Deployment;
  let redis: RedisServer | null = null;
  let products: Catalogue['products']['nodes'];
  const watches: Watch<Pushed>[] = [];

  beforeAll(async () => {
    // Of its own: it will be killed.
    redis = hosting === 'services' ? await startRedisServer() : null;
    house = await startDeployment({ hosting, separateSandbox: true, env: { ...accessOf(KEYS), ...(redis && { REDIS_URL: redis.url }) } });
    const { data } = await createGraph(house.url, OPERATOR)<Catalogue>('{ products(first: 60) { nodes { categories { code } variants(first: 20) { sku sellable } } } }');
    products = data!.products.nodes.filter(({ variants }) => variants.some(({ sellable }) => sellable));
  }, 120_000);
  afterAll(async () => {
    for (const watch of watches) watch.stop();
    await house.stop();
    await redis?.kill();
  }, 60_000);

  /** Each story has a SKU of its own. */
  let next = 0;
  const takeSku = (): string => products[(next += 1)]!.variants.find(({ sellable }) => sellable)!.sku;
  const follow = async (variables: object, { url = house.url, key = OPERATOR as Record<string, string> } = {}): Promise<Watch<Pushed>> => {
    const watch = await watchWebSocket<Pushed>(url, FOLLOW, variables, key);
    watches.push(watch);
    return watch;
  };
  const lies = (sku: string, quantity: string): Promise<unknown> => house.sandbox.command('set-stock', { sku, location: 'MAIN', quantity });
  /** All that lies anywhere; the graph has it when this resolves. */
  const emptyOut = async (sku: string): Promise<void> => {
    for (const location of await locations()) await house.sandbox.command('set-stock', { sku, location, quantity: '0' }).catch(() => undefined);
    await shows(sku, '0');
  };
  const locations = async (): Promise<readonly string[]> =>
    (await createGraph(house.url, OPERATOR)<{ locations: readonly { code: string }[] }>('{ locations { code } }')).data!.locations.map(({ code }) => code);
  const shows = (sku: string, quantity: string): Promise<void> =>
    eventually(async () => {
      const { data } = await createGraph(house.url, OPERATOR)<{ productVariant: { availability: { quantity: string } } }>(
        'query ($sku: ID) { productVariant(by: { sku: $sku }) { availability { quantity } } }', { sku });
      expect(data!.productVariant.availability.quantity).toBe(quantity);
    });
  const quantityOf = (quantity: string) => ({ data }: Pushed): boolean => data?.stockChanged.quantity === quantity;

  it('tell when a threshold is crossed, exactly to whom may know and capped to others', async () => {
    const sku = takeSku();
    await emptyOut(sku);
    const exact = await follow({ skus: [sku] });
    const capped = await follow({ skus: [sku] }, { key: SHOPPER });
    const crossings = await follow({ skus: [sku], crossingsOnly: true });
    await lies(sku, '40');
    const arrived = await exact.until(quantityOf('40'));
    expect(arrived.data!.stockChanged).toMatchObject({
      statusBefore: 'OUT_OF_STOCK', statusAfter: 'IN_STOCK', crossedThreshold: true, isSnapshot: false, locationCodes: ['MAIN'], version: expect.stringMatching(/^\d{19}$/),
      quantity: '40', quantityIsCapped: false, availability: { status: 'IN_STOCK', quantity: '40' }, variant: { sku, product: { name: expect.any(String) } },
    });
    expect((await capped.until(({ data }) => data !== undefined)).data!.stockChanged).toMatchObject({ quantity: '10', quantityIsCapped: true, availability: { quantity: '10' } });
    await lies(sku, '30');
    expect((await exact.until(quantityOf('30'))).data!.stockChanged).toMatchObject({ statusBefore: 'IN_STOCK', statusAfter: 'IN_STOCK', crossedThreshold: false });
    await lies(sku, '3');
    expect((await exact.until(quantityOf('3'))).data!.stockChanged).toMatchObject({ statusBefore: 'IN_STOCK', statusAfter: 'LOW_STOCK', crossedThreshold: true });
    await crossings.until(quantityOf('3'));
    expect(changesOf(crossings).map(({ statusBefore, statusAfter }) => [statusBefore, statusAfter])).toEqual([['OUT_OF_STOCK', 'IN_STOCK'], ['IN_STOCK', 'LOW_STOCK']]);
    const versions = changesOf(exact).map(({ version }) => version!);
    expect(versions).toEqual([...new Set(versions)].sort());
  }, 90_000);

  it('are followed by category and by channel as well, by whoever may', async () => {
    const product = products.find(({ categories, variants }) => categories.length > 0 && variants.some(({ sellable }) => sellable))!;
    const sku = product.variants.find(({ sellable }) => sellable)!.sku;
    const byCategory = await follow({ category: product.categories[0]!.code }, { key: SHOPPER });
    const byChannel = await follow({ channel: 'amazon' });
    await lies(sku, '77');
    for (const watch of [byCategory, byChannel]) await watch.until(({ data }) => data?.stockChanged.variant.sku === sku);
    const refusals: [object, Record<string, string>, string][] = [
      [{ category: 'no-such-category' }, OPERATOR, 'INVALID_INPUT'], [{ channel: 'amazon' }, SHOPPER, 'FORBIDDEN'], [{}, OPERATOR, 'INVALID_INPUT'],
      [{ skus: [sku], after: 'yesterday' }, OPERATOR, 'INVALID_INPUT'],
    ];
    for (const [variables, key, code] of refusals) {
      const refused = await follow(variables, { key });
      await refused.until(({ errors }) => (Array.isArray(errors) ? errors[0]?.extensions.code === code : false));
    }
  }, 90_000);

  it('are told once to whoever comes back, over either transport and at any gateway', async () => {
    const sku = takeSku();
    await emptyOut(sku);
    const first = await follow({ skus: [sku] });
    await lies(sku, '11');
    const { cursor } = (await first.until(quantityOf('11'))).data!.stockChanged;
    first.stop();
    await lies(sku, '12');
    await shows(sku, '12');
    const other = hosting === 'services' ? await house.startGateway() : { url: house.url, stop: async () => undefined };
    const resumed = await follow({ skus: [sku], after: cursor }, { url: other.url });
    const stream = await watchEventStream<Pushed>(other.url, FOLLOW, { skus: [sku] }, { ...OPERATOR, 'last-event-id': cursor });
    watches.push(stream);
    for (const watch of [resumed, stream]) await watch.until(quantityOf('12'));
    await lies(sku, '13');
    for (const watch of [resumed, stream]) {
      await watch.until(quantityOf('13'));
      expect(changesOf(watch).map(({ quantity, isSnapshot }) => [quantity, isSnapshot])).toEqual([['12', false], ['13', false]]);
      watch.stop();
    }
    await other.stop();
  }, 90_000);

  it('that nobody can name any more are told as a snapshot', async () => {
    const sku = takeSku();
    await emptyOut(sku);
    const first = await follow({ skus: [sku] });
    await lies(sku, '21');
    const { cursor } = (await first.until(quantityOf('21'))).data!.stockChanged;
    if (redis) {
      await redis.kill();
      await redis.start();
      // Whoever listened all the time is told as well, and then of what happens.
      await first.until(({ data }) => data?.stockChanged.isSnapshot === true);
    } else {
      first.stop();
      await house.kill();
      await house.restart();
    }
    const late = await follow({ skus: [sku], after: cursor });
    expect((await late.until(({ data }) => data !== undefined)).data!.stockChanged).toMatchObject({ isSnapshot: true, quantity: '21', crossedThreshold: false, statusBefore: null, version: null });
    await lies(sku, '22');
    for (const watch of redis ? [first, late] : [late]) await watch.until(quantityOf('22'));
    expect(changesOf(late).map(({ quantity, isSnapshot }) => [quantity, isSnapshot])).toEqual([['21', true], ['22', false]]);
  }, 120_000);
});
