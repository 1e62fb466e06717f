import { createGraph, watchWebSocket } from '../support/graph-client.ts';
import { eventually, LISTING, order, PLACE, type Listing, type Placed } from '../support/storefront-operations.ts';
import type { OrderHouse } from './order-house.ts';
import { percentile, printTable } from './report.ts';

const ORDERS = 60;

interface Message {
  readonly data?: { readonly shipmentUpdated: { readonly shipment: { readonly state: string } } };
}

const SHIPPED = 'subscription ($id: ID!) { shipmentUpdated(orderId: $id) { shipment { state lines { sku quantity } order { number state } } } }';

/** From the moment the ERP has shipped until the subscriber's message with the graph's own data in it. */
export async function reportPush(house: OrderHouse, webhooks: boolean): Promise<string[]> {
  const graph = createGraph(house.url);
  const { data } = await graph<Listing>(LISTING, { first: 60 });
  const { sku } = data!.products.nodes.flatMap((product) => product.variants).find(({ sellable, price, availability }) => sellable && price && Number(availability?.quantity ?? 0) > 2 * ORDERS)!;
  const placed: { id: string; number: string }[] = [];
  for (let n = 0; n < ORDERS; n += 1) {
    const answer = await graph<Placed>(PLACE, { input: order(sku, '1') });
    if (!answer.data?.placeOrder.order) return [`an order was not placed: ${JSON.stringify(answer.data?.placeOrder.userErrors)}`];
    placed.push(answer.data.placeOrder.order);
  }
  for (const { number } of placed) await eventually(async () => void (await mustBeSale(house, number)));
  const tookMs: number[] = [];
  for (const { id, number } of placed) {
    const watch = await watchWebSocket<Message>(house.url, SHIPPED, { id });
    const from = performance.now();
    await house.sandbox.command('ship-order', { order: number });
    await watch.until((event) => event.data?.shipmentUpdated.shipment.state === 'SHIPPED');
    tookMs.push(performance.now() - from);
    watch.stop();
  }
  const cells = [0.5, 0.95, 0.99].map((share) => percentile(tookMs, share).toFixed(0));
  printTable(['ERP event to subscription message', 'p50 ms', 'p95 ms', 'p99 ms'], [[webhooks ? `told by webhook, ${ORDERS} shipments` : `found by poll every 2 s, ${ORDERS} shipments`, ...cells]]);
  return [];
}

async function mustBeSale({ sandbox }: OrderHouse, number: string): Promise<void> {
  const [document] = await sandbox.ordersOf(number);
  if (document?.state !== 'sale') throw new Error(`${number} is not in the ERP yet`);
}
