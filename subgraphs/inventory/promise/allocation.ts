import type { Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import { FIXED_ONE, fromFixedPoint, larger, smaller, toFixedPoint } from './fixed-point.ts';
import { ownShares, shrinkToFit, type Claim, type OwnShares } from './own-shares.ts';

/*
 * How one SKU is shared out among channels. Pure; why it is as it is: docs/decisions/0015.
 *
 *   base      = ATP today over all locations + what was used since the period began   (stays put while channels sell)
 *   own(c)    = its fixed quantity, or its percentage of what the fixed ones leave, + what was moved to or from it
 *   unused(c) = max(0, own(c) - used(c))
 *   pool      = ATP today - sum of unused                                               (never below zero: see shrinkToFit)
 *   limit(c)  = max(0, min(ATP today where c is served from, unused(c) + pool) - buffer(c))
 *
 * The base is what could be sold today: goods on their way are nobody's share before they are there.
 */

export interface ChannelAllocation {
  readonly shares: readonly ChannelShare[];
  /** Used since the period began by channels without a share, and by callers of no channel. */
  readonly usedWithoutShare: Decimal;
}

export interface ChannelShare {
  readonly channel: ChannelCode;
  /** Of what there is to share out; percentage (0 to 100) or fixed quantity. */
  readonly share: { readonly kind: 'PERCENT'; readonly percent: Decimal } | { readonly kind: 'FIXED'; readonly quantity: Decimal };
  /** Moved to (+) or from (-) this channel since the period began, by rule or by hand. */
  readonly moved: Decimal;
  /** Taken off today's ATP through this channel since the period began. */
  readonly used: Decimal;
  /** Never shown or sold on this channel: what its listings may be late by. */
  readonly buffer: Decimal;
}

/** What a hold took off today's ATP of one SKU: what counts against its channel. */
export interface ChannelUse {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

export interface ChannelStanding {
  readonly channel: ChannelCode;
  /** Its part of the base by the rule. */
  readonly share: Decimal;
  readonly moved: Decimal;
  /** Its share after moves, as far as the base carries them. */
  readonly own: Decimal;
  readonly used: Decimal;
  /** Nobody else can sell it. Less than own - used where more was sold than there is. */
  readonly unused: Decimal;
  readonly buffer: Decimal;
}

export interface AllocationStanding {
  readonly base: Decimal;
  /** Anybody's: what nobody's unused share keeps back. */
  readonly pool: Decimal;
  readonly channels: readonly ChannelStanding[];
}

/** One SKU's limits while holds are taken one after the other. Quantities in fixed point. */
export interface ChannelLimits {
  /**
   * What the channel may take of today's goods. `reachable`: ATP today where the asker is served from; all there is unless
   * given. Of goods due later it may take all, so on a later day its limit is ATP(day) - (ATP(today) - limit).
   */
  limit(channel: ChannelCode | null, reachable?: bigint): bigint;
  /**
   * The channel has taken so much off today's ATP over all locations: all of an undated hold, of a dated one what it
   * lowered. Negative: given back.
   */
  take(channel: ChannelCode | null, quantity: bigint): void;
}

interface Seat {
  readonly own: bigint;
  used: bigint;
  readonly buffer: bigint;
}

const unusedOf = ({ own, used }: Seat): bigint => larger(0n, smaller(own, own - used));

/** `atpToday`: ATP today over all locations, whoever asks. Own shares are cut to the item's digits, the rest is pool. */
export function createChannelLimits(allocation: ChannelAllocation, atpToday: bigint, quantityDigits: number): ChannelLimits {
  const { backed, pool } = standingOf(allocation, atpToday, quantityDigits);
  const seats = new Map(allocation.shares.map(({ channel, used, buffer }, index): [ChannelCode, Seat] => [
    channel, { own: backed[index]!, used: toFixedPoint(used), buffer: toFixedPoint(buffer) }]));
  const seatOf = (channel: ChannelCode | null): Seat | undefined => (channel === null ? undefined : seats.get(channel));
  let shared = pool;
  let left = atpToday;
  return {
    limit: (channel, reachable = left) => {
      const seat = seatOf(channel);
      return seat ? larger(0n, smaller(reachable, unusedOf(seat) + shared) - seat.buffer) : larger(0n, smaller(reachable, shared));
    },
    take: (channel, quantity) => {
      const seat = seatOf(channel);
      left -= quantity;
      shared -= quantity;
      if (!seat) return;
      shared += unusedOf(seat);
      seat.used += quantity;
      shared -= unusedOf(seat);
    },
  };
}

/** What a channel may take of today's goods, see `ChannelLimits.limit`. */
export function channelLimit(allocation: ChannelAllocation, channel: ChannelCode | null, atpToday: Decimal, quantityDigits: number, reachable: Decimal = atpToday): Decimal {
  return fromFixedPoint(createChannelLimits(allocation, toFixedPoint(atpToday), quantityDigits).limit(channel, toFixedPoint(reachable)));
}

/** How everybody stands: for people, and for the rule that moves what is not needed. */
export function describeAllocation(allocation: ChannelAllocation, atpToday: Decimal, quantityDigits: number): AllocationStanding {
  const { base, shares, own, unused, pool } = standingOf(allocation, toFixedPoint(atpToday), quantityDigits);
  const channels = allocation.shares.map(({ channel, used, moved, buffer }, index) => ({
    channel, used, moved, buffer, share: fromFixedPoint(shares[index]!), own: fromFixedPoint(own[index]!), unused: fromFixedPoint(unused[index]!) }));
  return { base: fromFixedPoint(base), pool: fromFixedPoint(pool), channels };
}

interface Standing extends OwnShares {
  readonly base: bigint;
  /** Own shares, shrunk where they ask for more than is left. */
  readonly backed: readonly bigint[];
  readonly unused: readonly bigint[];
  readonly pool: bigint;
}

function standingOf({ shares: rules, usedWithoutShare }: ChannelAllocation, atpToday: bigint, quantityDigits: number): Standing {
  const unit = FIXED_ONE / 10n ** BigInt(quantityDigits);
  const used = rules.map((rule) => toFixedPoint(rule.used));
  const base = used.reduce((total, quantity) => total + quantity, atpToday + toFixedPoint(usedWithoutShare));
  const { shares, own } = ownShares(rules.map(claimOf), base, unit);
  const backed = shrinkToFit(own, used, atpToday, unit);
  const unused = backed.map((quantity, index) => larger(0n, quantity - used[index]!));
  return { base, shares, own, backed, unused, pool: unused.reduce((rest, quantity) => rest - quantity, atpToday) };
}

const claimOf = ({ share, moved }: ChannelShare): Claim => ({
  fixed: share.kind === 'FIXED' ? toFixedPoint(share.quantity) : 0n,
  percent: share.kind === 'PERCENT' ? toFixedPoint(share.percent) : 0n,
  moved: toFixedPoint(moved),
});
