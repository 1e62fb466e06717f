import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clients } from '../../../../domain/clients.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { AvailabilityCheck, SilencePolicy } from '../../../../domain/inventory.ts';
import { SCOPES, type Principal, type Scope } from '../../../../domain/principal.ts';
import { addDays, dayOf } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createInventory } from '../../../../subgraphs/inventory/index.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { CAPABILITIES, fakeErp, item, later, receipt, stockOf } from './inventory-fixture.ts';

const TODAY = dayOf(later(0));
const erp = fakeErp();
const normalRead = erp.readStock;
let store: TestDatabase;
let inventory: Subgraph<'inventory'>;

const silent = (channel: string, whenSilent: SilencePolicy) => [channel, { ...DEFAULT_POLICY.channel, whenSilent }] as const;

const create = () =>
  createInventory(
    {
      config: readConfig({ STOCK_POLL_MS: '40', CONTENT_POLL_MS: '40', CHECK_DEADLINE_MS: '300' }), database: store.database, ports: erp.ports,
      eventLog: createMemoryEventLog({ clock: systemClock, capacity: 100 }), jobs: {} as Jobs, clients: {} as Clients, clock: systemClock, log: silentLog,
    },
    { ...DEFAULT_POLICY, channels: new Map([silent('web', 'REFUSE'), silent('ledger', 'LEDGER_WITH_SAFETY'), silent('backorder', 'BACKORDER')]) },
  );

beforeAll(async () => {
  store = await createTestDatabase();
  erp.items = [item('BIKE'), item('LOCK'), item('GONE', { active: false }), item('KEPT', { sellable: false })];
  erp.levels = [stockOf('BIKE', 12), stockOf('BIKE', -4, { locationCode: 'B' }), stockOf('LOCK', 3), stockOf('GHOST', 5), stockOf('LOCK', 1, { locationCode: 'MOON' })];
  erp.receipts = [receipt('PO-1', 'LOCK', '5', addDays(TODAY, 4))];
  inventory = await create();
  await inventory.start();
  await inventory.ready();
}, 30_000);
afterAll(async () => {
  await inventory.stop();
  await store.drop();
});
beforeEach(() => {
  erp.readStock = normalRead;
  erp.capabilities = CAPABILITIES;
});

const principal = (scopes: readonly Scope[]): Principal => ({ subject: 'shop', kind: 'SERVICE', scopes, channel: null, customerNumber: null, companyNumber: null });

function ask(query: string, { scopes = SCOPES as readonly Scope[], root = undefined as unknown, variables = {} } = {}): Promise<ExecutionResult> {
  const contextValue = inventory.createContext({
    principal: principal(scopes), shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: new AbortController().signal,
    deadlineAtMs: systemClock.now() + 5_000, traceparent: null,
  });
  return Promise.resolve(execute({ schema: inventory.schema, document: parse(query), contextValue, rootValue: root, variableValues: variables }));
}

const entities = (representations: object[], fields: string, scopes?: readonly Scope[]): Promise<ExecutionResult> =>
  ask(`query($r: [_Any!]!) { _entities(representations: $r) { ${fields} } }`, { variables: { r: representations }, ...(scopes ? { scopes } : {}) });

const check = (lines: Record<string, number>, rest: Partial<AvailabilityCheck> = {}): AvailabilityCheck => ({
  lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity: decimal(quantity) })), channel: null, requestedOn: null, holdId: null, deadlineMs: 300, ...rest,
});

describe('inventory fed by an ERP', () => {
  it('answers availability of many variants from one batch', async () => {
    const fields = '... on ProductVariant { sku availability { status quantity quantityIsCapped source freshness byLocation { location { code } quantity } earliestDate(quantity: "8") } }';
    const { data, errors } = await entities(['BIKE', 'LOCK', 'GONE', 'NOPE'].map((sku) => ({ __typename: 'ProductVariant', sku })), fields);
    expect(errors).toBeUndefined();
    const common = { source: 'erp', freshness: 'RECENT', quantityIsCapped: false };
    expect(data).toEqual({
      _entities: [
        { sku: 'BIKE', availability: { ...common, status: 'IN_STOCK', quantity: '12', byLocation: [{ location: { code: 'A' }, quantity: '12' }, { location: { code: 'B' }, quantity: '0' }], earliestDate: TODAY } },
        { sku: 'LOCK', availability: { ...common, status: 'LOW_STOCK', quantity: '3', byLocation: [{ location: { code: 'A' }, quantity: '3' }], earliestDate: addDays(TODAY, 4) } },
        { sku: 'GONE', availability: { ...common, status: 'OUT_OF_STOCK', quantity: '0', byLocation: [], earliestDate: null } },
        { sku: 'NOPE', availability: null },
      ],
    });
  });

  it('shows exact quantities only to those who may see them', async () => {
    const { data } = await entities([{ __typename: 'ProductVariant', sku: 'BIKE' }], '... on ProductVariant { availability { quantity quantityIsCapped } }', ['availability:read']);
    expect(data).toEqual({ _entities: [{ availability: { quantity: '10', quantityIsCapped: true } }] });
    const refused = await entities([{ __typename: 'ProductVariant', sku: 'BIKE' }], '... on ProductVariant { availability { quantity } }', ['catalog:read']);
    expect(refused.data).toEqual({ _entities: [{ availability: null }] });
    expect(refused.errors![0]!.originalError).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('says whether a product is in stock by its variants', async () => {
    const product = (id: string, variantSkus: string[]) => ({ __typename: 'Product', id, variantSkus });
    const { data } = await entities([product('1', ['GONE', 'BIKE']), product('2', ['GONE']), product('3', ['NOPE'])], '... on Product { id inStock }');
    expect(data).toEqual({ _entities: [{ id: '1', inStock: true }, { id: '2', inStock: false }, { id: '3', inStock: null }] });
  });

  it('parks rows it cannot place with their reason, and places them when it can', async () => {
    const rejects = () => store.database.query(`select key, reason from inventory.feed_reject where feed = 'stock' order by key`);
    expect(await rejects()).toEqual([
      { key: 'GHOST @ A', reason: `unknown SKU "GHOST": not in the ERP's item list` },
      { key: 'LOCK @ MOON', reason: `unknown location "MOON": not in the ERP's location list` },
    ]);
    erp.items.push(item('GHOST'));
    while ((await rejects()).length > 1) await new Promise((done) => setTimeout(done, 20));
    const { data } = await entities([{ __typename: 'ProductVariant', sku: 'GHOST' }], '... on ProductVariant { availability { quantity } }');
    expect(data).toEqual({ _entities: [{ availability: { quantity: '5' } }] });
  });

  it('executes stockChanged with the event as root', async () => {
    const event = { type: 'stock.changed', sku: 'BIKE', locationCodes: ['A'], at: later(0), cursor: '17-1' };
    const { data, errors } = await ask('subscription { stockChanged(skus: ["BIKE"]) { cursor at variant { sku } availability { quantity } } }', { root: event });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ stockChanged: { cursor: '17-1', at: event.at, variant: { sku: 'BIKE' }, availability: { quantity: '12' } } });
  });

  it('is healthy, and a second start is ready at once although the ERP is silent', async () => {
    expect(await inventory.health()).toEqual({ ok: true, reasons: [] });
    const again = await create();
    await again.ready();
    await again.stop();
  });
});

describe('checking a basket', () => {
  it('confirms, splits, refuses: live, line by line, lines of one SKU against the same stock', async () => {
    const two = { ...check({ BIKE: 8, LOCK: 6, GONE: 1, KEPT: 1, NOPE: 1 }) };
    const lines = await inventory.client.checkAvailability({ ...two, lines: [...two.lines, { sku: 'BIKE', quantity: decimal(8) }] });
    expect(lines.map((line) => line.outcome)).toEqual([
      { kind: 'CONFIRMED', date: TODAY, basis: 'ON_HAND', sources: [{ sku: 'BIKE', locationCode: 'A', quantity: '8' }] },
      { kind: 'PARTIAL', confirmed: '3', schedule: [{ date: TODAY, quantity: '3' }, { date: addDays(TODAY, 4), quantity: '6' }], sources: [{ sku: 'LOCK', locationCode: 'A', quantity: '3' }] },
      { kind: 'REJECTED', reason: 'INACTIVE', earliest: null, alternatives: [] },
      { kind: 'REJECTED', reason: 'NOT_SELLABLE', earliest: null, alternatives: [] },
      { kind: 'REJECTED', reason: 'UNKNOWN_SKU', earliest: null, alternatives: [] },
      { kind: 'PARTIAL', confirmed: '4', schedule: [{ date: TODAY, quantity: '4' }], sources: [{ sku: 'BIKE', locationCode: 'A', quantity: '4' }] },
    ]);
    expect(lines[0]!.evidence).toMatchObject({ source: 'erp', freshness: 'LIVE' });
  });

  it('nets with holds, but never with the own one', async () => {
    const outcome = await inventory.client.placeHold({ idempotencyKey: 'own', owner: 'shop', channel: null, ttlSeconds: 60, replacesHoldId: null, lines: check({ BIKE: 10 }).lines });
    if (outcome.kind === 'SHORT') throw new Error('should be held');
    const holdId = outcome.hold.id;
    expect((await inventory.client.checkAvailability(check({ BIKE: 12 })))[0]!.outcome).toMatchObject({ kind: 'PARTIAL', confirmed: '2' });
    expect((await inventory.client.checkAvailability(check({ BIKE: 12 }, { holdId, owner: 'shop' })))[0]!.outcome.kind).toBe('CONFIRMED');
    for (const owner of ['another', undefined]) {
      await expect(inventory.client.checkAvailability(check({ BIKE: 1 }, { holdId, ...(owner && { owner }) }))).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['holdId'] });
    }
    await inventory.client.releaseHold({ holdId, owner: 'shop' });
  });

  it('tells silence from a no, by the policy of the channel, and applies no late answer', async () => {
    let answer = (): void => undefined;
    erp.readStock = (skus) => new Promise((done) => (answer = () => done(skus.map((sku) => ({ ok: true, value: [stockOf(sku, 999, { asOf: later(60_000) })] })))));
    const outcome = async (channel: string, quantity: number) => (await inventory.client.checkAvailability(check({ BIKE: quantity }, { channel, deadlineMs: 80 })))[0]!;
    expect(await outcome('web', 1)).toMatchObject({ outcome: { kind: 'UNVERIFIED', policy: 'REFUSE', lastKnown: '12', accepted: false }, evidence: { freshness: 'STALE' } });
    expect((await outcome('ledger', 11)).outcome).toMatchObject({ policy: 'LEDGER_WITH_SAFETY', accepted: true });
    expect((await outcome('ledger', 12)).outcome).toMatchObject({ policy: 'LEDGER_WITH_SAFETY', accepted: false });
    expect((await outcome('backorder', 500)).outcome).toMatchObject({ policy: 'BACKORDER', accepted: true });
    answer();
    erp.readStock = async (skus) => skus.map(() => ({ ok: false, failure: new Failure('UPSTREAM_UNAVAILABLE', 'closed') }));
    expect(await outcome('web', 1)).toMatchObject({ outcome: { kind: 'UNVERIFIED', lastKnown: '12' } });
  });

  it('writes live figures through, and takes a location left out for empty', async () => {
    erp.readStock = async (skus) => skus.map((sku) => ({ ok: true, value: [stockOf(sku, 2, { locationCode: 'B', asOf: later(3_000_000) })] }));
    erp.items.push(item('LIVE'));
    erp.levels.push(stockOf('LIVE', 7));
    while ((await store.database.query(`select from inventory.stock_level where sku = 'LIVE'`)).length === 0) await new Promise((done) => setTimeout(done, 20));
    expect((await inventory.client.checkAvailability(check({ LIVE: 5 })))[0]!.outcome).toMatchObject({ kind: 'PARTIAL', confirmed: '2' });
  });

  it('refuses unusable questions naming the field', async () => {
    const refusal = (field: string[]) => ({ code: 'INVALID_INPUT', field });
    const asked = (rest: Partial<AvailabilityCheck>) => inventory.client.checkAvailability(check({ BIKE: 1 }, rest));
    await expect(asked({ holdId: 'none' })).rejects.toMatchObject(refusal(['holdId']));
    await expect(asked({ requestedOn: addDays(TODAY, -1) })).rejects.toMatchObject(refusal(['requestedDate']));
    await expect(asked({ requestedOn: addDays(TODAY, 91) })).rejects.toMatchObject(refusal(['requestedDate']));
    await expect(asked({ deadlineMs: 60_000 })).rejects.toMatchObject(refusal(['deadlineMs']));
    await expect(asked({ lines: [{ sku: 'BIKE', quantity: decimal('0.5') }] })).rejects.toMatchObject(refusal(['lines', '0', 'quantity']));
    await expect(asked({ lines: [{ sku: 'BIKE', quantity: decimal('-1') }] })).rejects.toMatchObject(refusal(['lines', '0', 'quantity']));
  });

  it('holds and releases through the graph', async () => {
    const { data, errors } = await ask(`mutation { holdStock(input: { idempotencyKey: "g1", lines: [{ sku: "LOCK", quantity: "1" }] }) {
      hold { id state lines { sku quantity location { code } } } shortLines { sku } userErrors { code } } }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ holdStock: { hold: { state: 'HELD', lines: [{ sku: 'LOCK', quantity: '1', location: { code: 'A' } }] }, shortLines: [], userErrors: [] } });
    const { id } = (data as { holdStock: { hold: { id: string } } }).holdStock.hold;
    const short = await ask('mutation { holdStock(input: { idempotencyKey: "g2", lines: [{ sku: "LOCK", quantity: "3" }, { sku: "NOPE", quantity: 1 }] }) { hold { id } shortLines { sku available reason } userErrors { code field } } }');
    expect(short.data).toEqual({ holdStock: {
      hold: null,
      shortLines: [{ sku: 'LOCK', available: '2', reason: 'OUT_OF_STOCK' }, { sku: 'NOPE', available: '0', reason: 'UNKNOWN_SKU' }],
      userErrors: [{ code: 'OUT_OF_STOCK', field: ['lines', '0', 'sku'] }, { code: 'NOT_FOUND', field: ['lines', '1', 'sku'] }],
    } });
    const released = await ask(`mutation { releaseHold(input: { holdId: "${id}" }) { hold { state } userErrors { code } } }`);
    expect(released.data).toEqual({ releaseHold: { hold: { state: 'RELEASED' }, userErrors: [] } });
  });

  it('presents every outcome of a check in the graph', async () => {
    const { data, errors } = await ask(`{ checkAvailability(input: { lines: [{ sku: "LOCK", quantity: "1" }, { sku: "LOCK", quantity: "3" }, { sku: "NOPE", quantity: "1" }] }) { lines {
      sku freshness variant { sku } outcome { __typename ... on AvailabilityConfirmed { sources { location { name } quantity } } ... on AvailabilityPartial { confirmedQuantity } ... on AvailabilityRejected { reason } } } } }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ checkAvailability: { lines: [
      { sku: 'LOCK', freshness: 'LIVE', outcome: { __typename: 'AvailabilityConfirmed', sources: [{ location: { name: 'Store A' }, quantity: '1' }] } },
      { sku: 'LOCK', outcome: { __typename: 'AvailabilityPartial', confirmedQuantity: '2' } },
      { sku: 'NOPE', variant: null, outcome: { __typename: 'AvailabilityRejected', reason: 'UNKNOWN_SKU' } },
    ] } });
  });
});
