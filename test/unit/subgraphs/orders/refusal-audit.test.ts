import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { findBrokenAudit, readAudit, type StoredAuditEntry } from '../../../../platform/audit.ts';
import type { Log } from '../../../../platform/log.ts';
import { createPlaceOrder, type PlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { PlacementText } from '../../../../subgraphs/orders/placing/placement-text.ts';
import { subjectOf } from '../../../../subgraphs/orders/placing/refusal-journal.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { basket, createWorld, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
let place: PlaceOrder;
const lines: string[] = [];
const write = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };

beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder({ ...world.dependencies(), log }, QUICK);
});
afterAll(() => world.close());

const audited = (key: string | null, count = 1): Promise<readonly StoredAuditEntry[]> =>
  until(async () => {
    const entries = await readAudit(world.database, 'orders', subjectOf('storefront', key));
    return entries.length >= count && entries;
  }, 'the refusal is in the audit trail');

/** Every row of every table of the database, as text. */
async function everythingStored(database: Database): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(tables.map(async ({ name }) => (await database.query<{ row: string }>(`select t::text as row from ${name} t`)).map(({ row }) => row).join('\n')));
  return texts.join('\n');
}

it('a refusal leaves its codes and fields in the audit trail, and nothing else but the answer to the key', async () => {
  const before = await world.database.query('select from orders.sales_order');
  const input = basket({ lines: [{ sku: 'LAST', quantity: decimal('9') }], note: 'only for your eyes', contact: { email: 'ann@example.org' } });
  const { userErrors } = await place(input, scopeOf());
  expect(userErrors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
  const [entry, ...more] = await audited(input.idempotencyKey);
  expect(entry).toMatchObject({ actor: 'storefront', action: 'order.refused', detail: { codes: ['OUT_OF_STOCK'], fields: ['lines.0.quantity'] } });
  expect(more).toEqual([]);
  expect(await world.database.query('select from orders.sales_order')).toHaveLength(before.length);
  const stored = await everythingStored(world.database);
  expect(stored).not.toContain('only for your eyes');
  expect(stored).not.toContain('ann@example.org');
  expect(await findBrokenAudit(world.database, 'orders')).toBeNull();
});

it('an answer that is told again is no second refusal', async () => {
  const eur = (amount: string) => ({ amount: decimal(amount), currencyCode: 'EUR' });
  const input = basket({ expectedTotals: { total: eur('1') } });
  for (let turn = 0; turn < 3; turn += 1) expect((await place(input, scopeOf())).userErrors).toMatchObject([{ code: 'TOTALS_MISMATCH' }]);
  const marker = basket({ lines: [] });
  await place(marker, scopeOf());
  await audited(marker.idempotencyKey);
  expect(await audited(input.idempotencyKey)).toHaveLength(1);
});

it('a card number is nowhere: not in a table, not in the log, not even the claim or the key\'s hash', async () => {
  const card = '4111111111111111';
  const address = { line1: '1 Main Street', city: 'Berlin', countryCode: 'DE' };
  const places: Partial<PlacementText>[] = [
    { note: `my secret words, and pay with ${card}` }, { idempotencyKey: card }, { lines: [{ sku: card, quantity: decimal('1') }] }, { externalOrderId: card },
    { paymentReference: card }, { payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: { amount: decimal('32.99'), currencyCode: 'EUR' }, reference: card }] },
    { contact: { name: card, email: 'ann@example.org' } }, { shipTo: { ...address, line2: card } }, { expectedTotals: { total: { amount: decimal(card), currencyCode: 'EUR' } } },
  ];
  const claimsBefore = await world.database.query('select from orders.claim');
  for (const more of places) {
    const outcome = await place(basket(more), scopeOf());
    expect(outcome).toMatchObject({ order: null, userErrors: [{ code: 'INVALID_INPUT' }] });
    expect(JSON.stringify(outcome)).not.toContain(card);
  }
  const entries = await audited(null, places.length);
  expect(entries.slice(-places.length).every((entry) => entry.subject === 'request')).toBe(true);
  expect(await world.database.query('select from orders.claim')).toHaveLength(claimsBefore.length);
  const stored = await everythingStored(world.database);
  for (const trace of [card, 'my secret words', subjectOf('storefront', card)]) {
    expect(stored).not.toContain(trace);
    expect(lines.join('\n')).not.toContain(trace);
  }
});

it('an audit trail that cannot be written is told in the log, and the answer is the same', async () => {
  const plain = world.dependencies();
  const broken: Database = { ...plain.database, query: plain.database.query, run: plain.database.run, transaction: () => Promise.reject(new Error('no disk')) };
  const failing = createPlaceOrder({ ...plain, database: broken, log }, QUICK);
  expect((await failing(basket({ lines: [] }), scopeOf())).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['lines'] }]);
  await until(async () => lines.some((line) => line.includes('audit trail') && line.includes('no disk')), 'the log tells');
});

it('a storm of refusals is written in full, and the chain holds', async () => {
  const inputs = Array.from({ length: 200 }, () => basket({ lines: [] }));
  await Promise.all(inputs.map((input) => place(input, scopeOf())));
  await until(async () => {
    const [row] = await world.database.query<{ n: number }>('select count(*)::int as n from orders.audit where subject = any($1)', [inputs.map((input) => subjectOf('storefront', input.idempotencyKey))]);
    return row!.n === inputs.length;
  }, 'all are written');
  expect(await findBrokenAudit(world.database, 'orders')).toBeNull();
});
