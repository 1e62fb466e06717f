import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, credentials } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, watchEventStream, watchWebSocket, type GraphAnswer } from '../support/graph-client.ts';
import {
  CHECK, eventually, HOLD, LISTING, order, PAGES, PLACE, RELEASE, SHIPMENT, STOCK, type Check, type Held, type Listing, type Pages, type Placed, type Pushed, type StockPush,
} from '../support/storefront-operations.ts';

/** The whole path, as storefront, checkout and warehouse see it: the same stories in both hostings. */
describe.each(hostings().map((hosting) => ({ hosting })))('storefront on $hosting hosting', ({ hosting }) => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;

  beforeAll(async () => {
    house = await startDeployment({ hosting, env: access(hosting) });
    graph = createGraph(house.url, credentials(hosting));
  }, 120_000);
  afterAll(async () => {
    const { exitCode } = await house.stop();
    expect(exitCode).toBe(0);
  }, 60_000);

  /** A SKU of the sample that is on sale, with at least this much in stock. */
  const findStocked = async (atLeast: number): Promise<string> => {
    const { data } = await graph<Listing>(LISTING, { first: 50 });
    const variants = data!.products.nodes.flatMap((product) => product.variants);
    const found = variants.find(({ sellable, availability, price }) => sellable && price && Number(availability?.quantity ?? 0) >= atLeast);
    if (!found) throw new Error(`no SKU with ${atLeast} in stock on the first page`);
    return found.sku;
  };

  it('lists products of the PIM with price and stock of the ERP', async () => {
    const { data, errors } = await graph<Listing>(LISTING, { first: 24 });
    expect(errors).toEqual([]);
    expect(data!.products.nodes).toHaveLength(24);
    expect(data!.products.totalCount).toBeGreaterThanOrEqual(500);
    for (const product of data!.products.nodes) {
      expect(product.name).not.toBe('');
      expect(product.variants.length).toBeGreaterThan(0);
      for (const { availability } of product.variants) {
        expect(availability).toMatchObject({ source: 'erp', freshness: 'RECENT', asOf: expect.stringMatching(/^\d{4}-/) });
      }
    }
  });

  it('pages through the whole catalogue without missing or repeating a product', async () => {
    const seen: string[] = [];
    let total = 0;
    for (let after: string | null = null, more = true; more; ) {
      const { data, errors }: GraphAnswer<Pages> = await graph<Pages>(PAGES, { after });
      expect(errors).toEqual([]);
      seen.push(...data!.products.nodes.map((node) => node.code));
      ({ hasNextPage: more, endCursor: after } = data!.products.pageInfo);
      total = data!.products.totalCount;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(total);
  });

  it('speaks the shopper\'s language', async () => {
    const query = 'query ($sku: ID) { product(by: { sku: $sku }) { name description attributes { code label } } }';
    const sku = await findStocked(1);
    const answers = await Promise.all(['en_US', 'de_DE', 'fr_FR'].map((locale) => graph<{ product: { name: string; description: string } }>(query, { sku }, { 'x-locale': locale })));
    const descriptions = answers.map(({ data }) => data!.product.description);
    expect(new Set(descriptions).size).toBe(3);
  });

  it('answers null for a SKU nobody has, and says what is wrong with bad input', async () => {
    const unknown = await graph<{ product: null }>('{ product(by: { sku: "NO-SUCH-SKU" }) { name } }');
    expect(unknown).toMatchObject({ status: 200, data: { product: null }, errors: [] });
    const cursor = await graph('{ products(after: "nonsense") { nodes { code } } }');
    expect(cursor.errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', field: ['after'] } });
    const page = await graph('{ products(first: 100000) { nodes { code } } }');
    expect(page.errors[0]!.extensions).toMatchObject({ code: 'INVALID_INPUT' });
    const both = await graph('{ product(by: { sku: "a", code: "b" }) { name } }');
    expect(both.errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
    const literal = await graph('{ productVariant(by: { sku: "any" }) { sku } products(first: 1) { nodes { variants(first: 1) { price(quantity: "abc") { asOf } } } } }');
    expect(literal.errors[0]).toMatchObject({ message: expect.stringContaining('"abc"'), extensions: { code: 'INVALID_INPUT' } });
    const currency = await graph('{ products { nodes { code } } }', {}, { 'x-currency': 'XXL' });
    expect(currency.errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', field: ['x-currency'] } });
  });

  it('checks availability live, line by line', async () => {
    const sku = await findStocked(2);
    const lines = [{ sku, quantity: '1' }, { sku: 'NO-SUCH-SKU', quantity: '1' }, { sku, quantity: '100000000' }];
    const { data, errors } = await graph<Check>(CHECK, { input: { lines: [lines[0]] } });
    expect(errors).toEqual([]);
    expect(data!.checkAvailability.lines[0]).toMatchObject({ outcome: { __typename: 'AvailabilityConfirmed' }, freshness: 'LIVE', source: 'erp' });
    const unknown = await graph<Check>(CHECK, { input: { lines: [lines[1]] } });
    expect(unknown.data!.checkAvailability.lines[0]).toMatchObject({ outcome: { __typename: 'AvailabilityRejected', reason: 'UNKNOWN_SKU' } });
    const tooMany = await graph<Check>(CHECK, { input: { lines: [lines[2]] } });
    expect(tooMany.data!.checkAvailability.lines[0]!.outcome.__typename).toMatch(/Partial|Rejected/);
    const negative = await graph(CHECK, { input: { lines: [{ sku, quantity: '-1' }] } });
    expect(negative.errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', field: ['lines', '0', 'quantity'] } });
  });

  it('places an order that arrives in the ERP exactly once, and pushes its shipment', async () => {
    const sku = await findStocked(3);
    const input = order(sku, '2');
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => graph<Placed>(PLACE, { input })));
    expect(first!.data!.placeOrder.userErrors).toEqual([]);
    const placed = first!.data!.placeOrder.order!;
    for (const again of [second!, third!]) expect(again.data!.placeOrder.order).toMatchObject({ id: placed.id, number: placed.number });
    const other = await graph<Placed>(PLACE, { input: { ...input, note: 'another payload under the same key' } });
    expect(other.data!.placeOrder.userErrors).toMatchObject([{ code: 'CONFLICT' }]);

    const overSocket = await watchWebSocket<Pushed>(house.url, SHIPMENT, { id: placed.id }, credentials(hosting));
    const overStream = await watchEventStream<Pushed>(house.url, SHIPMENT, { id: placed.id }, credentials(hosting));
    await eventually(async () => expect((await house.sandbox.ordersOf(placed.number)).map((one) => one.state)).toEqual(['sale']));
    await house.sandbox.command('ship-order', { order: placed.number, tracking: ['1Z999AA10123456784'] });
    for (const watch of [overSocket, overStream]) {
      const event = await watch.until(({ data }) => data?.shipmentUpdated.shipment.state === 'SHIPPED');
      expect(event.data!.shipmentUpdated.shipment).toMatchObject({
        packages: [{ trackingNumber: '1Z999AA10123456784' }],
        // Enriched through the graph: the product's name comes from another subgraph and system.
        lines: [{ sku, quantity: '2', variant: { sku, product: { name: expect.any(String) } } }],
        order: { number: placed.number },
      });
      watch.stop();
    }
    await eventually(async () => {
      const { data } = await graph<{ order: { state: string } }>('query ($id: ID) { order(by: { id: $id }) { state } }', { id: placed.id });
      expect(data!.order.state).toBe('SHIPPED');
    });
    expect(await house.sandbox.ordersOf(placed.number)).toHaveLength(1);
  }, 60_000);

  it('pushes a stock change with whatever the client asks of the graph', async () => {
    const sku = await findStocked(1);
    const watch = await watchWebSocket<StockPush>(house.url, STOCK, { skus: [sku] }, credentials(hosting));
    await house.sandbox.command('receive-goods', { sku, quantity: '7', location: 'MAIN' });
    const event = await watch.until(({ data }) => data !== undefined);
    expect(event.data!.stockChanged.variant).toMatchObject({ sku, product: { name: expect.any(String) }, price: { unitPrice: { amount: expect.any(String) } } });
    watch.stop();
  }, 60_000);

  it('holds stock once per key, refuses what is not there, and releases', async () => {
    const sku = await findStocked(5);
    const input = { idempotencyKey: randomUUID(), lines: [{ sku, quantity: '1' }], ttlSeconds: 60 };
    const [one, two] = await Promise.all([graph<Held>(HOLD, { input }), graph<Held>(HOLD, { input })]);
    expect(one!.data!.holdStock.userErrors).toEqual([]);
    expect(two!.data!.holdStock.hold!.id).toBe(one!.data!.holdStock.hold!.id);
    const tooMuch = await graph<Held>(HOLD, { input: { idempotencyKey: randomUUID(), lines: [{ sku, quantity: '99999999' }], ttlSeconds: 60 } });
    expect(tooMuch.data!.holdStock).toMatchObject({ hold: null, shortLines: [{ sku }] });
    const released = await graph<{ releaseHold: { hold: { state: string } } }>(RELEASE, { input: { holdId: one!.data!.holdStock.hold!.id } });
    expect(released.data!.releaseHold.hold.state).toBe('RELEASED');
  });

  it('refuses an order it cannot understand, naming every field, and stores nothing', async () => {
    const sku = await findStocked(1);
    const { data } = await graph<Placed>(PLACE, { input: { ...order(sku, '1'), lines: [{ sku, quantity: '0' }], note: 'card 4111 1111 1111 1111' } });
    expect(data!.placeOrder.order).toBeNull();
    const fields = data!.placeOrder.userErrors.map((error) => error.field.join('.'));
    expect(fields).toEqual(expect.arrayContaining(['lines.0.quantity', 'note']));
    expect(house.output()).not.toContain('4111');
  });

  it('tells its health, metrics and who may enter', async () => {
    expect(await (await fetch(`${house.url}/health/live`)).json()).toEqual({ live: true });
    expect(await (await fetch(`${house.url}/health/ready`)).json()).toEqual({ ready: true, reasons: [] });
    expect(await (await fetch(`${house.url}/metrics`, { headers: credentials(hosting) })).text()).toContain('graph_operations_total');
    const wrongKey = await createGraph(house.url, { 'x-api-key': 'nobody.knows' })('{ products { totalCount } }');
    expect(wrongKey).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});
