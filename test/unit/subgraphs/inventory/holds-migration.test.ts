import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { readHold } from '../../../../subgraphs/inventory/holds/store-holds.ts';
import { MIGRATIONS, SCHEMA } from '../../../../subgraphs/inventory/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());

/** As requests were digested before there were more words in them. */
const digest = (quantity: string): string => createHash('sha256').update(JSON.stringify([[{ sku: 'M', quantity }], null, 900, null])).digest('hex');

it('keeps holds, keys and refusals of before: the same key still answers the same', async () => {
  const before = MIGRATIONS.filter(({ name }) => name < '0003');
  await migrate(store.database, SCHEMA, before);
  await store.database.run(
    `insert into inventory.hold (id, owner, state, created_at, expires_at) values ('old', 'shop', 'HELD', now(), now() + interval '900 seconds');
     insert into inventory.hold_line (hold_id, sku, location_code, quantity) values ('old', 'M', 'A', 2);
     insert into inventory.ledger (sku, location_code, hold_id, delta, reason) values ('M', 'A', 'old', 2, 'HELD');
     insert into inventory.stock_level (sku, location_code, on_hand, allocated, unsellable, basis, as_of, held) values ('M', 'A', 9, 0, 0, 'ON_HAND', now() - interval '1 hour', 2)`,
  );
  await store.database.run(
    `insert into inventory.hold_request (owner, idempotency_key, payload_digest, hold_id, short_lines)
     values ('shop', 'held', $1, 'old', null), ('shop', 'short', $2, null, '[{"sku":"M","requested":"50","available":"9","reason":"OUT_OF_STOCK"}]')`,
    [digest('2'), digest('50')],
  );
  await migrate(store.database, SCHEMA, MIGRATIONS);
  await stock(store.database, [stockOf('M', 9)]);
  expect(await placeHold(toolsOn(store.database), request({ M: 2 }, { idempotencyKey: 'held' }))).toMatchObject({ kind: 'HELD', hold: { id: 'old', lines: [{ sku: 'M', quantity: '2' }] } });
  expect(await placeHold(toolsOn(store.database), request({ M: 50 }, { idempotencyKey: 'short' }))).toEqual({
    kind: 'SHORT', lines: [{ sku: 'M', requested: '50', available: '9', reason: 'OUT_OF_STOCK' }],
  });
  await expect(placeHold(toolsOn(store.database), request({ M: 3 }, { idempotencyKey: 'held' }))).rejects.toMatchObject({ code: 'CONFLICT' });
  const [refusal] = await store.database.query<{ id: string }>(`select id from inventory.hold where state = 'REFUSED'`);
  expect(await readHold(store.database, refusal!.id)).toBeNull();
  expect(await disagreements(store.database)).toEqual([]);
});
