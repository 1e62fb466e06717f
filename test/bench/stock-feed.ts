import { silentLog as log } from '../../platform/log.ts';
import { startOutboxRelay } from '../../platform/outbox.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { SCHEMA } from '../../subgraphs/inventory/schema.sql.ts';
import { createTestDatabase } from '../support/database.ts';
import { generatedErp, PLACES } from './generated-erp.ts';
import { pause, readBackendCpuMs, readMemoryMiB } from './processes.ts';
import { printTable, type Outcome } from './report.ts';
import { openBenchEventLog, openStockHouse, type StockHouse } from './stock-house.ts';

const SKUS = 40_000;
const DRAIN_PATIENCE_MS = 120_000;

interface Pass {
  readonly name: string;
  /** Every n-th SKU of the ERP changes before. */
  readonly everyNth: number;
  /** SKUs that must be told of. */
  readonly expected: number;
}

const PASSES: readonly Pass[] = [
  { name: 'first fill', everyNth: 0, expected: SKUS },
  { name: 'every row changed', everyNth: 1, expected: SKUS },
  { name: '1 % of SKUs changed', everyNth: 100, expected: SKUS / 100 },
  { name: 'nothing changed', everyNth: 0, expected: 0 },
];

interface Measured {
  readonly pass: Pass;
  readonly told: number;
  readonly appliedMs: number;
  readonly toldMs: number;
  readonly nodeMs: number;
  readonly postgresMs: number;
}

/** Stock of an ERP into the read model, with the change events it causes, up to the event log. */
export async function run(): Promise<Outcome> {
  const { database, drop } = await createTestDatabase();
  const { eventLog, kind, close } = await openBenchEventLog();
  try {
    const erp = generatedErp(SKUS);
    const house = await openStockHouse(database, erp, eventLog);
    for (const feed of house.feedNames.filter((name) => name !== 'stock')) await house.runPass(feed);
    const relay = await startOutboxRelay({ database, schema: SCHEMA, eventLog, log, pollMs: 1_000 });
    const measured: Measured[] = [];
    for (const pass of PASSES) {
      erp.change(pass.everyNth);
      measured.push(await measure(pass, { database, eventLog, house }));
    }
    await relay.stop();
    report(measured, kind);
    return { failures: measured.filter(({ pass, told }) => told !== pass.expected).map(({ pass, told }) => `${pass.name}: ${told} SKUs were told of, not ${pass.expected}`) };
  } finally {
    await close();
    await drop();
  }
}

async function measure(pass: Pass, { database, eventLog, house }: { database: Database; eventLog: EventLog; house: StockHouse }): Promise<Measured> {
  const skus = new Set<string>();
  const unsubscribe = await eventLog.subscribe('stock', ({ payload }) => skus.add((payload as { sku: string }).sku));
  const cpu = process.cpuUsage();
  const backends = await readBackends(database);
  const startedAt = performance.now();
  await house.runPass('stock');
  const appliedMs = performance.now() - startedAt;
  await drained(database, () => skus.size >= pass.expected);
  const toldMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  const postgresMs = (await readBackends(database)) - backends;
  await unsubscribe();
  return { pass, told: skus.size, appliedMs, toldMs, nodeMs: (user + system) / 1000, postgresMs };
}

/** The outbox is empty and whoever listens has everything, or will not get it any more. */
async function drained(database: Database, isTold: () => boolean): Promise<void> {
  for (const deadline = performance.now() + DRAIN_PATIENCE_MS; performance.now() < deadline; await pause(5)) {
    if (!isTold()) continue;
    const [row] = await database.query<{ empty: boolean }>(`select not exists (select from ${SCHEMA}.outbox) as empty`);
    if (row!.empty) return;
  }
}

/** Processor time of this database's backends so far; they live as long as the pool. */
async function readBackends(database: Database): Promise<number> {
  const rows = await database.query<{ pid: number }>('select pid from pg_stat_activity where datname = current_database()');
  return [...readBackendCpuMs(rows.map(({ pid }) => pid)).values()].reduce((sum, ms) => sum + ms, 0);
}

function report(measured: readonly Measured[], kind: string): void {
  const rows = SKUS * PLACES;
  const perSecond = (ms: number): string => ((rows * 1000) / ms).toFixed(0);
  const micros = (ms: number): string => ((ms * 1000) / rows).toFixed(1);
  printTable(['', 'rows', 'events', 'seconds', 'rows/s', 'rows/s until told', 'node us/row', 'postgres us/row'], measured.map(({ pass, told, appliedMs, toldMs, nodeMs, postgresMs }) => [
    pass.name, String(rows), String(told), (appliedMs / 1000).toFixed(2), perSecond(appliedMs), perSecond(toldMs), micros(nodeMs), micros(postgresMs),
  ]));
  console.log(`
  ${SKUS} SKUs in ${PLACES} locations, every pass lists all of them in pages of 1,000; inventory's own feed on PostgreSQL (the page, its
  checkpoint and its events in one transaction), its outbox relayed into ${kind} at the same time. An event is a SKU.
  "Until told": until a subscriber of the log has every event and the outbox is empty. Peak memory of this process, generator
  and listener included: ${readMemoryMiB(process.pid, 'VmHWM').toFixed(0)} MiB.`);
}
