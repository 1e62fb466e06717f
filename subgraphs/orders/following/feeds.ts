import { instant } from '../../../domain/time.ts';
import type { List } from '../../../domain/connector.ts';
import type { PortName } from '../../../domain/ports.ts';
import type { Feed } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import { createPortFeed } from '../../frame/port-feed.ts';
import { recordCreditMemos } from './store-credit-memos.ts';
import { recordErpOrders } from './store-erp-orders.ts';
import type { ErpReport } from './store-facts.ts';
import { recordShipments } from './store-shipments.ts';

/** Which feed a vendor's hint about a flow wakes. */
export const FEED_OF_FLOW = { orders: 'orders', shipments: 'shipments', creditMemos: 'creditMemos' } as const;

type Recorder<T> = (tx: Sql, records: readonly T[], report: ErpReport) => ReturnType<Feed<T>['apply']>;

/** What the ERP tells of orders, shipments and credit memos; a domain no system owns, or that its system cannot list, has no feed. */
export function createOrderFeeds({ ports, config, clock }: Pick<SubgraphDependencies, 'ports' | 'config' | 'clock'>): readonly Feed[] {
  const feedOf = <T extends { readonly id: string }>(flow: keyof typeof FEED_OF_FLOW, portName: PortName, list: List<T> | undefined, record: Recorder<T>): Feed[] => {
    const owner = ports.port(portName);
    if (!owner || !list) return [];
    const { source, capabilities } = owner;
    const apply: Feed<T>['apply'] = (tx, records) => record(tx, records, { source, at: instant(clock.now()) });
    return [createPortFeed({ name: flow, flow, capabilities, list, keyOf: ({ id }) => id, apply, intervalMs: config.ORDER_POLL_MS })];
  };
  return [
    ...feedOf('orders', 'orders', ports.port('orders')?.port.listOrders, recordErpOrders),
    ...feedOf('shipments', 'shipments', ports.port('shipments')?.port.listShipments, recordShipments),
    ...feedOf('creditMemos', 'returns', ports.port('returns')?.port.listCreditMemos, recordCreditMemos),
  ];
}
