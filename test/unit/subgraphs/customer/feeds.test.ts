import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import { silentLog } from '../../../../platform/log.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { createCustomerBook } from '../../../../subgraphs/customer/customer-book.ts';
import { CUSTOMER_MIGRATIONS } from '../../../../subgraphs/customer/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { ACME, PEOPLE, personOf, syncCustomers } from './customer-fixture.ts';

let test: TestDatabase;
let world: CustomerRecord[];

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists customer cascade');
  await migrate(test.database, 'customer', CUSTOMER_MIGRATIONS);
  world = [...PEOPLE];
});

const sync = () => syncCustomers(test.database, () => world, silentLog);
const takeEvents = async (): Promise<readonly unknown[]> =>
  (await test.database.query<{ payload: Record<string, unknown> }>('delete from customer.outbox returning payload')).map(({ payload }) => payload['number']).sort();
const read = async (number: string): Promise<CustomerRecord | null> => (await createCustomerBook(test.database, 'erp').readAll([number]))[0]!;

describe('the customer feed', () => {
  it('brings every field through the store and back', async () => {
    await sync();
    expect(await read('C-3001')).toEqual(ACME);
    expect(await createCustomerBook(test.database, 'erp').readAll(PEOPLE.map((person) => person.number))).toEqual(PEOPLE);
    expect(await read('C-9999')).toBeNull();
  });

  it('does not take "not read yet" for "not there"', async () => {
    await expect(read('C-3001')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', system: 'erp' });
  });

  it('announces real changes only: not a new time stamp, not another way to write a number', async () => {
    await sync();
    expect(await takeEvents()).toEqual(PEOPLE.map((person) => person.number).sort());
    world = world.map((person) => ({ ...person, updatedAt: instant('2026-11-20T00:00:00.000Z'), creditLimit: person.creditLimit === null ? null : (`${person.creditLimit}.00` as never) }));
    expect(await sync()).toMatchObject({ rowsChanged: 0 });
    expect(await takeEvents()).toEqual([]);
    expect((await read('C-1001'))!.updatedAt).toBe('2026-11-20T00:00:00.000Z');
    world = world.filter((person) => person.number !== 'C-1002').map((person) => (person.number === 'C-1001' ? { ...person, priceListCode: 'VIP' } : person));
    expect(await sync()).toMatchObject({ rowsChanged: 1, rowsRemoved: 1 });
    expect(await takeEvents()).toEqual(['C-1001', 'C-1002']);
  });

  it('parks bad rows without a word of personal data and keeps the last good version', async () => {
    await sync();
    world = world.map((person) => (person.number === 'C-3001' ? { ...person, creditLimit: decimal('-1') } : person));
    world.push(personOf('SELF', { companyNumber: 'SELF' }), personOf('ODD', { currencyCode: 'XQX' }), personOf('  ', { email: 'secret@example.com' }));
    expect(await sync()).toMatchObject({ rowsRejected: 4, rowsRemoved: 0 });
    expect(await test.database.query('select key, reason from customer.feed_reject order by key')).toEqual([
      { key: '  ', reason: 'customer number must have 1 to 64 characters' },
      { key: 'C-3001', reason: 'credit limit is negative: -1' },
      { key: 'ODD', reason: 'unknown currency: "XQX"' },
      { key: 'SELF', reason: 'is its own company' },
    ]);
    expect((await read('C-3001'))!.creditLimit).toBe('10000');
  });

  it('takes 20,000 customers a page a statement, and again without a change', async () => {
    world = Array.from({ length: 20_000 }, (_, index) => personOf(`N${index}`));
    expect(await sync()).toMatchObject({ rowsIn: 20_000, rowsChanged: 20_000, rowsRejected: 0 });
    expect(await sync()).toMatchObject({ rowsIn: 20_000, rowsChanged: 0 });
  }, 60_000);
});
