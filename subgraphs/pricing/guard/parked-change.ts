import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import type { RecordKind } from './incoming-change.ts';
import { directionOf, largestPercent, type Direction, type Parking, type ParkReason } from './verdict.ts';

/**
 * PENDING waits for somebody. REJECTED and EXPIRED: the old price is served until the source says something else. APPROVED is served.
 * SUPERSEDED: the source has said something else meanwhile.
 */
export const PARKED_STATES = ['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'SUPERSEDED'] as const;
export type ParkedState = (typeof PARKED_STATES)[number];

export interface ParkedExample {
  readonly sku: Sku;
  /** Null: the base price. */
  readonly priceListCode: string | null;
  /** In the item's own unit. */
  readonly quantity: Decimal;
  readonly unitCode: string | null;
  /** When the prices are asked for: now, or at the edge of a window to come. */
  readonly at: Instant;
  readonly before: Money;
  /** Null: there would be none. */
  readonly after: Money | null;
  readonly percent: Decimal | null;
}

export interface ParkedChange {
  readonly id: string;
  readonly batchId: string;
  readonly source: string;
  readonly recordKind: RecordKind;
  readonly key: string;
  readonly priceListCode: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly fingerprint: string;
  readonly reason: ParkReason;
  readonly direction: Direction | null;
  readonly largestPercent: Decimal | null;
  readonly skuCount: number;
  readonly examples: readonly ParkedExample[];
  readonly state: ParkedState;
  readonly parkedAt: Instant;
  readonly expiresAt: Instant;
  readonly seenCount: number;
  readonly lastSeenAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  readonly note: string | null;
}

const MOST_EXAMPLES = 10;

/** As it is written down, but for what the database adds. */
export function draftOf({ change, reason, skuCount, moves }: Parking, listCode: string | null, sku: string | null) {
  return {
    recordKind: change.kind, key: change.key, priceListCode: listCode, sku, before: change.before, after: change.after, fingerprint: change.fingerprint,
    reason, direction: directionOf(moves), largestPercent: largestPercent(moves), skuCount,
    examples: moves.slice(0, MOST_EXAMPLES).map(({ sku: of, listCode: list, point, before, after, percent }): ParkedExample => ({
      sku: of, priceListCode: list, quantity: point.quantity, unitCode: point.unitCode, at: point.at, before, after, percent,
    })),
  };
}

export type ParkedDraft = ReturnType<typeof draftOf>;

const WHAT: Readonly<Record<RecordKind, string>> = { list_price: 'The price of', price_list: 'Price list', price_rule: 'Price rule', currency_rate: 'Currency rate' };

/** Why it waits, for people. */
export function sentenceOf({ recordKind, key, before, after, reason, direction, largestPercent: percent, skuCount, priceListCode }: ParkedChange): string {
  const done = before === null ? 'is new' : after === null ? 'is gone' : 'has changed';
  const where = recordKind === 'price_rule' && priceListCode !== null ? ` of list ${priceListCode}` : '';
  const way = direction === null ? '' : direction === 'BOTH' ? ' up or down' : direction === 'UP' ? ' up' : ' down';
  const far = percent === null ? 'takes prices away, or to another currency' : `moves prices by up to ${percent} %${way}`;
  const why = reason === 'THRESHOLD' ? 'more than may be without approval' : 'together with others at more SKUs than may be without approval';
  return `${WHAT[recordKind]} ${key}${where} ${done}: it ${far}, on ${skuCount} SKU(s); ${why}.`;
}
