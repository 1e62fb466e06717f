import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clients } from '../../../../domain/clients.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { asFailure, Failure } from '../../../../domain/failure.ts';
import { addMs } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { releaseHold } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { createInventory } from '../../../../subgraphs/inventory/index.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { createHotLane, refreshHotLane, type HotLaneStatus } from '../../../../subgraphs/inventory/supply/hot-lane.ts';
import { measureDemand, readCandidates } from '../../../../subgraphs/inventory/supply/hot-lane-demand.ts';
import { readMembers } from '../../../../subgraphs/inventory/supply/hot-lane-members.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { eventually } from '../../../support/storefront-operations.ts';
import { CAPABILITIES, fakeErp, item, later, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

/** Demand of the last second is not counted yet: as if the holds had been placed a little earlier. */
const settle = (): Promise<unknown> => new Promise((done) => setTimeout(done, 1_100));
const config = readConfig({ HOT_REFRESH_MS: '500', HOT_LANE_SIZE: '3' });

describe('demand', () => {
  let store: TestDatabase;
  beforeAll(async () => {
    store = await createTestDatabase();
    await stock(store.database, [stockOf('FAST', 100), stockOf('FAST', 20, { locationCode: 'B' }), stockOf('PLENTY', 1_000_000), stockOf('RARE', 2), stockOf('NONE', 0), stockOf('FRAME', 3), stockOf('WHEEL', 9)]);
    const kit = item('BIKE', { kind: 'KIT', components: [{ sku: 'FRAME', quantity: decimal('1') }, { sku: 'WHEEL', quantity: decimal('2') }] });
    await store.database.transaction((tx) => applyItems(tx, [kit], later(0)));
  });
  afterAll(() => store.drop());

  it('is what was held less what was released, and a refusal each; of a kit by its components', async () => {
    const tools = toolsOn(store.database);
    const given = await placeHold(tools, request({ FAST: 50 }));
    for (const quantity of [20, 10, 5]) await placeHold(tools, request({ FAST: quantity, PLENTY: quantity }));
    if (given.kind === 'HELD') await releaseHold(tools, { holdId: given.hold.id, owner: 'shop' });
    expect((await placeHold(tools, request({ NONE: 1_000_000 }))).kind).toBe('SHORT');
    expect(await placeHold(tools, request({ BIKE: 2 }))).toMatchObject({ kind: 'HELD' });
    expect((await placeHold(tools, request({ BIKE: 2 }))).kind).toBe('SHORT');
    await settle();
    await measureDemand(store.database);
    await measureDemand(store.database);
    const found = await readCandidates(store.database, 10);
    // 35 units in five minutes of 85 left; 2 held and 1 refused of one left; 1,000,000 asked for are one refusal.
    expect(found.map(({ sku, unitsPerMinute, available, holds, refusals }) => [sku, unitsPerMinute, available, holds, refusals])).toEqual([
      ['NONE', 0.2, 0, 0, 1], ['FRAME', 0.6, 1, 1, 1], ['WHEEL', 1, 5, 1, 1], ['FAST', 7, 85, 4, 0],
    ]);
  });

  it('is counted once, also by processes that measure at the same time, and forgotten after five minutes', async () => {
    await placeHold(toolsOn(store.database), request({ RARE: 1 }));
    await settle();
    await Promise.all([1, 2, 3, 4].map(() => measureDemand(store.database)));
    expect((await readCandidates(store.database, 10)).find(({ sku }) => sku === 'RARE')).toMatchObject({ unitsPerMinute: 0.2, holds: 1 });
    await store.database.run(`update inventory.demand set bucket_at = bucket_at - interval '6 minutes'`);
    expect(await readCandidates(store.database, 10)).toEqual([]);
    await measureDemand(store.database);
    expect(await store.database.query('select * from inventory.demand')).toEqual([]);
  });
});

describe('the hot lane', () => {
  const erp = fakeErp();
  let store: TestDatabase;
  beforeAll(async () => {
    store = await createTestDatabase();
    erp.items = ['HOT', 'WARM', 'COLD', 'GONE'].map((sku) => item(sku));
    erp.levels = [stockOf('HOT', 5), stockOf('WARM', 9), stockOf('COLD', 1_000), stockOf('GONE', 4)];
    erp.capabilities = { ...CAPABILITIES, maxBatch: { page: 100, stock: 2, price: 1 } };
  });
  afterAll(() => store.drop());
  const onHand = async (sku: string): Promise<string | undefined> =>
    (await store.database.query<{ on_hand: string }>(`select trim_scale(on_hand)::text as on_hand from inventory.stock_level where sku = $1 and location_code = 'A'`, [sku]))[0]?.on_hand;
  const inErp = (sku: string, quantity: number): void => {
    erp.levels = [...erp.levels.filter((level) => level.sku !== sku), ...(quantity === 0 ? [] : [stockOf(sku, quantity, { asOf: later(0) })])];
  };

  it('shows what changed in the ERP within a turn while the schedule is slow, and only of what sells', async () => {
    const inventory = await createInventory({
      config: readConfig({ HOT_REFRESH_MS: '500', STOCK_POLL_MS: '3600000', CONTENT_POLL_MS: '3600000' }), database: store.database, ports: erp.ports,
      eventLog: createMemoryEventLog({ clock: systemClock, capacity: 100 }), jobs: {} as Jobs, clients: {} as Clients, clock: systemClock, log: silentLog,
    }, DEFAULT_POLICY);
    await inventory.start();
    try {
      await inventory.ready();
      expect((await inventory.client.placeHold(request({ HOT: 1, GONE: 1 }))).kind).toBe('HELD');
      const status = async (): Promise<HotLaneStatus> => ((await inventory.details!())['hotLane'] as HotLaneStatus);
      await eventually(async () => expect((await status()).members.map(({ sku, refreshedAt }) => [sku, refreshedAt !== null])).toEqual([['GONE', true], ['HOT', true]]));
      expect((await status()).plan).toEqual({ size: 200, everyMs: 500 });
      for (const [sku, quantity] of [['HOT', 2], ['COLD', 7], ['GONE', 0]] as const) inErp(sku, quantity);
      await eventually(async () => expect([await onHand('HOT'), await onHand('GONE')]).toEqual(['2', '0']));
      expect(await onHand('COLD')).toBe('1000');
      expect((await inventory.health()).reasons.filter((reason) => reason.startsWith('hot lane'))).toEqual([]);
    } finally {
      await inventory.stop();
    }
  });

  it('asks for its members alone, in batches and in its own lane; silence changes nothing and is told', async () => {
    const stockPort = erp.ports.port('stock')!;
    const asked: [readonly string[], unknown][] = [];
    erp.readStock = (skus, call) => {
      asked.push([skus, call.lane]);
      return Promise.reject(new Failure('UPSTREAM_RATE_LIMITED', 'no room', { retryAfterMs: 1_000 }));
    };
    await placeHold(toolsOn(store.database), request({ WARM: 3 }));
    await settle();
    const options = { database: store.database, clock: systemClock, log: silentLog, config, stock: stockPort };
    await refreshHotLane(options, stockPort, { size: 3, everyMs: 500 });
    expect(asked.map(([skus, lane]) => [[...skus].sort(), lane])).toEqual([[['GONE', 'HOT'], 'HOT'], [['WARM'], 'HOT']]);
    expect((await readMembers(store.database)).find(({ sku }) => sku === 'WARM')).toMatchObject({ refreshedAt: null });
    expect(await onHand('WARM')).toBe('9');
    const late = createHotLane({ ...options, clock: { ...systemClock, now: () => Date.parse(addMs(later(0), 60_000)) } });
    expect(await late.reasons()).toEqual(['hot lane: 3 of 3 SKUs have not been refreshed for 15 s, first GONE']);
  });

  it('is worked by one process at a time, and taken over', async () => {
    let turns = 0;
    erp.readStock = async (skus) => {
      turns += 1;
      return skus.map(() => ({ ok: false, failure: asFailure(new Error('busy')) }));
    };
    const lane = () => createHotLane({ database: store.database, clock: systemClock, log: silentLog, config: { ...config, HOT_REFRESH_MS: 3_600_000 }, stock: erp.ports.port('stock') });
    const [first, second] = [lane(), lane()];
    first.start();
    await eventually(async () => expect(turns).toBe(2));
    second.start();
    await new Promise((done) => setTimeout(done, 300));
    expect(turns).toBe(2);
    await first.stop();
    await eventually(async () => expect(turns).toBe(4));
    await second.stop();
  });

  it('is none where nobody answers for live stock, or none is wished', async () => {
    const options = { database: store.database, clock: systemClock, log: silentLog, config, stock: erp.ports.port('stock') };
    erp.capabilities = { ...erp.capabilities, liveStock: false };
    expect(await createHotLane({ ...options, stock: erp.ports.port('stock') }).status()).toMatchObject({ plan: null });
    expect(await createHotLane({ ...options, config: readConfig({ HOT_LANE_SIZE: '0' }) }).status()).toMatchObject({ plan: null });
  });
});
