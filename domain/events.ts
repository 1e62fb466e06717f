import type { Decimal } from './decimal.ts';
import type { ChannelCode, LocationCode, Sku } from './ids.ts';
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

/** Those who may follow an order beside its owner: its customer and company, and their people. */
interface OrderParties {
  readonly customerNumber?: string | null;
  readonly companyNumber?: string | null;
}

export interface OrderChanged extends OrderParties {
  readonly type: 'order.changed';
  readonly orderId: string;
  readonly owner: string;
  readonly channel?: ChannelCode | null;
  readonly at: Instant;
}

export interface ShipmentChanged extends OrderParties {
  readonly type: 'shipment.changed';
  readonly orderId: string;
  readonly shipmentId: string;
  readonly owner: string;
  readonly channel?: ChannelCode | null;
  /** Whether it had left by then. NOW: this event is the first to say so. */
  readonly left?: 'NO' | 'NOW' | 'BEFORE';
  /** Whether its carrier was known to have it. NOW: this event is the first to say so. */
  readonly moved?: 'NO' | 'NOW' | 'BEFORE';
  /** Whether the customer may be told, as the channel has it; set as the event leaves. FIRST: of one event of each shipment. */
  readonly tellable?: 'NO' | 'FIRST' | 'YES';
  readonly at: Instant;
}

/** What somebody pays has changed, or a window of validity has begun or ended. */
export interface PriceChanged {
  readonly type: 'price.changed';
  /** Null: of many SKUs. */
  readonly sku: Sku | null;
  /** Null: on every list. */
  readonly priceListCode: string | null;
  readonly at: Instant;
}

/** What an API key may do has changed, or that it may anything. */
export interface AccessChanged {
  readonly type: 'access.changed';
  /** Of the key: its public half. */
  readonly prefix: string;
  readonly at: Instant;
}

/** What a subgraph announces in the transaction that changed it. Facts only: subscribers enrich through the graph. */
export type ChangeEvent =
  | StockChanged
  | PriceChanged
  | { readonly type: 'product.changed'; readonly productCode: string; readonly at: Instant }
  /** What all products are shown with: labels of attributes, the tree of categories, the locales there are. */
  | { readonly type: 'product.directoryChanged'; readonly at: Instant }
  | { readonly type: 'customer.changed'; readonly number: string; readonly at: Instant }
  | OrderChanged
  | ShipmentChanged
  | AccessChanged;

export type ChangeEventType = ChangeEvent['type'];

/** Topic of the event log an event travels on. */
export const topicOf = (type: ChangeEventType): string => type.slice(0, type.indexOf('.'));
