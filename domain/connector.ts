import type { AttributeDefinition, CategoryContent, Item, ProductContent, VariantContent } from './catalog.ts';
import type { CustomerRecord, NewCustomer } from './customers.ts';
import type { Decimal } from './decimal.ts';
import type { Failure } from './failure.ts';
import type { LocationCode, Sku } from './ids.ts';
import type { DatedQuantity, Location, Receipt, StockLevel } from './inventory.ts';
import type { CurrencyCode, Money } from './money.ts';
import type { ChangeOutcome, OrderChange, PickingProgress } from './order-changes.ts';
import type { ErpOrder, NewOrder } from './orders.ts';
import type { CurrencyRate, ListPrice, PriceList, PriceRule, TaxRate } from './pricing.ts';
import type { CreditMemoRecord, ErpReturn, NewCreditMemo, NewReturn, ReceivedLine } from './returns.ts';
import type { ShipmentRecord } from './shipments.ts';
import type { CalendarDate, Instant } from './time.ts';

/**
 * Who is served first where a system's call budget is short. CHECKOUT: somebody waits for the answer, also when nothing is
 * said. HOT: figures of SKUs that sell fast. FEED: what comes again by itself.
 */
export type CallLane = 'CHECKOUT' | 'HOT' | 'FEED';

/** Handed to every connector call. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch after which nobody listens any more. */
  readonly deadlineAtMs: number;
  /** Set on writes that may be sent again. A write without it is never retried. */
  readonly idempotencyKey?: string;
  /** W3C traceparent of the caller. */
  readonly traceparent?: string;
  /** CHECKOUT unless told. */
  readonly lane?: CallLane;
}

/** One answer per key: a failed key does not fail its neighbours. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** A vendor row that could not be mapped: named, counted and kept, never dropped silently. */
export interface RejectedRow {
  readonly key: string;
  readonly reason: string;
}

export interface PageRequest {
  /** As the previous page returned it; null starts. Opaque: belongs to the connector. */
  readonly cursor: string | null;
  /** Delta: only what changed at or after this instant. null = everything. */
  readonly since: Instant | null;
  readonly limit: number;
}

export interface Page<T> {
  readonly records: readonly T[];
  readonly rejected: readonly RejectedRow[];
  /** null ends the pass. */
  readonly next: string | null;
  /**
   * Where the next delta may start: the source's own notion, overlapping rather than missing (vendor clocks have
   * one-second granularity). Null where the source has no delta; a full pass is then the only pass.
   */
  readonly watermark: Instant | null;
  /** Rows in the whole pass where the source tells, for progress. */
  readonly total: number | null;
}

export type List<T> = (page: PageRequest, call: CallContext) => Promise<Page<T>>;

export interface ItemPort {
  readonly listItems: List<Item>;
}

export interface ContentPort {
  readonly listCategories: List<CategoryContent>;
  readonly listAttributes: List<AttributeDefinition>;
  readonly listProducts: List<ProductContent>;
  readonly listVariants: List<VariantContent>;
  /** Bytes of a media asset, where the PIM keeps them behind its own login. */
  readonly readMedia?: (code: string, call: CallContext) => Promise<{ readonly mimeType: string; readonly body: Uint8Array } | null>;
}

export interface AtpQuestion {
  readonly skus: readonly Sku[];
  /** First and last day asked for. A system that looks less far answers as far as it does. */
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/**
 * What the ERP itself would promise of one SKU at one location: as steps, `quantity` from `date` until the next. Each figure
 * is all that can be promised for that day, in the item's own unit, net of the ERP's own commitments; it knows
 * nothing of our holds nor of orders not sent yet. A step before `from` speaks for the days until the next; before the
 * first step nothing can be promised. S/4HANA: periods of CalculateAvailabilityTimeseries, plant = location.
 * Dynamics 365 Inventory Visibility: `atpQuantities` of an index query with QueryATP.
 */
export interface AtpSeries {
  readonly locationCode: LocationCode;
  readonly steps: readonly DatedQuantity[];
  /** The last day the series speaks for. */
  readonly endsOn: CalendarDate;
}

export interface StockPort {
  readonly listLocations: List<Location>;
  readonly listStock: List<StockLevel>;
  /** Live figures of just these SKUs, all locations; null where the ERP does not know the SKU, [] where it keeps no stock of it. At most `maxBatch.stock`. */
  readonly readStock: (skus: readonly Sku[], call: CallContext) => Promise<readonly Answer<readonly StockLevel[] | null>[]>;
  /**
   * The ERP's own available-to-promise; present with `nativeAtp`, absent without. One answer per SKU, in order; null where
   * the ERP checks no availability of it. A location without a series was not answered for. At most `maxBatch.stock`.
   */
  readonly readAtp?: (question: AtpQuestion, call: CallContext) => Promise<readonly Answer<readonly AtpSeries[] | null>[]>;
  /** By how many milliseconds the system's clock was ahead of ours when it answered last, 0 within what can be told; null before, and where it tells no time. */
  readonly clockDifferenceMs?: () => number | null;
}

export interface ReceiptPort {
  readonly listReceipts: List<Receipt>;
}

export interface PriceQuestion {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly priceListCode: string | null;
  readonly customerId: string | null;
  readonly currencyCode: CurrencyCode;
  readonly at: Instant;
}

export interface RuleRemovalQuestion {
  /** As the answer before gave it; null: there was none yet. Opaque: belongs to the connector. */
  readonly mark: string | null;
  /** References of rules that were listed since the mark was taken: it may not know them. */
  readonly listed: readonly string[];
}

export interface RuleRemovals {
  /** At least one rule that was there at the mark, or was listed since, is there no more, or whether so cannot be told. False for a null mark. */
  readonly removed: boolean;
  /** What is there now, to be compared next time: what goes after this answer, or went while it was found, shows then. */
  readonly mark: string;
}

export interface PricePort {
  readonly listPrices: List<ListPrice>;
  readonly listPriceLists: List<PriceList>;
  readonly listPriceRules: List<PriceRule>;
  /**
   * Whether rules are gone, which no delta lists. Asked about once a minute, so it costs a few requests however many rules there
   * are; which ones are gone the full pass finds. Absent: the daily pass shows them. A mark that cannot be read counts as removed.
   */
  readonly findRemovedRules?: (question: RuleRemovalQuestion, call: CallContext) => Promise<RuleRemovals>;
  /** Absent: it keeps one currency. */
  readonly listCurrencyRates?: List<CurrencyRate>;
  /** Absent: taxes are shown nowhere. */
  readonly listTaxRates?: List<TaxRate>;
  /** The ERP's own effective price, where it computes one. At most `maxBatch.price`. */
  readonly quotePrices?: (questions: readonly PriceQuestion[], call: CallContext) => Promise<readonly Answer<Money | null>[]>;
}

export interface CustomerPort {
  readonly listCustomers: List<CustomerRecord>;
  /** The ERP's id of the customer with this number or of ours with this reference; null = not there. */
  readonly findCustomer: (key: { readonly number: string } | { readonly reference: string }, call: CallContext) => Promise<string | null>;
  /** Looks up by reference, creates when absent, answers the ERP's id. */
  readonly ensureCustomer: (customer: NewCustomer, call: CallContext) => Promise<string>;
}

export interface OrderPort {
  readonly findOrder: (reference: string, call: CallContext) => Promise<ErpOrder | null>;
  /**
   * Creates and confirms. The caller has looked up before and looks up again when the outcome is unknown
   * (UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE after sending): no ERP here has a synchronous idempotency key.
   */
  readonly createOrder: (order: NewOrder, call: CallContext) => Promise<ErpOrder>;
  /** Brings a found draft to CONFIRMED; idempotent: re-reads the state instead of trusting the answer. */
  readonly confirmOrder: (id: string, call: CallContext) => Promise<ErpOrder>;
  readonly cancelOrder?: (id: string, call: CallContext) => Promise<ErpOrder>;
  /** How far the warehouse is, asked of the ERP itself. */
  readonly readPicking?: (id: string, call: CallContext) => Promise<PickingProgress>;
  /**
   * Makes a confirmed document what the change says, unless the warehouse has begun with what it touches. May be sent again:
   * the outcome is read back from the document. Present with the capability `amendments`.
   */
  readonly amendOrder?: (id: string, change: OrderChange, call: CallContext) => Promise<ChangeOutcome>;
  /** Has lines with an address of their own leave as shipments of their own; may be called again. Present with `lineShipTo`. */
  readonly splitDeliveries?: (id: string, order: NewOrder, call: CallContext) => Promise<void>;
  readonly listOrders: List<ErpOrder>;
}

export interface ShipmentPort {
  readonly listShipments: List<ShipmentRecord>;
}

/** Goods coming back and the money for them. Creates are looked up by reference before and after, as orders are. */
export interface ReturnPort {
  readonly findReturn: (reference: string, call: CallContext) => Promise<ErpReturn | null>;
  /** @throws Failure UPSTREAM_REJECTED when more is asked back than was shipped and is not back yet */
  readonly createReturn: (request: NewReturn, call: CallContext) => Promise<ErpReturn>;
  /**
   * Takes the goods in and puts them where they belong. `lines` is all that has come so far: what the document took in before is
   * not taken in again, so it may be sent twice; a return that is received whole is answered as it is.
   */
  readonly receiveReturn: (id: string, lines: readonly ReceivedLine[], call: CallContext) => Promise<ErpReturn>;
  /** What has not come is no longer expected; what came stays. May be sent again. */
  readonly cancelReturn: (id: string, call: CallContext) => Promise<ErpReturn>;
  readonly findCreditMemo?: (reference: string, call: CallContext) => Promise<CreditMemoRecord | null>;
  /** Creates and posts. */
  readonly createCreditMemo?: (memo: NewCreditMemo, call: CallContext) => Promise<CreditMemoRecord>;
  /** Brings a found draft to POSTED; idempotent. Absent: people post it there. */
  readonly postCreditMemo?: (id: string, call: CallContext) => Promise<CreditMemoRecord>;
  readonly listCreditMemos?: List<CreditMemoRecord>;
}

/** What a push from the vendor says: "look at these again". Never trusted as data. */
export interface ChangeHint {
  readonly flow: FlowName;
  /** Keys of that flow (SKU, product code, customer number); empty = run its delta now, for vendors that push row ids. */
  readonly keys: readonly string[];
}

export interface ChangePort {
  /** Verifies the signature where the vendor signs. @throws Failure UNAUTHENTICATED, INVALID_INPUT */
  readonly decodeWebhook: (headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array) => readonly ChangeHint[];
}

export const FLOWS = [
  'items', 'categories', 'attributes', 'products', 'variants', 'locations', 'stock', 'receipts', 'prices', 'priceLists',
  'priceRules', 'currencyRates', 'taxRates', 'customers', 'orders', 'shipments', 'creditMemos',
] as const;

export type FlowName = (typeof FLOWS)[number];

/** How well a connector can. Absent port or method = cannot. */
export interface Capabilities {
  /** `readStock` asks the ERP itself, in one call per batch. */
  readonly liveStock: boolean;
  /** The stock port has `readAtp`. */
  readonly nativeAtp: boolean;
  readonly stockByLocation: boolean;
  readonly trackingNumbers: boolean;
  /** A line may go to an address of its own: the order port has `splitDeliveries`. Absent: not. */
  readonly lineShipTo?: boolean;
  /** What of a confirmed order can be changed: the order port has `amendOrder`. Absent: nothing. */
  readonly amendments?: readonly ('QUANTITY' | 'ADDRESS' | 'DATE')[];
  readonly serverPrice: boolean;
  /** Flows whose `since` is honoured; the others are read whole. */
  readonly delta: readonly FlowName[];
  readonly changes: 'webhook' | 'poll' | 'none';
  readonly maxBatch: { readonly page: number; readonly stock: number; readonly price: number };
  readonly maxConcurrency: number;
  /** What the vendor takes from all processes together; null or absent: it names no limit. */
  readonly requestsPerMinute?: number | null;
  /** Requests one `readStock` of a whole batch costs; 1 unless told. */
  readonly requestsPerStockRead?: number;
}

export interface Connector {
  /** Instance name as configured, e.g. "erp". */
  readonly name: string;
  /** Vendor, e.g. "odoo". */
  readonly vendor: string;
  readonly capabilities: Capabilities;
  readonly items?: ItemPort;
  readonly content?: ContentPort;
  readonly stock?: StockPort;
  readonly receipts?: ReceiptPort;
  readonly prices?: PricePort;
  readonly customers?: CustomerPort;
  readonly orders?: OrderPort;
  readonly shipments?: ShipmentPort;
  readonly returns?: ReturnPort;
  readonly changes?: ChangePort;
  /** Reaches the vendor and proves the credentials. */
  ping(call: CallContext): Promise<void>;
  close(): Promise<void>;
}

