import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { StockLevel } from '../../../../domain/inventory.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { applyStock, retireUnseenStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { item, later, stock, stockOf } from './inventory-fixture.ts';

let store: TestDatabase;
let serial = 0;

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('FIRST', 1)]);
});
afterAll(() => store.drop());

async function newSku(): Promise<string> {
  const sku = `R-${(serial += 1)}`;
  await store.database.transaction((tx) => applyItems(tx, [item(sku)], later(0)));
  return sku;
}

interface StoredRow {
  readonly code: string;
  readonly on_hand: string;
  readonly allocated: string;
  readonly as_of: Instant;
  readonly sequence: string;
  readonly issues: unknown;
}

const storedOf = (sku: string): Promise<readonly StoredRow[]> => store.database.query<StoredRow>(
  `select location_code as code, trim_scale(on_hand)::text as on_hand, trim_scale(allocated)::text as allocated, as_of, sequence, issues
   from inventory.stock_level where sku = $1 order by location_code`,
  [sku],
);

const FROM_MS = Date.parse('2026-03-10T10:00:00Z');
const at = (second: number): Instant => instant(FROM_MS + second * 1_000);

/** What the ERP says at one moment of one place. Few moments, numbers and figures, so that readings meet. */
const reading = fc.record({
  locationCode: fc.constantFrom('A', 'B'), second: fc.integer({ min: 0, max: 4 }), sequence: fc.integer({ min: 0, max: 1 }),
  onHand: fc.integer({ min: -2, max: 5 }), allocated: fc.integer({ min: 0, max: 3 }), issue: fc.integer({ min: 0, max: 2 }),
});
type Reading = typeof reading extends fc.Arbitrary<infer T> ? T : never;

const levelOf = (sku: string, { locationCode, second, sequence, onHand, allocated, issue }: Reading): StockLevel => stockOf(sku, onHand, {
  locationCode, asOf: at(second), sequence, allocated: decimal(allocated), issues: issue === 0 ? [] : [{ date: '2026-04-01' as never, quantity: decimal(issue) }],
});

const toSell = ({ onHand, allocated }: Reading): number => Math.max(0, onHand) - allocated;

describe('readings of one place', () => {
  it('end in the same figures in whatever order, however often and on whatever way they come', async () => {
    const delivered = fc.array(reading, { minLength: 1, maxLength: 12 }).chain((readings) => fc.tuple(
      fc.constant(readings),
      fc.array(fc.record({
        order: fc.shuffledSubarray(readings, { minLength: readings.length }), again: fc.subarray(readings),
        pageSize: fc.integer({ min: 1, max: 4 }), path: fc.constantFrom('FEED' as const, 'ASIDE' as const, 'COMPARED' as const),
      }), { minLength: 2, maxLength: 3 }),
    ));
    await fc.assert(fc.asyncProperty(delivered, async ([readings, ways]) => {
      const ends = [];
      for (const { order, again, pageSize, path } of ways) {
        const sku = await newSku();
        const messages = [...order, ...again].map((one) => levelOf(sku, one));
        for (let from = 0; from < messages.length; from += pageSize) {
          await store.database.transaction((tx) => applyStock(tx, messages.slice(from, from + pageSize), later(0), path));
        }
        ends.push(await storedOf(sku));
      }
      for (const end of ends) expect(end).toEqual(ends[0]);
      for (const code of new Set(readings.map((one) => one.locationCode))) {
        const here = readings.filter((one) => one.locationCode === code);
        const last = here.filter((one) => here.every((other) => one.second > other.second || (one.second === other.second && one.sequence >= other.sequence)));
        const cautious = Math.min(...last.map(toSell));
        const row = ends[0]!.find((one) => one.code === code)!;
        expect(row.as_of).toBe(at(last[0]!.second));
        expect(Math.max(0, Number(row.on_hand)) - Number(row.allocated)).toBe(cautious);
      }
    }), { numRuns: 60 });
  });

  it('costs a row seen again as it was no version, and its time moves', async () => {
    const sku = await newSku();
    const apply = (second: number) => store.database.transaction((tx) => applyStock(tx, [stockOf(sku, 5, { asOf: at(second) })], later(0), 'FEED'));
    await apply(1);
    expect(await apply(2)).toMatchObject({ changed: 0 });
    const [row] = await store.database.query<{ version: string; as_of: Instant }>('select version, as_of from inventory.stock_level where sku = $1', [sku]);
    expect(row).toEqual({ version: '1', as_of: at(2) });
  });

  it('stay where somebody has read them live since the full pass began that does not list them; else they are gone as of then', async () => {
    const [live, gone] = [await newSku(), await newSku()];
    await store.database.transaction((tx) => applyStock(tx, [stockOf(live, 5, { asOf: at(0) }), stockOf(gone, 5, { asOf: at(0) })], later(0), 'FEED'));
    const passStartedAt = later(60_000);
    await store.database.transaction((tx) => applyStock(tx, [stockOf(live, 4, { asOf: later(61_000) })], later(0)));
    await store.database.transaction((tx) => retireUnseenStock(tx, passStartedAt, later(0)));
    expect((await storedOf(live))[0]).toMatchObject({ on_hand: '4' });
    expect((await storedOf(gone))[0]).toMatchObject({ on_hand: '0', as_of: passStartedAt });
    // A reading from before that comes late changes nothing.
    await store.database.transaction((tx) => applyStock(tx, [stockOf(gone, 5, { asOf: at(1) })], later(0)));
    expect((await storedOf(gone))[0]).toMatchObject({ on_hand: '0' });
  });
});
