import type { PostalAddress } from '../../domain/customers.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import type { ChargeKind, ErpOrderState, ExchangeRate, OrderState, PaymentKind, RoutingHint, TaxAmount } from '../../domain/orders.ts';
import type { AppliedPromotion } from '../../domain/pricing.ts';
import type { PackageTracking, ShipmentPackage, ShipmentState } from '../../domain/shipments.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';

/** Whom to reach about an order. */
export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** Rows as the store answers them: columns carry these names already (see ORDER_COLUMNS), so there is nothing to map. */

export type WarningCode = 'STOCK_UNVERIFIED' | 'STOCK_BACKORDERED' | 'STOCK_NOT_YET_RESERVED' | 'CREDIT_UNVERIFIED' | 'TOTAL_DIFFERS' | 'SHIPMENTS_NOT_SPLIT' | 'PRICE_DIFFERS' | 'PRICE_UNVERIFIED';

export interface OrderWarning {
  readonly code: WarningCode;
  readonly field: readonly string[];
  readonly message: string;
}

/** NONE: nothing to hold (or not ours). LOST: expired before it could be committed and not to be had again. RELEASED: cancelled before the ERP had it. */
export type HoldProgress = 'NONE' | 'PENDING' | 'COMMITTED' | 'LOST' | 'RELEASED';

/** NONE: not ours to submit. DONE: in the ERP, and the stock ledger knows. */
export type Submission = 'NONE' | 'PENDING' | 'DONE' | 'ATTENTION' | 'CANCELLED';

/** REFUSED: the ERP said no. UNMAPPED_CODE: a code map lacks a row. SILENT: no answer for longer than we are patient. */
export type AttentionCode = 'REFUSED' | 'UNMAPPED_CODE' | 'SILENT';

export interface ChargeRecord {
  readonly kind: ChargeKind;
  /** Ours; what the ERP calls it is in the code maps. */
  readonly code: string;
  readonly description: string | null;
  /** In the order's currency; negative for DISCOUNT alone. */
  readonly amount: Decimal;
  /** Null: the ERP taxes it by its own rules. */
  readonly taxes: readonly TaxAmount[] | null;
}

export interface PaymentRecord {
  /** Ours; what the ERP calls it is in the code maps. */
  readonly methodCode: string;
  readonly kind: PaymentKind;
  /** In the order's currency. */
  readonly amount: Decimal;
  readonly reference: string | null;
}

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
  /** Customer number of the company's location that bought; null: none was named. */
  readonly companyLocation: string | null;
  /** The ERP's account a guest's order is booked on, where the guest policy names one. Who has that account may not see the order for it. */
  readonly erpCustomerNumber: string | null;
  readonly contact: Contact | null;
  readonly currencyCode: string | null;
  /** Tax included; null only where the ERP tells none. */
  readonly total: Decimal | null;
  /** What the buyer was told of tax, in `total`; null: nothing, the ERP computes it. */
  readonly tax: Decimal | null;
  readonly taxIncluded: boolean;
  readonly charges: readonly ChargeRecord[];
  readonly payments: readonly PaymentRecord[];
  readonly exchangeRate: ExchangeRate | null;
  readonly shipTo: PostalAddress | null;
  readonly billTo: PostalAddress | null;
  /** Carrier or shipping method the buyer chose, in our words. */
  readonly carrierCode: string | null;
  readonly routing: readonly RoutingHint[];
  readonly requestedOn: CalendarDate | null;
  readonly note: string | null;
  readonly paymentReference: string | null;
  readonly priceListCode: string | null;
  readonly placedAt: Instant;
  readonly state: OrderState;
  /** Why somebody must look, for people. */
  readonly attention: string | null;
  readonly attentionCode: AttentionCode | null;
  readonly attentionSince: Instant | null;
  /** UNMAPPED_CODE: the codes of ours that have no mapping. */
  readonly attentionDetail: readonly { readonly kind: string; readonly ours: string }[] | null;
  readonly stockVerified: boolean;
  readonly warnings: readonly OrderWarning[];
  readonly holdId: string | null;
  readonly holdState: HoldProgress;
  /** What the hold covers: the basket less what is on back-order. */
  readonly holdLines: readonly ShipmentLineRecord[];
  readonly compensated: boolean;
  /** Grows with every change of what is ordered. */
  readonly revision: number;
  readonly submission: Submission;
  readonly attempts: number;
  readonly lastFailure: string | null;
  /** Silence is counted from here; null: from placedAt. */
  readonly patienceFrom: Instant | null;
  readonly unsettledUntil: Instant | null;
  readonly erpOrderId: string | null;
  readonly erpNumber: string | null;
  readonly erpState: ErpOrderState | null;
  readonly erpDelivered: Readonly<Record<Sku, Decimal>>;
  readonly erpUpdatedAt: Instant | null;
  readonly erpAcceptedAt: Instant | null;
  /** Of the whole document: whether a message says anything new. */
  readonly erpFingerprint: string | null;
  readonly erpCancelledAt: Instant | null;
  /** What the ERP makes of it, tax included; compared with `total`. */
  readonly erpTotal: Decimal | null;
  readonly erpTax: Decimal | null;
  /** When subscribers were last told of it. */
  readonly updatedAt: Instant;
}

export interface LineRecord {
  readonly orderId: string;
  readonly lineNumber: number;
  readonly sku: Sku;
  /** What the ERP is to be told instead of the SKU, by hand; null: what the code map says. */
  readonly skuOverride: Sku | null;
  /** What the ERP was told, where that is not the SKU: its messages call the line so. */
  readonly erpSku: Sku | null;
  /** Ordered now; 0: the line was cancelled. */
  readonly quantity: Decimal;
  readonly orderedQuantity: Decimal;
  /** Null where the ERP's order feed tells no prices. */
  readonly unitPrice: Decimal | null;
  /** Unit price times quantity, rounded, before the discount. */
  readonly lineTotal: Decimal | null;
  /** Off the whole line, by promotions of ours and by the storefront. */
  readonly discount: Decimal;
  /** Ours, as they were when the line was ordered: a change of its quantity changes the discount alone. */
  readonly promotions: readonly AppliedPromotion[];
  /** Null: the ERP taxes it by its own rules. */
  readonly taxes: readonly TaxAmount[] | null;
  /** Null: the order's. */
  readonly shipTo: PostalAddress | null;
  readonly requestedOn: CalendarDate | null;
  readonly shippedQuantity: Decimal;
  /** Set aside in the warehouse and not shipped yet; null: the ERP does not tell. */
  readonly allocatedQuantity: Decimal | null;
  /** In shipments that hold the rest of an earlier one and have not left. */
  readonly backorderedQuantity: Decimal;
  /** Come back so far. */
  readonly returnedQuantity: Decimal;
  /** What one cost the merchant when the order was placed; for finance alone. */
  readonly unitCost: Money | null;
}

export interface TimelineRecord {
  readonly orderId: string;
  /** See FACT_KINDS in reading/timeline-fact.ts. */
  readonly kind: string;
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
  /** Empty: the ERP knows no parcels, `tracking` is all there is. */
  readonly packages: readonly ShipmentPackage[];
  /** Every tracking number of it, as `trackingKey` spells it. */
  readonly trackingKeys: readonly string[];
  readonly lines: readonly (ShipmentLineRecord & { readonly allocated?: Decimal })[];
  readonly shippedAt: Instant | null;
  /** Connector instance that told; null: from before that was kept. */
  readonly source: string | null;
  readonly locationCode: LocationCode | null;
  /** The ERP's id of the shipment whose rest this one is. */
  readonly backorderOf: string | null;
  readonly returnReference: string | null;
  /** These by the earliest message that said so; null: none did. */
  readonly backorderedAt: Instant | null;
  readonly allocatedAt: Instant | null;
  readonly printedAt: Instant | null;
  readonly pickingAt: Instant | null;
  readonly leftAt: Instant | null;
  readonly cancelledAt: Instant | null;
  readonly erpUpdatedAt: Instant;
}

/** Select list by record: `o` is the row's alias. */
const columns = (alias: string, names: Readonly<Record<string, string>>): string =>
  Object.entries(names).map(([name, column]) => `${alias}.${column} as "${name}"`).join(', ');

export const ORDER_COLUMNS = columns('o', {
  id: 'id', number: 'number', source: 'source', owner: 'owner', payloadHash: 'payload_hash', channel: 'channel',
  externalOrderId: 'external_order_id', customerNumber: 'customer_number', companyNumber: 'company_number', companyLocation: 'company_location', erpCustomerNumber: 'erp_customer_number', contact: 'contact',
  currencyCode: 'currency_code', total: 'total', tax: 'tax', taxIncluded: 'tax_included', charges: 'charges', payments: 'payments',
  exchangeRate: 'exchange_rate', shipTo: 'ship_to', billTo: 'bill_to', carrierCode: 'carrier_code', routing: 'routing', revision: 'revision', requestedOn: 'requested_on', note: 'note',
  paymentReference: 'payment_reference', priceListCode: 'price_list_code', placedAt: 'placed_at', state: 'state', attention: 'attention', attentionCode: 'attention_code', attentionSince: 'attention_since', attentionDetail: 'attention_detail',
  stockVerified: 'stock_verified', warnings: 'warnings', holdId: 'hold_id', holdState: 'hold_state', holdLines: 'hold_lines', compensated: 'compensated',
  submission: 'submission', attempts: 'attempts', lastFailure: 'last_failure', patienceFrom: 'patience_from', unsettledUntil: 'unsettled_until', erpOrderId: 'erp_order_id', erpNumber: 'erp_number',
  erpState: 'erp_state', erpDelivered: 'erp_delivered', erpUpdatedAt: 'erp_updated_at', erpAcceptedAt: 'erp_accepted_at', erpFingerprint: 'erp_fingerprint', erpCancelledAt: 'erp_cancelled_at', updatedAt: 'updated_at',
  erpTotal: 'erp_total', erpTax: 'erp_tax',
} satisfies Record<keyof OrderRecord, string>);

export const LINE_COLUMNS = columns('l', {
  orderId: 'order_id', lineNumber: 'line_number', sku: 'sku', skuOverride: 'sku_override', erpSku: 'erp_sku', quantity: 'quantity', orderedQuantity: 'ordered_quantity', unitPrice: 'unit_price', lineTotal: 'line_total',
  discount: 'discount', promotions: 'promotions', taxes: 'taxes', shipTo: 'ship_to', requestedOn: 'requested_on', unitCost: 'unit_cost', shippedQuantity: 'shipped_quantity',
  allocatedQuantity: 'allocated_quantity', backorderedQuantity: 'backordered_quantity', returnedQuantity: 'returned_quantity',
} satisfies Record<keyof LineRecord, string>);

export const TIMELINE_COLUMNS = columns('t', {
  orderId: 'order_id', kind: 'kind', at: 'at', state: 'state', source: 'source', detail: 'detail',
} satisfies Record<keyof TimelineRecord, string>);

export const SHIPMENT_COLUMNS = columns('s', {
  id: 'id', orderId: 'order_id', erpOrderId: 'erp_order_id', number: 'number', direction: 'direction', state: 'state', carrier: 'carrier',
  tracking: 'tracking', packages: 'packages', trackingKeys: 'tracking_keys', lines: 'lines', shippedAt: 'shipped_at', source: 'source', locationCode: 'location_code',
  backorderOf: 'backorder_of', returnReference: 'return_reference', backorderedAt: 'backordered_at', allocatedAt: 'allocated_at', printedAt: 'printed_at',
  pickingAt: 'picking_at', leftAt: 'left_at', cancelledAt: 'cancelled_at', erpUpdatedAt: 'erp_updated_at',
} satisfies Record<keyof ShipmentRow, string>);
