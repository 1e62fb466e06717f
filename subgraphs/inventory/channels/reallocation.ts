import { compare, decimal, divide, greatest, isPositive, isZero, least, multiply, round, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { AllocationStanding, ChannelStanding } from '../promise/allocation.ts';
import type { Reallocation, SellThrough } from './rule.ts';

/*
 * Which channels sell so slowly that they will not need all they have, pure. The pace is what a channel has used since the
 * period began over the time that has passed; what it will need is that pace over the time that is left.
 */

export interface Surplus {
  readonly channel: ChannelCode;
  readonly quantity: Decimal;
  readonly restsOn: SellThrough;
}

const HUNDRED = decimal(100);
const HOUR_MS = decimal(3_600_000);
const PERCENT_DIGITS = 2;
/** Less than this part of the own share is not worth a move: the pace of slow sellers wavers. */
const SMALLEST_PERCENT = decimal(5);

/**
 * What goes to the pool: of each channel that sold less of its own share than of the period has passed, the unused rest
 * above need x safety factor, cut to the item's digits. Never any of what is used, and nothing for a trifle.
 * @param elapsedPercent of the period, above 0 to 100
 */
export function findSurplus(standing: AllocationStanding, elapsedPercent: Decimal, rule: Reallocation, quantityDigits: number): readonly Surplus[] {
  if (!isPositive(elapsedPercent) || compare(elapsedPercent, rule.afterPercent) < 0) return [];
  return standing.channels.flatMap((channel) => {
    const restsOn = measure(channel, standing.base, elapsedPercent, rule, quantityDigits);
    // A channel that keeps step with its share needs the rest of it.
    if (compare(restsOn.soldPercent, elapsedPercent) >= 0) return [];
    const quantity = round(subtract(channel.unused, restsOn.kept), quantityDigits, 'DOWN');
    const isTrifle = compare(multiply(quantity, HUNDRED), multiply(channel.own, SMALLEST_PERCENT)) < 0;
    return isPositive(quantity) && !isTrifle ? [{ channel: channel.channel, quantity, restsOn }] : [];
  });
}

function measure({ own, used }: ChannelStanding, base: Decimal, elapsedPercent: Decimal, { safetyFactor }: Reallocation, quantityDigits: number): SellThrough {
  const left = subtract(HUNDRED, elapsedPercent);
  const need = round(divide(multiply(used, left), elapsedPercent), quantityDigits, 'UP');
  const kept = round(multiply(need, safetyFactor), quantityDigits, 'UP');
  const soldPercent = isZero(own) ? HUNDRED : round(divide(multiply(used, HUNDRED), own), PERCENT_DIGITS, 'DOWN');
  return { elapsedPercent: round(elapsedPercent, PERCENT_DIGITS, 'DOWN'), base, own, used, soldPercent, need, kept };
}

/** How much of a period of so many hours is over so many milliseconds after it began: 0 to 100. */
export function elapsedPercentOf(elapsedMs: Decimal, periodHours: number): Decimal {
  const percent = divide(multiply(greatest(ZERO, elapsedMs), HUNDRED), multiply(decimal(periodHours), HOUR_MS));
  return round(least(HUNDRED, percent), 6, 'DOWN');
}
