import { instant } from '../../domain/time.ts';
import type { Feed } from '../../platform/feed.ts';
import type { SubgraphDependencies } from '../frame/module.ts';
import { createPortFeed } from '../frame/port-feed.ts';
import { recordErpOrders } from './store-erp-orders.ts';
import { recordShipments } from './store-shipments.ts';

/** Which feed a vendor's hint about a flow wakes. */
export const FEED_OF_FLOW = { orders: 'orders', shipments: 'shipments' } as const;

/** What the ERP tells of orders and shipments; a domain no system owns has no feed. */
export function createOrderFeeds({ ports, config, clock }: Pick<SubgraphDependencies, 'ports' | 'config' | 'clock'>): readonly Feed[] {
  const orders = ports.port('orders');
  const shipments = ports.port('shipments');
  const intervalMs = config.ORDER_POLL_MS;
  const feeds: Feed[] = [];
  if (orders) {
    const { source, capabilities, port } = orders;
    const apply: Feed<Parameters<typeof recordErpOrders>[1][number]>['apply'] = (tx, records) => recordErpOrders(tx, records, { source, at: instant(clock.now()) });
    feeds.push(createPortFeed({ name: 'orders', flow: 'orders', capabilities, list: port.listOrders, keyOf: ({ id }) => id, apply, intervalMs }));
  }
  if (shipments) {
    const { source, capabilities, port } = shipments;
    const apply: Feed<Parameters<typeof recordShipments>[1][number]>['apply'] = (tx, records) => recordShipments(tx, records, { source, at: instant(clock.now()) });
    feeds.push(createPortFeed({ name: 'shipments', flow: 'shipments', capabilities, list: port.listShipments, keyOf: ({ id }) => id, apply, intervalMs }));
  }
  return feeds;
}
