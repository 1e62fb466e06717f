import { createHash, randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createShopClient as createApolloShop } from '../../docs/examples/apollo-client.ts';
import { ask, openSocket } from '../../docs/examples/fetch.ts';
import { follow, type Following } from '../../docs/examples/resuming-subscription.ts';
import { followByEventSource, openEventStreams } from '../../docs/examples/server-sent-events.ts';
import { createShopClient as createUrqlShop } from '../../docs/examples/urql.ts';
import { ProductListDocument, StockChangedDocument } from '../../schema/client/documents.ts';
import {
  BasketCheck, BasketQuote, CancelOrder, CategoryTree, CheckPrices, ExtendHold, HoldStock, OrderList, OrderPage, OrderReturns, PlaceOrder, ProductList, ProductPage, StockChanged, VariantOffer,
} from '../../schema/client/operations.ts';
import type { StockChangedSubscription } from '../../schema/client/types.ts';
import { openCuttableProxy, type CuttableProxy } from '../support/cuttable-proxy.ts';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { eventually } from '../support/storefront-operations.ts';

/** In every browser that opens the shop: trusted documents only. */
const SHOP_KEY = 'shop.the-key-that-is-in-every-page-of-the-shop';
/** The wait before an attempt grows to 10 s, and a busy machine adds its own. */
const PATIENCE_MS = 60_000;
/** The shop's server, at checkout: it knows no more operations than the page does. */
const TILL_KEY = 'till.the-key-of-the-server-that-takes-the-money';
const TILL_SCOPES = ['catalog:read', 'availability:read', 'price:read', 'checkout:write', 'order:read', 'order:read:all', 'order:write'];
const OPERATIONS_KEY = 'oper.the-key-of-those-who-deploy-the-shop';
const headers = { 'x-api-key': SHOP_KEY };
const LIST = { sort: 'NAME_ASC', first: 24, wholeListing: true } as const;

function keysFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ucg-keys-')), 'keys.json');
  const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
  writeFileSync(file, JSON.stringify([
    { prefix: 'shop', sha256: sha256(SHOP_KEY), role: 'storefront' },
    { prefix: 'till', sha256: sha256(TILL_KEY), kind: 'SERVICE', scopes: TILL_SCOPES, documents: 'TRUSTED' },
    { prefix: 'oper', sha256: sha256(OPERATIONS_KEY), role: 'operations' },
  ]));
  return file;
}

const execute = promisify(execFile);

/** npm run documents, as somebody at a prompt has it. Rejects with what it printed. */
async function runDocuments(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, ['--import', 'tsx', 'scripts/documents.ts', ...args], { env });
  return stdout;
}

interface Client {
  /** Names of the first page of products. */
  list(): Promise<readonly string[]>;
  follow(sku: string, following: Following<StockChangedSubscription>): () => void;
  close(): void;
}

const CLIENTS: Readonly<Record<string, (url: string) => Client>> = {
  'Apollo Client': (url) => {
    const { client, close } = createApolloShop({ url, headers });
    return {
      list: async () => (await client.query({ query: ProductListDocument, variables: LIST })).data!.products.nodes.map(({ name }) => name),
      follow: (sku, { onEvent, onRefused }) => {
        const subscription = client.subscribe({ query: StockChangedDocument, variables: { skus: [sku] } }).subscribe({ next: ({ data, error }) => (data ? onEvent(data) : onRefused(error)), error: onRefused });
        return () => subscription.unsubscribe();
      },
      close,
    };
  },
  urql: (url) => {
    const { client, close } = createUrqlShop({ url, headers });
    return {
      list: async () => (await client.query(ProductListDocument, LIST).toPromise()).data!.products.nodes.map(({ name }) => name),
      follow: (sku, { onEvent, onRefused }) => {
        const { unsubscribe } = client.subscription(StockChangedDocument, { skus: [sku] }).subscribe(({ data, error }) => (data ? onEvent(data) : onRefused(error)));
        return unsubscribe;
      },
      close,
    };
  },
  'fetch and graphql-ws': (url) => {
    const socket = openSocket({ url, headers });
    return {
      list: async () => (await ask({ url, headers }, ProductList, LIST)).data.products.nodes.map(({ name }) => name),
      follow: (sku, following) => follow(socket, StockChanged, { skus: [sku] }, following),
      close: () => void socket.dispose(),
    };
  },
  'fetch and graphql-sse': (url) => {
    const streams = openEventStreams({ url, headers });
    return {
      list: async () => (await ask({ url, headers }, ProductList, LIST)).data.products.nodes.map(({ name }) => name),
      follow: (sku, following) => follow(streams, StockChanged, { skus: [sku] }, following),
      close: () => streams.dispose(),
    };
  },
  'fetch and EventSource': (url) => ({
    list: async () => (await ask({ url, headers }, ProductList, LIST)).data.products.nodes.map(({ name }) => name),
    follow: (sku, following) => followByEventSource({ url, headers }, StockChanged, { skus: [sku] }, following),
    close: () => undefined,
  }),
};

describe('the examples of the client kit, with their real libraries', { timeout: 3 * PATIENCE_MS }, () => {
  let house: Deployment;
  let sku: string;
  const availability = async () => (await ask({ url: house.url, headers }, VariantOffer, { sku, quantity: '1' })).data.productVariant!.availability!;
  const setStock = (quantity: number) => house.sandbox.command('set-stock', { sku, quantity: String(quantity), location: 'MAIN' });

  beforeAll(async () => {
    house = await startDeployment({ hosting: 'embedded', env: { API_KEYS_FILE: keysFile() } });
    const { data } = await ask({ url: house.url, headers }, ProductList, LIST);
    const { data: page } = await ask({ url: house.url, headers }, ProductPage, { handle: data.products.nodes.find(({ inStock }) => inStock)!.handle });
    sku = page.product!.variants.find(({ sellable }) => sellable)!.sku;
  }, 120_000);
  afterAll(async () => {
    await house?.stop();
  });

  describe.each(Object.entries(CLIENTS).map(([name, open]) => ({ name, open })))('$name', ({ open }) => {
    let wire: CuttableProxy;
    let client: Client;
    beforeEach(async () => {
      wire = await openCuttableProxy(house.url);
      client = open(wire.url);
    });
    afterEach(async () => {
      client.close();
      await wire.close();
    });

    it('lists products by the id of a trusted document, by GET and without its text', async () => {
      expect(await client.list()).toHaveLength(24);
      const id = ProductList.documentId.replace('sha256:', '');
      expect(wire.sent()).toMatch(new RegExp(`^GET /graphql\\?[^ ]*${id}`));
      expect(wire.sent()).not.toContain('priceRange');
    });

    it('goes on after a broken connection where it was, without losing what happened meanwhile', async () => {
      const events: StockChangedSubscription['stockChanged'][] = [];
      const problems: unknown[] = [];
      const stop = client.follow(sku, { onEvent: ({ stockChanged }) => void events.push(stockChanged), onGap: () => void problems.push('gap'), onRefused: (error) => void problems.push(error) });
      let quantity = 30;
      await eventually(async () => {
        await setStock((quantity += 1));
        expect(events.length).toBeGreaterThan(0);
      });
      wire.cut();
      const { cursor } = events.at(-1)!;
      const told = events.length;
      const { byLocation: before } = await availability();
      await setStock(2);
      await eventually(async () => expect((await availability()).byLocation).not.toEqual(before), PATIENCE_MS);
      expect(events).toHaveLength(told);
      wire.mend();
      const { byLocation: meanwhile } = await availability();
      await eventually(async () => expect(events.at(-1)!.availability?.byLocation).toEqual(meanwhile), PATIENCE_MS);
      // Told by an event that happened while nobody listened: whoever had subscribed anew would not have heard of it.
      expect(events.slice(told).map(({ isSnapshot }) => isSnapshot)).not.toContain(true);
      expect(events.slice(told).map((event) => event.cursor)).not.toContain(cursor);
      expect(problems).toEqual([]);
      stop();
    });
  });

  it('takes a basket from the check of its prices to the order, by trusted documents alone', async () => {
    const till = { url: house.url, headers: { 'x-api-key': TILL_KEY } };
    const lines = [{ sku, quantity: '1' }];
    await setStock(20);
    const { priceQuote } = (await ask(till, BasketQuote, { lines })).data;
    const { checkAvailability } = (await ask(till, BasketCheck, { lines })).data;
    expect(checkAvailability.lines.map(({ outcome }) => outcome.__typename)).toEqual(['AvailabilityConfirmed']);
    expect((await ask(till, CheckPrices, { token: priceQuote.token })).data.checkPrices.__typename).toBe('PricesConfirmed');
    const { hold } = (await ask(till, HoldStock, { input: { idempotencyKey: randomUUID(), lines } })).data.holdStock;
    expect((await ask(till, ExtendHold, { holdId: hold!.id, ttlSeconds: 600 })).data.extendHold.userErrors).toEqual([]);
    const { order, userErrors } = (await ask(till, PlaceOrder, {
      input: {
        idempotencyKey: randomUUID(), lines, holdId: hold!.id, quoteToken: priceQuote.token, contact: { name: 'Ada Example', email: 'ada@example.com' },
        shipTo: { name: 'Ada Example', line1: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
      },
    })).data.placeOrder;
    expect(userErrors).toEqual([]);
    expect((await ask(till, OrderPage, { id: order!.id })).data.order).toMatchObject({ number: order!.number, lines: [{ sku, quantity: '1' }], total: priceQuote.total });
    expect((await ask(till, OrderList, { first: 5, sort: 'PLACED_NEWEST' })).data.orders.nodes.map(({ id }) => id)).toContain(order!.id);
    expect((await ask(till, OrderReturns, { orderId: order!.id })).data.order).toMatchObject({ returns: [] });
    expect((await ask(till, CancelOrder, { input: { idempotencyKey: randomUUID(), orderId: order!.id } })).data.cancelOrder.userErrors).toEqual([]);
    expect((await ask(till, CategoryTree, {})).data.categories.length).toBeGreaterThan(0);
  });

  it('executes what a storefront of another repository registers, also after a crash, until it is rolled back', async () => {
    const repository = mkdtempSync(join(tmpdir(), 'ucg-shop-'));
    writeFileSync(join(repository, 'names.graphql'), 'query Names { products(first: 3, sort: NAME_ASC) { nodes { id name } } }');
    const command = (...args: readonly string[]): Promise<string> => runDocuments({ ...process.env, GATEWAY_API_KEY: OPERATIONS_KEY }, args);
    const register = ['--from', repository, '--out', join(repository, 'graph'), '--register', house.url, '--client', 'names-shop'];
    expect(await command(...register)).toMatch(/[0-9a-f]{64} +cost +\d+ +depth +3 +Names\n[^]*registered as version 1/);
    const { operations } = JSON.parse(readFileSync(join(repository, 'graph/manifest.json'), 'utf8')) as { operations: { id: string }[] };
    const names = { documentId: `sha256:${operations[0]!.id}`, operationName: 'Names', kind: 'query' } as const;
    const shop = { url: house.url, headers };
    expect((await ask(shop, names, {})).data).toMatchObject({ products: { nodes: { length: 3 } } });
    expect(await command(...register)).toContain('nothing is new: version 1');
    await house.kill();
    await house.restart();
    expect((await ask(shop, names, {})).errors).toEqual([]);
    expect(await command('--list', house.url)).toMatch(/trusts 23 documents\n\* 1 .* registered for names-shop by key:oper/);
    expect(await command('--rollback', house.url, '--to', '0')).toContain('version 2 is active');
    await expect(ask(shop, names, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    writeFileSync(join(repository, 'names.graphql'), 'query Names { products(first: 3, sort: NAME_ASC) { nodes { nickname } } }');
    await expect(command(...register)).rejects.toThrow('Names: Cannot query field "nickname"');
  });

  it('tells a page whose key may not send what it sends, and does not try for ever', async () => {
    const unknown = { ...StockChanged, documentId: `sha256:${'0'.repeat(64)}` };
    const streams = openEventStreams({ url: house.url, headers });
    const socket = openSocket({ url: house.url, headers });
    const refusal = (following: (told: Following<StockChangedSubscription>) => () => void) => new Promise<unknown>((onRefused, fail) => following({ onEvent: fail, onGap: () => fail(new Error('no gap')), onRefused }));
    const refusals = await Promise.all([
      refusal((told) => follow(socket, unknown, { skus: [sku] }, told)),
      refusal((told) => follow(streams, unknown, { skus: [sku] }, told)),
      refusal((told) => followByEventSource({ url: house.url, headers }, unknown, { skus: [sku] }, told)),
    ]);
    for (const refused of refusals) expect(refused).toMatchObject([{ extensions: { code: 'FORBIDDEN', reason: 'DOCUMENT_NOT_TRUSTED' } }]);
    await expect(ask({ url: house.url, headers }, { ...ProductList, documentId: unknown.documentId }, LIST)).rejects.toMatchObject({ code: 'FORBIDDEN', retryable: false });
    streams.dispose();
    await socket.dispose();
  });
});
