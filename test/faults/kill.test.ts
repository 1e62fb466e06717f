import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { eventually, LISTING, order, PLACE, type Listing, type Placed } from '../support/storefront-operations.ts';

const KILLS = 3;
const BUYERS = 6;
/** A create that nobody answered is not sent again before the ERP can no longer be at work on it (orders/settings.ts). */
const SETTLED_MS = 200_000;

/** kill -9 of the whole house while it takes orders and synchronises; the vendors live on. */
describe('when the process is killed', () => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;

  beforeAll(async () => {
    house = await startDeployment({ hosting: 'embedded', separateSandbox: true });
    graph = createGraph(house.url);
  }, 120_000);
  afterAll(async () => void (await house.stop()), 60_000);

  it('keeps every acknowledged order and sends each to the ERP once', async () => {
    const { data } = await graph<Listing>(LISTING, { first: 50 });
    const variants = data!.products.nodes.flatMap((product) => product.variants);
    const { sku } = variants.find(({ sellable, availability, price }) => sellable && price && Number(availability?.quantity ?? 0) > 100)!;
    const acknowledged = new Map<string, string>();
    const asked: ReturnType<typeof order>[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const buyers = Array.from({ length: BUYERS }, () => buyUntilKilled(graph, sku, asked, acknowledged));
      const before = acknowledged.size;
      await eventually(async () => expect(acknowledged.size).toBeGreaterThan(before));
      await new Promise((done) => setTimeout(done, kill * 130));
      await house.kill();
      await Promise.all(buyers);
      await house.restart();
    }

    // Who got no answer asks again with the same key, as a checkout does: the same order, or the first one.
    for (const input of asked) {
      const answer = await graph<Placed>(PLACE, { input });
      expect(answer.data!.placeOrder.userErrors).toEqual([]);
      const { number } = answer.data!.placeOrder.order!;
      expect(acknowledged.get(input.idempotencyKey) ?? number).toBe(number);
      acknowledged.set(input.idempotencyKey, number);
    }
    for (const number of acknowledged.values()) {
      await eventually(async () => expect((await house.sandbox.ordersOf(number)).map((one) => one.state)).toEqual(['sale']), SETTLED_MS);
    }
    expect(new Set(acknowledged.values()).size).toBe(asked.length);
  }, 500_000);
});

async function buyUntilKilled(graph: ReturnType<typeof createGraph>, sku: string, asked: ReturnType<typeof order>[], acknowledged: Map<string, string>): Promise<void> {
  for (;;) {
    const input = order(sku, '1');
    asked.push(input);
    try {
      const answer = await graph<Placed>(PLACE, { input });
      const { order: placed, userErrors } = answer.data!.placeOrder;
      if (placed) acknowledged.set(input.idempotencyKey, placed.number);
      else throw new Error(JSON.stringify(userErrors));
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}
