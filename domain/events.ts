import type { Decimal } from './decimal.ts';
import type { LocationCode, Sku } from './ids.ts';
import type { Instant } from './time.ts';

/**
 * What can be had of a SKU has changed. The figures are sums over all locations of what is there today for sale; both are
 * the same where only later days changed.
 */
export interface StockChanged {
  readonly type: 'stock.changed';
  readonly sku: Sku;
  /** Where it changed. */
  readonly locationCodes: readonly LocationCode[];
  readonly sellableBefore: Decimal;
  readonly sellableAfter: Decimal;
  readonly at: Instant;
}

/** What a subgraph announces in the transaction that changed it. Facts only: subscribers enrich through the graph. */
export type ChangeEvent =
  | StockChanged
  | { readonly type: 'price.changed'; readonly sku: Sku | null; readonly priceListCode: string | null; readonly at: Instant }
  | { readonly type: 'product.changed'; readonly productCode: string; readonly at: Instant }
  | { readonly type: 'customer.changed'; readonly number: string; readonly at: Instant }
  | { readonly type: 'order.changed'; readonly orderId: string; readonly owner: string; readonly at: Instant }
  | { readonly type: 'shipment.changed'; readonly orderId: string; readonly shipmentId: string; readonly owner: string; readonly at: Instant };

export type ChangeEventType = ChangeEvent['type'];

/** Topic of the event log an event travels on. */
export const topicOf = (type: ChangeEventType): string => type.slice(0, type.indexOf('.'));
