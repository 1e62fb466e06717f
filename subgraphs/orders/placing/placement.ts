import { createHash } from 'node:crypto';
import type { PostalAddress } from '../../../domain/customers.ts';
import { add, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { BasketLine, ShipTo } from '../../../domain/inventory.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { ExchangeRate, PaymentKind, TaxAmount } from '../../../domain/orders.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { ChargeRecord, Contact } from '../records.ts';

export interface PlacementLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Unit `quantity` is counted in; absent: the item's own. */
  readonly unit?: string;
  /** What the buyer saw; refused when the price is another by now. */
  readonly expectedUnitPrice: Money | null;
  /** Off the whole line; absent: nothing. */
  readonly discount?: Decimal;
  /** Absent: not told. */
  readonly taxes?: readonly TaxAmount[];
  /** Absent: the order's; never equal to it. */
  readonly shipTo?: PostalAddress;
  /** Absent: the order's; never equal to it. */
  readonly requestedOn?: CalendarDate;
}

export interface PlacementPayment {
  readonly methodCode: string;
  readonly kind: PaymentKind;
  /** Null: what the other payments leave of the total. */
  readonly amount: Decimal | null;
  readonly reference: string | null;
}

/** What the buyer was told the order comes to. */
export type ExpectedTotals = { readonly [K in 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total']?: Decimal };

/**
 * A checked request for an order: trimmed, free of card numbers, every amount in the order's currency. What was added after
 * the first keys were handed out is absent where it was not given: those keys must go on meaning the same.
 */
export interface Placement {
  readonly idempotencyKey: string;
  readonly externalOrderId: string | null;
  readonly channel: string | null;
  readonly currencyCode: CurrencyCode | null;
  readonly customerNumber: string | null;
  readonly contact: Contact | null;
  readonly lines: readonly PlacementLine[];
  readonly shipTo: PostalAddress | null;
  readonly requestedOn: CalendarDate | null;
  readonly note: string | null;
  readonly holdId: string | null;
  readonly paymentReference: string | null;
  readonly billTo?: PostalAddress;
  readonly carrierCode?: string;
  /** What is charged beside the lines, then what is let off: DISCOUNT, negative. */
  readonly charges?: readonly ChargeRecord[];
  readonly payments?: readonly PlacementPayment[];
  readonly taxIncluded?: true;
  readonly exchangeRate?: ExchangeRate;
  readonly expectedTotals?: ExpectedTotals;
  /** The signed quote the buyer was shown. */
  readonly quoteToken?: string;
  /** The location of the buyer's company that buys, where one was named: it may have terms of its own. */
  readonly companyLocation?: string;
}

/** Equal for equal requests whatever their key: what "same payload" means. Decimals are normalised before. */
export function hashPlacement({ idempotencyKey: _, ...payload }: Placement): string {
  return createHash('sha256').update(JSON.stringify(payload, sortedKeys)).digest('hex');
}

const sortedKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** One line per SKU and unit, in the order of first mention: stock is asked and held for the whole basket. */
export function basketOf(lines: readonly BasketLine[]): BasketLine[] {
  const merged = new Map<string, BasketLine>();
  for (const { sku, quantity, unit } of lines) {
    const key = JSON.stringify([sku, unit]);
    merged.set(key, { sku, quantity: add(merged.get(key)?.quantity ?? ZERO, quantity), ...(unit != null && { unit }) });
  }
  return [...merged.values()];
}

/** What of an address decides where goods come from. */
export const destinationOf = (address: PostalAddress | null): ShipTo | null =>
  address && { countryCode: address.countryCode, regionCode: address.region, postalCode: address.postalCode };

/**
 * The day a hold is asked for. A hold has one: the earliest of its lines', so that none is promised too late; null - now -
 * as soon as one line names no day. Lines wanted later are reserved earlier than they need be.
 */
export function wantedOn(order: CalendarDate | null, lines: readonly { readonly requestedOn?: CalendarDate | null }[]): CalendarDate | null {
  const days = lines.map((line) => line.requestedOn ?? order);
  return days.reduce((earliest, day) => (earliest === null || day === null ? null : day < earliest ? day : earliest), days[0] ?? order);
}
