import { createGraph } from '../../../support/graph-client.ts';
import { startRedisServer, type RedisServer } from '../../../support/redis-server.ts';
import { LISTING, type Listing } from '../../../support/storefront-operations.ts';
import { createRandom, type Random } from '../../world/random.ts';
import { startCrashPostgres, type CrashPostgres } from './crash-postgres.ts';
import type { ErpWitness } from './erp-witness.ts';
import { startGateways, type Gateways } from './gateways.ts';
import { replayOrders, type ReplayReport } from './replay.ts';
import { startShoppers, type Shoppers } from './shoppers.ts';
import { judge, readPending, type Verdict } from './verdict.ts';

export interface OrderStormOptions {
  readonly erp: ErpWitness;
  readonly gateways: number;
  readonly inFlight: number;
  readonly kills: number;
  /** How long the ERP answers nobody, towards the end. */
  readonly downMs: number;
  readonly seed: number;
  readonly withRedis: boolean;
  /** Orders replayed, each a hundred times. */
  readonly replays: number;
  readonly say: (line: string) => void;
}

export interface OrderStormReport extends Verdict {
  readonly kills: number;
  readonly postgresCrashes: number;
  readonly redisKills: number;
  readonly erpKills: number;
  readonly acknowledged: number;
  readonly wrongAnswers: readonly string[];
  readonly replayed: ReplayReport;
}

interface House {
  readonly options: OrderStormOptions;
  readonly postgres: CrashPostgres;
  readonly redis: RedisServer | null;
  readonly gateways: Gateways;
  readonly random: Random;
}

/** Orders come in while gateways, PostgreSQL, Redis and the ERP are killed and every call to the ERP may fail at any edge. */
export async function runOrderStorm(options: OrderStormOptions): Promise<OrderStormReport> {
  const postgres = await startCrashPostgres();
  const redis = options.withRedis ? await startRedisServer() : null;
  try {
    const env = { DATABASE_URL: postgres.url, ...(redis && { REDIS_URL: redis.url }), ...options.erp.env };
    const gateways = await startGateways({ count: redis ? options.gateways : 1, env });
    try {
      return await storm({ options, postgres, redis, gateways, random: createRandom(options.seed) });
    } finally {
      await gateways.stop();
    }
  } finally {
    await redis?.kill();
    await postgres.stop();
  }
}

async function storm(house: House): Promise<OrderStormReport> {
  const { options: { erp, inFlight, replays, say }, gateways, postgres, random } = house;
  const skus = await findGoods(gateways.urls[0]!);
  await erp.stockUp(skus);
  await plentyIsKnown(gateways.urls[0]!, skus);
  const shoppers = startShoppers({ urls: gateways.urls, skus, random: random.fork(), inFlight });
  const counts = await makeTrouble(house, shoppers);
  await erp.trouble('NONE', 0);
  await shoppers.finish();
  say(`calm: ${shoppers.acknowledged.length} orders acknowledged; waiting for the last of them to reach the ERP`);
  await untilNothingIsOnItsWay(postgres.url, say);
  const verdict = await judge(postgres.url, shoppers.acknowledged, await erp.documents());
  const replayed = await replayOrders({ url: postgres.url, gateway: gateways.urls[0]!, erp, acknowledged: shoppers.acknowledged.slice(0, replays) });
  return { ...counts, ...verdict, acknowledged: shoppers.acknowledged.length, wrongAnswers: shoppers.wrong, replayed };
}

/** Twelve goods with a price. */
async function findGoods(url: string): Promise<readonly string[]> {
  const { data } = await createGraph(url)<Listing>(LISTING, { first: 60 });
  const goods = data!.products.nodes.flatMap((product) => product.variants).filter(({ sellable, price, availability }) => sellable && price && availability?.quantity != null);
  return goods.slice(0, 12).map(({ sku }) => sku);
}

interface Stocked {
  readonly productVariant: { readonly availability: { readonly quantity: string | null } | null };
}

const PLENTY = 10_000;

async function plentyIsKnown(url: string, skus: readonly string[]): Promise<void> {
  const graph = createGraph(url);
  for (;;) {
    const known = await Promise.all(skus.map((sku) => graph<Stocked>('query ($sku: ID!) { productVariant(by: { sku: $sku }) { availability { quantity } } }', { sku })));
    if (known.every(({ data }) => Number(data?.productVariant.availability?.quantity ?? 0) > PLENTY)) return;
    await pause(300);
  }
}

type Counts = Pick<OrderStormReport, 'kills' | 'postgresCrashes' | 'redisKills' | 'erpKills'>;

/** One kill after the other, each only after somebody has ordered since; now and then the store, Redis or the ERP dies as well. */
async function makeTrouble({ options, gateways, postgres, redis, random }: House, shoppers: Shoppers): Promise<Counts> {
  const counts = { kills: 0, postgresCrashes: 0, redisKills: 0, erpKills: 0 };
  const { erp, kills, downMs, say, seed } = options;
  // Late: afterwards the queue waits for whoever was finding out whether the ERP is back, and may have been killed over it.
  const outage = Math.floor(kills * 0.8);
  while (counts.kills < kills) {
    await erp.trouble('FLAKY', seed + counts.kills);
    await somebodyOrders(shoppers);
    await pause(random.int(0, 700));
    if (counts.kills === outage) await erpIsDown(erp, downMs, say);
    if (counts.kills % 12 === 5) {
      await postgres.crash();
      counts.postgresCrashes += 1;
    }
    if (redis && counts.kills % 12 === 8) {
      await redis.kill();
      await pause(1_500);
      await redis.start();
      counts.redisKills += 1;
    }
    if (erp.kill && counts.kills % 12 === 10) {
      await erp.kill();
      counts.erpKills += 1;
    }
    await gateways.kill(random.int(0, gateways.urls.length - 1));
    counts.kills += 1;
    if (counts.kills % 5 === 0) say(`${counts.kills} kills, ${shoppers.acknowledged.length} orders acknowledged, ${await readPending(postgres.url)} on their way to the ERP`);
  }
  return counts;
}

async function erpIsDown(erp: ErpWitness, downMs: number, say: (line: string) => void): Promise<void> {
  say(`the ERP is down for ${downMs / 1_000} s`);
  await erp.trouble('DOWN', 0);
  await pause(downMs);
  await erp.trouble('NONE', 0);
}

const PATIENCE_MS = 60_000;

async function somebodyOrders({ acknowledged }: Shoppers): Promise<void> {
  const before = acknowledged.length;
  for (const deadline = performance.now() + PATIENCE_MS; acknowledged.length === before && performance.now() < deadline; ) await pause(50);
}

/** Longer than a create nobody answered may still be under way (orders' settings) and than the slowest back-off of so short an outage. */
const DRAIN_MS = 600_000;

async function untilNothingIsOnItsWay(url: string, say: (line: string) => void): Promise<void> {
  let last = -1;
  for (const deadline = performance.now() + DRAIN_MS; ; await pause(1_000)) {
    const pending = await readPending(url);
    if (pending === 0) return;
    if (pending !== last) say(`${pending} orders are on their way`);
    last = pending;
    if (performance.now() > deadline) throw new Error(`${pending} orders are still on their way after ${DRAIN_MS / 1_000} s`);
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
