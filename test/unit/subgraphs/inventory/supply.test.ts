import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { List } from '../../../../domain/connector.ts';
import { decimal } from '../../../../domain/decimal.ts';
import type { StockLevel } from '../../../../domain/inventory.ts';
import type { Instant } from '../../../../domain/time.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import { runFeedPass, type Feed, type FeedRunner, type PassKind } from '../../../../platform/feed.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createPortFeed } from '../../../../subgraphs/frame/port-feed.ts';
import { applyStockPage } from '../../../../subgraphs/inventory/feeds.ts';
import { compareClocks, createClockWatch, reasonsOfClocks } from '../../../../subgraphs/inventory/supply/clocks.ts';
import { reconciled } from '../../../../subgraphs/inventory/supply/reconcile.ts';
import { readReports, reasonsOfReconciliation } from '../../../../subgraphs/inventory/supply/reconciliation-reports.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { keyOfPlace, retireUnseenStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { runUpkeep } from '../../../../subgraphs/inventory/supply/upkeep.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { CAPABILITIES, item, later, stock, stockOf } from './inventory-fixture.ts';

let store: TestDatabase;

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('FIRST', 1)]);
});
afterAll(() => store.drop());

const items = (...given: Parameters<typeof item>[]) => store.database.transaction((tx) => applyItems(tx, given.map((one) => item(...one)), later(0)));
const page = (...levels: StockLevel[]) => store.database.transaction((tx) => applyStockPage(tx, levels, later(0), 'FEED'));
const tools = () => ({ database: store.database, clock: systemClock });
const onHandOf = async (sku: string) => (await store.database.query<{ on_hand: string }>('select trim_scale(on_hand)::text as on_hand from inventory.stock_level where sku = $1', [sku]))[0]?.on_hand;
const isSellable = async (sku: string) => (await store.database.query<{ sellable: boolean }>('select sellable from inventory.item_info where sku = $1', [sku]))[0]?.sellable;

describe('rows in another unit than the item has', () => {
  it('are counted in its own, or wait until the item list knows the unit', async () => {
    await items(['CANDLE', { units: [{ code: 'BOX', factor: decimal(12) }] }]);
    expect((await page(stockOf('CANDLE', 3, { unit: 'BOX' }))).rejected).toEqual([]);
    expect(await onHandOf('CANDLE')).toBe('36');
    const { rejected } = await page(stockOf('CANDLE', 1, { unit: 'PALLET', asOf: later(1) }), stockOf('CANDLE', 2, { locationCode: 'C' }), stockOf('WICK', 1));
    expect(rejected).toEqual([
      { key: 'CANDLE @ A', reason: 'unknown unit "PALLET": the ERP\'s item list knows PCE, BOX' },
      { key: 'CANDLE @ C', reason: 'unknown location "C": not in the ERP\'s location list' },
      { key: 'WICK @ A', reason: 'unknown SKU "WICK": not in the ERP\'s item list' },
    ]);
    await runUpkeep(tools());
    expect(await onHandOf('CANDLE')).toBe('36');
    await items(['CANDLE', { units: [{ code: 'BOX', factor: decimal(12) }, { code: 'PALLET', factor: decimal(480) }] }], ['WICK']);
    await runUpkeep(tools());
    expect([await onHandOf('CANDLE'), await onHandOf('WICK')]).toEqual(['480', '1']);
    expect(await store.database.query('select key from inventory.parked')).toEqual([{ key: 'CANDLE @ C' }]);
  });

  it('wait no longer once a later row has been placed', async () => {
    await page(stockOf('LATE', 9));
    await items(['LATE']);
    await page(stockOf('LATE', 4, { asOf: later(10) }));
    expect(await store.database.query(`select key from inventory.parked where key like 'LATE%'`)).toEqual([]);
    expect(await onHandOf('LATE')).toBe('4');
  });
});

describe('kits', () => {
  const kit = (sku: string, ...parts: [string, string][]) => [sku, { kind: 'KIT' as const, components: parts.map(([part, quantity]) => ({ sku: part, quantity: decimal(quantity) })) }] as const;
  const componentsOf = async (sku: string) => (await store.database.query<{ row: string }>(`select component_sku || ' ' || trim_scale(quantity) as row from inventory.kit_component where kit_sku = $1 order by 1`, [sku])).map(({ row }) => row);

  it('are for sale once all their components are known, and say until then what is missing', async () => {
    await items(['POT']);
    const first = await items([...kit('SET', ['POT', '1'], ['CUP', '4'])]);
    expect(first.rejected).toEqual([{ key: 'SET', reason: 'kit "SET" cannot be sold yet: the ERP\'s item list does not have its component "CUP"' }]);
    expect(await isSellable('SET')).toBe(false);
    // Told again before the component is there: no news.
    expect(await items([...kit('SET', ['POT', '1'], ['CUP', '4'])])).toMatchObject({ changed: 0 });
    await store.database.run(`insert into inventory.feed_reject (feed, key, reason) values ('items', 'SET', 'as above')`);
    await items(['CUP']);
    expect(await isSellable('SET')).toBe(true);
    expect(await store.database.query(`select key from inventory.feed_reject where feed = 'items'`)).toEqual([]);
  });

  it('have their recipe replaced whole, sums of what is named twice, and none that makes no sense', async () => {
    await items([...kit('BOX-SET', ['POT', '1'], ['CUP', '2'], ['POT', '0.5'])]);
    expect(await componentsOf('BOX-SET')).toEqual(['CUP 2', 'POT 1.5']);
    expect(await items([...kit('BOX-SET', ['CUP', '3'])])).toMatchObject({ changed: 1, rejected: [] });
    expect(await componentsOf('BOX-SET')).toEqual(['CUP 3']);
    const { rejected } = await items([...kit('SELF', ['SELF', '1'])], [...kit('NONE')], [...kit('ZERO', ['CUP', '0'])]);
    expect(rejected.map(({ reason }) => reason)).toEqual([
      'kit "SELF" cannot be sold: it is a component of itself', 'kit "NONE" cannot be sold: the ERP tells no components of it', 'kit "ZERO" cannot be sold: it needs 0 of "CUP"',
    ]);
    expect([await isSellable('SELF'), await isSellable('NONE'), await isSellable('ZERO')]).toEqual([false, false, false]);
    await items(['BOX-SET']);
    expect(await componentsOf('BOX-SET')).toEqual([]);
  });

  it('stay off sale where the ERP says so', async () => {
    await items([...kit('OFF', ['SPARE', '1'])].map((part) => (typeof part === 'string' ? part : { ...part, sellable: false })) as Parameters<typeof item>);
    await items(['SPARE']);
    expect(await isSellable('OFF')).toBe(false);
  });
});

/** An ERP whose delta can forget rows. */
function forgetfulErp() {
  const levels = new Map<string, StockLevel>();
  const written = new Map<string, Instant>();
  const sinces: (Instant | null)[] = [];
  const put = (level: StockLevel, { told = true } = {}): void => {
    levels.set(keyOfPlace(level), level);
    if (told) written.set(keyOfPlace(level), later(0));
  };
  const list: List<StockLevel> = async ({ since }) => {
    sinces.push(since);
    const listed = [...levels].filter(([key]) => since === null || (written.get(key) ?? '') >= since).map(([, level]) => ({ ...level, asOf: later(0) }));
    return { records: listed, rejected: [], next: null, watermark: later(0), total: null };
  };
  return { put, list, sinces, drop: (level: StockLevel) => levels.delete(keyOfPlace(level)) };
}

describe('a full pass', () => {
  it('tells drift the deltas missed from what has just changed', async () => {
    const erp = forgetfulErp();
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (told: unknown) => void warned.push(told) };
    const feed: Feed = createPortFeed<StockLevel>({
      name: 'stock', flow: 'stock', keyOf: keyOfPlace, capabilities: { ...CAPABILITIES, delta: ['stock'] }, intervalMs: 1_000,
      ...reconciled<StockLevel>(store.database, log, {
        name: 'stock', list: erp.list, keyOf: keyOfPlace,
        apply: (tx, records, comparing) => applyStockPage(tx, records, later(0), comparing ? 'COMPARED' : 'FEED'),
        finishFullPass: (tx, startedAt) => retireUnseenStock(tx, startedAt, later(0)),
      }),
    });
    const runner: FeedRunner = { database: store.database, schema: 'inventory', clock: systemClock, log: silentLog, pageTimeoutMs: 5_000, confirmedRemovals: new Set(['inventory.stock']) };
    const pass = (kind: PassKind) => runFeedPass(runner, feed, new AbortController().signal, kind);
    await items(['D1'], ['D2'], ['D3'], ['D4'], ['D5']);
    for (const sku of ['D1', 'D2', 'D3', 'D4', 'D5']) erp.put(stockOf(sku, 10));
    await pass('FULL');
    expect((await readReports(store.database, { feed: 'stock', first: 1 }))[0]).toMatchObject({ compared: 0, found: 0, unexplained: null, examples: [] });
    await pass('DUE');
    const [, before] = erp.sinces;
    // One missed by every delta, one that has just changed, one gone, one whose demand has fallen due over night.
    erp.put(stockOf('D1', 7), { told: false });
    erp.put(stockOf('D2', 8));
    erp.drop(stockOf('D3', 10));
    await pass('FULL');
    const [open] = await readReports(store.database, { feed: 'stock', first: 1 });
    expect(open).toMatchObject({ compared: 4, found: 2, corrected: 2, unexplained: null, ledgerMismatches: 0, strandedOrders: 0, negativeStock: 0 });
    expect(await onHandOf('D1')).toBe('7');
    await pass('DUE');
    expect(erp.sinces.at(-1)! <= before!).toBe(false);
    const [judged] = await readReports(store.database, { feed: null, first: 5 });
    expect(judged).toMatchObject({ found: 2, unexplained: 1, examples: [{ key: 'D1 @ A' }] });
    expect(judged!.examples[0]!.stored).toContain('onHand 10');
    expect(judged!.examples[0]!.told).toContain('onHand 7');
    expect(warned).toHaveLength(1);
    expect(await reasonsOfReconciliation(store.database)).toEqual([expect.stringMatching(/^the full pass of inventory.stock at .* found 1 row\(s\) the deltas had missed/)]);
    await pass('FULL');
    await pass('DUE');
    expect(await reasonsOfReconciliation(store.database)).toEqual([]);
  });

  it('sees no difference in demand that has only fallen due', async () => {
    await items(['DUE']);
    const today = later(0).slice(0, 10) as never;
    await page(stockOf('DUE', 10, { issues: [{ date: today, quantity: decimal(3) }], asOf: later(-5_000) }));
    const { differences } = await store.database.transaction((tx) => applyStockPage(tx, [stockOf('DUE', 10, { allocated: decimal(3) })], later(0), 'COMPARED'));
    expect(differences).toEqual([]);
  });
});

describe('clocks', () => {
  it('are compared with the database, and said to be off by more than the asking can explain', async () => {
    expect((await compareClocks(store.database, systemClock, 'here')).differenceMs).toBe(0);
    const behind = manualClock(systemClock.now() - 60_000);
    const { differenceMs } = await compareClocks(store.database, behind, 'behind');
    expect(Math.round(differenceMs / 10_000)).toBe(-6);
    const warned: string[] = [];
    const log = { ...silentLog, warn: (_told: unknown, message?: string) => void warned.push(message ?? '') };
    const watch = createClockWatch({ database: store.database, clock: behind, log, processName: 'behind', vendorClock: () => ({ clock: 'erp', kind: 'VENDOR', differenceMs: 5_000 }) });
    await watch();
    await watch();
    expect(warned).toHaveLength(2);
    expect(await reasonsOfClocks(store.database)).toEqual([
      expect.stringMatching(/^the clock of behind is 60.* s behind the database's: orders leave the ledger that much later; run NTP$/),
      'the clock of erp is 5 s ahead of ours; run NTP',
    ]);
  });
});
