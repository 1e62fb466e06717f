import { decimal, ZERO } from '../../domain/decimal.ts';
import type { StockLevel } from '../../domain/inventory.ts';
import { instant } from '../../domain/time.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { createHoldPlacement } from '../../subgraphs/inventory/holds/placement.ts';
import { DEFAULT_POLICY } from '../../subgraphs/inventory/promise/policy.ts';
import { MIGRATIONS, SCHEMA } from '../../subgraphs/inventory/schema.sql.ts';
import { applyItems, applyLocations } from '../../subgraphs/inventory/supply/store-items.ts';
import { applyStock } from '../../subgraphs/inventory/supply/store-stock.ts';
import { createTestDatabase } from '../support/database.ts';
import { placeOneByOne } from './hold-baseline.ts';
import { reportExpiry } from './hold-expiry.ts';
import { runHolds, WAITING, type HoldRound, type PlaceHold } from './hold-load.ts';
import { median, printTable, type BenchOptions, type Outcome } from './report.ts';

const SPREAD = 10_000;
const POOL_SIZES = [2, 4, 8, 16];

interface Contender {
  readonly name: string;
  readonly database: Database;
  readonly place: PlaceHold;
  readonly nextSku: () => string;
  readonly rounds: HoldRound[];
}

/** Holds per second on one hot SKU and on many, durable, against one statement per hold; then how late expiry is. */
export async function run(options: BenchOptions): Promise<Outcome> {
  const store = await createTestDatabase();
  const baseline = { size: 0, database: store.database };
  try {
    await prepare(store.database);
    await printSettings(store.database);
    const hot = (): string => 'HOT';
    baseline.size = await bestPoolSize(store.url, options.roundMs);
    baseline.database = await openPool(store.url, baseline.size);
    const { placeHold } = createHoldPlacement({ database: store.database, clock: systemClock, policy: DEFAULT_POLICY });
    const ours = { database: store.database, place: placeHold };
    const contenders: Contender[] = [
      { name: `one statement per hold, hot SKU, pool of ${baseline.size}`, database: baseline.database, place: placeOneByOne(baseline.database), nextSku: hot, rounds: [] },
      { name: 'coalesced, hot SKU', ...ours, nextSku: hot, rounds: [] },
      { name: `coalesced, ${SPREAD} SKUs`, ...ours, nextSku: spread(), rounds: [] },
    ];
    for (const { database, place, nextSku } of contenders) await runHolds(database, place, nextSku, options.roundMs / 2);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const { database, place, nextSku, rounds } of contenders) rounds.push(await runHolds(database, place, nextSku, options.roundMs));
    }
    report(contenders);
    await reportExpiry(store.database);
    return { failures: await disagreements(store.database) };
  } finally {
    if (baseline.size > 0) await baseline.database.close();
    await store.drop();
  }
}

const openPool = (url: string, size: number): Promise<Database> => openPostgres({ url, maxConnections: size, applicationName: `bench ${size}`, log: silentLog });

/** Every size tried for a moment: the yardstick gets the one that suits it best here and now. */
async function bestPoolSize(url: string, roundMs: number): Promise<number> {
  const tried: { size: number; perSecond: number }[] = [];
  for (const size of POOL_SIZES) {
    const database = await openPool(url, size);
    const { perSecond } = await runHolds(database, placeOneByOne(database), () => 'HOT', roundMs / 3);
    tried.push({ size, perSecond });
    await database.close();
  }
  return tried.reduce((best, candidate) => (candidate.perSecond > best.perSecond ? candidate : best)).size;
}

function spread(): () => string {
  let next = 0;
  return () => `S${(next = (next + 7_919) % SPREAD)}`;
}

async function prepare(database: Database): Promise<void> {
  await migrate(database, SCHEMA, MIGRATIONS);
  const now = instant(systemClock.now());
  const skus = ['HOT', ...Array.from({ length: SPREAD }, (_, index) => `S${index}`)];
  await database.transaction(async (tx) => {
    await applyLocations(tx, [{ code: 'A', name: 'Store A', priority: 1, active: true }], now);
    await applyItems(tx, skus.map(itemOf), now);
    await applyStock(tx, skus.map((sku): StockLevel => ({
      sku, locationCode: 'A', quantityBasis: 'ON_HAND', onHand: decimal('100000000'), allocated: ZERO, unsellable: ZERO, asOf: now,
    })), now);
  });
  await database.run('vacuum analyze inventory.stock_level, inventory.item_info');
}

const itemOf = (sku: string) => ({
  sku, groupCode: sku, name: sku, kind: 'GOODS', gtin: null, unitCode: 'PCE', quantityDigits: 0, sellable: true, active: true, options: [],
  categoryPath: [], weightKg: null, updatedAt: null, references: [],
}) as const;

async function printSettings(database: Database): Promise<void> {
  const rows = await database.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'server_version') order by name`,
  );
  console.log(`  PostgreSQL: ${rows.map(({ name, setting }) => `${name} ${setting}`).join(', ')}; ${WAITING} callers, each waits for its answer`);
}

function report(contenders: readonly Contender[]): void {
  const middle = ({ rounds }: Contender, of: (round: HoldRound) => number): number => median(rounds.map(of));
  const perSecond = contenders.map((contender) => middle(contender, (round) => round.perSecond));
  const ratio = (index: number): string => `${(perSecond[index]! / perSecond[0]!).toFixed(1)}x`;
  printTable(['', 'holds/s', 'ratio', 'p50 ms', 'p99 ms', 'node CPU us/hold', 'database CPU us/hold'], contenders.map((contender, index) => [
    contender.name, perSecond[index]!.toFixed(0), ratio(index), middle(contender, (round) => round.p50Ms).toFixed(2), middle(contender, (round) => round.p99Ms).toFixed(2),
    middle(contender, (round) => round.nodeCpuUs).toFixed(1), middle(contender, (round) => round.databaseCpuUs ?? Number.NaN).toFixed(1),
  ]));
  console.log(`  Spread to hot: ${(perSecond[2]! / perSecond[1]!).toFixed(2)}. Medians of ${contenders[0]!.rounds.length} rounds in turn; node CPU includes the callers.`);
}

/** Counters, ledger and open lines must agree after all of it. */
async function disagreements(database: Database): Promise<string[]> {
  const rows = await database.query<{ sku: string }>(
    `select stock.sku from inventory.stock_level stock
       left join (select sku, location_code, sum(delta) as booked from inventory.ledger group by sku, location_code) ledger using (sku, location_code)
     where stock.held + stock.held_dated <> coalesce(ledger.booked, 0) limit 5`,
  );
  return rows.map(({ sku }) => `counter and ledger of ${sku} differ`);
}
