import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AtpQuestion, AtpSeries, CallContext, StockPort } from '../../../../domain/connector.ts';
import type { Clients } from '../../../../domain/clients.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { AvailabilityCheck, CheckedLine } from '../../../../domain/inventory.ts';
import type { OwnedPort, PortSource } from '../../../../domain/ports.ts';
import { addDays, dayOf, type CalendarDate } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog, type Log } from '../../../../platform/log.ts';
import { partMetrics } from '../../../../platform/metrics.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createInventory } from '../../../../subgraphs/inventory/index.ts';
import { quantityOn } from '../../../../subgraphs/inventory/promise/availability.ts';
import { netOfLedger } from '../../../../subgraphs/inventory/promise/native-cap.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { CAPABILITIES, fakeErp, item, later, receipt, request, stockOf } from './inventory-fixture.ts';

const TODAY = dayOf(later(0));
const day = (days: number): CalendarDate => addDays(TODAY, days);
const series = (locationCode: string, steps: Readonly<Record<number, number>>, lasts = 90): AtpSeries =>
  ({ locationCode, steps: Object.entries(steps).map(([days, quantity]) => ({ date: day(Number(days)), quantity: decimal(quantity) })), endsOn: day(lasts) });

describe('what the ERP would promise, less what it does not know', () => {
  const dated = fc.array(fc.record({ date: fc.integer({ min: -5, max: 25 }).map(day), quantity: fc.integer({ min: 0, max: 40 }).map(decimal) }), { maxLength: 6 });

  it('is on each day what is left on it and every day after, by going through the days', () => {
    fc.assert(fc.property(dated, dated, fc.nat(30), fc.integer({ min: -2, max: 20 }), (steps, heldDated, held, lasts) => {
      const told: AtpSeries = { locationCode: 'A', steps: [...new Map(steps.map((step) => [step.date, step])).values()], endsOn: day(lasts) };
      const net = netOfLedger(told, { held: decimal(held), heldDated }, TODAY);
      if (lasts < 0) {
        expect(net).toBeNull();
        return;
      }
      const left = Array.from({ length: lasts + 1 }, (_, ahead) => {
        const before = told.steps.filter((step) => step.date <= day(ahead)).sort((a, b) => (a.date < b.date ? -1 : 1));
        const taken = heldDated.filter((hold) => hold.date <= (ahead === 0 ? TODAY : day(ahead))).reduce((total, hold) => total + Number(hold.quantity), held);
        return Number(before.at(-1)?.quantity ?? 0) - taken;
      });
      for (const ahead of left.keys()) {
        expect(Number(quantityOn(net!, day(ahead)))).toBe(Math.max(0, Math.min(...left.slice(ahead))));
      }
      expect(quantityOn(net!, day(lasts + 1))).toBeNull();
    }));
  });
});

/** An ERP with an available-to-promise of its own, written for the test: no connector of the house has one yet. */
describe('a check beside the ERP\'s own available-to-promise', () => {
  const erp = fakeErp();
  const logged: object[] = [];
  const log: Log = { ...silentLog, info: (fields: unknown) => void logged.push(fields as object), warn: (fields: unknown) => void logged.push(fields as object), child: () => log };
  let asked: [AtpQuestion, CallContext][] = [];
  let answer: (sku: string) => readonly AtpSeries[] | null | Promise<never>;
  let store: TestDatabase;
  let inventory: Subgraph<'inventory'>;

  beforeAll(async () => {
    store = await createTestDatabase();
    erp.capabilities = { ...CAPABILITIES, nativeAtp: true };
    erp.items = [item('BIKE'), item('LOCK')];
    erp.levels = [stockOf('BIKE', 10), stockOf('BIKE', 4, { locationCode: 'B' }), stockOf('LOCK', 2)];
    erp.receipts = [receipt('PO-1', 'LOCK', '8', day(3))];
    const readAtp: StockPort['readAtp'] = async (question, call) => {
      asked.push([question, call]);
      return Promise.all(question.skus.map(async (sku) => ({ ok: true as const, value: await answer(sku) })));
    };
    const ports: PortSource = {
      port: (name) => {
        const owned = erp.ports.port(name);
        return owned && name === 'stock' ? ({ ...owned, port: { ...owned.port, readAtp } } as OwnedPort<typeof name>) : owned;
      },
    };
    inventory = await createInventory({
      config: readConfig({ STOCK_POLL_MS: '100', CONTENT_POLL_MS: '100', HOT_LANE_SIZE: '0' }), database: store.database, ports,
      eventLog: createMemoryEventLog({ clock: systemClock, capacity: 100 }), jobs: {} as Jobs, clients: {} as Clients, clock: systemClock, log,
    }, DEFAULT_POLICY);
    await inventory.start();
    await inventory.ready();
  });
  afterAll(async () => {
    await inventory.stop();
    await store.drop();
  });
  beforeEach(() => {
    asked = [];
    logged.length = 0;
  });
  const check = async (sku: string, quantity: number, rest: Partial<AvailabilityCheck> = {}): Promise<CheckedLine> => {
    const lines = await inventory.client.checkAvailability({
      lines: [{ sku, quantity: decimal(quantity) }], channel: null, requestedOn: null, holdId: null, owner: 'shop', deadlineMs: 1_000, ...rest,
    });
    return lines[0]!;
  };

  it('asks for the SKUs of the basket, the days of the horizon, and in the lane of checkouts', async () => {
    answer = () => null;
    await check('BIKE', 1);
    expect(asked.map(([question, call]) => [question, call.lane ?? 'CHECKOUT'])).toEqual([[{ skus: ['BIKE'], from: TODAY, until: day(DEFAULT_POLICY.atp.horizonDays) }, 'CHECKOUT']]);
  });

  it('promises the lesser of both by location, and tells of the difference', async () => {
    answer = () => [series('A', { 0: 3 }), series('B', { 0: 9 })];
    expect(await check('BIKE', 8)).toMatchObject({ outcome: { kind: 'PARTIAL', confirmed: '7' }, evidence: { freshness: 'LIVE', nativeAtp: 'USED' } });
    expect(logged).toContainEqual({ source: 'erp', sku: 'BIKE', locationCode: 'A', date: TODAY, native: '3', ours: '10', difference: '-7' });
    expect(logged).toContainEqual({ source: 'erp', sku: 'BIKE', locationCode: 'B', date: TODAY, native: '9', ours: '4', difference: '5' });
    expect(await check('BIKE', 7)).toMatchObject({ outcome: { kind: 'CONFIRMED' } });
    const counted = await partMetrics.getSingleMetricAsString('native_atp_comparisons_total');
    expect(counted).toMatch(/outcome="less"\} [1-9]/);
    expect(counted).toMatch(/outcome="more"\} [1-9]/);
  });

  it('takes off what the ERP does not know: our holds', async () => {
    answer = () => [series('A', { 0: 5 }), series('B', { 0: 0 })];
    const held = await inventory.client.placeHold(request({ BIKE: 2 }));
    expect(held.kind).toBe('HELD');
    expect(await check('BIKE', 5)).toMatchObject({ outcome: { kind: 'PARTIAL', confirmed: '3' } });
    if (held.kind === 'HELD') {
      expect(await check('BIKE', 5, { holdId: held.hold.id })).toMatchObject({ outcome: { kind: 'CONFIRMED' } });
      await inventory.client.releaseHold({ holdId: held.hold.id, owner: 'shop' });
    }
  });

  it('promises goods on their way only from when the ERP would', async () => {
    answer = () => [series('A', { 0: 2, 6: 10 })];
    expect(await check('LOCK', 9, { requestedOn: day(4) })).toMatchObject({ outcome: { kind: 'PARTIAL', confirmed: '2' } });
    expect(logged).toContainEqual({ source: 'erp', sku: 'LOCK', locationCode: 'A', date: day(4), native: '2', ours: '10', difference: '-8' });
    expect(await check('LOCK', 9, { requestedOn: day(6) })).toMatchObject({ outcome: { kind: 'CONFIRMED' } });
  });

  it('goes by ours where the ERP does not check, for a location it names not, and beyond what it looks at', async () => {
    answer = () => null;
    expect(await check('BIKE', 14)).toMatchObject({ outcome: { kind: 'CONFIRMED' }, evidence: { nativeAtp: 'USED' } });
    answer = () => [series('A', { 0: 1 })];
    expect(await check('BIKE', 14)).toMatchObject({ outcome: { kind: 'PARTIAL', confirmed: '5' } });
    answer = () => [series('A', { 0: 0 }, 5)];
    expect(await check('LOCK', 9, { requestedOn: day(5) })).toMatchObject({ outcome: { kind: 'REJECTED' } });
    expect(await check('LOCK', 9, { requestedOn: day(6) })).toMatchObject({ outcome: { kind: 'CONFIRMED' } });
  });

  it.each([
    ['refuses', () => Promise.reject(new Failure('UPSTREAM_UNAVAILABLE', 'closed'))],
    ['does not answer in time', () => new Promise<never>(() => undefined)],
  ])('goes by ours where it %s, and says so', async (_what, silence) => {
    answer = silence;
    expect(await check('BIKE', 14, { deadlineMs: 200 })).toMatchObject({ outcome: { kind: 'CONFIRMED' }, evidence: { freshness: 'LIVE', nativeAtp: 'SILENT' } });
    expect(logged).toContainEqual({ source: 'erp', skus: ['BIKE'] });
  });
});
