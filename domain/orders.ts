import type { PostalAddress } from './customers.ts';
import type { Decimal } from './decimal.ts';
import type { ChannelCode, LocationCode, Sku } from './ids.ts';
import type { CurrencyCode, Money } from './money.ts';
import type { CalendarDate, Instant } from './time.ts';

/** A tax as the storefront or a tax service computed it, in the order's currency. */
export interface TaxAmount {
  /** Ours where it was computed; the ERP's own code by the time a connector sees it. */
  readonly code: string;
  readonly ratePercent: Decimal | null;
  readonly amount: Decimal;
}

/** What an order costs, or is let off, beside its lines. DISCOUNT is the only kind with a negative amount. */
export type ChargeKind = 'SHIPPING' | 'HANDLING' | 'SURCHARGE' | 'DISCOUNT';

/** AUTHORISED: to be captured. CAPTURED: paid. GIFT_CARD: paid by stored value. ON_ACCOUNT: invoiced, against the credit limit. */
export type PaymentKind = 'AUTHORISED' | 'CAPTURED' | 'GIFT_CARD' | 'ON_ACCOUNT';

export interface ExchangeRate {
  readonly baseCurrencyCode: CurrencyCode;
  /** Units of the order's currency that one unit of the base currency is. */
  readonly rate: Decimal;
  readonly asOf: Instant;
}

export interface NewOrderLine {
  readonly lineNumber: number;
  /** The ERP's own SKU. */
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** The ERP's unit; null or absent: the item's own. */
  readonly unitCode?: string | null;
  readonly unitPrice: Money;
  /** Off the whole line, in the order's currency, not negative; absent: none. */
  readonly discount?: Decimal;
  /** Null or absent: the ERP taxes the line by its own rules. */
  readonly taxes?: readonly TaxAmount[] | null;
  readonly locationCode: LocationCode | null;
  /** Null or absent: the order's. Only for systems with the capability `lineShipTo`. */
  readonly shipTo?: PostalAddress | null;
  readonly requestedOn?: CalendarDate | null;
}

export interface NewOrderCharge {
  readonly kind: ChargeKind;
  /** The ERP's product or charge code. */
  readonly code: string;
  readonly description: string | null;
  /** Negative for DISCOUNT alone. */
  readonly amount: Decimal;
  readonly taxes?: readonly TaxAmount[] | null;
}

export interface NewPayment {
  /** The ERP's code of the method. */
  readonly methodCode: string;
  readonly kind: PaymentKind;
  readonly amount: Money;
  /** Authorisation or transaction reference of the payment provider. Never a card number. */
  readonly reference: string | null;
}

/** Where sourcing would have a line leave from: a hint, the ERP decides. */
export interface RoutingHint {
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly quantity: Decimal;
  /** The day from which it is there; null: now. */
  readonly dueOn: CalendarDate | null;
}

/** An order on its way to the ERP. */
export interface NewOrder {
  /** Ours, unique for ever; the ERP document is looked up by it before and after create. Letters, digits, _ and - (NetSuite), <= 64. */
  readonly reference: string;
  /** The ERP's id of the customer (see CustomerPort). */
  readonly customerId: string;
  readonly channel: ChannelCode | null;
  /** The channel's own number of the order, for people. */
  readonly externalOrderId?: string | null;
  readonly currencyCode: CurrencyCode;
  readonly exchangeRate?: ExchangeRate | null;
  readonly priceListCode: string | null;
  readonly shipTo: PostalAddress | null;
  readonly billTo?: PostalAddress | null;
  readonly requestedOn: CalendarDate | null;
  /** The ERP's code of the carrier or shipping method. */
  readonly carrierCode?: string | null;
  readonly note: string | null;
  readonly lines: readonly NewOrderLine[];
  readonly charges?: readonly NewOrderCharge[];
  readonly payments?: readonly NewPayment[];
  /** Whether prices and charges have their taxes in them; absent: not. */
  readonly taxIncluded?: boolean;
  /** What the buyer was told, tax included; what the ERP makes of it is compared. */
  readonly total?: Money;
  readonly routing?: readonly RoutingHint[];
  readonly placedAt: Instant;
}

export type ErpOrderState = 'DRAFT' | 'CONFIRMED' | 'CANCELLED';

export interface ErpOrderLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly delivered: Decimal;
  /** Ours, where the document keeps it; null or absent: not a line we sent. */
  readonly lineNumber?: number | null;
}

/** The ERP's document as it stands. */
export interface ErpOrder {
  readonly id: string;
  readonly number: string;
  /** Our reference as the ERP holds it; null for orders that did not come from here. */
  readonly reference: string | null;
  readonly state: ErpOrderState;
  /** Tax included. */
  readonly total: Money | null;
  /** The tax in it; absent: the ERP does not tell. */
  readonly tax?: Money | null;
  readonly lines: readonly ErpOrderLine[];
  readonly updatedAt: Instant;
}

export type OrderState =
  | 'RECEIVED' | 'ACCEPTED_BY_ERP' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'NEEDS_ATTENTION';
