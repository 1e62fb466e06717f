import type { Capabilities, List, Page } from '../../../domain/connector.ts';
import type { Item } from '../../../domain/catalog.ts';
import type { Location } from '../../../domain/inventory.ts';
import type { NewOrder } from '../../../domain/orders.ts';
import type { OwnedPort, PortName, PortSource } from '../../../domain/ports.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Erp } from './erp.ts';
import type { Network } from './network.ts';

export interface ErpConnection {
  readonly erp: Erp;
  readonly network: Network;
  /** Of the process that asks: what an answer is dated by. */
  readonly clock: Clock;
  readonly skus: readonly string[];
  readonly locations: readonly Location[];
}

const PAGE = 3;
const OVERLAP_MS = 1_000;

const CAPABILITIES: Capabilities = {
  liveStock: true, nativeAtp: false, stockByLocation: true, trackingNumbers: false, serverPrice: false, delta: ['stock', 'receipts'], changes: 'webhook',
  maxBatch: { page: PAGE, stock: 2, price: 100 }, maxConcurrency: 2,
};

/** The ERP as a connector shows it to one process: every answer takes time, in which the truth goes on. */
export function createErpPorts(connection: ErpConnection): PortSource {
  const { erp, network } = connection;
  const ports: Partial<Record<PortName, unknown>> = {
    items: { listItems: allAtOnce(connection, () => [...connection.skus.map((sku) => itemOf(sku, erp)), ...[...erp.kits.keys()].map((sku) => itemOf(sku, erp))]) },
    stock: {
      listLocations: allAtOnce(connection, () => connection.locations),
      listStock: inPages(connection, (since, asOf) => erp.levels(since, asOf), ({ sku, locationCode }) => `${sku} ${locationCode}`),
      readStock: async (skus: readonly string[]) => {
        const asOf = instant(connection.clock.now());
        return network.ask(() => skus.map((sku) => ({ ok: true, value: connection.skus.includes(sku) ? erp.levels(null, asOf).filter((level) => level.sku === sku) : null })));
      },
    },
    receipts: { listReceipts: inPages(connection, (since) => erp.receipts(since), ({ reference }) => reference) },
    customers: { ensureCustomer: () => network.ask(() => 'guest'), findCustomer: () => network.ask(() => 'guest') },
    orders: {
      findOrder: (reference: string) => network.ask(() => erp.find(reference)),
      createOrder: (order: NewOrder) => network.ask(() => erp.take(order)),
    },
  };
  return {
    port: (name) => (ports[name] ? ({ source: 'erp', vendor: 'simulated', capabilities: CAPABILITIES, port: ports[name] } as OwnedPort<typeof name>) : null),
  };
}

const itemOf = (sku: string, { kits }: Erp): Item => ({
  sku, groupCode: sku, name: sku, kind: kits.has(sku) ? 'KIT' : 'GOODS', gtin: null, unitCode: 'PCE', quantityDigits: 0, sellable: true, active: true,
  options: [], categoryPath: [], weightKg: null, updatedAt: null, references: [], ...(kits.has(sku) && { components: kits.get(sku)! }),
});

const allAtOnce = <T>({ network }: ErpConnection, records: () => readonly T[]): List<T> => () =>
  network.ask((): Page<T> => ({ records: records(), rejected: [], next: null, watermark: null, total: null }));

/**
 * Pages of what changed, each read when it is asked for, by key: what changes behind the cursor is the next delta's. The
 * watermark is the moment the ERP was first asked, less what its clock may be coarse by.
 */
function inPages<T>({ network, clock }: ErpConnection, read: (since: number | null, asOf: ReturnType<typeof instant>) => T[], keyOf: (record: T) => string): List<T> {
  return ({ cursor, since }) => {
    const asOf = instant(clock.now());
    return network.ask((): Page<T> => {
      const [startedAt, after] = cursor === null ? [network.now(), ''] : (JSON.parse(cursor) as [number, string]);
      const rest = read(since === null ? null : Date.parse(since), asOf).filter((record) => keyOf(record) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      const records = rest.slice(0, PAGE);
      const next = rest.length > PAGE ? JSON.stringify([startedAt, keyOf(records.at(-1)!)]) : null;
      return { records, rejected: [], next, watermark: instant(startedAt - OVERLAP_MS), total: null };
    });
  };
}

