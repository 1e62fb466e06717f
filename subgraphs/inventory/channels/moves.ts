import { greatest, isPositive, isZero, negate, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { AllocationStanding, ChannelStanding } from '../promise/allocation.ts';

/** From one channel's own share to another's; null is the pool. */
export interface Move {
  readonly from: ChannelCode | null;
  readonly to: ChannelCode | null;
  readonly quantity: Decimal;
}

/** The most that can be moved away: what a channel has not used of its own, what is left of the pool. */
export function movable({ pool, channels }: AllocationStanding, from: ChannelCode | null): Decimal {
  return from === null ? pool : (channels.find((channel) => channel.channel === from)?.unused ?? ZERO);
}

/**
 * The moves that let each `to` sell so much more and each `from` so much less, which must be movable. Before them, what had
 * no effect is undone: a receiver's sales from the pool become its own (a move would only cover them), and earlier moves
 * that the base no longer carries are cut to what it does.
 */
export const settleMoves = (standing: AllocationStanding, moves: readonly Move[]): readonly Move[] => [
  ...standing.channels.flatMap((channel) => correction(channel, moves.some((move) => move.to === channel.channel))),
  ...moves,
];

function correction({ channel, share, moved, own, used }: ChannelStanding, receives: boolean): readonly Move[] {
  const settled = receives ? greatest(own, used) : own;
  const change = subtract(subtract(settled, share), moved);
  if (isZero(change)) return [];
  return [isPositive(change) ? { from: null, to: channel, quantity: change } : { from: channel, to: null, quantity: negate(change) }];
}
