import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { CHECK, eventually, LISTING, order, PLACE, type Check, type Listing, type Placed } from '../support/storefront-operations.ts';

/** The ERP is silent, slow or drops connections; the house stays honest and loses nothing. */
describe('when the ERP is silent', () => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;
  let sku: string;

  beforeAll(async () => {
    house = await startDeployment({ hosting: 'embedded', separateSandbox: true, env: { STALE_AFTER_MS: '1500', CHECK_DEADLINE_MS: '800' } });
    graph = createGraph(house.url);
    const { data } = await graph<Listing>(LISTING, { first: 50 });
    const variants = data!.products.nodes.flatMap((product) => product.variants);
    sku = variants.find(({ sellable, availability, price }) => sellable && price && Number(availability?.quantity ?? 0) > 20)!.sku;
  }, 120_000);
  afterEach(async () => {
    await house.sandbox.clearFaults();
    // The breaker probes before it trusts the ERP again.
    await eventually(async () => {
      const { data } = await graph<Check>(CHECK, { input: { lines: [{ sku, quantity: '1' }] } });
      expect(data!.checkAvailability.lines[0]!.outcome.__typename).toBe('AvailabilityConfirmed');
    }, 90_000);
  }, 120_000);
  afterAll(async () => void (await house.stop()), 60_000);

  it('renders the page with the last stock, marked stale with its time', async () => {
    await house.sandbox.fault({ kind: 'timeout', match: { face: 'odoo' } });
    await eventually(async () => {
      const { data, errors } = await graph<Listing>(LISTING, { first: 24 });
      expect(errors).toEqual([]);
      expect(data!.products.nodes).toHaveLength(24);
      const figures = data!.products.nodes.flatMap((product) => product.variants.map((variant) => variant.availability));
      for (const figure of figures) expect(figure).toMatchObject({ freshness: 'STALE', asOf: expect.any(String) });
    });
  }, 120_000);

  it('answers the checkout "unverified" within its deadline, and the order is refused, not guessed', async () => {
    await house.sandbox.fault({ kind: 'timeout', match: { face: 'odoo' } });
    const { data, errors } = await graph<Check>(CHECK, { input: { lines: [{ sku, quantity: '1' }] } });
    expect(errors).toEqual([]);
    expect(data!.checkAvailability.lines[0]).toMatchObject({ freshness: 'STALE', outcome: { __typename: 'AvailabilityUnverified', policy: 'REFUSE', accepted: false } });
    const placed = await graph<Placed>(PLACE, { input: order(sku, '1') });
    expect(placed.data!.placeOrder).toMatchObject({ order: null, userErrors: [{ code: 'UNVERIFIED', retryable: true }] });
  }, 120_000);

  it('creates one ERP order when the connection drops after the ERP has processed it', async () => {
    await house.sandbox.fault({ kind: 'dropAfterProcessing', match: { face: 'odoo', model: 'sale.order', method: 'create' }, times: 1 });
    const placed = await graph<Placed>(PLACE, { input: order(sku, '1') });
    expect(placed.data!.placeOrder.userErrors).toEqual([]);
    const { number } = placed.data!.placeOrder.order!;
    await eventually(async () => expect(await house.sandbox.ordersOf(number)).toMatchObject([{ state: 'sale' }]));
    await eventually(async () => expect(await stateOf(number)).toBe('ACCEPTED_BY_ERP'));
    expect(await house.sandbox.ordersOf(number)).toHaveLength(1);
  }, 120_000);

  it('sends orders taken during an outage when the ERP is back, each once', async () => {
    const outage = { kind: 'status', status: 503, match: { face: 'odoo', model: 'sale.order' } };
    await house.sandbox.fault(outage);
    const placed = await Promise.all([1, 2, 3].map(() => graph<Placed>(PLACE, { input: order(sku, '1') })));
    const numbers = placed.map((answer) => answer.data!.placeOrder.order!.number);
    for (const number of numbers) expect(await stateOf(number)).toBe('RECEIVED');
    await house.sandbox.clearFaults();
    for (const number of numbers) await eventually(async () => expect(await stateOf(number)).toBe('ACCEPTED_BY_ERP'));
    for (const number of numbers) expect(await house.sandbox.ordersOf(number)).toHaveLength(1);
  }, 180_000);

  const stateOf = async (number: string): Promise<string> => {
    const { data } = await graph<{ order: { state: string } }>('query ($number: String) { order(by: { number: $number }) { state } }', { number });
    return data!.order.state;
  };
});
