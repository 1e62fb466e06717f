import type { Database } from '../../platform/stores/sql.ts';
import { PRICING_SCHEMA } from '../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase } from '../support/database.ts';
import { generatedPrices, RULES_PER_SKU, type PriceHouseSize } from './generated-prices.ts';
import { openPriceHouse, type PriceHouse } from './price-house.ts';
import { reportQuestions } from './price-queries.ts';
import { readMemoryMiB } from './processes.ts';
import { printTable, type BenchOptions, type Outcome } from './report.ts';

const PROGRESS_EVERY_MS = 15_000;
/** A pass over more rows than this is not repeated. */
const AGAIN_UP_TO = 1_000_000;
/** Of a whole house: 5,000,000 rules. Fewer rules are fewer accounts and fewer SKUs of each. */
const WHOLE: PriceHouseSize = { skus: 50_000, accounts: 2_000, negotiated: 625 };

function sizeOf(rows: number): PriceHouseSize {
  const whole = WHOLE.accounts * WHOLE.negotiated * RULES_PER_SKU;
  const share = Math.sqrt(rows / whole);
  return { skus: WHOLE.skus, accounts: Math.max(20, Math.round(WHOLE.accounts * share)), negotiated: Math.max(120, Math.round(WHOLE.negotiated * share)) };
}

/** Negotiated prices of many accounts: how long they take to load, what they take of disk and memory, how fast one account's are answered. */
export async function run({ rows }: BenchOptions): Promise<Outcome> {
  const size = sizeOf(rows);
  const { database, url, drop } = await createTestDatabase();
  try {
    const house = await openPriceHouse(database, generatedPrices(size));
    console.log(`  ${size.skus} SKUs, ${size.accounts} accounts with ${size.negotiated} negotiated SKUs each, ${RULES_PER_SKU} rules a SKU`);
    const loads = [];
    for (const feed of house.feedNames) loads.push(await load(feed, feed, house));
    const peakMiB = readMemoryMiB(process.pid, 'VmHWM');
    loads.push(['vacuum (analyze)', '', (await timed(() => database.run(`vacuum (analyze) pricing.price_rule, pricing.list_price`)) / 1000).toFixed(1), '']);
    printTable(['pass', 'rows', 'seconds', 'rows/s'], loads);
    console.log('');
    const sharedBuffers = await reportDisk(database);
    console.log('');
    const wrong = await reportQuestions({ house, size, url });
    if (rows <= AGAIN_UP_TO) {
      console.log('');
      printTable(['pass', 'rows', 'seconds', 'rows/s'], [await load('priceRules', 'priceRules, nothing changed', house)]);
    }
    console.log(`
  Through pricing's own feeds. PostgreSQL with shared_buffers ${sharedBuffers}. Peak memory of this process, generator included: ${peakMiB.toFixed(0)} MiB
  after the load. Warm: 20 accounts over and over. Cold: new connections each time, so that nothing is planned and no catalogue is read, and an
  account at random; the file cache of the machine stays. CPU: of this process and the backends, what a busy machine
  does not change. Terms, facts, promotions and age are read for each, through the services a request has.`);
    return { failures: wrong };
  } finally {
    await drop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function load(feed: string, name: string, house: PriceHouse): Promise<string[]> {
  let toldAt = performance.now();
  let rows = 0;
  const ms = await timed(() => house.runPass(feed, (progress) => {
    ({ rows } = progress);
    if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = performance.now();
    console.log(`  ${feed}: ${progress.rows} of ${progress.total} rows, ${readMemoryMiB(process.pid, 'VmRSS').toFixed(0)} MiB`);
  }));
  return [name, String(rows), (ms / 1000).toFixed(1), ((rows * 1000) / ms).toFixed(0)];
}

/** Answers how much memory the server has for pages. */
async function reportDisk(database: Database): Promise<string> {
  const relations = await database.query<{ name: string; size: string; kind: string }>(
    `select relname as name, case relkind when 'r' then 'table' else 'index' end as kind, pg_size_pretty(pg_relation_size(oid)) as size
     from pg_class where relnamespace = '${PRICING_SCHEMA}'::regnamespace and relkind in ('r', 'i') and pg_relation_size(oid) > 1e6 order by pg_relation_size(oid) desc`,
  );
  const [whole] = await database.query<{ size: string; shared: string }>("select pg_size_pretty(pg_database_size(current_database())) as size, current_setting('shared_buffers') as shared");
  printTable(['on disk', '', ''], [...relations.map(({ name, kind, size }) => [name, kind, size]), ['the whole database', '', whole!.size]]);
  return whole!.shared;
}
