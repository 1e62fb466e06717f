import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import type { Log } from '../../../../platform/log.ts';
import { customerModule } from '../../../../subgraphs/customer/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { dependenciesOf, PEOPLE, personOf, portsOf } from './customer-fixture.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

it('runs from start to stop: reads, announces, wakes, reports trouble, and writes no personal data into the log', async () => {
  const lines: string[] = [];
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify([fields, message]));
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  let world: readonly CustomerRecord[] = PEOPLE;
  const dependencies = dependenciesOf(test.database, portsOf(() => world), log);
  const subgraph = await customerModule.create(dependencies);
  const announced: unknown[] = [];
  await dependencies.eventLog.subscribe('customer', ({ payload }) => announced.push((payload as { number: string }).number));
  await subgraph.start();
  try {
    await subgraph.ready();
    await vi.waitFor(() => expect([...announced].sort()).toEqual(PEOPLE.map((person) => person.number).sort()), 10_000);
    expect(await subgraph.health()).toEqual({ ok: true, reasons: [] });
    world = [...PEOPLE, personOf('C-5001')];
    subgraph.wake('customers');
    await vi.waitFor(() => expect(announced.at(-1)).toBe('C-5001'), 10_000);
    // A kind the table does not take: PostgreSQL's complaint carries the whole row as detail.
    world = [...world, personOf('C-6001', { kind: 'ROBOT' as never, email: 'secret@example.com' })];
    subgraph.wake('customers');
    await vi.waitFor(async () => expect((await subgraph.health()).reasons.join()).toContain('violates check constraint'), 10_000);
    expect(lines.join('\n')).toContain('feed pass failed');
    expect(lines.join('\n') + JSON.stringify(await test.database.query('select * from customer.feed'))).not.toContain('@');
  } finally {
    await subgraph.stop();
  }
}, 60_000);
