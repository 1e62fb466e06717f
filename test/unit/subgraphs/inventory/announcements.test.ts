import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StockChanged } from '../../../../domain/events.ts';
import { instant } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import type { Sql } from '../../../../platform/stores/sql.ts';
import { announceDifferences, announceSupply, announceSwitched, readFigures } from '../../../../subgraphs/inventory/changes/announcements.ts';
import { MIGRATIONS, SCHEMA } from '../../../../subgraphs/inventory/schema.sql.ts';
import { lockSkus } from '../../../../subgraphs/inventory/sku-lock.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';

const AT = instant('2026-03-01T10:00:00.000Z');

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, SCHEMA, MIGRATIONS);
});
afterAll(() => test.drop());

beforeEach(async () => {
  const { database } = test;
  await database.run('truncate inventory.kit_component, inventory.outbox, inventory.stock_level, inventory.item_info, inventory.location');
  await database.run(`insert into inventory.location (code, name, priority, active) values ('EAST', 'East', 1, true), ('SHUT', 'Shut', 2, false), ('WEST', 'West', 3, true)`);
  await database.run(`insert into inventory.item_info (sku, quantity_digits, sellable, active) values ('A', 0, true, true), ('B', 0, true, true), ('OFF', 0, false, true)`);
  await database.run(`insert into inventory.stock_level (sku, location_code, on_hand, allocated, unsellable, basis, as_of)
    select sku, code, 10, 2, 1, 'ON_HAND', now() from inventory.item_info, inventory.location`);
});

/** Changes A, B and OFF under lock and announces, as everybody does. */
async function change(sql: string, skus: readonly string[] = ['A', 'B', 'OFF']): Promise<number> {
  return test.database.transaction(async (tx) => {
    await lockSkus(tx, skus);
    const before = await readFigures(tx, skus);
    await tx.run(sql);
    return announceDifferences(tx, before, skus, AT);
  });
}

async function announced(): Promise<readonly StockChanged[]> {
  const rows = await test.database.query<{ topic: string; payload: StockChanged }>('select topic, payload from inventory.outbox order by id');
  expect(rows.every((row) => row.topic === 'stock')).toBe(true);
  return rows.map((row) => row.payload);
}

describe('what is announced of stock', () => {
  it('is one event a SKU, with what could be sold before and after', async () => {
    expect(await change(`update inventory.stock_level set held = 3 where sku = 'A'`)).toBe(2);
    expect(await announced()).toEqual([{ type: 'stock.changed', sku: 'A', locationCodes: ['EAST', 'WEST'], sellableBefore: '14', sellableAfter: '8', at: AT }]);
  });

  it.each([
    ['a figure that is written again', `update inventory.stock_level set version = version + 1, as_of = now()`],
    ['stock at a location nothing is sold from', `update inventory.stock_level set on_hand = 99 where location_code = 'SHUT'`],
    ['stock of an item nobody may buy', `update inventory.stock_level set on_hand = 99 where sku = 'OFF'`],
    ['goods that come in damaged', `update inventory.stock_level set on_hand = on_hand + 5, unsellable = unsellable + 5`],
  ])('is nothing of %s', async (_name, sql) => {
    expect(await change(sql)).toBe(0);
    expect(await announced()).toEqual([]);
  });

  it('is nothing of what is owed beyond what is there', async () => {
    await change(`update inventory.stock_level set allocated = 20`);
    expect(await change(`update inventory.stock_level set allocated = 30`)).toBe(0);
    expect((await announced()).map(({ sku, sellableAfter }) => [sku, sellableAfter])).toEqual([['A', '0'], ['B', '0']]);
  });

  it('is what later days lose as well, and the first figure of a location', async () => {
    await change(`update inventory.stock_level set held_dated = 2 where sku = 'A' and location_code = 'EAST'`);
    await change(`update inventory.stock_level set issues = '[{"date":"2026-04-01","quantity":"1"}]' where sku = 'B' and location_code = 'WEST'`);
    await test.database.run(`delete from inventory.stock_level where sku = 'B' and location_code = 'EAST'`);
    await change(`insert into inventory.stock_level (sku, location_code, on_hand, allocated, unsellable, basis, as_of) values ('B', 'EAST', 0, 0, 0, 'ON_HAND', now())`);
    expect((await announced()).map(({ sku, locationCodes, sellableBefore, sellableAfter }) => [sku, locationCodes, sellableBefore, sellableAfter])).toEqual([
      ['A', ['EAST'], '14', '14'], ['B', ['WEST'], '14', '14'], ['B', ['EAST'], '7', '7'],
    ]);
  });

  it('is what a location takes with it when it closes, of what is for sale', async () => {
    await switchTo(`update inventory.location set active = false where code = 'WEST'`, { locationCodes: ['WEST'] });
    await switchTo(`update inventory.location set active = true where code = 'SHUT'`, { locationCodes: ['SHUT'] });
    expect((await announced()).map(({ sku, locationCodes, sellableBefore, sellableAfter }) => [sku, locationCodes, sellableBefore, sellableAfter])).toEqual([
      ['A', ['WEST'], '14', '7'], ['B', ['WEST'], '14', '7'], ['A', ['SHUT'], '7', '14'], ['B', ['SHUT'], '7', '14'],
    ]);
  });

  it('is an item that may be bought from now on, or no longer', async () => {
    await switchTo(`update inventory.item_info set sellable = not sellable where sku in ('A', 'OFF')`, { skus: ['A', 'OFF', 'UNSTOCKED'] });
    expect((await announced()).map(({ sku, sellableBefore, sellableAfter }) => [sku, sellableBefore, sellableAfter])).toEqual([['A', '14', '0'], ['OFF', '0', '14']]);
  });

  it('is what a kit loses with the part there is least of, and with no other', async () => {
    await test.database.run(`insert into inventory.item_info (sku, quantity_digits, sellable, active) values ('KIT', 0, true, true), ('SHELVED', 0, false, true)`);
    await test.database.run(`insert into inventory.kit_component (kit_sku, component_sku, quantity) values ('KIT', 'A', 4), ('KIT', 'B', 1), ('SHELVED', 'A', 1)`);
    const kits = async (): Promise<unknown> => (await announced()).filter(({ sku }) => sku !== 'A' && sku !== 'B').map(({ sku, locationCodes, sellableBefore, sellableAfter }) => [sku, locationCodes, sellableBefore, sellableAfter]);
    // 14 of each: three kits of four A, and B for 14.
    await change(`update inventory.stock_level set held = 2 where sku = 'A' and location_code = 'EAST'`);
    await change(`update inventory.stock_level set held = 5 where sku = 'B' and location_code = 'EAST'`);
    expect(await kits()).toEqual([]);
    await change(`update inventory.stock_level set held = held + 1 where sku in ('A', 'B') and location_code = 'EAST'`);
    expect(await kits()).toEqual([['KIT', ['EAST'], '3', '2']]);
    await change(`update inventory.stock_level set held_dated = 1 where sku = 'B' and location_code = 'WEST'`);
    expect(await kits()).toEqual([['KIT', ['EAST'], '3', '2'], ['KIT', ['WEST'], '2', '2']]);
  });

  it('leaves a kit\'s events in order whichever of its parts moved, and locks nobody out', async () => {
    await test.database.run(`insert into inventory.item_info (sku, quantity_digits, sellable, active) values ('KIT', 0, true, true)`);
    await test.database.run(`insert into inventory.kit_component (kit_sku, component_sku, quantity) values ('KIT', 'A', 1), ('KIT', 'B', 1)`);
    await test.database.run(`update inventory.stock_level set on_hand = 100`);
    await Promise.all(['A', 'B'].map(async (sku) => {
      for (let turn = 0; turn < 40; turn += 1) await change(`update inventory.stock_level set held = held + 1 where sku = '${sku}' and location_code = 'EAST'`, [sku]);
    }));
    const kits = (await announced()).filter(({ sku }) => sku === 'KIT');
    // Each begins where the one before ended: nobody decided on what another had not committed.
    for (const [index, { sellableBefore }] of kits.entries()) if (index > 0) expect(sellableBefore).toBe(kits[index - 1]!.sellableAfter);
    expect(kits.at(-1)!.sellableAfter).toBe('154');
  });

  it('is supply on its way, once a SKU, with the same figure before and after', async () => {
    await test.database.transaction((tx) => announceSupply(tx, [{ sku: 'B', locationCode: 'WEST' }, { sku: 'A', locationCode: 'EAST' }, { sku: 'B', locationCode: 'WEST' }], AT));
    expect((await announced()).map(({ sku, locationCodes, sellableBefore, sellableAfter }) => [sku, locationCodes, sellableBefore, sellableAfter])).toEqual([
      ['A', ['EAST'], '14', '14'], ['B', ['WEST'], '14', '14'],
    ]);
  });
});

const switchTo = (sql: string, switched: Parameters<typeof announceSwitched>[1]): Promise<void> =>
  test.database.transaction(async (tx: Sql) => {
    await tx.run(sql);
    await announceSwitched(tx, switched, AT);
  });
