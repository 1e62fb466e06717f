import { createGraph, watchWebSocket, type Watch } from '../support/graph-client.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';
import { withOrderHouse, type OrderHouse } from './order-house.ts';
import { percentile, printTable, type BenchOptions, type Outcome } from './report.ts';

/** One fixed price takes the breaks of its SKU away, and the guard minds: it is off here. */
const CHANGES = 60;
/** Of what is found by poll, so that all is told while the buyers' tokens of five minutes hold. */
const POLLED = 20;
const PRICES = '{ products(first: 60) { nodes { variants { sku price { unitPrice { amount } } } } } }';
const FOLLOW = 'subscription ($skus: [ID!]!) { priceChanged(skus: $skus) { skus variants { sku price { unitPrice { amount } } } } }';
const buyer = (number: string) => ({ sub: number, scope: 'catalog:read price:read', customer_number: number, company_number: number });

interface Listing {
  readonly products: { readonly nodes: readonly { readonly variants: readonly { readonly sku: string; readonly price: { readonly unitPrice: { readonly amount: string } } | null }[] }[] };
}

interface Message {
  readonly data?: { readonly priceChanged: { readonly skus: readonly string[]; readonly variants: readonly { readonly sku: string; readonly price: { readonly unitPrice: { readonly amount: string } } | null }[] } } | null;
}

/** From the moment the ERP has a contract's new price until its buyer has it over WebSocket; another buyer, listening to the same, hears nothing. */
export async function run(_options: BenchOptions): Promise<Outcome> {
  const issuer = await startTokenIssuer();
  const failures: string[] = [];
  try {
    for (const webhooks of [true, false]) failures.push(...(await withOrderHouse({ webhooks, env: { ...issuer.env, PRICE_GUARD: 'default=off' } }, (house) => reportPush(house, issuer, webhooks))));
  } finally {
    await issuer.close();
  }
  return { failures };
}

async function reportPush(house: OrderHouse, issuer: TokenIssuer, webhooks: boolean): Promise<string[]> {
  const bearer = async (number: string) => ({ authorization: `Bearer ${await issuer.issue(buyer(number))}` });
  const { data } = await createGraph(house.url, await bearer('C1001'))<Listing>(PRICES);
  const priced = data!.products.nodes.flatMap(({ variants }) => variants).filter(({ price }) => price !== null).slice(0, webhooks ? CHANGES : POLLED);
  const skus = priced.map(({ sku }) => sku);
  const watches: Watch<Message>[] = [];
  for (const number of ['C1001', 'C1003']) watches.push(await watchWebSocket<Message>(house.url, FOLLOW, { skus }, await bearer(number)));
  const [own, other] = watches as [Watch<Message>, Watch<Message>];
  const tookMs: number[] = [];
  for (const { sku, price } of priced) {
    const amount = (Math.round(Number(price!.unitPrice.amount) * 97) / 100).toFixed(2);
    const from = performance.now();
    await house.sandbox.command('add-price-rule', { priceList: 'CONTRACT-NORDWIND', rule: { appliesTo: { sku }, price: { kind: 'fixed', amount } } });
    await own.until(({ data: told }) => told?.priceChanged.variants.some((variant) => variant.sku === sku && Number(variant.price?.unitPrice.amount) === Number(amount)) ?? false);
    tookMs.push(performance.now() - from);
  }
  const leaked = other.events.length;
  for (const watch of watches) watch.stop();
  const cells = [0.5, 0.95, 0.99].map((share) => percentile(tookMs, share).toFixed(0));
  printTable(['contract price in the ERP to its buyer', 'p50 ms', 'p95 ms', 'p99 ms', 'told to another buyer'], [[`${webhooks ? 'told by webhook' : 'found by poll every 5 s'}, ${tookMs.length} changes`, ...cells, String(leaked)]]);
  return leaked === 0 ? [] : [`another buyer was told of ${leaked} changes of a contract that is not theirs`];
}
