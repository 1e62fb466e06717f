import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clients } from '../../../../domain/clients.ts';
import { SCOPES, type Scope } from '../../../../domain/principal.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createInventory } from '../../../../subgraphs/inventory/index.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { fakeErp, item, request, stockOf } from './inventory-fixture.ts';

const erp = fakeErp();
let store: TestDatabase;
let inventory: Subgraph<'inventory'>;

beforeAll(async () => {
  store = await createTestDatabase();
  erp.items = [item('BIKE'), item('LOCK'), item('WHEEL'), item('CLOTH', { quantityDigits: 2 }), item('GONE', { active: false })];
  erp.levels = [stockOf('BIKE', 100), stockOf('LOCK', 30), stockOf('WHEEL', 8), stockOf('CLOTH', '12.75')];
  const dependencies = {
    config: readConfig({ STOCK_POLL_MS: '40', CONTENT_POLL_MS: '40' }), database: store.database, ports: erp.ports,
    eventLog: createMemoryEventLog({ clock: systemClock, capacity: 100 }), jobs: {} as Jobs, clients: {} as Clients, clock: systemClock, log: silentLog,
  };
  inventory = await createInventory(dependencies, DEFAULT_POLICY);
  await inventory.start();
  await inventory.ready();
}, 30_000);
afterAll(async () => {
  await inventory.stop();
  await store.drop();
});

interface Caller {
  readonly scopes?: readonly Scope[];
  readonly channel?: string | null;
}

async function ask(query: string, { scopes = SCOPES, channel = null }: Caller = {}): Promise<ExecutionResult> {
  const contextValue = inventory.createContext({
    principal: { subject: 'console', kind: 'OPERATIONS', scopes, channel, customerNumber: null, companyNumber: null },
    shopping: { channel, locale: null, currencyCode: null, companyLocation: null }, signal: new AbortController().signal, deadlineAtMs: systemClock.now() + 5_000, traceparent: null,
  });
  return execute({ schema: inventory.schema, document: parse(query), contextValue });
}
const data = async (query: string, caller?: Caller): Promise<unknown> => {
  const { data: answer, errors } = await ask(query, caller);
  expect(errors).toBeUndefined();
  return answer;
};
const failure = async (query: string, caller?: Caller): Promise<unknown> => (await ask(query, caller)).errors?.[0]?.originalError;

let key = 0;
const setting = (rest: string): string => `mutation { setChannelAllocation(input: { idempotencyKey: "set-${(key += 1)}", ${rest} }) {
  allocation { code name coverage periodHours shares { channel percent quantity buffer } reallocation { afterPercent safetyFactor } skus { nodes { sku } pageInfo { hasNextPage } } }
  userErrors { code field message }
} }`;
const SEED_CASE = 'shares: [{ channel: "site", percent: 70 }, { channel: "amazon", percent: 20, buffer: 2 }, { channel: "edi", percent: 10 }]';
const listings = (rest: string): string => `{ channelListings(${rest}) { nodes { variant { sku } channel quantity quantityIsCapped status source freshness } unknownSkus pageInfo { hasNextPage endCursor } } }`;

describe('channel allocation in the graph', () => {
  it('shares out the seed case and shows how it stands', async () => {
    expect(await data(setting(`code: "bikes", name: "Bikes", skus: ["BIKE"], ${SEED_CASE}, reallocation: {}`))).toEqual({
      setChannelAllocation: {
        allocation: {
          code: 'bikes', name: 'Bikes', coverage: 'LISTED', periodHours: 168, reallocation: { afterPercent: '25', safetyFactor: '1.5' },
          shares: [
            { channel: 'site', percent: '70', quantity: null, buffer: '0' }, { channel: 'amazon', percent: '20', quantity: null, buffer: '2' }, { channel: 'edi', percent: '10', quantity: null, buffer: '0' },
          ],
          skus: { nodes: [{ sku: 'BIKE' }], pageInfo: { hasNextPage: false } },
        },
        userErrors: [],
      },
    });
    await inventory.client.placeHold(request({ BIKE: 5 }, { channel: 'amazon' }));
    const standing = '{ skuAllocation(sku: "BIKE") { variant { sku } allocation { code } atpToday base pool channels { channel own used unused buffer } } }';
    expect(await data(standing)).toEqual({
      skuAllocation: {
        variant: { sku: 'BIKE' }, allocation: { code: 'bikes' }, atpToday: '95', base: '100', pool: '0',
        channels: [
          { channel: 'site', own: '70', used: '0', unused: '70', buffer: '0' }, { channel: 'amazon', own: '20', used: '5', unused: '15', buffer: '2' },
          { channel: 'edi', own: '10', used: '0', unused: '10', buffer: '0' },
        ],
      },
    });
    // A marketplace sees its own part.
    expect(await data('{ skuAllocation(sku: "BIKE") { channels { channel } } channelAllocations { shares { channel } } }', { scopes: ['availability:exact'], channel: 'edi' })).toEqual({
      skuAllocation: { channels: [{ channel: 'edi' }] }, channelAllocations: [{ shares: [{ channel: 'edi' }] }],
    });
    expect(await data('{ skuAllocation(sku: "LOCK") { base } }')).toEqual({ skuAllocation: null });
  });

  it('lists what a connector publishes: the limit less the buffer, in whole units, capped for who may not see it', async () => {
    const common = { status: 'IN_STOCK', source: 'erp', freshness: 'RECENT', quantityIsCapped: false };
    expect(await data(listings('channel: "amazon", skus: ["BIKE", "CLOTH", "GONE", "NOPE"]'))).toEqual({
      channelListings: {
        nodes: [
          { variant: { sku: 'BIKE' }, channel: 'amazon', quantity: '13', ...common }, { variant: { sku: 'CLOTH' }, channel: 'amazon', quantity: '12', ...common },
          { variant: { sku: 'GONE' }, channel: 'amazon', quantity: '0', ...common, status: 'OUT_OF_STOCK' },
        ],
        unknownSkus: ['NOPE'], pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
      },
    });
    expect(await data(listings('skus: ["BIKE"]'), { scopes: ['availability:read'], channel: 'site' })).toMatchObject({
      channelListings: { nodes: [{ channel: 'site', quantity: '10', quantityIsCapped: true }] },
    });
    const first = (await data(listings('channel: "amazon", first: 3'))) as { channelListings: { nodes: { variant: { sku: string } }[]; pageInfo: { endCursor: string } } };
    const second = await data(listings(`channel: "amazon", first: 3, after: "${first.channelListings.pageInfo.endCursor}"`));
    expect(first.channelListings).toMatchObject({ nodes: [{ variant: { sku: 'BIKE' } }, { variant: { sku: 'CLOTH' } }, { variant: { sku: 'LOCK' } }], pageInfo: { hasNextPage: true } });
    expect(second).toMatchObject({ channelListings: { nodes: [{ variant: { sku: 'WHEEL' } }], pageInfo: { hasNextPage: false } } });
  });

  it("shows each channel its own figure where availability is asked, and what a hold would get", async () => {
    const query = 'query { _entities(representations: [{ __typename: "ProductVariant", sku: "BIKE" }]) { ... on ProductVariant { availability { quantity } } } }';
    for (const [channel, quantity] of [['site', '70'], ['amazon', '13'], ['edi', '10'], ['other', '0'], [null, '0']] as const) {
      expect(await data(query, { channel })).toEqual({ _entities: [{ availability: { quantity } }] });
      const one = await inventory.client.placeHold(request({ BIKE: Number(quantity) + 1 }, { channel }));
      expect(one).toMatchObject({ kind: 'SHORT', lines: [{ available: quantity }] });
    }
  });

  it('moves, and tells who, when, how much and why', async () => {
    const move = (rest: string): string => `mutation { moveAllocation(input: { idempotencyKey: "move-${(key += 1)}", sku: "BIKE", ${rest} }) { allocation { pool channels { channel unused } } userErrors { code field message } } }`;
    expect(await data(move('from: "site", to: "amazon", quantity: 20, reason: "Prime week"'))).toMatchObject({
      moveAllocation: { allocation: { pool: '0', channels: [{ unused: '50' }, { unused: '35' }, { unused: '10' }] }, userErrors: [] },
    });
    expect(await data(move('from: "edi", quantity: 4, reason: "slow"'))).toMatchObject({ moveAllocation: { allocation: { pool: '4' }, userErrors: [] } });
    expect(await data(move('from: "edi", to: "site", quantity: 7, reason: "too much"'))).toEqual({
      moveAllocation: { allocation: null, userErrors: [{ code: 'INVALID_INPUT', field: ['quantity'], message: 'at most 6 can be moved from edi now' }] },
    });
    const moves = (rest: string): string => `{ allocationMoves(sku: "BIKE", ${rest}) { nodes { ruleCode from to quantity cause movedBy reason figures { need } variant { sku } } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
    const page = (await data(moves('first: 1'))) as { allocationMoves: { pageInfo: { endCursor: string } } };
    expect(page).toMatchObject({ allocationMoves: { nodes: [{ from: 'edi', to: null, quantity: '4' }], pageInfo: { hasNextPage: true } } });
    expect(await data(moves(`first: 5, after: "${page.allocationMoves.pageInfo.endCursor}"`))).toMatchObject({
      allocationMoves: {
        nodes: [{ ruleCode: 'bikes', from: 'site', to: 'amazon', quantity: '20', cause: 'MANUAL', movedBy: 'console', reason: 'Prime week', figures: null, variant: { sku: 'BIKE' } }],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  it('refuses with the field and the remedy, and changes nothing', async () => {
    const errors = async (rest: string): Promise<unknown> => ((await data(setting(rest))) as { setChannelAllocation: { userErrors: unknown } }).setChannelAllocation.userErrors;
    expect(await errors('code: "locks", name: "Locks", skus: ["LOCK", "NOPE", "BIKE"], shares: [{ channel: "site", percent: 50 }]')).toEqual([
      { code: 'NOT_FOUND', field: ['skus', '1'], message: 'there is no SKU "NOPE"' },
      { code: 'CONFLICT', field: ['skus', '2'], message: '"BIKE" is in the rule "bikes"; take it out there first' },
    ]);
    expect(await errors('code: "locks", name: "Locks", skus: ["LOCK"], shares: [{ channel: "site", percent: 70 }, { channel: "amazon", percent: 40 }]')).toEqual([
      { code: 'INVALID_INPUT', field: ['shares'], message: 'percentages add up to 110; at most 100' },
    ]);
    expect(await errors('code: "locks", name: "Locks", skus: ["LOCK"], shares: [{ channel: "site", percent: 70, quantity: 1 }, { channel: "amazon" }]')).toMatchObject([
      { field: ['shares', '0'] }, { field: ['shares', '1'] },
    ]);
    expect(await data('{ skuAllocation(sku: "LOCK") { base } channelAllocations { code } }')).toEqual({ skuAllocation: null, channelAllocations: [{ code: 'bikes' }] });
    const remove = 'mutation { removeChannelAllocation(input: { idempotencyKey: "gone", code: "nope" }) { removedCode userErrors { code field } } }';
    expect(await data(remove)).toEqual({ removeChannelAllocation: { removedCode: null, userErrors: [{ code: 'NOT_FOUND', field: ['code'] }] } });
    // What the store cannot hold is the caller's: the gateway says so by the store's code.
    expect(await failure('mutation { removeChannelAllocation(input: { idempotencyKey: "nul", code: "a\\u0000" }) { removedCode } }')).toMatchObject({ code: '22021' });
    expect(await failure(listings('first: 1'))).toMatchObject({ code: 'INVALID_INPUT', field: ['channel'] });
    expect(await failure(listings('channel: "site", skus: []'))).toMatchObject({ code: 'INVALID_INPUT', field: ['skus'] });
    expect(await failure(listings('channel: "site", after: "x"'))).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
    expect(await failure('{ allocationMoves(sku: "BIKE", after: "x") { nodes { id } } }')).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
  });

  it('lets operations write and audit, marketplaces read, and each channel list itself alone', async () => {
    const marketplace: Caller = { scopes: ['availability:read', 'availability:exact'], channel: 'amazon' };
    expect(await failure(setting(`code: "x", name: "x", ${SEED_CASE}`), marketplace)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await failure('{ allocationMoves(sku: "BIKE") { nodes { id } } }', marketplace)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await failure('{ channelAllocations { code } }', { scopes: ['availability:read'] })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await failure(listings('channel: "site"'), marketplace)).toMatchObject({ code: 'FORBIDDEN', field: ['channel'] });
  });

  it('removes a rule: everybody may then sell all of it', async () => {
    const remove = 'mutation { removeChannelAllocation(input: { idempotencyKey: "remove", code: "bikes" }) { removedCode userErrors { code } } }';
    for (const _ of [1, 2]) expect(await data(remove)).toEqual({ removeChannelAllocation: { removedCode: 'bikes', userErrors: [] } });
    expect(await data(listings('channel: "amazon", skus: ["BIKE"]'))).toMatchObject({ channelListings: { nodes: [{ quantity: '95' }] } });
    const undone = async (): Promise<unknown> => data('{ allocationMoves(sku: "BIKE", first: 3) { nodes { cause from to quantity } } }');
    await expect.poll(undone, { timeout: 5_000 }).toMatchObject({ allocationMoves: { nodes: [{ cause: 'RULE_REMOVED' }, { cause: 'RULE_REMOVED' }, { cause: 'RULE_REMOVED' }] } });
  });
});

