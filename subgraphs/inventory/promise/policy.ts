import { decimal, ONE, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { ChannelCode, LocationCode, Sku } from '../../../domain/ids.ts';
import type { SilencePolicy } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { AtpPolicy } from './supply-position.ts';

/** Sold before it may leave: not to be had before that day. */
export interface PreorderPolicy {
  readonly availableFrom: CalendarDate;
  /** So much may be promised in all, with or without stock behind it. Null: only what stock and receipts cover by that day. */
  readonly limit: Decimal | null;
}

export interface ItemPolicy {
  readonly atp: AtpPolicy;
  /** Days it takes to get some where none is on its way. */
  readonly leadTimeDays: number;
  /** LEAD_TIME: sold without stock, to be had by the earliest day that covers it, else after the lead time. */
  readonly backorder: 'NONE' | 'LEAD_TIME';
  readonly preorder: PreorderPolicy | null;
  /** At or below this many sellable units the status is LOW_STOCK. */
  readonly lowStockThreshold: Decimal;
}

/**
 * Where a line is taken from. FEWEST_SHIPMENTS: from as few locations as the basket allows. NEAREST and PRIORITY: from
 * the first location that has any, then the next, by the region's order or by the ERP's.
 */
export type SourcingStrategy = 'FEWEST_SHIPMENTS' | 'PRIORITY' | 'NEAREST';

/** LINES: one line may come from several locations. ORDER: each line from one, different lines from different ones. NONE: all from one. */
export type Splitting = 'LINES' | 'ORDER' | 'NONE';

export interface ChannelPolicy {
  /** Locations it may draw on; null: all. */
  readonly locations: readonly LocationCode[] | null;
  /** What it does when the live check is silent. */
  readonly whenSilent: SilencePolicy;
  /** Kept back from the last known figure under LEDGER_WITH_SAFETY. */
  readonly safetyWhenSilent: Decimal;
  readonly sourcing: SourcingStrategy;
  readonly splitting: Splitting;
  /** How long a hold lives unless the caller says otherwise. */
  readonly holdTtlSeconds: number;
}

/** Addresses that are served by these locations, the nearest first. A list left empty fits every address. */
export interface Region {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** ISO 3166-2 without the country. */
  readonly regions: readonly string[];
  readonly postalPrefixes: readonly string[];
  readonly locations: readonly LocationCode[];
}

/** The merchant's choices. Every one has a cautious default; see policy-file.ts for how they are written down. */
export interface InventoryPolicy extends ItemPolicy {
  /** Items with a policy of their own, complete. */
  readonly items: ReadonlyMap<Sku, ItemPolicy>;
  /** The largest quantity shown to callers without `availability:exact`. */
  readonly quantityCap: Decimal;
  /** Of callers without a channel, and of every channel while none is configured. */
  readonly channel: ChannelPolicy;
  /** Where there are any, a channel that is not among them is refused. */
  readonly channels: ReadonlyMap<ChannelCode, ChannelPolicy>;
  /** The first that fits an address decides; where there are any and none fits, nothing serves the address. */
  readonly regions: readonly Region[];
}

export const MAX_HORIZON_DAYS = 730;

export const DEFAULT_POLICY: InventoryPolicy = {
  atp: { horizonDays: 90, safetyStock: ZERO, overdueReceipts: { kind: 'DROP' } },
  leadTimeDays: 0,
  backorder: 'NONE',
  preorder: null,
  lowStockThreshold: decimal('5'),
  items: new Map(),
  quantityCap: decimal('10'),
  channel: { locations: null, whenSilent: 'REFUSE', safetyWhenSilent: ONE, sourcing: 'FEWEST_SHIPMENTS', splitting: 'LINES', holdTtlSeconds: 900 },
  channels: new Map(),
  regions: [],
};

export const itemPolicyOf = (policy: InventoryPolicy, sku: Sku): ItemPolicy => policy.items.get(sku) ?? policy;

/** @throws Failure INVALID_INPUT for a channel that is not configured where channels are. */
export function channelPolicyOf({ channel: fallback, channels }: InventoryPolicy, channel: ChannelCode | null): ChannelPolicy {
  if (channel === null || channels.size === 0) return fallback;
  const own = channels.get(channel);
  if (own) return own;
  throw invalidInput(['channel'], `there is no channel ${JSON.stringify(channel)}; the channels are ${[...channels.keys()].join(', ')}`);
}
