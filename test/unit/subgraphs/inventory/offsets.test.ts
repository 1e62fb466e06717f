import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { StockLevel } from '../../../../domain/inventory.ts';
import { addMs, instant, type Instant } from '../../../../domain/time.ts';
import { placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { commitHold, markAccepted } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { recordClocks } from '../../../../subgraphs/inventory/supply/clocks.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { applyStock, recordStockPass } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { runUpkeep } from '../../../../subgraphs/inventory/supply/upkeep.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, heldOf, item, later, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

let store: TestDatabase;
let serial = 0;
const tools = () => toolsOn(store.database);

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('FIRST', 1)]);
});
afterAll(async () => {
  expect(await disagreements(store.database)).toEqual([]);
  await store.drop();
});

const FROM_MS = Date.parse('2026-03-10T10:00:00Z');
const PLACES = ['A', 'B'] as const;
const EACH = 5;
const OVERLAP_MS = 5_000;

/** An ERP that allocates where it likes, read whole, by delta and live, on a time of its own. */
class Erp {
  readonly sku: string;
  #nowMs = FROM_MS;
  readonly #allocated = { A: 0, B: 0 };
  readonly #writtenMs = { A: FROM_MS, B: FROM_MS };
  #since = FROM_MS;

  constructor(sku: string) {
    this.sku = sku;
  }

  wait(ms: number): void {
    this.#nowMs += ms;
  }

  get now(): Instant {
    return instant(this.#nowMs);
  }

  /** Takes an order of one piece: where it is asked to, while there is any. */
  accept(place: (typeof PLACES)[number]): Instant {
    const taken = this.#allocated[place] < EACH ? place : place === 'A' ? 'B' : 'A';
    this.#allocated[taken] += 1;
    this.#writtenMs[taken] = this.#nowMs;
    return this.now;
  }

  read(places: readonly (typeof PLACES)[number][] = PLACES): StockLevel[] {
    return places.map((locationCode) => stockOf(this.sku, EACH, { locationCode, allocated: decimal(this.#allocated[locationCode]), asOf: this.now }));
  }

  /** What a pass lists, and when it began; a delta reaches back behind the one before. */
  pass(whole: boolean): { readonly startedAt: Instant; readonly levels: StockLevel[] } {
    const startedAt = this.now;
    const listed = PLACES.filter((place) => whole || this.#writtenMs[place] >= this.#since - OVERLAP_MS);
    this.#since = this.#nowMs;
    return { startedAt, levels: this.read(listed) };
  }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('order' as const), place: fc.constantFrom(...PLACES) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick: fc.nat(), again: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tell' as const), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), whole: fc.boolean() }) },
  // Its process dies after the first page.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('broken pass' as const), place: fc.constantFrom(...PLACES) }) },
);
const timed = fc.record({ step, waitMs: fc.constantFrom(1, 400, 1_500, 7_000) });

async function sellable(sku: string): Promise<number> {
  const [row] = await store.database.query<{ total: string }>('select coalesce(sum(greatest(0, on_hand - allocated - held)), 0)::text as total from inventory.stock_level where sku = $1', [sku]);
  return Number(row!.total);
}

async function sellOne(sku: string): Promise<string | null> {
  const outcome = await placeHold(tools(), request({ [sku]: 1 }));
  if (outcome.kind === 'SHORT') return null;
  const orderReference = `order of ${outcome.hold.id}`;
  await commitHold(tools(), { holdId: outcome.hold.id, owner: 'shop', orderReference });
  return orderReference;
}

const applied = (levels: readonly StockLevel[], path: 'FEED' | 'ASIDE') => store.database.transaction((tx) => applyStock(tx, levels, later(0), path));

async function runPass(erp: Erp, whole: boolean): Promise<void> {
  const { startedAt, levels } = erp.pass(whole);
  await applied(levels, 'FEED');
  await store.database.transaction((tx) => recordStockPass(tx, startedAt));
  await runUpkeep(tools());
}

describe('orders leave the ledger', () => {
  it('exactly once, never early and never for good, whatever is delayed, doubled and reordered', async () => {
    await fc.assert(fc.asyncProperty(fc.array(timed, { minLength: 5, maxLength: 30 }), async (script) => {
      await store.database.run('delete from inventory.stock_pass');
      const erp = new Erp(`O-${(serial += 1)}`);
      await store.database.transaction((tx) => applyItems(tx, [item(erp.sku)], later(0)));
      await applied(erp.read(), 'FEED');
      let sold = 0;
      const inFlight: StockLevel[][] = [];
      const untold: { orderReference: string; acceptedAt: Instant }[] = [];
      const tell = async (index: number) => {
        const [told] = untold.splice(index, 1);
        await markAccepted(tools(), told!);
        // A worker that died after telling tells again.
        await markAccepted(tools(), told!);
      };
      for (const { step: act, waitMs } of script) {
        erp.wait(waitMs);
        if (act.kind === 'order') {
          const orderReference = await sellOne(erp.sku);
          if (orderReference !== null) {
            sold += 1;
            untold.push({ orderReference, acceptedAt: erp.accept(act.place) });
          }
        } else if (act.kind === 'read') inFlight.push(erp.read());
        else if (act.kind === 'deliver' && inFlight.length > 0) {
          const index = act.pick % inFlight.length;
          await applied(inFlight[index]!, 'ASIDE');
          if (!act.again) inFlight.splice(index, 1);
        } else if (act.kind === 'broken pass') await applied(erp.read([act.place]), 'FEED');
        else if (act.kind === 'tell' && untold.length > 0) await tell(act.pick % untold.length);
        else if (act.kind === 'pass') await runPass(erp, act.whole);
        expect(await sellable(erp.sku)).toBeLessThanOrEqual(2 * EACH - sold);
      }
      while (untold.length > 0) await tell(0);
      erp.wait(1_500);
      await runPass(erp, false);
      for (const late of inFlight) await applied(late, 'ASIDE');
      expect(await sellable(erp.sku)).toBe(2 * EACH - sold);
      const entries = await store.database.query('select 1 from inventory.ledger where sku = $1', [erp.sku]);
      expect(entries).toHaveLength(2 * sold);
    }), { numRuns: 80 });
  });

  it('not before any reading of a SKU that has none yet', async () => {
    await store.database.run('delete from inventory.stock_pass');
    const sku = `O-${(serial += 1)}`;
    await store.database.transaction((tx) => applyItems(tx, [item(sku)], later(0)));
    await applied([stockOf(sku, 5)], 'FEED');
    const orderReference = (await sellOne(sku))!;
    await store.database.run('delete from inventory.stock_level where sku = $1', [sku]);
    await markAccepted(tools(), { orderReference, acceptedAt: later(-5_000) });
    expect(await store.database.query(`select reason from inventory.ledger where sku = $1`, [sku])).toEqual([{ reason: 'HELD' }]);
    await store.database.run(`delete from inventory.hold_line where sku = $1`, [sku]);
    await store.database.run(`insert into inventory.stock_level (sku, location_code, on_hand, allocated, unsellable, basis, as_of) values ($1, 'A', 0, 0, 0, 'ON_HAND', now())`, [sku]);
    await store.database.run(`insert into inventory.ledger (sku, location_code, hold_id, delta, reason) select sku, location_code, hold_id, -delta, 'OFFSET' from inventory.ledger where sku = $1`, [sku]);
  });

  it('and a place that becomes known later is not taken at a reading older than they', async () => {
    await store.database.run('delete from inventory.stock_pass');
    const erp = new Erp(`O-${(serial += 1)}`);
    await store.database.transaction((tx) => applyItems(tx, [item(erp.sku)], later(0)));
    const [atA, atB] = erp.read();
    await applied([atA!], 'FEED');
    const orderReference = (await sellOne(erp.sku))!;
    erp.wait(2_000);
    await markAccepted(tools(), { orderReference, acceptedAt: erp.accept('B') });
    erp.wait(2_000);
    await applied(erp.read(['A']), 'FEED');
    expect(await heldOf(store.database, erp.sku)).toBe('0');
    expect((await applied([atB!], 'ASIDE')).late).toEqual([{ sku: erp.sku, locationCode: 'B', late: true, stored: null, told: null }]);
    expect(await sellable(erp.sku)).toBe(EACH);
    await applied(erp.read(['B']), 'FEED');
    expect(await sellable(erp.sku)).toBe(2 * EACH - 1);
  });

  it('later by what our clocks are measured to differ', async () => {
    await store.database.run('delete from inventory.stock_pass');
    const sku = `O-${(serial += 1)}`;
    await store.database.transaction((tx) => applyItems(tx, [item(sku)], later(0)));
    await applied([stockOf(sku, 5, { asOf: instant(FROM_MS) })], 'FEED');
    const orderReference = (await sellOne(sku))!;
    expect(await recordClocks(store.database, [{ clock: 'one', kind: 'OURS', differenceMs: -4_000 }, { clock: 'erp', kind: 'VENDOR', differenceMs: 90_000 }])).toHaveLength(2);
    const acceptedAt = instant(FROM_MS + 1_000);
    await markAccepted(tools(), { orderReference, acceptedAt });
    await applied([stockOf(sku, 5, { allocated: decimal(1), asOf: addMs(acceptedAt, 4_900) })], 'FEED');
    expect(await heldOf(store.database, sku)).toBe('1');
    await applied([stockOf(sku, 5, { allocated: decimal(1), asOf: addMs(acceptedAt, 5_100) })], 'FEED');
    expect(await heldOf(store.database, sku)).toBe('0');
    await recordClocks(store.database, [{ clock: 'one', kind: 'OURS', differenceMs: 0 }]);
  });
});
