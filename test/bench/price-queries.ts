import { decimal } from '../../domain/decimal.ts';
import type { BasketLine } from '../../domain/inventory.ts';
import type { PriceContext } from '../../domain/pricing.ts';
import { silentLog as log } from '../../platform/log.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { quotePrices } from '../../subgraphs/pricing/quotes/quote-prices.ts';
import { listBreaks } from '../../subgraphs/pricing/resolve/price-breaks.ts';
import { BENCH_INSTANT, listCodeOf, negotiatedPrice, negotiatedSku, type PriceHouseSize } from './generated-prices.ts';
import { skuOf } from './generated-erp.ts';
import type { PriceHouse, PriceServices } from './price-house.ts';
import { readBackendCpuMs } from './processes.ts';
import { median, percentile, printTable } from './report.ts';

const WARM_TIMES = 1_000;
const COLD_TIMES = 200;
const CPU_TIMES = 500;
const CONNECTIONS = 4;
const PRODUCTS = 24;
const VARIANTS = 4;

interface Question {
  readonly name: string;
  readonly skus: number;
  readonly ask: (services: PriceServices, account: number, indexes: readonly number[]) => Promise<unknown>;
}

const contextOf = (account: number): PriceContext => ({
  channel: null, buyer: { customerNumber: String(account), companyNumber: null, locationNumber: null }, currencyCode: null, at: BENCH_INSTANT,
});

export interface QuestionTools {
  readonly house: PriceHouse;
  readonly size: PriceHouseSize;
  readonly url: string;
}

/** Times every question warm, cold, and in the plain form of one read per SKU. Answers what was priced wrongly. */
export async function reportQuestions({ house, size, url }: QuestionTools): Promise<readonly string[]> {
  const wrong: string[] = [];
  const linesOf = (account: number, indexes: readonly number[]): readonly BasketLine[] =>
    indexes.map((index) => ({ sku: skuOf(negotiatedSku(size, account, index)), quantity: decimal('1') }));
  const quote = async ({ quoting }: PriceServices, account: number, indexes: readonly number[]): Promise<void> => {
    const outcomes = await quotePrices(quoting, { lines: linesOf(account, indexes), context: contextOf(account) });
    outcomes.forEach((outcome, at) => {
      const expected = decimal(negotiatedPrice(size, account, indexes[at]!));
      if (outcome.kind !== 'PRICED' || outcome.line.unitPrice.amount !== expected) wrong.push(`account ${account}, ${JSON.stringify(outcome)}, not ${expected}`);
    });
  };
  const readBreaks = async ({ book }: PriceServices, account: number, indexes: readonly number[]): Promise<void> => {
    const lists = [{ layer: 'CONTRACT' as const, code: listCodeOf(account) }];
    const facts = await book.readFacts(linesOf(account, indexes).map(({ sku }) => sku), lists);
    for (const [sku, own] of facts) {
      const breaks = listBreaks(own, { unitCode: null, lists, currencyCode: null, at: BENCH_INSTANT });
      if (breaks.length !== 3) wrong.push(`account ${account}, ${sku} has ${breaks.length} breaks`);
    }
  };
  const questions: readonly Question[] = [
    { name: 'quote of 24 SKUs', skus: 24, ask: quote },
    { name: 'basket of 100 lines', skus: 100, ask: quote },
    { name: `prices of ${PRODUCTS} products of ${VARIANTS} variants`, skus: PRODUCTS * VARIANTS, ask: quote },
    { name: 'facts and breaks of 24 SKUs', skus: 24, ask: readBreaks },
  ];
  const rows = [];
  for (const question of questions) rows.push(await measure(question, { house, size, url }));
  printTable(['one account, one after another', 'warm p50 ms', 'p99', 'cold p50 ms', 'p99', 'CPU ms', 'one read a SKU p50 ms', 'p99', 'times'], rows);
  return wrong.slice(0, 5);
}

async function measure({ name, skus, ask }: Question, { house, size, url }: QuestionTools): Promise<string[]> {
  const pool = await openPostgres({ url, maxConnections: CONNECTIONS, applicationName: 'bench', log });
  const services = house.servicesOn(pool);
  const random = (below: number): number => Math.floor(Math.random() * below);
  const indexes = (): readonly number[] => {
    const [start, stride] = [random(size.negotiated), Math.floor(size.negotiated / skus)];
    return Array.from({ length: skus }, (_, step) => (start + step * stride) % size.negotiated);
  };
  const few = Array.from({ length: 20 }, () => random(size.accounts));
  const warm: number[] = [];
  const plain: number[] = [];
  for (let time = 0; time < WARM_TIMES; time += 1) {
    const [account, asked] = [few[time % few.length]!, indexes()];
    warm.push(await timed(() => ask(services, account, asked)));
    // In turn with the other: what else the machine does meets both.
    if (time % 20 === 0) plain.push(await timed(async () => {
      for (const index of asked) await ask(services, account, [index]);
    }));
  }
  const cpuMs = await readCpu(pool, async () => {
    for (let time = 0; time < CPU_TIMES; time += 1) await ask(services, few[time % few.length]!, indexes());
  });
  await pool.close();
  const cold: number[] = [];
  for (let time = 0; time < COLD_TIMES; time += 1) cold.push(await askCold(url, (services_) => ask(services_, random(size.accounts), indexes()), house));
  const figures = warm.slice(few.length);
  return [
    name, median(figures).toFixed(2), percentile(figures, 0.99).toFixed(2), median(cold).toFixed(2), percentile(cold, 0.99).toFixed(2),
    (cpuMs / CPU_TIMES).toFixed(2), median(plain).toFixed(2), percentile(plain, 0.99).toFixed(2), `x${(median(plain) / median(figures)).toFixed(1)}`,
  ];
}

/** Processor time of this process and of the backends of a pool: what a busy machine does not change. */
async function readCpu(pool: Database, work: () => Promise<void>): Promise<number> {
  const pids = async (): Promise<readonly number[]> =>
    (await pool.query<{ pid: number }>("select pid from pg_stat_activity where datname = current_database() and application_name = 'bench'")).map(({ pid }) => pid);
  const readBackends = async (): Promise<number> => [...readBackendCpuMs(await pids()).values()].reduce((sum, ms) => sum + ms, 0);
  const [before, cpu] = [await readBackends(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000 + (await readBackends()) - before;
}

/** On connections that are open and have never asked anything. */
async function askCold(url: string, ask: (services: PriceServices) => Promise<unknown>, house: PriceHouse): Promise<number> {
  const pool = await openPostgres({ url, maxConnections: CONNECTIONS, applicationName: 'bench', log });
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.query('select pg_sleep(0.01)')));
    const services = house.servicesOn(pool);
    return await timed(() => ask(services));
  } finally {
    await pool.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
