import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createGraph } from '../support/graph-client.ts';
import { LISTING, PLACE, type Listing, type Placed } from '../support/storefront-operations.ts';
import { drainQueue } from './order-drain.ts';
import { withOrderHouse, type OrderHouse } from './order-house.ts';
import { reportPush } from './order-push.ts';
import { median, percentile, printTable, type BenchOptions, type Outcome } from './report.ts';

const CLIENTS = 32;
const LINES = 5;

interface Round {
  readonly perSecond: number;
  readonly tookMs: readonly number[];
}

/** Orders of five lines, acknowledged and durable; the same rows without the house as yardstick; the queue after an outage; the push. */
export async function run({ roundMs, rounds }: BenchOptions): Promise<Outcome> {
  const failures: string[] = [];
  await withOrderHouse({ webhooks: true }, async (house) => {
    const skus = await findGoods(house);
    const [orders, rows]: [Round[], Round[]] = [[], []];
    const baseline = await openBaseline(house.databaseUrl);
    await load(placeOverHttp(house.url, skus, failures), roundMs / 2);
    for (let round = 0; round < rounds; round += 1) {
      rows.push(await load(baseline.write, roundMs));
      orders.push(await load(placeOverHttp(house.url, skus, failures), roundMs));
    }
    await baseline.close();
    report(orders, rows);
    failures.push(...(await countOnce(house.databaseUrl)));
  });
  failures.push(...(await drainQueue()));
  for (const webhooks of [true, false]) failures.push(...(await withOrderHouse({ webhooks }, (house) => reportPush(house, webhooks))));
  return { failures };
}

/** As many clients as there are, each asks again as soon as it is answered. */
async function load(once: (client: number) => Promise<void>, roundMs: number): Promise<Round> {
  const tookMs: number[] = [];
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, async (_, client) => {
    while (performance.now() - startedAt < roundMs) {
      const from = performance.now();
      await once(client);
      tookMs.push(performance.now() - from);
    }
  }));
  return { perSecond: tookMs.length / ((performance.now() - startedAt) / 1_000), tookMs };
}

async function findGoods({ url, sandbox }: OrderHouse): Promise<readonly string[]> {
  const { data } = await createGraph(url)<Listing>(LISTING, { first: 60 });
  const goods = data!.products.nodes.flatMap((product) => product.variants).filter(({ sellable, price, availability }) => sellable && price && availability?.quantity != null);
  const skus = goods.slice(0, 40).map(({ sku }) => sku);
  for (const sku of skus) await sandbox.command('set-stock', { sku, quantity: '10000000' });
  // Until the stock feed has seen it.
  await pause(3_000);
  return skus;
}

function placeOverHttp(url: string, skus: readonly string[], failures: string[]): (client: number) => Promise<void> {
  const graph = createGraph(url);
  let placed = 0;
  return async (client) => {
    placed += 1;
    const first = placed * LINES;
    const input = {
      idempotencyKey: `bench-${performance.timeOrigin}-${client}-${first}-${Math.random()}`, contact: { name: 'Ada Example', email: 'ada@example.com' },
      lines: Array.from({ length: LINES }, (_, line) => ({ sku: skus[(first + line) % skus.length]!, quantity: '1' })),
      shipTo: { name: 'Ada Example', line1: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
    };
    const { data, errors } = await graph<Placed>(PLACE, { input });
    if (!data?.placeOrder.order && failures.length < 5) failures.push(`an order was not placed: ${JSON.stringify(data?.placeOrder.userErrors ?? errors)}`);
  };
}

/** What any shop would write at least: order, lines, key and job in one durable transaction, by the best client there is, unchecked. */
async function openBaseline(url: string): Promise<{ write: () => Promise<void>; close: () => Promise<void> }> {
  const pool = new pg.Pool({ connectionString: url, max: CLIENTS });
  await pool.query(`create schema bench; create table bench.placed (id uuid primary key default gen_random_uuid(), key text unique not null, total numeric not null);
    create table bench.placed_line (id uuid not null references bench.placed, line int not null, sku text not null, quantity numeric not null, primary key (id, line));
    create table bench.job (id bigint generated always as identity primary key, order_id uuid not null)`);
  const text = `with placed as (insert into bench.placed (key, total) values (gen_random_uuid()::text, 1) returning id),
    lines as (insert into bench.placed_line select id, n, 'SKU-' || n, 1 from placed, generate_series(1, ${LINES}) n)
    insert into bench.job (order_id) select id from placed`;
  return { write: async () => void (await pool.query({ name: 'place', text })), close: () => pool.end() };
}

function report(orders: readonly Round[], rows: readonly Round[]): void {
  const cells = (rounds: readonly Round[]): string[] => {
    const took = rounds.flatMap((round) => round.tookMs);
    return [median(rounds.map((round) => round.perSecond)).toFixed(0), percentile(took, 0.5).toFixed(1), percentile(took, 0.99).toFixed(1)];
  };
  const share = median(orders.map(({ perSecond }, index) => perSecond / rows[index]!.perSecond));
  printTable(['', 'orders/s', 'p50 ms', 'p99 ms', 'ratio'], [
    [`bare rows in one transaction, ${CLIENTS} clients`, ...cells(rows), '1'], [`placeOrder of ${LINES} lines over HTTP, ${CLIENTS} clients`, ...cells(orders), share.toFixed(3)],
  ]);
  console.log('  Each order is checked live at the sandbox ERP, held, committed and on disk; gateway, subgraphs and worker share one process, the sandbox has its own.');
}

/** Nothing was sold twice or half. */
async function countOnce(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ orders: number; keys: number; lines: number }>(
    `select count(*)::int as orders, count(distinct idempotency_key)::int as keys, (select count(*)::int from orders.order_line) as lines from orders.sales_order where source = 'graph'`);
  await client.end();
  const { orders, keys, lines } = rows[0]!;
  return orders === keys && lines === orders * LINES ? [] : [`${orders} orders of ${keys} keys have ${lines} lines`];
}
