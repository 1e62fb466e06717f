import { execute, parse } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Clients } from '../../../../domain/clients.ts';
import { SCOPES } from '../../../../domain/principal.ts';
import { addDays, dayOf } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createInventory } from '../../../../subgraphs/inventory/index.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { applyReceipts } from '../../../../subgraphs/inventory/supply/store-receipts.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { fakeErp, later, receipt, stock, stockOf } from './inventory-fixture.ts';

const DUE = addDays(dayOf(later(0)), 5);
let store: TestDatabase;
let inventory: Subgraph<'inventory'>;

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('A', 5), stockOf('B', 1)]);
  await store.database.transaction((tx) => applyReceipts(tx, [receipt('PO-A', 'A', '20', DUE)], later(0)));
  inventory = await createInventory(
    {
      config: readConfig({}), database: store.database, ports: fakeErp().ports, eventLog: createMemoryEventLog({ clock: systemClock, capacity: 100 }),
      jobs: {} as Jobs, clients: {} as Clients, clock: systemClock, log: silentLog,
    },
    { ...DEFAULT_POLICY, channels: new Map([['web', { ...DEFAULT_POLICY.channel, holdTtlSeconds: 120 }]]) },
  );
});
afterAll(() => store.drop());

async function ask(query: string, channel: string | null = 'web'): Promise<Record<string, unknown>> {
  const contextValue = inventory.createContext({
    principal: { subject: 'shop', kind: 'SERVICE', scopes: SCOPES, channel: null, customerNumber: null, companyNumber: null },
    shopping: { channel, locale: null, currencyCode: null, companyLocation: null }, signal: new AbortController().signal, deadlineAtMs: systemClock.now() + 5_000, traceparent: null,
  });
  const { data, errors } = await execute({ schema: inventory.schema, document: parse(query), contextValue });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

const HOLD = `hold { id expiresAt createdAt lines { sku quantity dueOn } basket { sku requested held backordered promisedOn variant { sku } } } shortLines { sku requested available reason } userErrors { code field }`;
const hold = (key: string, rest: string, channel?: string | null) => ask(`mutation { holdStock(input: { idempotencyKey: "${key}", ${rest} }) { ${HOLD} } }`, channel);

it("holds a part where that is allowed, and says what is left out; for as long as the channel's holds live", async () => {
  const { holdStock } = (await hold('part', 'allowPartial: true, lines: [{ sku: "A", quantity: "2" }, { sku: "B", quantity: "3" }]')) as { holdStock: { hold: { createdAt: string; expiresAt: string } } };
  expect(holdStock).toMatchObject({
    hold: {
      lines: [{ sku: 'A', quantity: '2', dueOn: null }, { sku: 'B', quantity: '1', dueOn: null }],
      basket: [{ sku: 'A', requested: '2', held: '2', backordered: '0', promisedOn: null, variant: { sku: 'A' } }, { sku: 'B', requested: '3', held: '1' }],
    },
    shortLines: [{ sku: 'B', requested: '3', available: '1', reason: 'OUT_OF_STOCK' }], userErrors: [],
  });
  expect(Date.parse(holdStock.hold.expiresAt) - Date.parse(holdStock.hold.createdAt)).toBe(120_000);
});

it('holds for a day, of goods on their way', async () => {
  expect(await hold('day', `requestedDate: "${DUE}", lines: [{ sku: "A", quantity: "10" }]`)).toMatchObject({
    holdStock: { hold: { lines: [{ sku: 'A', quantity: '10', dueOn: DUE }], basket: [{ held: '10', promisedOn: DUE }] }, userErrors: [] },
  });
  expect(await hold('past', 'requestedDate: "2020-01-01", lines: [{ sku: "A", quantity: "1" }]')).toMatchObject({ holdStock: { hold: null, userErrors: [{ code: 'INVALID_INPUT', field: ['requestedDate'] }] } });
  expect(await hold('nowhere', 'lines: [{ sku: "A", quantity: "1" }]', 'moon')).toMatchObject({ holdStock: { hold: null, userErrors: [{ code: 'INVALID_INPUT', field: ['channel'] }] } });
});

it('extends a hold once', async () => {
  const { holdStock } = (await hold('more', 'lines: [{ sku: "A", quantity: "1" }]')) as { holdStock: { hold: { id: string; expiresAt: string } } };
  const extend = (ttlSeconds: number, id = holdStock.hold.id) => ask(`mutation { extendHold(input: { holdId: "${id}", ttlSeconds: ${ttlSeconds} }) { hold { id expiresAt } userErrors { code field } } }`) as Promise<{ extendHold: { hold: { expiresAt: string } | null } }>;
  expect(await extend(5)).toMatchObject({ extendHold: { hold: null, userErrors: [{ code: 'INVALID_INPUT', field: ['ttlSeconds'] }] } });
  expect(await extend(600, 'none')).toMatchObject({ extendHold: { hold: null, userErrors: [{ code: 'NOT_FOUND', field: ['holdId'] }] } });
  expect((await extend(600)).extendHold.hold!.expiresAt > holdStock.hold.expiresAt).toBe(true);
  expect(await extend(600)).toMatchObject({ extendHold: { hold: null, userErrors: [{ code: 'CONFLICT', field: ['holdId'] }] } });
});
