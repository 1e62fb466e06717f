import type { CustomerRecord } from '../../domain/customers.ts';
import { topicOf, type ChangeEvent } from '../../domain/events.ts';
import type { PortSource } from '../../domain/ports.ts';
import { instant } from '../../domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Feed } from '../../platform/feed.ts';
import { announce } from '../../platform/outbox.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { mirrorRows, removeUnseenRows } from '../frame/mirror-table.ts';
import { createPortFeed } from '../frame/port-feed.ts';
import { complainAboutCustomer } from './customer-checks.ts';
import { CUSTOMER_SCHEMA } from './schema.sql.ts';
import { customerRow, CUSTOMERS, type CustomerRow } from './tables.ts';

export interface CustomerFeedOptions {
  readonly ports: PortSource;
  readonly intervalMs: number;
  readonly clock: Clock;
}

/** Persons and companies of the system that owns customers; none where no system does. */
export function createCustomerFeeds({ ports, intervalMs, clock }: CustomerFeedOptions): readonly Feed[] {
  const owned = ports.port('customers');
  if (owned === null) return [];
  const { port, capabilities } = owned;
  const tell = (tx: Sql, numbers: readonly string[]): Promise<void> => announce(tx, CUSTOMER_SCHEMA, numbers.map((number) => changeOf(number, clock)));
  return [
    createPortFeed<CustomerRecord>({
      name: CUSTOMERS.feed, flow: 'customers', capabilities, intervalMs, list: port.listCustomers,
      apply: async (tx, records) => {
        const complaints = records.map((record) => ({ record, reason: complainAboutCustomer(record) }));
        const good = complaints.filter(({ reason }) => reason === null).map(({ record }) => customerRow(record));
        const rejected = complaints.flatMap(({ record, reason }) => (reason === null ? [] : [{ key: record.number, reason }]));
        const changed = good.length === 0 ? [] : await mirrorRows(tx, CUSTOMERS, good);
        await tell(tx, changed.map(({ key }) => key));
        return { changed: changed.length, rejected };
      },
      finishFullPass: async (tx, passStartedAt) => {
        const removed = await removeUnseenRows<CustomerRow>(tx, CUSTOMERS, passStartedAt);
        await tell(tx, removed.map(({ number }) => number));
        return removed.length;
      },
    }),
  ];
}

/** The number alone: who may see the rest is asked when it is read. */
function changeOf(number: string, clock: Clock): { readonly topic: string; readonly payload: ChangeEvent } {
  const payload: ChangeEvent = { type: 'customer.changed', number, at: instant(clock.date()) };
  return { topic: topicOf(payload.type), payload };
}
