import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StockLevel } from '../../../../domain/inventory.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { forgetRisen, recordReceiptPass } from '../../../../subgraphs/inventory/supply/risen.ts';
import { readSupply } from '../../../../subgraphs/inventory/supply/store-positions.ts';
import { applyReceipts } from '../../../../subgraphs/inventory/supply/store-receipts.ts';
import { applyStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { later, receipt, stock, stockOf } from './inventory-fixture.ts';

let store: TestDatabase;
let database: Database;
beforeAll(async () => {
  store = await createTestDatabase();
  database = store.database;
});
afterAll(() => store.drop());

const DUE = later(5 * 86_400_000).slice(0, 10);
const receiptsOf = async (sku: string): Promise<readonly string[]> =>
  (await readSupply(database, [sku])).positions.get(sku)!.locations.flatMap((location) => location.receipts.map(({ quantity }) => quantity));
const read = (level: StockLevel): Promise<unknown> => database.transaction((tx) => applyStock(tx, [level], later(0)));
const pass = (startedAt: string): Promise<void> => database.transaction((tx) => recordReceiptPass(tx, startedAt));

it('counts receipts for nothing where stock has risen, until they have been read again', async () => {
  await stock(database, [stockOf('BIKE', 5, { asOf: later(-60_000) }), stockOf('LOCK', 5, { asOf: later(-60_000) })]);
  await database.transaction((tx) => applyReceipts(tx, [receipt('po-1', 'BIKE', '8', DUE), receipt('po-2', 'LOCK', '3', DUE)], later(0)));
  await pass(later(-50_000));
  expect(await receiptsOf('BIKE')).toEqual(['8']);

  // The goods are in; the receipts still say that they will come.
  await read(stockOf('BIKE', 13, { asOf: later(-40_000) }));
  await read(stockOf('LOCK', 4, { asOf: later(-40_000) }));
  expect(await receiptsOf('BIKE')).toEqual([]);
  expect(await receiptsOf('LOCK')).toEqual(['3']);

  // A pass that had begun by then may have read them before.
  await pass(later(-40_000));
  await forgetRisen(database, later(0));
  expect(await receiptsOf('BIKE')).toEqual([]);

  await pass(later(-30_000));
  expect(await receiptsOf('BIKE')).toEqual(['8']);
  await database.run('delete from inventory.outbox');
  await forgetRisen(database, later(0));
  expect(await database.query('select sku from inventory.risen')).toEqual([]);
  expect(await database.query(`select payload ->> 'sku' as sku from inventory.outbox`)).toEqual([{ sku: 'BIKE' }]);
});

it('takes less owed for a rise as well: what came in may have left at once', async () => {
  await read(stockOf('BIKE', 13, { allocated: '6' as never, asOf: later(-20_000) }));
  expect(await receiptsOf('BIKE')).toEqual(['8']);
  await read(stockOf('BIKE', 13, { asOf: later(-10_000) }));
  expect(await receiptsOf('BIKE')).toEqual([]);
});

it('remembers the latest pass, whichever ends last', async () => {
  await pass(later(-5_000));
  await pass(later(-50_000));
  expect(await receiptsOf('BIKE')).toEqual(['8']);
});
