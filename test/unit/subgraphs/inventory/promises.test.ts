import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clients } from '../../../../domain/clients.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { SCOPES, type Scope } from '../../../../domain/principal.ts';
import { addDays, dayOf } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createInventory } from '../../../../subgraphs/inventory/index.ts';
import { parsePolicy } from '../../../../subgraphs/inventory/promise/policy-file.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { fakeErp, item, later, receipt, stockOf } from './inventory-fixture.ts';

const TODAY = dayOf(later(0));
const erp = fakeErp();
let store: TestDatabase;
let inventory: Subgraph<'inventory'>;

const POLICY = parsePolicy({
  horizonDays: 400,
  items: { SOFA: { backorder: 'LEAD_TIME', leadTimeDays: 21 }, NEXT: { preorder: { availableFrom: addDays(TODAY, 10), limit: '3' } } },
  channels: { web: {}, b: { locations: ['B'] } },
  regions: [{ name: 'us', countries: ['US'], locations: ['A', 'B'] }],
}, 'test');

beforeAll(async () => {
  store = await createTestDatabase();
  erp.items = [
    item('FRAME'), item('WHEEL', { units: [{ code: 'PAIR', factor: decimal('2') }, { code: 'BOX', factor: decimal('12') }] }), item('SOFA'), item('NEXT'),
    item('BICYCLE', { kind: 'KIT', components: [{ sku: 'FRAME', quantity: decimal('1') }, { sku: 'WHEEL', quantity: decimal('2') }] }),
  ];
  erp.levels = [stockOf('FRAME', 8), stockOf('WHEEL', 25), stockOf('WHEEL', 6, { locationCode: 'B' }), stockOf('BICYCLE', 99), stockOf('SOFA', 1), stockOf('NEXT', 0)];
  erp.receipts = [receipt('PO-1', 'FRAME', '20', addDays(TODAY, 5))];
  inventory = await createInventory(
    {
      config: readConfig({ STOCK_POLL_MS: '40', CONTENT_POLL_MS: '40', CHECK_DEADLINE_MS: '2000' }), database: store.database, ports: erp.ports,
      eventLog: createMemoryEventLog({ clock: systemClock, capacity: 100 }), jobs: {} as Jobs, clients: {} as Clients, clock: systemClock, log: silentLog,
    },
    POLICY,
  );
  await inventory.start();
  await inventory.ready();
}, 30_000);
afterAll(async () => {
  await inventory.stop();
  await store.drop();
});

interface Asking {
  readonly scopes?: readonly Scope[];
  readonly channel?: string | null;
}

function ask(query: string, { scopes = SCOPES, channel = 'web' }: Asking = {}): Promise<ExecutionResult> {
  const principal = { subject: 'shop', kind: 'SERVICE', scopes, channel: null, customerNumber: null, companyNumber: null } as const;
  const contextValue = inventory.createContext({ principal, shopping: { channel, locale: null, currencyCode: null, companyLocation: null }, signal: new AbortController().signal, deadlineAtMs: systemClock.now() + 5_000, traceparent: null });
  return Promise.resolve(execute({ schema: inventory.schema, document: parse(query), contextValue }));
}

async function availability(sku: string, fields: string, asking?: Asking): Promise<unknown> {
  const { data, errors } = await ask(`{ _entities(representations: [{ __typename: "ProductVariant", sku: "${sku}" }]) { ... on ProductVariant { availability { ${fields} } } } }`, asking);
  if (errors) throw errors[0]!.originalError ?? errors[0]!;
  return (data as { _entities: { availability: unknown }[] })._entities[0]!.availability;
}

const check = async (input: string, asking?: Asking): Promise<unknown> => {
  const { data, errors } = await ask(`{ checkAvailability(input: ${input}) { lines { sku requested outcome { __typename
    ... on AvailabilityConfirmed { date basis sources { location { code } quantity variant { sku } } }
    ... on AvailabilityPartial { confirmedQuantity schedule { date quantity } sources { quantity } }
    ... on AvailabilityRejected { reason earliestDate alternatives { date quantity location { code } } } } } } }`, asking);
  if (errors) throw errors[0]!.originalError ?? errors[0]!;
  return (data as { checkAvailability: { lines: unknown } }).checkAvailability.lines;
};

describe('kits', () => {
  it('are what their components make, today and later, at each location and altogether', async () => {
    expect(await availability('BICYCLE', 'status quantity on(date: "' + addDays(TODAY, 5) + '") byLocation { location { code } quantity } earliestDate(quantity: "15") components { variant { sku } quantityPerKit quantity kits limits }')).toEqual({
      status: 'IN_STOCK', quantity: '8', on: '15', earliestDate: addDays(TODAY, 5),
      byLocation: [{ location: { code: 'A' }, quantity: '8' }, { location: { code: 'B' }, quantity: '0' }],
      components: [
        { variant: { sku: 'FRAME' }, quantityPerKit: '1', quantity: '8', kits: '8', limits: true }, { variant: { sku: 'WHEEL' }, quantityPerKit: '2', quantity: '31', kits: '15', limits: false },
      ],
    });
    expect(await availability('BICYCLE', 'quantity components { kits }', { scopes: ['availability:read'] })).toEqual({ quantity: '8', components: null });
    expect(await availability('FRAME', 'components { kits }')).toEqual({ components: [] });
  });

  it('are checked live by their components, summed over the basket', async () => {
    expect(await check('{ lines: [{ sku: "WHEEL", quantity: 20 }, { sku: "BICYCLE", quantity: 5 }, { sku: "BICYCLE", quantity: 1 }] }')).toMatchObject([
      { outcome: { __typename: 'AvailabilityConfirmed', basis: 'ON_HAND', sources: [{ location: { code: 'A' }, quantity: '20', variant: { sku: 'WHEEL' } }] } },
      { outcome: { __typename: 'AvailabilityConfirmed', sources: [{ variant: { sku: 'FRAME' }, quantity: '5' }, { variant: { sku: 'WHEEL' } }, { variant: { sku: 'WHEEL' } }] } },
      { outcome: { __typename: 'AvailabilityRejected', reason: 'OUT_OF_STOCK', alternatives: [] } },
    ]);
  });

  it('are held as components, and held components are gone for the kit', async () => {
    const { data } = await ask('mutation { holdStock(input: { idempotencyKey: "kit", lines: [{ sku: "BICYCLE", quantity: 3 }] }) { hold { id lines { sku quantity } } userErrors { message } } }');
    const { hold, userErrors } = (data as { holdStock: { hold: { id: string; lines: unknown }; userErrors: unknown } }).holdStock;
    expect(userErrors).toEqual([]);
    expect(hold.lines).toEqual([{ sku: 'FRAME', quantity: '3' }, { sku: 'WHEEL', quantity: '6' }]);
    expect(await availability('BICYCLE', 'quantity')).toEqual({ quantity: '5' });
    expect(await check(`{ holdId: "${hold.id}", lines: [{ sku: "BICYCLE", quantity: 8 }] }`)).toMatchObject([{ outcome: { __typename: 'AvailabilityConfirmed' } }]);
    await ask(`mutation { releaseHold(input: { holdId: "${hold.id}" }) { hold { state } } }`);
    expect(await availability('BICYCLE', 'quantity')).toEqual({ quantity: '8' });
  });
});

describe('promises', () => {
  it('are told for several days at once, through a horizon of more than a year', async () => {
    const far = addDays(TODAY, 400);
    expect(await availability('FRAME', `onDates(dates: ["${far}", "${TODAY}"]) { date quantity }`)).toEqual({ onDates: [{ date: far, quantity: '28' }, { date: TODAY, quantity: '8' }] });
    expect(((await availability('FRAME', 'schedule(days: 731) { date }')) as { schedule: unknown[] }).schedule).toHaveLength(401);
    await expect(availability('FRAME', `onDates(dates: ["${addDays(TODAY, 401)}"]) { date }`)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['dates', '0'] });
    await expect(availability('FRAME', 'schedule(days: 732) { date }')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['days'] });
  });

  it('rest on goods there, on their way, or on lead time where it is sold so', async () => {
    expect(await availability('FRAME', 'promise(quantity: "9") { date basis } leadTimeDays')).toEqual({ promise: { date: addDays(TODAY, 5), basis: 'INCOMING' }, leadTimeDays: null });
    expect(await availability('FRAME', 'promise(quantity: "29") { date }')).toEqual({ promise: null });
    expect(await availability('SOFA', 'status one: promise(quantity: "1") { basis } two: promise(quantity: "2") { date basis } leadTimeDays')).toEqual({
      status: 'LOW_STOCK', one: { basis: 'ON_HAND' }, two: { date: addDays(TODAY, 21), basis: 'LEAD_TIME' }, leadTimeDays: 21,
    });
    expect(await check('{ lines: [{ sku: "SOFA", quantity: 2 }] }')).toMatchObject([{ outcome: { __typename: 'AvailabilityConfirmed', date: addDays(TODAY, 21), basis: 'LEAD_TIME', sources: [{ quantity: '1' }] } }]);
  });

  it('of a preorder are for its day, and counted down by holds', async () => {
    const from = addDays(TODAY, 10);
    expect(await availability('NEXT', 'status quantity preorderFrom earliestDate(quantity: "3")')).toEqual({ status: 'PREORDER', quantity: '0', preorderFrom: from, earliestDate: from });
    const { data } = await ask('mutation { holdStock(input: { idempotencyKey: "pre", lines: [{ sku: "NEXT", quantity: 2 }] }) { hold { id lines { quantity } } userErrors { message } } }');
    const { holdStock } = data as { holdStock: { hold: { id: string; lines: unknown }; userErrors: unknown } };
    expect(holdStock).toMatchObject({ userErrors: [], hold: { lines: [{ quantity: '2' }] } });
    expect(await check('{ lines: [{ sku: "NEXT", quantity: 2 }] }')).toMatchObject([{ outcome: { __typename: 'AvailabilityPartial', confirmedQuantity: '1' } }]);
    await ask(`mutation { releaseHold(input: { holdId: "${holdStock.hold.id}" }) { hold { state } } }`);
  });

  it('are never found out by asking for more than one may see', async () => {
    await expect(availability('WHEEL', 'earliestDate(quantity: "11")', { scopes: ['availability:read'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await availability('WHEEL', 'quantity earliestDate(quantity: "10") units { code quantity }', { scopes: ['availability:read'] })).toEqual({
      quantity: '10', earliestDate: TODAY, units: [{ code: 'PCE', quantity: '10' }, { code: 'PAIR', quantity: '5' }, { code: 'BOX', quantity: '0' }],
    });
  });
});

describe('units, channels and addresses', () => {
  it('asks in any unit the item is sold in', async () => {
    expect(await availability('WHEEL', 'units { code factor quantity }')).toEqual({ units: [{ code: 'PCE', factor: '1', quantity: '31' }, { code: 'PAIR', factor: '2', quantity: '15' }, { code: 'BOX', factor: '12', quantity: '2' }] });
    expect(await check('{ lines: [{ sku: "WHEEL", quantity: "1.5", unit: "BOX" }] }')).toMatchObject([{ requested: '18', outcome: { __typename: 'AvailabilityConfirmed' } }]);
    await expect(check('{ lines: [{ sku: "WHEEL", quantity: 1, unit: "CRATE" }] }')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['lines', '0', 'unit'] });
  });

  it('draws on what serves the channel and the address, and names who else has it', async () => {
    expect(await availability('WHEEL', 'quantity byLocation { location { code } }', { channel: 'b' })).toEqual({ quantity: '6', byLocation: [{ location: { code: 'B' } }] });
    expect(await check('{ lines: [{ sku: "FRAME", quantity: 2 }] }', { channel: 'b' })).toMatchObject([
      { outcome: { __typename: 'AvailabilityRejected', reason: 'NOT_SERVED', alternatives: [{ quantity: '2', location: { code: 'A' } }] } },
    ]);
    expect(await check('{ shipTo: { countryCode: "FR" }, lines: [{ sku: "FRAME", quantity: 2 }] }')).toMatchObject([{ outcome: { reason: 'NOT_SERVED' } }]);
    expect(await check('{ shipTo: { countryCode: "US" }, lines: [{ sku: "FRAME", quantity: 2 }] }')).toMatchObject([{ outcome: { __typename: 'AvailabilityConfirmed' } }]);
    await expect(check('{ shipTo: { countryCode: "USA" }, lines: [{ sku: "FRAME", quantity: 2 }] }')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['shipTo', 'countryCode'] });
  });

  it('refuses a channel nobody configured, in words', async () => {
    const refusal = { code: 'INVALID_INPUT', field: ['channel'], message: 'there is no channel "ebay"; the channels are web, b' };
    await expect(availability('WHEEL', 'quantity', { channel: 'ebay' })).rejects.toMatchObject(refusal);
    await expect(check('{ lines: [{ sku: "WHEEL", quantity: 1 }] }', { channel: 'ebay' })).rejects.toMatchObject(refusal);
  });

  it('offers a later day where all of it comes later', async () => {
    expect(await check('{ lines: [{ sku: "FRAME", quantity: 9 }] }')).toMatchObject([{ outcome: { __typename: 'AvailabilityPartial', confirmedQuantity: '8', schedule: [{ date: TODAY, quantity: '8' }, { date: addDays(TODAY, 5), quantity: '9' }] } }]);
    expect(await check(`{ requestedDate: "${addDays(TODAY, 6)}", lines: [{ sku: "FRAME", quantity: 28 }] }`)).toMatchObject([{ outcome: { __typename: 'AvailabilityConfirmed', basis: 'INCOMING', date: addDays(TODAY, 6) } }]);
  });

  it('refuses ten thousand lines at once, naming them', async () => {
    const lines = Array.from({ length: 10_000 }, () => ({ sku: 'WHEEL', quantity: decimal('1') }));
    await expect(inventory.client.checkAvailability({ lines, channel: null, requestedOn: null, holdId: null, deadlineMs: 300 })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['lines'] });
  });
});
