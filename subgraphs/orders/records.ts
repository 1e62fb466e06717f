import type { PostalAddress } from '../../domain/customers.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { ErpOrderState, OrderState, PackageTracking, ShipmentState } from '../../domain/orders.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import type { Contact } from './placement.ts';

/** Rows as the store answers them: columns carry these names already (see ORDER_COLUMNS), so there is nothing to map. */

export type WarningCode = 'STOCK_UNVERIFIED' | 'STOCK_BACKORDERED' | 'STOCK_NOT_YET_RESERVED';

export interface OrderWarning {
  readonly code: WarningCode;
  readonly field: readonly string[];
  readonly message: string;
}

/** NONE: nothing to hold (or not ours). LOST: expired before it could be committed and not to be had again. */
export type HoldProgress = 'NONE' | 'PENDING' | 'COMMITTED' | 'LOST';

/** NONE: not ours to submit. DONE: in the ERP, and the stock ledger knows. */
export type Submission = 'NONE' | 'PENDING' | 'DONE' | 'ATTENTION' | 'CANCELLED';

export interface OrderRecord {
  readonly id: string;
  readonly number: string;
  /** 'graph', or the connector instance in whose system it was placed. */
  readonly source: string;
  /** Principal subject that placed it; empty for orders placed elsewhere. */
  readonly owner: string;
  readonly payloadHash: string | null;
  readonly channel: string | null;
  readonly externalOrderId: string | null;
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  readonly contact: Contact | null;
  readonly currencyCode: string | null;
  readonly total: Decimal | null;
  readonly shipTo: PostalAddress | null;
  readonly requestedOn: CalendarDate | null;
  readonly note: string | null;
  readonly paymentReference: string | null;
  readonly priceListCode: string | null;
  readonly placedAt: Instant;
  readonly state: OrderState;
  readonly attention: string | null;
  readonly stockVerified: boolean;
  readonly warnings: readonly OrderWarning[];
  readonly holdId: string | null;
  readonly holdState: HoldProgress;
  /** What the hold covers: the basket less what is on back-order. */
  readonly holdLines: readonly ShipmentLineRecord[];
  readonly compensated: boolean;
  readonly submission: Submission;
  readonly attempts: number;
  readonly unsettledUntil: Instant | null;
  readonly erpOrderId: string | null;
  readonly erpNumber: string | null;
  readonly erpState: ErpOrderState | null;
  readonly erpDelivered: Readonly<Record<Sku, Decimal>>;
  readonly erpUpdatedAt: Instant | null;
  readonly erpAcceptedAt: Instant | null;
}

export interface LineRecord {
  readonly orderId: string;
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Null where the ERP's order feed tells no prices. */
  readonly unitPrice: Decimal | null;
  readonly lineTotal: Decimal | null;
  readonly shippedQuantity: Decimal;
}

export interface TimelineRecord {
  readonly orderId: string;
  readonly at: Instant;
  readonly state: OrderState;
  readonly source: string;
  readonly detail: string | null;
}

export interface ShipmentLineRecord {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

export interface ShipmentRow {
  readonly id: string;
  readonly orderId: string | null;
  readonly erpOrderId: string;
  readonly number: string;
  readonly direction: 'OUTBOUND' | 'RETURN';
  readonly state: ShipmentState;
  readonly carrier: string | null;
  readonly tracking: readonly PackageTracking[];
  readonly lines: readonly ShipmentLineRecord[];
  readonly shippedAt: Instant | null;
  readonly erpUpdatedAt: Instant;
}

/** Select list by record: `o` is the row's alias. */
const columns = (alias: string, names: Readonly<Record<string, string>>): string =>
  Object.entries(names).map(([name, column]) => `${alias}.${column} as "${name}"`).join(', ');

export const ORDER_COLUMNS = columns('o', {
  id: 'id', number: 'number', source: 'source', owner: 'owner', payloadHash: 'payload_hash', channel: 'channel',
  externalOrderId: 'external_order_id', customerNumber: 'customer_number', companyNumber: 'company_number', contact: 'contact',
  currencyCode: 'currency_code', total: 'total', shipTo: 'ship_to', requestedOn: 'requested_on', note: 'note',
  paymentReference: 'payment_reference', priceListCode: 'price_list_code', placedAt: 'placed_at', state: 'state', attention: 'attention',
  stockVerified: 'stock_verified', warnings: 'warnings', holdId: 'hold_id', holdState: 'hold_state', holdLines: 'hold_lines', compensated: 'compensated',
  submission: 'submission', attempts: 'attempts', unsettledUntil: 'unsettled_until', erpOrderId: 'erp_order_id', erpNumber: 'erp_number',
  erpState: 'erp_state', erpDelivered: 'erp_delivered', erpUpdatedAt: 'erp_updated_at', erpAcceptedAt: 'erp_accepted_at',
} satisfies Record<keyof OrderRecord, string>);

export const LINE_COLUMNS = columns('l', {
  orderId: 'order_id', lineNumber: 'line_number', sku: 'sku', quantity: 'quantity', unitPrice: 'unit_price', lineTotal: 'line_total',
  shippedQuantity: 'shipped_quantity',
} satisfies Record<keyof LineRecord, string>);

export const TIMELINE_COLUMNS = columns('t', {
  orderId: 'order_id', at: 'at', state: 'state', source: 'source', detail: 'detail',
} satisfies Record<keyof TimelineRecord, string>);

export const SHIPMENT_COLUMNS = columns('s', {
  id: 'id', orderId: 'order_id', erpOrderId: 'erp_order_id', number: 'number', direction: 'direction', state: 'state', carrier: 'carrier',
  tracking: 'tracking', lines: 'lines', shippedAt: 'shipped_at', erpUpdatedAt: 'erp_updated_at',
} satisfies Record<keyof ShipmentRow, string>);
