import { randomUUID } from 'node:crypto';
import type { Capabilities } from '../../../../domain/connector.ts';
import { decimal } from '../../../../domain/decimal.ts';
import type { PortMap, PortName, PortSource } from '../../../../domain/ports.ts';
import { SCOPES, type Principal } from '../../../../domain/principal.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { startJobs, type Jobs } from '../../../../platform/jobs.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { openPostgres } from '../../../../platform/stores/postgres.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { RequestScope, SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { defineReturnQueue } from '../../../../subgraphs/orders/returns/worker.ts';
import { defineChangeQueue } from '../../../../subgraphs/orders/changes/worker.ts';
import { MIGRATIONS, SCHEMA } from '../../../../subgraphs/orders/schema.sql.ts';
import { DEFAULT_SETTINGS, type OrdersSettings } from '../../../../subgraphs/orders/settings.ts';
import { defineSubmitQueue } from '../../../../subgraphs/orders/submission/worker.ts';
import type { PlacementText } from '../../../../subgraphs/orders/placing/validation.ts';
import { createTestDatabase } from '../../../support/database.ts';
import { customerClient, ErpWorld, InventoryWorld, PriceWorld, type Tap } from './fakes.ts';

const CAPABILITIES: Capabilities = {
  liveStock: true, nativeAtp: false, stockByLocation: true, trackingNumbers: true, serverPrice: false, delta: [], changes: 'poll',
  maxBatch: { page: 100, stock: 100, price: 100 }, maxConcurrency: 4, amendments: ['QUANTITY', 'ADDRESS', 'DATE'],
};

/** Waits short where production waits long. */
export const QUICK: OrdersSettings = {
  ...DEFAULT_SETTINGS,
  leaseMs: 300,
  waitPollMs: 10,
  holdTtlSeconds: 60,
  submission: {
    ...DEFAULT_SETTINGS.submission, baseDelayMs: 10, maxDelayMs: 50, callTimeoutMs: 300, settleAfterSilenceMs: 50, settleAfterErrorMs: 10,
    // Tests of one order's attempts share an ERP; those of the pause set their own.
    sweepEveryMs: 100, sweepGraceMs: 200, pauseAfter: 1_000_000,
  },
  changes: {
    ...DEFAULT_SETTINGS.changes, baseDelayMs: 10, maxDelayMs: 50, callTimeoutMs: 300, settleAfterSilenceMs: 50, answerWithinMs: 2_000, waitPollMs: 10,
    sweepEveryMs: 100, sweepGraceMs: 200,
  },
};

export const principal = (subject = 'storefront', more: Partial<Principal> = {}): Principal => ({
  subject, kind: 'SERVICE', scopes: SCOPES, channel: null, customerNumber: null, companyNumber: null, ...more,
});

export const scopeOf = (who: Principal = principal(), waitMs = 10_000): RequestScope => ({
  principal: who, shopping: { channel: 'web', locale: null, currencyCode: 'EUR', companyLocation: null }, signal: new AbortController().signal,
  deadlineAtMs: Date.now() + waitMs, traceparent: null,
});

export const basket = (more: Partial<PlacementText> = {}): PlacementText => ({
  idempotencyKey: randomUUID(), customerNumber: 'C1', lines: [{ sku: 'A', quantity: decimal('2') }, { sku: 'B', quantity: decimal('1') }], ...more,
});

export interface World {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly inventory: InventoryWorld;
  readonly prices: PriceWorld;
  readonly erp: ErpWorld;
  readonly eventLog: ReturnType<typeof createMemoryEventLog>;
  /** A process of its own: its calls go through its own tap. */
  dependencies(tap?: Tap, database?: Database, jobs?: Jobs): SubgraphDependencies;
  /** A database handle whose connections all end, and that answers nothing any more, when it is killed. */
  openVictim(): Promise<{ database: Database; kill(): Promise<void> }>;
  close(): Promise<void>;
}

export async function createWorld(erp = new ErpWorld()): Promise<World> {
  const { database, url, drop } = await createTestDatabase();
  const jobs = await startJobs({ database, log: silentLog });
  const [inventory, prices, eventLog] = [new InventoryWorld(), new PriceWorld(), createMemoryEventLog({ clock: systemClock, capacity: 10_000 })];
  const config = readConfig({ ORDER_POLL_MS: '50' });
  await migrate(database, SCHEMA, MIGRATIONS);
  await defineSubmitQueue({ jobs });
  await defineChangeQueue({ jobs });
  await defineReturnQueue({ jobs });

  const dependencies = (tap: Tap = () => undefined, ownDatabase = database, ownJobs = jobs): SubgraphDependencies => {
    const ports: Partial<PortMap> = { orders: erp.orders(() => tap), customers: erp.customersPort(() => tap), shipments: erp.shipmentsPort(), returns: erp.returned.port(() => tap) };
    const portSource: PortSource = {
      port: <N extends PortName>(name: N) => (ports[name] ? { source: 'erp', vendor: 'fake', capabilities: CAPABILITIES, port: ports[name] as PortMap[N] } : null),
    };
    const clients = { inventory: inventory.client(() => tap), pricing: prices.client(() => tap), customer: customerClient, catalog: { readCategorySkus: async () => null } };
    return { config, database: ownDatabase, eventLog, jobs: ownJobs, ports: portSource, clients, clock: systemClock, log: silentLog };
  };
  return {
    database, jobs, inventory, prices, erp, eventLog, dependencies,
    openVictim: () => openVictim(url, database),
    close: async () => {
      await jobs.stop();
      await drop();
    },
  };
}

async function openVictim(url: string, admin: Database): Promise<{ database: Database; kill(): Promise<void> }> {
  const applicationName = `victim-${randomUUID()}`;
  const real = await openPostgres({ url, maxConnections: 5, applicationName, log: silentLog });
  let dead = false;
  const database = new Proxy(real, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => (dead ? new Promise(() => undefined) : method.apply(target, values));
    },
  });
  const kill = async (): Promise<void> => {
    dead = true;
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where starts_with(application_name, $1)', [applicationName]);
  };
  return { database, kill };
}

export async function until<T>(read: () => Promise<T | null | undefined | false>, what: string): Promise<T> {
  for (let turn = 0; turn < 600; turn += 1) {
    const value = await read();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`waited in vain until ${what}`);
}
