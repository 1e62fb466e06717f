import { decimal, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import { addDays, calendarDate } from '../../domain/time.ts';
import { dailySchedule } from '../../subgraphs/inventory/promise/availability.ts';
import { listSku } from '../../subgraphs/inventory/promise/listing.ts';
import type { Supply } from '../../subgraphs/inventory/promise/plan.ts';
import { createBasketPlanner } from '../../subgraphs/inventory/promise/planner.ts';
import { DEFAULT_POLICY } from '../../subgraphs/inventory/promise/policy.ts';
import type { LocationPosition, StockPosition } from '../../subgraphs/inventory/promise/position.ts';
import { servingOf } from '../../subgraphs/inventory/promise/serving.ts';
import { percentile, printTable, type BenchOptions, type Outcome } from './report.ts';

const TODAY = calendarDate('2026-03-02');
const DAYS = 90;
const LINES = 10;
const KITS = 2;
const COMPONENTS = 3;
const PLACES = ['MAIN', 'EAST', 'WEST'];

const quantity = (value: number): Decimal => decimal(value);

/** So many movements on different days, spread over the horizon. */
const spread = (count: number, offset: number): LocationPosition['receipts'] =>
  Array.from({ length: count }, (_, index) => ({ date: addDays(TODAY, (offset + index * Math.floor(DAYS / count)) % DAYS), quantity: quantity(3 + ((offset + index) % 9)) }));

/** `movements` each of receipts, the ERP's dated issues and our dated holds. */
const place = (locationCode: string, seed: number, movements: number): LocationPosition => ({
  locationCode, locationName: locationCode, asOf: null,
  level: { quantityBasis: 'ON_HAND', onHand: quantity(40 + (seed % 50)), allocated: quantity(seed % 7), unsellable: ZERO },
  held: quantity(seed % 5),
  receipts: spread(movements, seed),
  issues: [...spread(movements, seed + 2), ...spread(movements, seed + 5)],
  heldDated: spread(movements, seed + 5),
});

const item = { quantityDigits: 0, sellable: true, active: true, unitCode: 'PCE', units: [] };

/** Ten lines: eight articles and two kits of three components each, every article in three locations. */
function supplyOf(movements: number): { readonly supply: Supply; readonly skus: readonly Sku[] } {
  const goods = (sku: Sku, seed: number): StockPosition => ({ sku, item, components: [], locations: PLACES.map((code, index) => place(code, seed * 3 + index, movements)) });
  const kit = (index: number): StockPosition => ({
    sku: `KIT-${index}`, item, locations: [],
    components: Array.from({ length: COMPONENTS }, (_, part) => ({ sku: `PART-${index * COMPONENTS + part}`, quantity: quantity(1 + part) })),
  });
  const articles = Array.from({ length: LINES - KITS }, (_, index) => goods(`ART-${index}`, index));
  const kits = Array.from({ length: KITS }, (_, index) => kit(index));
  const parts = Array.from({ length: KITS * COMPONENTS }, (_, index) => goods(`PART-${index}`, 20 + index));
  const all = [...articles, ...kits, ...parts];
  return { supply: { positions: new Map(all.map((position) => [position.sku, position])), allocations: new Map() }, skus: [...articles, ...kits].map((position) => position.sku) };
}

const serving = servingOf(DEFAULT_POLICY, null, null);

function scheduleLines({ supply, skus }: ReturnType<typeof supplyOf>): number {
  return skus.reduce((days, sku) => days + dailySchedule(listSku(sku, supply, { today: TODAY, policy: DEFAULT_POLICY, serving }).curve(), DAYS).length, 0);
}

function planLines({ supply, skus }: ReturnType<typeof supplyOf>, on: number | null): number {
  const lines = skus.map((sku) => ({ sku, quantity: quantity(4) }));
  return createBasketPlanner(supply, TODAY, DEFAULT_POLICY).plan({ lines, channel: null, shipTo: null, on: on === null ? null : addDays(TODAY, on) }).length;
}

/** Processor time of what a request computes: schedules, and a basket from figures that were read. Nothing of the database is in it. */
export async function run({ roundMs }: BenchOptions): Promise<Outcome> {
  const rows: string[][] = [];
  for (const movements of [0, 4, 12]) {
    const shop = supplyOf(movements);
    const dated = `${movements * 3} dated movements a place`;
    rows.push(measure(`${DAYS}-day schedule of ${LINES} lines, ${dated}`, roundMs, () => scheduleLines(shop)));
    rows.push(measure(`basket of ${LINES} lines, now, ${dated}`, roundMs, () => planLines(shop, null)));
    rows.push(measure(`basket of ${LINES} lines, in 30 days, ${dated}`, roundMs, () => planLines(shop, 30)));
  }
  printTable(['', 'calls', 'cpu ms a call', 'p50 ms', 'p99 ms', 'cpu us a line'], rows);
  console.log(`
  ${LINES - KITS} articles in ${PLACES.length} locations and ${KITS} kits of ${COMPONENTS} components. A third each of the movements are receipts, the ERP's dated
  issues and our dated holds, each on a day of its own. Processor time is user and system of this process over all calls, garbage
  collection included; p50 and p99 are by the wall clock. From positions as they were read to quantities by day, or to each
  line's outcome and sources.`);
  return { failures: [] };
}

function measure(name: string, roundMs: number, call: () => number): string[] {
  for (const until = performance.now() + roundMs / 4; performance.now() < until; ) call();
  const each: number[] = [];
  const before = process.cpuUsage();
  for (const until = performance.now() + roundMs / 2; performance.now() < until; ) {
    const startedAt = performance.now();
    call();
    each.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000 / each.length;
  return [name, String(each.length), cpuMs.toFixed(3), percentile(each, 0.5).toFixed(3), percentile(each, 0.99).toFixed(3), ((cpuMs * 1000) / LINES).toFixed(0)];
}
