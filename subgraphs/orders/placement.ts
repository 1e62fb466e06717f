import { createHash } from 'node:crypto';
import type { PostalAddress } from '../../domain/customers.ts';
import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { BasketLine, ShipTo } from '../../domain/inventory.ts';
import type { CurrencyCode, Money } from '../../domain/money.ts';
import type { CalendarDate } from '../../domain/time.ts';

export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

export interface PlacementLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Unit `quantity` is counted in; absent: the item's own. */
  readonly unit?: string;
  /** What the buyer saw; refused when the price is another by now. */
  readonly expectedUnitPrice: Money | null;
}

/** A checked request for an order: trimmed, absent values null, free of card numbers. */
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
