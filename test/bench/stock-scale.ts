import { silentLog as log } from '../../platform/log.ts';
import { startOutboxRelay } from '../../platform/outbox.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { SCHEMA } from '../../subgraphs/inventory/schema.sql.ts';
import { readSupply } from '../../subgraphs/inventory/supply/store-positions.ts';
import { createTestDatabase } from '../support/database.ts';
import { generatedErp, PLACES, skuOf } from './generated-erp.ts';
import { readMemoryMiB } from './processes.ts';
import { median, percentile, printTable, type BenchOptions, type Outcome } from './report.ts';
import { openBenchEventLog, openStockHouse, type StockHouse } from './stock-house.ts';

const PROGRESS_EVERY_MS = 15_000;
/** SKUs of a request, and how many requests are timed. */
const QUERIES = [{ skus: 1, times: 3_000 }, { skus: 24, times: 1_500 }, { skus: 250, times: 300 }];
const SIDE_BY_SIDE = 16;

/** A large house's read model: how long it takes to load, what it takes of disk and memory, how fast it answers by key. */
export async function run({ large, skus }: BenchOptions): Promise<Outcome> {
  if (!large) {
    console.log(`  skipped: loads ${skus} SKUs in ${PLACES} locations, which takes a quarter of an hour and some gigabytes of disk; ask for it with --large`);
    return { failures: [] };
  }
  const { database, drop } = await createTestDatabase();
  const { eventLog, kind, close } = await openBenchEventLog();
  try {
    const house = await openStockHouse(database, generatedErp(skus), eventLog);
    const relay = await startOutboxRelay({ database, schema: SCHEMA, eventLog, log, pollMs: 1_000 });
    const loads = [];
    for (const feed of house.feedNames) loads.push(await load(feed, house));
    await relay.stop();
    const vacuumMs = await timed(() => database.run('vacuum (analyze) inventory.stock_level, inventory.item_info, inventory.outbox'));
    const [autovacuum] = await database.query<{ setting: string }>("select current_setting('autovacuum') as setting");
    printTable(['pass', 'rows', 'seconds', 'rows/s'], [...loads, [`vacuum (analyze), autovacuum ${autovacuum!.setting}`, '', (vacuumMs / 1000).toFixed(0), '']]);
    console.log('');
    const disk = await reportDisk(database);
    console.log('');
    const missing = await reportQueries(database, skus);
    console.log(`
  Through inventory's own feeds, events relayed into ${kind} on the way; PostgreSQL with shared_buffers ${disk.sharedBuffers}, as it is installed.
  Peak memory of this process (feed, relay, generator, queries): ${readMemoryMiB(process.pid, 'VmHWM').toFixed(0)} MiB. Queries: readSupply of random
  SKUs by key, one after another, ${SIDE_BY_SIDE} at a time in the last column; items, figures, holds, receipts and kits in one statement.`);
    return { failures: missing > 0 ? [`${missing} of the SKUs asked for were not there`] : [] };
  } finally {
    await close();
    await drop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function load(feed: string, house: StockHouse): Promise<string[]> {
  let toldAt = performance.now();
  let rows = 0;
  const ms = await timed(() => house.runPass(feed, (progress) => {
    ({ rows } = progress);
    if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = performance.now();
    console.log(`  ${feed}: ${progress.rows} of ${progress.total} rows, ${readMemoryMiB(process.pid, 'VmRSS').toFixed(0)} MiB`);
  }));
  return [feed, String(rows), (ms / 1000).toFixed(0), ((rows * 1000) / ms).toFixed(0)];
}

interface Disk {
  readonly sharedBuffers: string;
}

async function reportDisk(database: Database): Promise<Disk> {
  const tables = await database.query<{ name: string; table: string; indexes: string }>(
    `select relname as name, pg_size_pretty(pg_table_size(oid)) as table, pg_size_pretty(pg_indexes_size(oid)) as indexes
     from pg_class where relnamespace = '${SCHEMA}'::regnamespace and relkind = 'r' order by pg_total_relation_size(oid) desc limit 3`,
  );
  const [whole] = await database.query<{ size: string; shared: string }>("select pg_size_pretty(pg_database_size(current_database())) as size, current_setting('shared_buffers') as shared");
  printTable(['on disk', 'table', 'indexes'], [...tables.map(({ name, table, indexes }) => [name, table, indexes]), ['the whole database', whole!.size, '']]);
  return { sharedBuffers: whole!.shared };
}

/** Answers how many SKUs were not found whole. */
async function reportQueries(database: Database, skus: number): Promise<number> {
  let missing = 0;
  const ask = async (count: number): Promise<void> => {
    const asked = Array.from({ length: count }, () => skuOf(Math.floor(Math.random() * skus)));
    const found = [...(await readSupply(database, asked)).positions.values()];
    missing += found.filter((position) => position.item === null || position.locations.length !== PLACES).length;
  };
  const rows: string[][] = [];
  for (const { skus: count, times } of QUERIES) {
    const first = await timed(() => ask(count));
    const each: number[] = [];
    for (let time = 0; time < times; time += 1) each.push(await timed(() => ask(count)));
    const together = await timed(() => Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (let time = 0; time < times / SIDE_BY_SIDE; time += 1) await ask(count);
    })));
    rows.push([String(count), String(times), first.toFixed(1), median(each).toFixed(2), percentile(each, 0.99).toFixed(2), ((times * 1000) / together).toFixed(0)]);
  }
  printTable(['SKUs a query', 'queries', 'first ms', 'p50 ms', 'p99 ms', 'queries/s side by side'], rows);
  return missing;
}
