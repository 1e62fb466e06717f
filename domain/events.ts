import type { LocationCode, Sku } from './ids.ts';
import type { Instant } from './time.ts';

/** What a subgraph announces in the transaction that changed it. Facts only: subscribers enrich through the graph. */
export type ChangeEvent =
  | { readonly type: 'stock.changed'; readonly sku: Sku; readonly locationCodes: readonly LocationCode[]; readonly at: Instant }
  | { readonly type: 'price.changed'; readonly sku: Sku | null; readonly priceListCode: string | null; readonly at: Instant }
  | { readonly type: 'product.changed'; readonly productCode: string; readonly at: Instant }
  | { readonly type: 'customer.changed'; readonly number: string; readonly at: Instant }
  | { readonly type: 'order.changed'; readonly orderId: string; readonly owner: string; readonly at: Instant }
  | { readonly type: 'shipment.changed'; readonly orderId: string; readonly shipmentId: string; readonly owner: string; readonly at: Instant };

export type ChangeEventType = ChangeEvent['type'];

/** Topic of the event log an event travels on. */
export const topicOf = (type: ChangeEventType): string => type.slice(0, type.indexOf('.'));
