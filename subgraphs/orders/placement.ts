import { createHash } from 'node:crypto';
import type { PostalAddress } from '../../domain/customers.ts';
import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { BasketLine } from '../../domain/inventory.ts';
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

/** One line per SKU, in the order of first mention: stock is asked and held for the whole basket. */
export function basketOf(lines: readonly BasketLine[]): BasketLine[] {
  const bySku = new Map<Sku, Decimal>();
  for (const { sku, quantity } of lines) bySku.set(sku, add(bySku.get(sku) ?? ZERO, quantity));
  return [...bySku].map(([sku, quantity]) => ({ sku, quantity }));
}
