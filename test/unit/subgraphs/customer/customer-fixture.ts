import type { Capabilities, CustomerPort } from '../../../../domain/connector.ts';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import { decimal } from '../../../../domain/decimal.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import { instant } from '../../../../domain/time.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { runFeedPass, type FeedPassReport } from '../../../../platform/feed.ts';
import type { Log } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { createCustomerFeeds } from '../../../../subgraphs/customer/feeds.ts';
import type { SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';

const capabilities: Capabilities = {
  liveStock: false, nativeAtp: false, stockByLocation: false, trackingNumbers: false, serverPrice: false, delta: [], changes: 'poll',
  maxBatch: { page: 1_000, stock: 1, price: 1 }, maxConcurrency: 1,
};

export const personOf = (number: string, more: Partial<CustomerRecord> = {}): CustomerRecord => ({
  number, kind: 'PERSON', name: `Name of ${number}`, email: `${number.toLowerCase()}@example.com`, phone: null, taxId: null, companyNumber: null, priceListCode: null, groupCodes: [],
  paymentTermCode: null, creditLimit: null, currencyCode: null, active: true, addresses: [], updatedAt: instant('2026-11-01T00:00:00.000Z'), references: [], ...more,
});

export const ACME: CustomerRecord = personOf('C-3001', {
  kind: 'COMPANY', name: 'Acme Industrial GmbH', email: 'einkauf@acme.example', taxId: 'DE136695976', priceListCode: 'B2B-ACME', groupCodes: ['wholesale', 'industry'], creditLimit: decimal('10000'), currencyCode: 'EUR',
  addresses: [
    { reference: '7', kind: 'MAIN', address: { name: null, company: 'Acme', line1: 'Werkstr. 9', line2: null, city: 'München', region: null, postalCode: '80331', countryCode: 'DE', phone: null } },
    { reference: '8', kind: 'DELIVERY', address: { name: 'Tor 4', company: null, line1: 'Hafenstr. 21', line2: null, city: 'Hamburg', region: null, postalCode: '20457', countryCode: 'DE', phone: null } },
  ],
  references: [{ system: 'erp', type: 'res.partner', value: '42' }],
});

export const PEOPLE: readonly CustomerRecord[] = [
  ACME,
  personOf('C-1001', { name: 'Mila Novak', email: 'Mila@example.com', companyNumber: 'C-3001', creditLimit: decimal('50'), currencyCode: 'USD' }),
  personOf('C-4002', { name: 'Mila Novak (old account)', email: 'mila@example.com', active: false, companyNumber: 'C-3001' }),
  personOf('C-1002', { name: 'José Ñandú', email: 'jose@example.com', companyNumber: 'C-3001' }),
  personOf('C-1003', { name: "O'Brien & Sons 100% _Garden", email: 'twice@example.com' }),
  personOf('C-1004', { name: 'ÉMILE', email: 'TWICE@example.com', creditLimit: decimal('5') }),
];

export function portsOf(read: () => readonly CustomerRecord[]): PortSource {
  const port: CustomerPort = {
    listCustomers: async ({ cursor, limit }) => {
      const start = Number(cursor ?? 0);
      const records = read().slice(start, start + limit);
      return { records, rejected: [], next: start + limit < read().length ? String(start + limit) : null, watermark: null, total: read().length };
    },
    findCustomer: async () => null,
    ensureCustomer: async () => '1',
  };
  return { port: (name) => (name === 'customers' ? ({ source: 'erp', vendor: 'memory', capabilities, port } as never) : null) };
}

const testClock = manualClock(Date.now());

export function dependenciesOf(database: Database, ports: PortSource, log: Log): SubgraphDependencies {
  return {
    config: readConfig({ SANDBOX: 'off' }), database, ports, clock: testClock, log, eventLog: createMemoryEventLog({ clock: testClock, capacity: 1_000 }),
    jobs: { defineQueue: async () => undefined, enqueue: async () => undefined, enqueueAll: async () => undefined, withoutJob: async () => [], work: async () => ({ stop: async () => undefined }), stop: async () => undefined },
    clients: {} as SubgraphDependencies['clients'],
  };
}

export async function syncCustomers(database: Database, read: () => readonly CustomerRecord[], log: Log): Promise<FeedPassReport> {
  const [feed] = createCustomerFeeds({ ports: portsOf(read), intervalMs: 1_000, clock: testClock });
  const runner = { database, schema: 'customer', clock: testClock, log, pageTimeoutMs: 5_000 };
  return (await runFeedPass(runner, feed!, AbortSignal.timeout(60_000)))!;
}
